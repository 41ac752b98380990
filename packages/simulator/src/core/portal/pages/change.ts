import type Stripe from 'stripe'
import { StripeError } from '../../error.js'
import { paymentIntentOf } from '../../invoices/payments.js'
import { createSchedule, updateSchedule } from '../../subscription-schedules/index.js'
import { updateSubscription } from '../../subscriptions/index.js'
import type { Subscription } from '../../subscriptions/items.js'
import type { Transaction } from '../../transaction.js'
import type { PageOutcome } from '../../checkout-sessions/outcome.js'
import type { Portal } from './open.js'
import { termsFor, type Terms, type Wish } from './terms.js'

export interface ChangeRequest extends Wish {
  readonly subscription: string
  /** The instant that the customer was shown amounts for; the change is billed as of then. */
  readonly at?: number
}

/** The amounts shown are true for a while; a confirmation that comes later is billed as of its own time. */
const LONGEST_DELAY = 3600

/** The update that makes the change at once. */
export function updateFor(
  transaction: Transaction,
  portal: Portal,
  change: { readonly subscription: Subscription; readonly terms: Terms; readonly at: number },
): Stripe.SubscriptionUpdateParams {
  const { subscription, terms, at } = change
  const { item, price, quantity, discounts } = terms
  const { subscription_update: feature } = portal.configuration.features
  const isTrial = subscription.status === 'trialing'
  const endsTrial = isTrial && feature.trial_update_behavior === 'end_trial' && price.id !== item.price.id
  const behavior = feature.proration_behavior
  const isProrated = !isTrial && behavior !== 'none' && at > transaction.now - LONGEST_DELAY
  const isReset = feature.billing_cycle_anchor === 'now' && !isTrial
  return {
    items: [{ id: item.id, price: price.id, ...(quantity !== undefined && { quantity }) }],
    proration_behavior: behavior === 'always_invoice' || behavior === 'none' ? behavior : 'create_prorations',
    ...(endsTrial && { trial_end: 'now' as const }),
    ...(isReset && { billing_cycle_anchor: { type: 'now' as const } }),
    ...(isProrated && !isReset && { proration_date: at }),
    ...(discounts !== undefined && { discounts }),
    off_session: false,
  }
}

/** Lets the plan run to the end of its period and then become another. */
export function scheduleChange(transaction: Transaction, subscription: Subscription, terms: Terms): void {
  const schedule = createSchedule(transaction, { from_subscription: subscription.id })
  const [present] = schedule.phases
  if (present === undefined) throw new Error(`The schedule ${schedule.id} has no phase.`)
  const standing = subscription.discounts.map((discount) => ({ discount }))
  const kept = subscription.items.data.map(({ price, quantity }) => ({
    price: price.id,
    ...(quantity !== undefined && { quantity }),
  }))
  const { item, price, quantity, discounts } = terms
  const next = subscription.items.data.map((own) =>
    own.id === item.id
      ? { price: price.id, ...(quantity !== undefined && { quantity }) }
      : { price: own.price.id, ...(own.quantity !== undefined && { quantity: own.quantity }) },
  )
  updateSchedule(transaction, schedule, {
    end_behavior: 'release',
    phases: [
      { items: kept, discounts: standing, start_date: present.start_date, end_date: present.end_date },
      {
        items: next,
        discounts: discounts === undefined || discounts === '' ? standing : discounts,
        duration: durationOf(price),
      },
    ],
    proration_behavior: 'none',
  })
}

type Interval = 'day' | 'month' | 'week' | 'year'

/** The new plan is under the schedule for its first period, then goes on by itself. */
function durationOf({ recurring }: Terms['price']): { interval: Interval; interval_count: number } {
  const interval: string = recurring?.interval ?? 'month'
  const known = (['day', 'week', 'month', 'year'] as const).find((unit) => unit === interval)
  return { interval: known ?? 'month', interval_count: recurring?.interval_count ?? 1 }
}

/**
 * Changes the plan and collects what is due. A declined card changes nothing; a bank that wants to see the customer gets
 * the change first and the payment when the customer comes back from it.
 */
export function changePlan(
  transaction: Transaction,
  portal: Portal,
  request: { readonly subscription: Subscription; readonly wish: Wish; readonly at: number },
): PageOutcome {
  const { subscription } = request
  const terms = termsFor(transaction, portal, request)
  if (terms.isLater) {
    scheduleChange(transaction, subscription, terms)
    return { status: 'succeeded' }
  }
  const params = updateFor(transaction, portal, { ...request, terms })
  const refused = tryUpdate(transaction.fork(), subscription.id, params)
  if (refused !== undefined && refused.code !== 'subscription_payment_intent_requires_action') {
    return { status: 'failed', error: refused }
  }
  const after = updateSubscription(transaction, subscription.id, params)
  if (refused === undefined) return { status: 'succeeded' }
  const intent = paymentIntentOf(transaction, after.latest_invoice ?? '')
  return intent === undefined ? { status: 'succeeded' } : { status: 'requires_action', intent: intent.id }
}

function tryUpdate(
  transaction: Transaction,
  id: string,
  params: Stripe.SubscriptionUpdateParams,
): StripeError['body'] | undefined {
  try {
    updateSubscription(transaction, id, { ...params, payment_behavior: 'error_if_incomplete' })
    return undefined
  } catch (error) {
    if (error instanceof StripeError) return error.body
    throw error
  }
}

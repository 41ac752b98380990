import type Stripe from 'stripe'
import { StripeError } from '../../error.js'
import { paymentIntentOf } from '../../invoices/payments.js'
import type { Money } from '../../page-views.js'
import type { Subscription } from '../../subscriptions/items.js'
import { updateSubscription } from '../../subscriptions/index.js'
import type { Transaction } from '../../transaction.js'
import type { PageOutcome } from '../../checkout-sessions/submit.js'
import { choicesFor } from './choices.js'
import { refusal, type Portal } from './open.js'
import { nextCharge, planItem, type PlanItemView, type SubscriptionView } from './view.js'

export interface ChangeRequest {
  readonly subscription: string
  readonly price: string
  /** The instant that the customer was shown amounts for; the change is billed as of then. */
  readonly at?: number
}

/** What a change would cost, told before it is made. */
export interface ChangePreview {
  readonly from: PlanItemView
  readonly to: PlanItemView
  readonly at: number
  readonly dueNow: Money
  readonly lines: readonly { readonly description: string; readonly amount: Money }[]
  /** What is left over of what was paid goes to the customer's balance. */
  readonly credit: Money | null
  readonly nextCharge: SubscriptionView['nextCharge']
  readonly endsTrial: boolean
}

/** The amounts shown are true for a while; a confirmation that comes later is billed as of its own time. */
const LONGEST_DELAY = 3600

export function previewChange(
  transaction: Transaction,
  portal: Portal,
  request: { readonly subscription: Subscription; readonly price: string; readonly isGiven?: boolean },
): ChangePreview {
  const { subscription, price } = request
  const params = paramsOf(transaction, portal, { ...request, at: transaction.now })
  const rehearsal = transaction.fork()
  const after = updateSubscription(rehearsal, subscription.id, { ...params, payment_behavior: 'default_incomplete' })
  const invoice =
    after.latest_invoice === subscription.latest_invoice
      ? undefined
      : rehearsal.get('invoices', after.latest_invoice ?? '')
  const [item] = subscription.items.data
  const quantity = item?.quantity ?? 1
  const { currency } = subscription
  const credited = invoice === undefined ? 0 : Math.min(0, invoice.total)
  return {
    from: planItem(transaction, item?.price ?? transaction.load('prices', price), quantity),
    to: planItem(transaction, transaction.load('prices', price), quantity),
    at: transaction.now,
    dueNow: { value: invoice?.amount_due ?? 0, currency },
    lines: (invoice?.lines.data ?? []).map((line) => ({
      description: line.description ?? '',
      amount: { value: line.amount, currency },
    })),
    credit: credited === 0 ? null : { value: -credited, currency },
    nextCharge: nextCharge(rehearsal, rehearsal.load('subscriptions', subscription.id)),
    endsTrial: subscription.status === 'trialing' && after.status !== 'trialing',
  }
}

function paramsOf(
  transaction: Transaction,
  portal: Portal,
  request: {
    readonly subscription: Subscription
    readonly price: string
    readonly at: number
    readonly isGiven?: boolean
  },
): Stripe.SubscriptionUpdateParams {
  const { subscription, price, at } = request
  const { subscription_update: feature } = portal.configuration.features
  const [item] = subscription.items.data
  if (item === undefined || !isOffered(transaction, portal, request)) throw refusal('This plan is not offered.')
  const isTrial = subscription.status === 'trialing'
  const endsTrial = isTrial && feature.trial_update_behavior === 'end_trial'
  const behavior = feature.proration_behavior
  const isProrated = !isTrial && behavior !== 'none' && at > transaction.now - LONGEST_DELAY
  return {
    items: [{ id: item.id, price, quantity: item.quantity ?? 1 }],
    proration_behavior: behavior === 'always_invoice' || behavior === 'none' ? behavior : 'create_prorations',
    ...(endsTrial && { trial_end: 'now' as const }),
    ...(isProrated && { proration_date: at }),
    off_session: false,
  }
}

/** The application itself may send the customer to the confirmation of a price that the configuration does not list. */
function isOffered(
  transaction: Transaction,
  portal: Portal,
  { subscription, price }: { readonly subscription: Subscription; readonly price: string },
): boolean {
  const confirm = portal.session.flow?.subscription_update_confirm
  if (confirm?.subscription === subscription.id && confirm.items.some((item) => item.price === price)) return true
  return choicesFor(transaction, portal, subscription).some((choice) => choice.price === price)
}

/**
 * Changes the plan and collects what is due. A declined card changes nothing; a bank that wants to see the customer gets
 * the change first and the payment when the customer comes back from it.
 */
export function changePlan(
  transaction: Transaction,
  portal: Portal,
  request: { readonly subscription: Subscription; readonly price: string; readonly at: number },
): PageOutcome {
  const { subscription } = request
  const params = paramsOf(transaction, portal, request)
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

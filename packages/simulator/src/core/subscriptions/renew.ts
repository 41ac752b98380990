import { settingsOf } from '../account-settings.js'
import { pendingItems } from '../invoices/invoice-items.js'
import { markUncollectible, voidInvoice } from '../invoices/close.js'
import { createInvoice, type Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Period } from '../arithmetic/proration.js'
import type { Transaction } from '../transaction.js'
import { billPeriod } from './billing.js'
import { dueDaysOf, endSubscription } from './end.js'
import { periodOf, saveSubscription, servicePeriod, type Subscription } from './items.js'
import { paymentMethodOf } from './payment-method.js'
import { armTimers } from './timers.js'

/** A timer, as far as it matters here: what it is about. */
interface About {
  readonly subject: string
}

const renewing: ReadonlySet<Subscription['status']> = new Set(['trialing', 'active', 'past_due', 'unpaid'])

/** A period is over: the subscription ends, leaves its trial, or goes on with the next period. */
export function renewWhenDue(transaction: Transaction, timer: About): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription === undefined || !renewing.has(subscription.status)) return
  if (periodOf(subscription).end > transaction.now) return
  if (subscription.cancel_at !== null && subscription.cancel_at <= transaction.now) {
    cancelWhenDue(transaction, timer)
    return
  }
  if (subscription.status === 'trialing') endTrial(transaction, subscription)
  else renew(transaction, subscription, subscription.status)
}

export function cancelWhenDue(transaction: Transaction, timer: About): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription === undefined || subscription.cancel_at === null) return
  if (subscription.cancel_at > transaction.now) return
  endSubscription(transaction, subscription.id, { reason: 'cancellation_requested', isPeriodEnd: true })
}

/** The end of a trial without a card goes as `trial_settings.end_behavior` says. */
function endTrial(transaction: Transaction, subscription: Subscription): void {
  const behavior = subscription.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice'
  const isCollected = subscription.collection_method === 'charge_automatically'
  if (!isCollected || behavior === 'create_invoice' || paymentMethodOf(transaction, subscription) !== null) {
    renew(transaction, subscription, 'active')
    return
  }
  if (behavior === 'pause') pause(transaction, subscription)
  else endSubscription(transaction, subscription.id, { reason: 'cancellation_requested' })
}

function pause(transaction: Transaction, before: Subscription): void {
  const after = transaction.patch('subscriptions', before.id, {
    status: 'paused',
    status_details: {
      paused: {
        type: 'subscription',
        subscription: { type: 'trial_end_without_payment_method' },
        transitioned_at: transaction.now,
      },
    },
  })
  armTimers(transaction, after)
  transaction.emit('customer.subscription.paused', 'subscriptions', after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
}

/** Starts the next period and drafts its invoice. The subscription stays as it is until that invoice is final. */
function renew(transaction: Transaction, before: Subscription, status: Subscription['status']): Invoice {
  const last = periodOf(before)
  const [first] = before.items.data
  if (first === undefined) throw new Error(`Subscription ${before.id} has no items.`)
  const natural = servicePeriod(before.billing_cycle_anchor, first.price, last.end)
  const period = { start: natural.start, end: Math.min(natural.end, before.cancel_at ?? Infinity) }
  const advanced = before.items.data.map((item) => ({
    ...item,
    current_period_start: period.start,
    current_period_end: period.end,
  }))
  const id = transaction.newId('in')
  const lines = billPeriod(transaction, before, { items: advanced, natural, used: period })
  const pauseCollection = pauseAt(before, transaction.now)
  const fields = { ...before, status, latest_invoice: id, pause_collection: pauseCollection }
  const after = saveSubscription(transaction, fields, advanced)
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  return collectPaused(transaction, draftRenewal(transaction, after, { id, lines, window: last }), after)
}

function pauseAt({ pause_collection: paused }: Subscription, now: number): Subscription['pause_collection'] {
  return paused?.resumes_at != null && paused.resumes_at <= now ? null : paused
}

function draftRenewal(
  transaction: Transaction,
  subscription: Subscription,
  draft: { id: string; lines: ReturnType<typeof billPeriod>; window: Period },
): Invoice {
  const { customer, currency, id } = subscription
  const autoAdvance = subscription.status !== 'unpaid' && subscription.pause_collection === null
  return createInvoice(transaction, {
    id: draft.id,
    customer,
    currency,
    reason: 'subscription_cycle',
    lines: draft.lines,
    pending: pendingItems(transaction, { customer, currency, subscription: id }),
    period: draft.window,
    subscription,
    collectionMethod: subscription.collection_method,
    ...dueDaysOf(subscription),
    autoAdvance,
    finalizesAt: transaction.now + settingsOf(transaction).finalizationDelay,
  })
}

/** While collection is paused the invoice of a period is written and then let go. */
function collectPaused(transaction: Transaction, invoice: Invoice, subscription: Subscription): Invoice {
  const behavior = subscription.pause_collection?.behavior
  if (behavior === undefined || behavior === 'keep_as_draft') return invoice
  const { status } = finalizeInvoice(transaction, invoice.id)
  if (status !== 'open') return transaction.load('invoices', invoice.id)
  return behavior === 'void' ? voidInvoice(transaction, invoice.id) : markUncollectible(transaction, invoice.id)
}

export function announceTrialEnd(transaction: Transaction, timer: About): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription?.status !== 'trialing') return
  transaction.emit('customer.subscription.trial_will_end', 'subscriptions', subscription)
}

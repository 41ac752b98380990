import type Stripe from 'stripe'
import { noSuch } from '../error.js'
import { stopAdvancing } from '../invoices/close.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import { payInvoice } from '../invoices/pay.js'
import type { Transaction } from '../transaction.js'
import { hasOpenUsage, settleUsage, usageLines } from '../usage/lines.js'
import { creditItem } from './billing.js'
import { refuseFeedbackOption } from './cancellation.js'
import { draftInvoice, pendingOf } from './draft-invoice.js'
import { periodOf, type Subscription, type SubscriptionItem } from './items.js'
import { dropUpdate } from './pending-update.js'
import { armTimers } from './timers.js'

type Details = NonNullable<Subscription['cancellation_details']>

export interface Ending {
  readonly reason: Details['reason']
  readonly feedback?: Details['feedback']
  readonly comment?: Details['comment']
  /** Credits the time that was paid for and will not be used. */
  readonly prorate?: boolean
  /** Bills at once what is pending; otherwise it waits for another invoice of the customer. */
  readonly invoiceNow?: boolean
  /** At the end of a period what is pending on the subscription makes a last invoice. */
  readonly isPeriodEnd?: boolean
}

const terminal: ReadonlySet<Subscription['status']> = new Set(['canceled', 'incomplete_expired'])

export function isEnded(subscription: Subscription): boolean {
  return terminal.has(subscription.status)
}

/** Ends a subscription for good, at this instant. */
export function endSubscription(transaction: Transaction, id: string, ending: Ending): Subscription {
  const found = transaction.load('subscriptions', id)
  if (isEnded(found)) return found
  const update = transaction.get('pending_updates', id)
  const before = update === undefined ? found : dropUpdate(transaction, update)
  if (ending.prorate === true && before.status !== 'trialing') {
    for (const item of before.items.data) creditItem(transaction, before, { item, at: transaction.now })
    if (ending.invoiceNow !== true) settleItems(transaction, before)
  }
  stopCollection(transaction, before)
  dropProrations(transaction, before, ending)
  const latest = lastInvoice(transaction, before, ending)
  const after = transaction.patch('subscriptions', id, {
    ...(latest !== null && { latest_invoice: latest }),
    ...(ending.isPeriodEnd !== true && { cancel_at: null, cancel_at_period_end: false }),
    canceled_at: before.canceled_at ?? transaction.now,
    cancellation_details: detailsOf(before, ending),
    ended_at: transaction.now,
    status: 'canceled',
  })
  armTimers(transaction, after)
  transaction.emit('customer.subscription.deleted', 'subscriptions', after)
  transaction.send({ type: 'subscription.ended', subscription: id, reason: ending.reason })
  return after
}

/**
 * The drafts of the subscription stay drafts, and no open invoice of its customer is collected by itself any more.
 * https://docs.stripe.com/api/subscriptions/cancel
 */
function stopCollection(transaction: Transaction, { customer, id }: Subscription): void {
  for (const invoice of transaction.by('invoices', 'customer', customer)) {
    const isOwn = invoice.parent?.subscription_details?.subscription === id
    if (invoice.status === 'open' || (isOwn && invoice.status === 'draft')) stopAdvancing(transaction, invoice.id)
  }
}

/** Without an invoice now, what was used waits with the credits for another one. */
function settleItems(transaction: Transaction, subscription: Subscription): void {
  for (const item of subscription.items.data) settleUsage(transaction, subscription, { item, at: transaction.now })
}

/**
 * Prorations that still wait are given up when a subscription is canceled at once without a last invoice and without
 * prorations of its own. https://docs.stripe.com/api/subscriptions/cancel
 */
function dropProrations(transaction: Transaction, subscription: Subscription, ending: Ending): void {
  if (ending.invoiceNow === true || ending.isPeriodEnd === true || ending.prorate === true) return
  if (ending.reason !== 'cancellation_requested') return
  const { id } = subscription
  for (const item of pendingOf(transaction, subscription)) {
    if (!item.proration || item.parent?.subscription_details?.subscription !== id) continue
    transaction.remove('invoice_items', item.id)
    transaction.emitObject('invoiceitem.deleted', transaction.render('invoice_items', item))
  }
}

function detailsOf({ cancellation_details: before }: Subscription, ending: Ending): Details {
  return {
    comment: ending.comment ?? before?.comment ?? null,
    feedback: ending.feedback ?? before?.feedback ?? null,
    feedback_option: null,
    reason: ending.reason,
  }
}

function lastInvoice(transaction: Transaction, subscription: Subscription, ending: Ending): string | null {
  if (ending.invoiceNow !== true && ending.isPeriodEnd !== true) return null
  const pending = pendingOf(transaction, subscription)
  const used = usedItems(transaction, subscription)
  if (pending.length + used.length === 0) return null
  const id = transaction.newId('in')
  const isNow = ending.invoiceNow === true
  const { start } = periodOf(subscription)
  draftInvoice(transaction, subscription, {
    id,
    reason: isNow ? 'subscription_update' : 'subscription_cycle',
    lines: usageLines(transaction, subscription, { items: used, until: transaction.now, invoice: id }),
    pending,
    period: { start: isNow ? transaction.now : start, end: transaction.now },
    isAutomatic: !isNow,
  })
  if (isNow) collect(transaction, id)
  return id
}

/** The items of which something was used that is still to be billed. */
function usedItems(transaction: Transaction, subscription: Subscription): readonly SubscriptionItem[] {
  if (subscription.status === 'trialing') return []
  const at = transaction.now
  return subscription.items.data.filter((item) => hasOpenUsage(transaction, subscription, { item, at }))
}

/** Finalises an invoice and, where it is collected automatically, tries to pay it. */
export function collect(transaction: Transaction, invoice: string): ReturnType<typeof payInvoice> {
  const { status, collection_method: method } = finalizeInvoice(transaction, invoice)
  if (status !== 'open' || method !== 'charge_automatically') return { status: 'succeeded' }
  return payInvoice(transaction, invoice, { isAutomatic: true })
}

/** Cancels now, as the API's `DELETE /v1/subscriptions/{id}` does. */
export function cancelSubscription(
  transaction: Transaction,
  id: string,
  params: Stripe.SubscriptionCancelParams = {},
): Subscription {
  const subscription = transaction.require('subscriptions', id, { kind: 'subscription' })
  transaction.enterClockOf(subscription.customer)
  if (isEnded(subscription)) throw noSuch('subscription', id, { param: 'id', status: 404 })
  const { feedback, feedback_option: option, comment } = params.cancellation_details ?? {}
  refuseFeedbackOption(option)
  return endSubscription(transaction, id, {
    reason: 'cancellation_requested',
    ...(feedback && { feedback }),
    ...(comment && { comment }),
    prorate: params.prorate ?? false,
    invoiceNow: params.invoice_now ?? false,
  })
}

import type { Invoice } from '../invoices/create.js'
import type { Line } from '../invoices/lines.js'
import type { Transaction } from '../transaction.js'
import { usageLines } from '../usage/lines.js'
import { billPeriods, type Bill } from './billing.js'
import { draftInvoice } from './draft-invoice.js'
import { endSubscription } from './end.js'
import { isMetered, periodOf, saveSubscription, servicePeriod, withPeriod, type Subscription } from './items.js'
import { collectPaused } from './pause-collection.js'
import { expireUpdateWhenDue } from './pending-update.js'
import { endTrialUnpaid, unpaidEndOf } from './trial-end.js'
import { armTimers } from './timers.js'

/** A timer, as far as it matters here: what it is about. */
interface About {
  readonly subject: string
}

const renewing: ReadonlySet<Subscription['status']> = new Set(['trialing', 'active', 'past_due', 'unpaid'])

/** A period is over: the subscription ends, leaves its trial, or goes on with the next period. */
export function renewWhenDue(transaction: Transaction, timer: About): void {
  expireUpdateWhenDue(transaction, timer)
  transaction.send({ type: 'subscription.period_over', subscription: timer.subject })
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription === undefined || !renewing.has(subscription.status)) return
  if (periodOf(subscription).end > transaction.now) return
  if (subscription.cancel_at !== null && subscription.cancel_at <= transaction.now) {
    cancelWhenDue(transaction, timer)
    return
  }
  const isTrialOver = subscription.trial_end !== null && subscription.trial_end <= transaction.now
  if (subscription.status === 'trialing' && isTrialOver) endTrial(transaction, subscription)
  else renew(transaction, subscription, subscription.status)
}

export function cancelWhenDue(transaction: Transaction, timer: About): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription === undefined || subscription.cancel_at === null) return
  if (subscription.cancel_at > transaction.now) return
  const reason = subscription.cancellation_details?.reason ?? 'cancellation_requested'
  endSubscription(transaction, subscription.id, { reason, isPeriodEnd: true })
}

/** The end of a trial without a card goes as `trial_settings.end_behavior` says. */
function endTrial(transaction: Transaction, subscription: Subscription): void {
  const unpaid = unpaidEndOf(transaction, subscription)
  if (unpaid === undefined) renew(transaction, subscription, 'active')
  else endTrialUnpaid(transaction, subscription, unpaid)
}

/** Starts the next period and drafts its invoice. The subscription stays as it is until that invoice is final. */
function renew(transaction: Transaction, before: Subscription, status: Subscription['status']): Invoice {
  const last = periodOf(before)
  const bills: Bill[] = before.items.data.flatMap((item) => {
    if (item.current_period_end > last.end) return []
    const natural = servicePeriod(before.billing_cycle_anchor, item.price, last.end)
    const used = { start: last.end, end: Math.min(natural.end, before.cancel_at ?? Infinity) }
    return [{ item: withPeriod(item, used), natural, used }]
  })
  const items = before.items.data.map((item) => bills.find((bill) => bill.item.id === item.id)?.item ?? item)
  const id = transaction.newId('in')
  const lines = bills.toReversed().flatMap((bill) => renewalLines(transaction, before, { bill, invoice: id }))
  const fields = { ...before, status, latest_invoice: id, pause_collection: pauseAt(before, transaction.now) }
  const after = saveSubscription(transaction, fields, items)
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  const isAutomatic = status !== 'unpaid' && after.pause_collection === null
  const draft = draftInvoice(transaction, after, { id, reason: 'subscription_cycle', lines, period: last, isAutomatic })
  return collectPaused(transaction, draft, after)
}

/** An item's next period ahead; of a metered one what was used in the period that is over, unless that was its trial. */
function renewalLines(
  transaction: Transaction,
  before: Subscription,
  { bill, invoice }: { bill: Bill; invoice: string },
): Line[] {
  if (!isMetered(bill.item)) return billPeriods(transaction, before, [bill])
  const used = before.items.data.find(({ id }) => id === bill.item.id)
  if (used === undefined || before.status === 'trialing') return []
  return usageLines(transaction, before, { items: [used], invoice })
}

function pauseAt({ pause_collection: paused }: Subscription, now: number): Subscription['pause_collection'] {
  return paused?.resumes_at != null && paused.resumes_at <= now ? null : paused
}

export function announceTrialEnd(transaction: Transaction, timer: About): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription?.status !== 'trialing') return
  transaction.emit('customer.subscription.trial_will_end', 'subscriptions', subscription)
}

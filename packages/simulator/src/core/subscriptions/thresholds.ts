import { boundaryAt } from '../arithmetic/periods.js'
import { compare, decimalOf } from '../arithmetic/decimal.js'
import type { Line } from '../invoices/lines.js'
import type { Transaction } from '../transaction.js'
import { billUsage, markUsage, openWindow, type UsageBill } from '../usage/billing.js'
import { usageLines } from '../usage/lines.js'
import { billPeriods, creditItem } from './billing.js'
import { draftInvoice } from './draft-invoice.js'
import {
  intervalOf,
  isMetered,
  periodOf,
  saveSubscription,
  withPeriod,
  type Subscription,
  type SubscriptionItem,
} from './items.js'
import { collectPaused } from './pause-collection.js'
import { dropUpdate } from './pending-update.js'
import { armTimers } from './timers.js'

const billed: ReadonlySet<Subscription['status']> = new Set(['active', 'past_due'])

/** Usage was counted, which may be more than a subscription of the customer is to wait with. */
export function onUsageOfSubscriptions(
  transaction: Transaction,
  { customer, meter }: { readonly customer: string; readonly meter: string },
): void {
  for (const subscription of transaction.by('subscriptions', 'customer', customer)) {
    const counts = subscription.items.data.some(({ price }) => price.recurring?.meter === meter)
    if (counts && billed.has(subscription.status) && isReached(transaction, subscription)) {
      billThreshold(transaction, subscription)
    }
  }
}

/** Only usage counts, not what is billed in advance. https://docs.stripe.com/billing/subscriptions/usage-based/thresholds */
function isReached(transaction: Transaction, subscription: Subscription): boolean {
  const { amount_gte: least = null } = subscription.billing_thresholds ?? {}
  const metered = subscription.items.data.filter(isMetered)
  if (least === null && metered.every((item) => item.billing_thresholds === null)) return false
  const bills = metered.map((item) => ({ item, bill: openBill(transaction, subscription, item) }))
  const amount = bills.flatMap(({ bill }) => bill.parts).reduce((sum, part) => sum + part.amount, 0)
  if (least !== null && amount >= least) return true
  return bills.some(({ item, bill }) => {
    const { usage_gte: units = null } = item.billing_thresholds ?? {}
    return units !== null && compare(bill.quantity, decimalOf(units)) >= 0
  })
}

function openBill(transaction: Transaction, { customer }: Subscription, item: SubscriptionItem): UsageBill {
  return billUsage(transaction, { price: item.price, customer }, openWindow(transaction, item, transaction.now))
}

/** Bills usage before its time. Its tiers go on to fill until the period is over, unless the period begins anew. */
function billThreshold(transaction: Transaction, found: Subscription): void {
  const waiting = transaction.get('pending_updates', found.id)
  const before = waiting === undefined ? found : dropUpdate(transaction, waiting)
  const { customer } = before
  const invoice = transaction.newId('in')
  const resets = before.billing_thresholds?.reset_billing_cycle_anchor === true
  const metered = before.items.data.filter(isMetered)
  const usage = usageLines(transaction, before, { items: metered, until: transaction.now, invoice })
  // What is used while it is a draft is for the next invoice, so nothing that comes late may join it.
  for (const line of usage) transaction.remove('billed_usage', line.id)
  for (const item of metered) markUsage(transaction, item, { customer, keepsTiers: !resets })
  const { subscription, lines } = resets ? restarted(transaction, before) : { subscription: before, lines: [] }
  const after = saveSubscription(transaction, { ...subscription, latest_invoice: invoice }, subscription.items.data)
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  const draft = draftInvoice(transaction, after, {
    id: invoice,
    reason: 'subscription_threshold',
    lines: [...lines, ...usage],
    period: { start: periodOf(before).start, end: transaction.now },
    isAutomatic: after.pause_collection === null,
  })
  collectPaused(transaction, draft, after)
}

/** The subscription with periods that begin now, what is left of the old ones credited and the new ones billed. */
function restarted(
  transaction: Transaction,
  before: Subscription,
): { readonly subscription: Subscription; readonly lines: readonly Line[] } {
  const { now } = transaction
  const bills = before.items.data.map((item) => {
    creditItem(transaction, before, { item, at: now })
    const natural = { start: now, end: boundaryAt(now, intervalOf(item.price), 1) }
    const used = { start: now, end: Math.min(natural.end, before.cancel_at ?? Infinity) }
    return { item: withPeriod(item, used), natural, used }
  })
  const items = { ...before.items, data: bills.map(({ item }) => item) }
  const subscription = { ...before, billing_cycle_anchor: now, items }
  return { subscription, lines: billPeriods(transaction, subscription, bills.toReversed()) }
}

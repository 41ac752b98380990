import type Stripe from 'stripe'
import { pendingItems, type InvoiceItem } from '../invoices/invoice-items.js'
import type { Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Line } from '../invoices/lines.js'
import { noPaymentMethod, payInvoice } from '../invoices/pay.js'
import type { Transaction } from '../transaction.js'
import { changeUsage } from '../usage/change.js'
import { billPeriods, creditItem, debitItem, trialLines } from './billing.js'
import type { Change } from './change.js'
import { refuseUnpaid } from './create.js'
import { draftInvoice } from './draft-invoice.js'
import { isMetered, periodOfItem, type Subscription } from './items.js'
import { addOneTimeItems } from './one-time.js'
import { collectPaused } from './pause-collection.js'
import { paymentMethodOf } from './payment-method.js'
import { happen } from './status.js'

type Params = Stripe.SubscriptionUpdateParams

/** What an update puts on an invoice at once. */
export interface UpdateBill {
  readonly id: string
  readonly lines: readonly Line[]
  readonly pending: readonly InvoiceItem[]
}

/** Credits and debits the change; answers the invoice that is to be written now, if one is. */
export function billUpdate(
  transaction: Transaction,
  before: Subscription,
  { change, params }: { change: Change; params: Params },
): UpdateBill | undefined {
  const owner = { customer: before.customer, currency: before.currency, subscription: before.id }
  const waiting = pendingItems(transaction, owner)
  const lines = linesOf(transaction, before, { change, params })
  const [item] = change.items
  if (item !== undefined) {
    const place = { subscription: before, period: periodOfItem(item) }
    addOneTimeItems(transaction, params.add_invoice_items ?? [], place)
  }
  const always = params.proration_behavior === 'always_invoice'
  if (!always && change.cycle === 'kept' && !addsToTrial(before, change)) return undefined
  const leavesWaiting = before.billing_mode.type === 'classic' && always && change.cycle === 'restarted'
  const pending = pendingItems(transaction, owner).filter(
    (candidate) => !leavesWaiting || !waiting.some(({ id }) => id === candidate.id),
  )
  return lines.length + pending.length === 0 ? undefined : { id: transaction.newId('in'), lines, pending }
}

/** What joins a trial is shown on an invoice of nothing. https://docs.stripe.com/billing/subscriptions/trials/free-trials */
function addsToTrial(before: Subscription, { cycle, items }: Change): boolean {
  if (before.status !== 'trialing' || cycle !== 'kept') return false
  return items.some((item) => !isMetered(item) && !before.items.data.some(({ id }) => id === item.id))
}

/** Credits and debits of the change as pending items, and the lines of a period that begins now. */
function linesOf(
  transaction: Transaction,
  before: Subscription,
  { change, params }: { change: Change; params: Params },
): Line[] {
  if (before.status === 'paused') return []
  const isProrated = params.proration_behavior !== 'none'
  if (isProrated) creditChange(transaction, before, change)
  const isUsageBilled = isProrated && (before.billing_mode.type === 'flexible' || change.cycle !== 'kept')
  changeUsage(transaction, before, { gone: change.removed, items: change.items, isBilled: isUsageBilled })
  const newestFirst = change.changed.toReversed()
  const bills = newestFirst.map(({ item, natural }) => ({ item, natural, used: periodOfItem(item) }))
  const subscription = { ...before, billing_cycle_anchor: change.anchor, discounts: change.discounts }
  if (change.cycle === 'restarted') return billPeriods(transaction, subscription, bills)
  if (change.cycle === 'trial') return trialLines(transaction, before, change.items.toReversed())
  const added = change.changed.filter(({ kept }) => kept === undefined)
  if (before.status === 'trialing') {
    const items = added.map(({ item }) => item).toReversed()
    return trialLines(transaction, before, items)
  }
  if (!isProrated) return []
  for (const { item, natural } of added)
    debitItem(transaction, subscription, { item, at: change.at, natural, among: change.items })
  for (const { item, natural, kept } of change.changed) {
    if (kept === undefined || item.current_period_end <= kept.current_period_end) continue
    debitItem(transaction, subscription, { item, at: kept.current_period_end, natural, among: change.items })
  }
  return []
}

/** What is gone is credited from now on, and what ends sooner from then on. */
function creditChange(transaction: Transaction, before: Subscription, { changed, removed, at }: Change): void {
  for (const item of removed) creditItem(transaction, before, { item, at })
  for (const { item, kept } of changed) {
    if (kept === undefined || before.status === 'trialing') continue
    if (item.current_period_end < kept.current_period_end) {
      creditItem(transaction, before, { item: kept, at: item.current_period_end })
    }
  }
}

/** Writes the invoice of an update. A schedule leaves it a draft for an hour, as it does a renewal's. */
export function draftUpdate(
  transaction: Transaction,
  subscription: Subscription,
  { bill, prorationDate, isLater }: { bill: UpdateBill; prorationDate: number | undefined; isLater: boolean },
): Invoice {
  const billed = { ...subscription, ...(prorationDate !== undefined && { prorationDate }) }
  return draftInvoice(transaction, billed, { ...bill, reason: 'subscription_update', isAutomatic: isLater })
}

/** Bills an update at once; what is not paid leaves the subscription past due, unless the request wants it undone. */
export function collectUpdate(
  transaction: Transaction,
  draft: Invoice,
  { subscription, params }: { subscription: Subscription; params: Params },
): void {
  if (subscription.pause_collection !== null) {
    collectPaused(transaction, draft, subscription)
    return
  }
  const invoice = finalizeInvoice(transaction, draft.id)
  if (invoice.status !== 'open' || invoice.collection_method !== 'charge_automatically') return
  if (params.payment_behavior === 'default_incomplete') {
    happen(transaction, subscription.id, 'latest_invoice_failed')
    return
  }
  if (paymentMethodOf(transaction, subscription) === null) throw noPaymentMethod()
  const offSession = params.off_session ?? false
  const result = payInvoice(transaction, invoice.id, { offSession, isAutomatic: true })
  if (params.payment_behavior === 'error_if_incomplete') refuseUnpaid(result)
}

import type Stripe from 'stripe'
import { boundaryAt } from '../arithmetic/periods.js'
import type { Period } from '../arithmetic/proration.js'
import { invalidRequest } from '../error.js'
import type { Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Line } from '../invoices/lines.js'
import { payInvoice } from '../invoices/pay.js'
import type { Transaction } from '../transaction.js'
import { markUsage } from '../usage/billing.js'
import { billPeriods, debitItem } from './billing.js'
import { draftInvoice, pendingOf } from './draft-invoice.js'
import {
  intervalOf,
  isMetered,
  saveSubscription,
  servicePeriod,
  withPeriod,
  type Subscription,
  type SubscriptionItem,
} from './items.js'
import { endPause } from './paused.js'
import { paymentMethodOf } from './payment-method.js'
import { RESUMPTION_WINDOW } from './resumption.js'

type Params = Stripe.SubscriptionResumeParams

interface Moved {
  readonly item: SubscriptionItem
  readonly natural: Period
}

/**
 * Takes a paused subscription up again. Where that makes an invoice, the subscription goes on when it was paid, or when
 * an attempt to pay it was made. https://docs.stripe.com/billing/subscriptions/pause#resume-subscriptions
 */
export function resumeSubscription(transaction: Transaction, id: string, params: Params): Subscription {
  const found = transaction.require('subscriptions', id, { kind: 'subscription' })
  transaction.enterClockOf(found.customer)
  requireResumable(transaction, found)
  const { now } = transaction
  // What was used during the pause is not billed.
  for (const item of found.items.data.filter(isMetered)) markUsage(transaction, item, { customer: found.customer })
  const isKept = params.billing_cycle_anchor?.type === 'unchanged'
  const anchor = isKept ? found.billing_cycle_anchor : now
  const before = { ...found, billing_cycle_anchor: anchor }
  const moved = found.items.data.map((item) => moveItem(before, item, { isKept, now }))
  const lines = isKept ? prorated(transaction, before, { moved, params }) : wholePeriods(transaction, before, moved)
  const saved = saveSubscription(
    transaction,
    before,
    moved.map(({ item }) => item),
  )
  const invoice = draftResumption(transaction, saved, {
    lines,
    isBilled: !isKept || params.proration_behavior === 'always_invoice',
  })
  if (invoice === undefined) return endPause(transaction, saved, 'active')
  return collectResumption(transaction, saved, { invoice, params })
}

function requireResumable(transaction: Transaction, subscription: Subscription): void {
  if (subscription.status !== 'paused') {
    throw invalidRequest('You can only resume a subscription with the status `paused`.')
  }
  if (subscription.collection_method !== 'charge_automatically') {
    throw invalidRequest('You can only resume subscriptions with `collection_method=charge_automatically`.')
  }
  if (transaction.get('resumptions', subscription.id) === undefined) return
  throw invalidRequest('This subscription is already being resumed: its resumption invoice waits to be paid.')
}

function moveItem(
  subscription: Subscription,
  item: SubscriptionItem,
  { isKept, now }: { isKept: boolean; now: number },
): Moved {
  const { billing_cycle_anchor: anchor, cancel_at: cancelAt } = subscription
  const interval = intervalOf(item.price)
  const natural = isKept ? servicePeriod(anchor, item.price, now) : { start: now, end: boundaryAt(now, interval, 1) }
  const end = Math.min(natural.end, cancelAt ?? natural.end)
  return { item: withPeriod(item, { start: natural.start, end }), natural }
}

function wholePeriods(transaction: Transaction, subscription: Subscription, moved: readonly Moved[]): Line[] {
  const bills = moved.map(({ item, natural }) => ({
    item,
    natural,
    used: { ...natural, end: item.current_period_end },
  }))
  return billPeriods(transaction, subscription, bills.toReversed())
}

/** The rest of a period, unless the item was never credited for it. */
function prorated(
  transaction: Transaction,
  subscription: Subscription,
  { moved, params }: { moved: readonly Moved[]; params: Params },
): Line[] {
  if (params.proration_behavior === 'none') return []
  const among = moved.map(({ item }) => item)
  for (const { item, natural } of moved) {
    const debits = transaction.get('item_debits', item.id)?.debits ?? []
    if (debits.some(({ end }) => end > transaction.now)) continue
    debitItem(transaction, subscription, { item, at: params.proration_date ?? transaction.now, natural, among })
  }
  return []
}

function draftResumption(
  transaction: Transaction,
  subscription: Subscription,
  { lines, isBilled }: { lines: readonly Line[]; isBilled: boolean },
): Invoice | undefined {
  if (!isBilled) return undefined
  const pending = pendingOf(transaction, subscription)
  if (lines.length + pending.length === 0) return undefined
  return draftInvoice(transaction, subscription, { reason: 'subscription_update', lines, pending, isAutomatic: false })
}

function collectResumption(
  transaction: Transaction,
  subscription: Subscription,
  { invoice, params }: { invoice: Invoice; params: Params },
): Subscription {
  const { id } = subscription
  const paused = transaction.patch('subscriptions', id, { latest_invoice: invoice.id })
  const needsSuccess = params.payment_behavior === 'resume_on_payment_success'
  transaction.put('resumptions', { id, invoice: invoice.id, needsSuccess })
  transaction.schedule({
    kind: 'subscription.expire_resumption',
    at: transaction.now + RESUMPTION_WINDOW,
    subject: id,
  })
  const { status } = finalizeInvoice(transaction, invoice.id)
  const paymentMethod = paymentMethodOf(transaction, paused)
  if (status === 'open' && paymentMethod !== null) {
    payInvoice(transaction, invoice.id, { paymentMethod, offSession: false, isAutomatic: true })
  }
  return transaction.load('subscriptions', id)
}

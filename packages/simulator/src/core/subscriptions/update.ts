import type Stripe from 'stripe'
import { invalidRequest, notSimulated } from '../error.js'
import { pendingItems } from '../invoice-items.js'
import { createInvoice, type Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Line } from '../invoices/lines.js'
import { noPaymentMethod, payInvoice } from '../invoices/pay.js'
import type { Transaction } from '../transaction.js'
import { billPeriod, creditItem, debitItem, trialLines } from './billing.js'
import { readChange, type Change } from './change.js'
import { refuseUnpaid } from './create.js'
import { dueDaysOf, isEnded } from './end.js'
import { changedFields } from './fields.js'
import { saveSubscription, type Subscription } from './items.js'
import { refuseUnbuilt } from './params.js'
import { paymentMethodOf } from './payment-method.js'
import { happen } from './status.js'
import { armTimers } from './timers.js'
import { announceShortTrial, readTrialEnd } from './trial.js'

type Params = Stripe.SubscriptionUpdateParams

/** Changes a subscription and bills the change as `proration_behavior` says. */
export function updateSubscription(transaction: Transaction, id: string, params: Params): Subscription {
  const before = transaction.require('subscriptions', id, { kind: 'subscription' })
  transaction.enterClockOf(before.customer)
  requireChangeable(before, params)
  if (typeof params.trial_end === 'number') readTrialEnd(transaction, { trial_end: params.trial_end }, null)
  const change = readChange(transaction, before, params)
  const lines = bill(transaction, before, { change, params })
  const invoice = isBilledNow(params, change) ? { lines, ...takePending(transaction, before) } : undefined
  const hasInvoice = invoice !== undefined && invoice.lines.length + invoice.pending.length > 0
  const invoiceId = hasInvoice ? transaction.newId('in') : undefined
  const after = save(transaction, before, { change, params, invoiceId })
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    transaction.emit('customer.subscription.updated', 'subscriptions', after, before)
  }
  announceShortTrial(transaction, after)
  if (invoice !== undefined && invoiceId !== undefined) {
    const draft = draftUpdate(transaction, after, { id: invoiceId, ...invoice, change, params })
    collectUpdate(transaction, draft, { subscription: after, params })
  }
  return transaction.load('subscriptions', id)
}

const always = new Set(['metadata', 'cancellation_details', 'expand'])
const whileIncomplete = new Set([...always, 'description', 'default_payment_method', 'payment_settings'])

function requireChangeable(subscription: Subscription, params: Params): void {
  refuseUnbuilt(params, ['add_invoice_items'])
  if (params.payment_behavior === 'pending_if_incomplete')
    throw notSimulated('pending_if_incomplete', 'payment_behavior')
  const names = Object.keys(params)
  if (isEnded(subscription) && names.some((name) => !always.has(name))) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.')
  }
  if (subscription.status === 'incomplete' && names.some((name) => !whileIncomplete.has(name))) {
    const message =
      'This subscription is incomplete: until its first invoice is paid only its metadata, description and default ' +
      'payment method can be updated.'
    throw invalidRequest(message)
  }
  if (subscription.status === 'paused' && params.items !== undefined)
    throw notSimulated('Changing a paused subscription', 'items')
}

/** Credits and debits of the change as pending items, and the lines of a period that begins now. */
function bill(
  transaction: Transaction,
  before: Subscription,
  { change, params }: { change: Change; params: Params },
): Line[] {
  const behavior = params.proration_behavior ?? 'create_prorations'
  const { at, items, period } = change
  if (behavior !== 'none') {
    for (const item of change.removed) creditItem(transaction, before, { item, at })
  }
  if (change.cycle === 'restarted') return billPeriod(transaction, before, { items, natural: period, used: period })
  if (change.cycle === 'trial') return trialLines(transaction, before, { items, period })
  if (before.status === 'trialing') return trialLines(transaction, before, { items: change.added, period })
  if (behavior !== 'none') {
    for (const item of change.added) debitItem(transaction, before, { item, at, period })
  }
  return []
}

function isBilledNow(params: Params, change: Change): boolean {
  return params.proration_behavior === 'always_invoice' || change.cycle !== 'kept'
}

function takePending(
  transaction: Transaction,
  { customer, currency, id }: Subscription,
): { pending: ReturnType<typeof pendingItems> } {
  return { pending: pendingItems(transaction, { customer, currency, subscription: id }) }
}

function save(
  transaction: Transaction,
  before: Subscription,
  update: { change: Change; params: Params; invoiceId: string | undefined },
): Subscription {
  const { change, params, invoiceId } = update
  const fields = {
    ...before,
    ...changedFields(transaction, before, { params, period: change.period }),
    billing_cycle_anchor: change.anchor,
    latest_invoice: invoiceId ?? before.latest_invoice,
    ...trialAfter(transaction, before, change),
  }
  const after = saveSubscription(transaction, fields, change.items)
  armTimers(transaction, after)
  return after
}

function trialAfter(
  transaction: Transaction,
  before: Subscription,
  { cycle, period }: Change,
): Partial<Pick<Subscription, 'status' | 'trial_end' | 'trial_start'>> {
  const isTrialing = before.status === 'trialing'
  if (cycle === 'trial') {
    return { status: 'trialing', trial_end: period.end, trial_start: isTrialing ? before.trial_start : transaction.now }
  }
  return cycle === 'restarted' && isTrialing ? { status: 'active', trial_end: transaction.now } : {}
}

function draftUpdate(
  transaction: Transaction,
  subscription: Subscription,
  draft: {
    id: string
    lines: readonly Line[]
    pending: ReturnType<typeof pendingItems>
    change: Change
    params: Params
  },
): Invoice {
  const prorationDate = draft.params.proration_date
  return createInvoice(transaction, {
    id: draft.id,
    customer: subscription.customer,
    currency: subscription.currency,
    reason: 'subscription_update',
    lines: draft.lines,
    pending: draft.pending,
    period: { start: transaction.now, end: transaction.now },
    subscription: { ...subscription, ...(prorationDate !== undefined && { prorationDate }) },
    collectionMethod: subscription.collection_method,
    ...dueDaysOf(subscription),
    autoAdvance: false,
    finalizesAt: null,
  })
}

/** Bills an update at once; what is not paid leaves the subscription past due, unless the request wants it undone. */
function collectUpdate(
  transaction: Transaction,
  draft: Invoice,
  { subscription, params }: { subscription: Subscription; params: Params },
): void {
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

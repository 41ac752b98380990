import { settingsOf } from '../account-settings.js'
import { voidInvoice } from '../invoices/close.js'
import type { Timer } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { endSubscription } from './end.js'
import type { Subscription } from './items.js'
import { applyUpdate, dropUpdate, updateAwaiting } from './pending-update.js'
import { finishResumption, forgetResumption, resumptionAwaiting } from './resumption.js'
import { armTimers } from './timers.js'

type Status = Subscription['status']
type Invoice = Records['invoices']

/** What can happen to the invoices of a subscription that decides its status. */
type Happening =
  | 'latest_invoice_paid'
  | 'latest_payment_processing'
  | 'latest_invoice_failed'
  | 'latest_invoice_given_up'
  | 'first_invoice_voided'
  | 'later_invoice_voided'
  | 'payment_window_closed'

/**
 * The state machine of a subscription as far as its invoices drive it; a status that is not named stays.
 * https://docs.stripe.com/billing/subscriptions/overview
 */
const transitions: Readonly<Record<Happening, Partial<Record<Status, Status>>>> = {
  latest_invoice_paid: { incomplete: 'active', past_due: 'active', unpaid: 'active' },
  // A bank debit that is under way counts as paid until it fails.
  latest_payment_processing: { incomplete: 'active' },
  latest_invoice_failed: { active: 'past_due' },
  latest_invoice_given_up: { past_due: 'active' },
  first_invoice_voided: { incomplete: 'incomplete_expired', past_due: 'active', unpaid: 'active' },
  later_invoice_voided: { past_due: 'active', unpaid: 'active' },
  payment_window_closed: { incomplete: 'incomplete_expired' },
}

/** Moves a subscription as the table says and announces it. */
export function happen(transaction: Transaction, id: string, happening: Happening): void {
  const before = transaction.load('subscriptions', id)
  const next = transitions[happening][before.status]
  if (next === undefined) return
  const status = next === 'active' && isInTrial(transaction, before) ? 'trialing' : next
  const ended = status === 'incomplete_expired' ? { ended_at: transaction.now } : {}
  const after = transaction.patch('subscriptions', id, { status, ...ended })
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
}

function isInTrial(transaction: Transaction, subscription: Subscription): boolean {
  return subscription.trial_end !== null && subscription.trial_end > transaction.now
}

interface InvoiceSignal {
  readonly invoice: string
}

export function onInvoicePaid(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription === undefined) return
  const resumption = resumptionAwaiting(transaction, subscription, invoice)
  if (resumption !== undefined) finishResumption(transaction, resumption, 'active')
  const update = updateAwaiting(transaction, subscription, invoice)
  if (update !== undefined) applyUpdate(transaction, update)
  keepPaymentMethod(transaction, subscription, invoice)
  happen(transaction, subscription.id, 'latest_invoice_paid')
}

export function onPaymentProcessing(transaction: Transaction, signal: { readonly paymentIntent: string }): void {
  const [payment] = transaction.by('invoice_payments', 'payment_intent', signal.paymentIntent)
  const subscription = payment === undefined ? undefined : subscriptionWhoseLatestIs(transaction, payment.invoice)
  if (subscription !== undefined) happen(transaction, subscription.id, 'latest_payment_processing')
}

export function onInvoiceFailed(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription === undefined || updateAwaiting(transaction, subscription, invoice) !== undefined) return
  if (isRefusedLate(subscription, transaction.load('invoices', invoice))) {
    voidInvoice(transaction, invoice)
    return
  }
  const resumption = resumptionAwaiting(transaction, subscription, invoice)
  if (resumption?.needsSuccess === false) finishResumption(transaction, resumption, 'past_due')
  happen(transaction, subscription.id, 'latest_invoice_failed')
}

/**
 * A first debit under way has made the subscription active. When the bank refuses it in the end, its invoice is voided and
 * the subscription stays as it is. https://docs.stripe.com/billing/subscriptions/overview#asynchronous-payments
 */
function isRefusedLate({ status }: Subscription, invoice: Invoice): boolean {
  const { auto_advance: isDraftedFirst, billing_reason: reason, collection_method: method } = invoice
  const isRunning = status === 'active' || status === 'trialing'
  return isRunning && reason === 'subscription_create' && method === 'charge_automatically' && isDraftedFirst !== true
}

export function onInvoiceUncollectible(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription === undefined) return
  const resumption = resumptionAwaiting(transaction, subscription, invoice)
  if (resumption !== undefined) finishResumption(transaction, resumption, 'active')
  happen(transaction, subscription.id, 'latest_invoice_given_up')
}

/** The account's own setting says what becomes of a subscription whose invoice could not be collected. */
export function onRetriesExhausted(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionOf(transaction, invoice)
  if (subscription?.status === 'past_due') giveUp(transaction, subscription)
}

function giveUp(transaction: Transaction, subscription: Subscription): void {
  const { afterRetries } = settingsOf(transaction)
  switch (afterRetries) {
    case 'cancel':
      endSubscription(transaction, subscription.id, { reason: 'payment_failed' })
      return
    case 'mark_unpaid':
      moveTo(transaction, subscription, 'unpaid')
      return
    case 'leave_past_due':
      moveTo(transaction, subscription, 'past_due')
      return
    default:
      afterRetries satisfies never
  }
}

function moveTo(transaction: Transaction, before: Subscription, status: Status): void {
  if (before.status === status) return
  const after = transaction.patch('subscriptions', before.id, { status })
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
}

/** Voiding the first invoice ends its claim; voiding a later one lets the earlier ones decide. */
export function onInvoiceVoided(transaction: Transaction, { invoice }: InvoiceSignal): void {
  const subscription = subscriptionWhoseLatestIs(transaction, invoice)
  if (subscription === undefined) return
  if (resumptionAwaiting(transaction, subscription, invoice) !== undefined) {
    forgetResumption(transaction, subscription.id)
    return
  }
  const update = updateAwaiting(transaction, subscription, invoice)
  if (update !== undefined) {
    if (subscription.pending_update !== null) dropUpdate(transaction, update)
    return
  }
  const invoices = transaction.by('invoices', 'subscription', subscription.id)
  if (invoices[0]?.id === invoice) {
    happen(transaction, subscription.id, 'first_invoice_voided')
    return
  }
  const place = invoices.findIndex(({ id }) => id === invoice)
  decideByEarlier(transaction, subscription, invoices.slice(0, place))
}

/**
 * The newest earlier invoice that says something decides; one that is still being collected says nothing.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
function decideByEarlier(transaction: Transaction, subscription: Subscription, earlier: readonly Invoice[]): void {
  if (subscription.status === 'incomplete') return
  for (const invoice of earlier.toReversed()) {
    if (invoice.status === 'paid' || invoice.status === 'uncollectible') break
    if (isGivenUp(invoice)) {
      giveUp(transaction, subscription)
      return
    }
    if (isOverdue(invoice, transaction.now)) {
      moveTo(transaction, subscription, 'past_due')
      return
    }
  }
  happen(transaction, subscription.id, 'later_invoice_voided')
}

/** It was tried as often as it is tried by itself. */
function isGivenUp(invoice: Invoice): boolean {
  const { attempted, auto_advance: isAutomatic, next_payment_attempt: next, status } = invoice
  return (
    status === 'open' &&
    invoice.collection_method === 'charge_automatically' &&
    attempted &&
    isAutomatic === true &&
    next === null
  )
}

function isOverdue({ collection_method: method, due_date: due, status }: Invoice, now: number): boolean {
  return status === 'open' && method === 'send_invoice' && due !== null && due <= now
}

export function onCustomerDeleted(transaction: Transaction, { customer }: { readonly customer: string }): void {
  for (const subscription of transaction.by('subscriptions', 'customer', customer)) {
    endSubscription(transaction, subscription.id, { reason: 'cancellation_requested' })
  }
}

/** `save_default_payment_method: on_subscription` keeps the card that paid. */
function keepPaymentMethod(transaction: Transaction, subscription: Subscription, invoice: string): void {
  if (subscription.payment_settings?.save_default_payment_method !== 'on_subscription') return
  const paymentMethod = paidWith(transaction, invoice)
  if (paymentMethod === null || paymentMethod === subscription.default_payment_method) return
  const after = transaction.patch('subscriptions', subscription.id, { default_payment_method: paymentMethod })
  if (subscription.status !== 'incomplete') {
    transaction.emitChange('customer.subscription.updated', 'subscriptions', { before: subscription, after })
  }
}

/** The payment method of the payment that paid an invoice. */
export function paidWith(transaction: Transaction, invoice: string): string | null {
  const payments = transaction.by('invoice_payments', 'invoice', invoice)
  const intent = payments.find((payment) => payment.status === 'paid')?.payment.payment_intent
  return intent === undefined ? null : transaction.load('payment_intents', intent).payment_method
}

function subscriptionOf(transaction: Transaction, invoice: string): Subscription | undefined {
  const id = transaction.load('invoices', invoice).parent?.subscription_details?.subscription
  return id === undefined ? undefined : transaction.get('subscriptions', id)
}

function subscriptionWhoseLatestIs(transaction: Transaction, invoice: string): Subscription | undefined {
  const subscription = subscriptionOf(transaction, invoice)
  if (subscription === undefined || subscription.latest_invoice === invoice) return subscription
  return isNewestFinal(transaction, subscription, invoice) ? subscription : undefined
}

/**
 * While the newest invoice is a draft, the one before it still decides, but for an unpaid subscription: its invoices stay
 * drafts, and it takes the newest to make it active. https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions
 */
function isNewestFinal(transaction: Transaction, subscription: Subscription, invoice: string): boolean {
  const ignored: readonly Invoice['status'][] = subscription.status === 'unpaid' ? ['void'] : ['void', 'draft']
  const counts = ({ id, status }: Invoice): boolean => id === invoice || !ignored.includes(status)
  return transaction.by('invoices', 'subscription', subscription.id).findLast(counts)?.id === invoice
}

/** The first invoice was not paid in time: it is voided, and with it the subscription expires. */
export function expireWhenDue(transaction: Transaction, timer: Timer): void {
  const subscription = transaction.get('subscriptions', timer.subject)
  if (subscription?.status !== 'incomplete') return
  const invoice = subscription.latest_invoice
  if (invoice !== null && transaction.load('invoices', invoice).status === 'open') voidInvoice(transaction, invoice)
  happen(transaction, subscription.id, 'payment_window_closed')
}

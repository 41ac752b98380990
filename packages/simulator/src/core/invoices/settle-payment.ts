import { enterBalance } from '../customers/balance.js'
import { changeCustomer } from '../customers/customers.js'
import { cancelPaymentIntent } from '../payments/payment-intents.js'
import type { Transaction } from '../transaction.js'
import { emitThinAbout } from '../v2/emit-thin.js'
import type { Invoice } from './create.js'
import { openPaymentOf, type InvoicePayment } from './payments.js'

/** What stands when an invoice is paid: by a payment, by nothing being due, or outside of Stripe. */
export function markPaid(
  transaction: Transaction,
  before: Invoice,
  how: { payment?: InvoicePayment; outOfBand?: boolean } = {},
): Invoice {
  const { payment, outOfBand = false } = how
  for (const kind of ['invoice.retry', 'invoice.will_be_due', 'invoice.past_due'] as const)
    transaction.unschedule(kind, before.id)
  const invoice = transaction.put('invoices', {
    ...before,
    amount_paid: before.amount_paid + before.amount_remaining,
    amount_paid_off_stripe: outOfBand ? before.amount_remaining : 0,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...before.status_transitions, paid_at: transaction.now },
  })
  if (before.billing_reason === 'subscription_cycle')
    transaction.emitChange('invoice.updated', 'invoices', { before: untried(transaction, before), after: invoice })
  transaction.emit('invoice.paid', 'invoices', invoice)
  if (!outOfBand) transaction.emit('invoice.payment_succeeded', 'invoices', invoice)
  if (payment !== undefined) closePayment(transaction, payment, 'paid')
  setDelinquent(transaction, invoice, false)
  transaction.send({ type: 'invoice.paid', invoice: invoice.id })
  return transaction.load('invoices', invoice.id)
}

/** An open invoice as it was before the attempt that is under way. */
function untried(transaction: Transaction, invoice: Invoice): Invoice {
  const { attempt_count, attempted, next_payment_attempt } = transaction.original('invoices', invoice.id) ?? invoice
  return { ...invoice, attempt_count, attempted, next_payment_attempt }
}

function closePayment(transaction: Transaction, payment: InvoicePayment, status: 'paid' | 'canceled'): void {
  const isPaid = status === 'paid'
  const closed = transaction.patch('invoice_payments', payment.id, {
    amount_paid: isPaid ? payment.amount_requested : null,
    status,
    status_transitions: {
      canceled_at: isPaid ? null : transaction.now,
      paid_at: isPaid ? transaction.now : null,
    },
  })
  if (isPaid) transaction.emit('invoice_payment.paid', 'invoice_payments', closed)
  else emitThinAbout(transaction, 'invoice_payment.canceled', closed)
}

/** A payment intent succeeded, wherever it was confirmed: the invoice that waits for it is paid. */
export function onPaymentSucceeded(transaction: Transaction, signal: { readonly paymentIntent: string }): void {
  const payment = waitingFor(transaction, signal.paymentIntent)
  if (payment === undefined) return
  if (!isPayable(transaction.load('invoices', payment.invoice))) return
  if (payment.is_default) countFirstAttempt(transaction, payment.invoice)
  receivePayment(transaction, payment)
}

/** Any attempt counts as the first, also one that was not made through the invoice. */
function countFirstAttempt(transaction: Transaction, id: string): Invoice {
  const invoice = transaction.load('invoices', id)
  if (invoice.attempt_count > 0) return invoice
  return transaction.patch('invoices', id, { attempt_count: 1, attempted: true })
}

/** A payment came in: with what was paid before, it settles the invoice or leaves less of it to pay. */
export function receivePayment(transaction: Transaction, payment: InvoicePayment): Invoice {
  const before = transaction.load('invoices', payment.invoice)
  const excess = payment.amount_requested - before.amount_remaining
  if (excess < 0) return receivePart(transaction, before, payment)
  if (!payment.is_default) dropOpenPayment(transaction, before.id)
  if (excess > 0 && before.customer !== null) {
    const change = { amount: -excess, currency: before.currency, invoice: before.id, type: 'invoice_overpaid' } as const
    enterBalance(transaction, before.customer, change)
  }
  const invoice = markPaid(transaction, { ...before, amount_overpaid: Math.max(excess, 0) }, { payment })
  if (excess > 0) transaction.emit('invoice.overpaid', 'invoices', invoice)
  return invoice
}

function receivePart(transaction: Transaction, before: Invoice, payment: InvoicePayment): Invoice {
  const after = transaction.patch('invoices', before.id, {
    amount_paid: before.amount_paid + payment.amount_requested,
    amount_remaining: before.amount_remaining - payment.amount_requested,
  })
  closePayment(transaction, payment, 'paid')
  fitOpenPayment(transaction, after)
  transaction.emitChange('invoice.updated', 'invoices', { before, after })
  return after
}

/** The payment that waits asks for what is left. */
export function fitOpenPayment(transaction: Transaction, { id, amount_remaining: amount }: Invoice): void {
  const payment = openPaymentOf(transaction, id)
  if (payment === undefined || payment.amount_requested === amount) return
  transaction.patch('invoice_payments', payment.id, { amount_requested: amount })
  const intent = payment.payment.payment_intent
  if (intent !== undefined) transaction.patch('payment_intents', intent, { amount })
}

/** Nothing is waited for any more. */
export function dropOpenPayment(transaction: Transaction, invoice: string): void {
  const payment = openPaymentOf(transaction, invoice)
  if (payment === undefined) return
  closePayment(transaction, payment, 'canceled')
  const intent = payment.payment.payment_intent
  if (intent !== undefined) cancelPaymentIntent(transaction, intent)
}

/** A payment intent failed, wherever it was confirmed. */
export function onPaymentFailed(transaction: Transaction, signal: { readonly paymentIntent: string }): void {
  const payment = waitingFor(transaction, signal.paymentIntent)
  if (payment === undefined) return
  if (!payment.is_default || !isPayable(transaction.load('invoices', payment.invoice))) return
  const invoice = countFirstAttempt(transaction, payment.invoice)
  failPayment(transaction, invoice)
  const wasUnderWay = transaction.original('payment_intents', signal.paymentIntent)?.status === 'processing'
  if (wasUnderWay) setDelinquent(transaction, invoice, true)
}

/** An attempt to pay failed: announced, tried again when a next attempt is planned, given up when none is left. */
export function failPayment(transaction: Transaction, invoice: Invoice): void {
  transaction.emit('invoice.payment_failed', 'invoices', invoice)
  transaction.send({ type: 'invoice.payment_failed', invoice: invoice.id })
  if (!isRetried(invoice) || transaction.load('invoices', invoice.id).status !== 'open') return
  transaction.unschedule('invoice.retry', invoice.id)
  if (invoice.next_payment_attempt === null) {
    transaction.send({ type: 'invoice.retries_exhausted', invoice: invoice.id })
    return
  }
  transaction.schedule({ kind: 'invoice.retry', at: invoice.next_payment_attempt, subject: invoice.id })
}

/**
 * A customer is delinquent from a payment that failed by itself, or is late, until the next invoice is paid or given up.
 * What fails by hand says nothing. https://docs.stripe.com/api/customers/object#customer_object-delinquent
 */
export function setDelinquent(transaction: Transaction, { customer }: Invoice, delinquent: boolean): void {
  const record = customer === null ? undefined : transaction.get('customers', customer)
  if (record !== undefined && record.delinquent !== delinquent) changeCustomer(transaction, record.id, { delinquent })
}

/** Whether the invoice was tried by itself and will be, or would have been, again. */
function isRetried(invoice: Invoice): boolean {
  return isTriedAgain(invoice) && invoice.attempt_count > 0
}

/**
 * First invoices and those of an update are not tried again by Stripe. Most of them have `auto_advance` false from the
 * start; the first one of a subscription that a schedule starts is a draft for an hour before it is tried.
 */
export function isTriedAgain({ auto_advance: isAutomatic, billing_reason: reason }: Invoice): boolean {
  return isAutomatic === true && reason !== 'subscription_create'
}

export function isPayable(invoice: Invoice): boolean {
  return invoice.status === 'open' || invoice.status === 'uncollectible'
}

function waitingFor(transaction: Transaction, paymentIntent: string): InvoicePayment | undefined {
  return transaction
    .by('invoice_payments', 'payment_intent', paymentIntent)
    .find((payment) => payment.status === 'open')
}

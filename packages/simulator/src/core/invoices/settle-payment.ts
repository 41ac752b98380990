import { changeCustomer } from '../customers/customers.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import type { InvoicePayment } from './payments.js'

/** What stands when an invoice is paid: by a payment, by nothing being due, or outside of Stripe. */
export function markPaid(
  transaction: Transaction,
  before: Invoice,
  how: { payment?: InvoicePayment; outOfBand?: boolean } = {},
): Invoice {
  const { payment, outOfBand = false } = how
  for (const kind of ['invoice.retry', 'invoice.past_due'] as const) transaction.unschedule(kind, before.id)
  const invoice = transaction.put('invoices', {
    ...before,
    amount_paid: before.amount_due,
    amount_paid_off_stripe: outOfBand ? before.amount_due : 0,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...before.status_transitions, paid_at: transaction.now },
  })
  if (before.billing_reason === 'subscription_cycle')
    transaction.emitChange('invoice.updated', 'invoices', { before, after: invoice })
  transaction.emit('invoice.paid', 'invoices', invoice)
  if (!outOfBand) transaction.emit('invoice.payment_succeeded', 'invoices', invoice)
  if (payment !== undefined) closePayment(transaction, payment, 'paid')
  setDelinquent(transaction, invoice, false)
  transaction.send({ type: 'invoice.paid', invoice: invoice.id })
  return transaction.load('invoices', invoice.id)
}

export function closePayment(transaction: Transaction, payment: InvoicePayment, status: 'paid' | 'canceled'): void {
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
}

/** A payment intent succeeded, wherever it was confirmed: the invoice that waits for it is paid. */
export function onPaymentSucceeded(transaction: Transaction, signal: { readonly paymentIntent: string }): void {
  const payment = waitingFor(transaction, signal.paymentIntent)
  if (payment === undefined) return
  const invoice = transaction.load('invoices', payment.invoice)
  if (isPayable(invoice)) markPaid(transaction, invoice, { payment })
}

/** A payment intent failed, wherever it was confirmed. */
export function onPaymentFailed(transaction: Transaction, signal: { readonly paymentIntent: string }): void {
  const payment = waitingFor(transaction, signal.paymentIntent)
  if (payment === undefined) return
  const invoice = transaction.load('invoices', payment.invoice)
  if (isPayable(invoice)) failPayment(transaction, invoice)
}

/** An attempt to pay failed: announced, tried again when a next attempt is planned, given up when none is left. */
export function failPayment(transaction: Transaction, invoice: Invoice): void {
  transaction.emit('invoice.payment_failed', 'invoices', invoice)
  setDelinquent(transaction, invoice, true)
  transaction.send({ type: 'invoice.payment_failed', invoice: invoice.id })
  if (!isRetried(invoice) || transaction.load('invoices', invoice.id).status !== 'open') return
  transaction.unschedule('invoice.retry', invoice.id)
  if (invoice.next_payment_attempt === null) {
    transaction.send({ type: 'invoice.retries_exhausted', invoice: invoice.id })
    return
  }
  transaction.schedule({ kind: 'invoice.retry', at: invoice.next_payment_attempt, subject: invoice.id })
}

/** A customer is delinquent from a payment that failed, or is late, until the next invoice is paid or given up. */
export function setDelinquent(transaction: Transaction, { customer }: Invoice, delinquent: boolean): void {
  const record = customer === null ? undefined : transaction.get('customers', customer)
  if (record !== undefined && record.delinquent !== delinquent) changeCustomer(transaction, record.id, { delinquent })
}

/** First invoices and those of an update are not tried again by Stripe; they have `auto_advance` false from the start. */
function isRetried(invoice: Invoice): boolean {
  return invoice.auto_advance === true && invoice.attempt_count > 0
}

export function isPayable(invoice: Invoice): boolean {
  return invoice.status === 'open' || invoice.status === 'uncollectible'
}

function waitingFor(transaction: Transaction, paymentIntent: string): InvoicePayment | undefined {
  return transaction
    .by('invoice_payments', 'payment_intent', paymentIntent)
    .find((payment) => payment.status === 'open')
}

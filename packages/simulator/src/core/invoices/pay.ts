import { settingsOf } from '../account-settings.js'
import { invalidRequest, type StripeErrorBody } from '../error.js'
import { confirmPaymentIntent, type PaymentResult } from '../payments/payment-intents.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { openPaymentOf, paymentIntentOf, paymentMethodFor } from './payments.js'
import { failPayment, isPayable, isTriedAgain, markPaid, setDelinquent } from './settle-payment.js'

export interface PayOptions {
  readonly paymentMethod?: string
  readonly offSession?: boolean
  /** The first attempt after finalisation, or a retry: it counts, and another is planned should it fail. */
  readonly isAutomatic?: boolean
}

export type InvoicePaymentResult = PaymentResult | { readonly status: 'succeeded' } | NoPaymentMethod

export interface NoPaymentMethod {
  readonly status: 'failed'
  readonly error: StripeErrorBody
}

/** Tries to pay an open invoice, with the card given or the one it falls to. */
export function payInvoice(transaction: Transaction, id: string, options: PayOptions = {}): InvoicePaymentResult {
  const before = transaction.load('invoices', id)
  if (before.status === 'paid') return { status: 'succeeded' }
  if (!isPayable(before)) throw invalidRequest(`You can only pay an open invoice. This invoice is ${before.status}.`)
  const invoice = countAttempt(transaction, before, options.isAutomatic ?? false)
  const result = attempt(transaction, invoice, options)
  if (result.status === 'succeeded') return result
  if (result.status === 'requires_action' || result.error?.code === 'authentication_required') {
    transaction.emit('invoice.payment_action_required', 'invoices', invoice)
  }
  if (result.status === 'requires_action' && options.isAutomatic === true) failPayment(transaction, invoice)
  if (result.status !== 'processing' && options.isAutomatic === true) setDelinquent(transaction, invoice, true)
  const after = transaction.load('invoices', id)
  if (before.auto_advance === true) transaction.emitChange('invoice.updated', 'invoices', { before, after })
  return result
}

/** The money was taken before the invoice was written, as Checkout does: the invoice is paid by that payment. */
export function payWith(transaction: Transaction, id: string): Invoice {
  const payment = openPaymentOf(transaction, id)
  const invoice = countAttempt(transaction, transaction.load('invoices', id), false)
  return markPaid(transaction, invoice, payment === undefined ? {} : { payment })
}

function attempt(transaction: Transaction, invoice: Invoice, options: PayOptions): InvoicePaymentResult {
  const paymentMethod = options.paymentMethod ?? paymentMethodFor(transaction, invoice)
  const intent = paymentIntentOf(transaction, invoice.id)
  if (intent === undefined) throw new Error(`Invoice ${invoice.id} is open and waits for no payment.`)
  if (paymentMethod === undefined) {
    failPayment(transaction, invoice)
    return { status: 'failed', error: noPaymentMethod().body }
  }
  const offSession = options.offSession ?? true
  return confirmPaymentIntent(transaction, intent.id, { paymentMethod, offSession, whenOffSession: 'wait' })
}

/**
 * `attempt_count` counts the first attempt and the automatic retries; what a customer pays by hand in between leaves the
 * schedule alone.
 */
function countAttempt(transaction: Transaction, invoice: Invoice, isAutomatic: boolean): Invoice {
  if (!isAutomatic && invoice.attempt_count > 0) return transaction.patch('invoices', invoice.id, { attempted: true })
  const count = invoice.attempt_count + 1
  const next = isAutomatic && isTriedAgain(invoice) ? nextAttempt(transaction, count) : null
  return transaction.patch('invoices', invoice.id, {
    attempt_count: count,
    attempted: true,
    next_payment_attempt: next,
  })
}

export function nextAttempt(transaction: Transaction, attempts: number): number | null {
  const delay = settingsOf(transaction).retryDelays[attempts - 1]
  return delay === undefined ? null : transaction.now + delay
}

/** Stripe's words when a payment is due at once and the customer has no card. */
export function noPaymentMethod(): ReturnType<typeof invalidRequest> {
  return invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment ' +
      'method. For more information, visit ' +
      'https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    { code: 'resource_missing' },
  )
}

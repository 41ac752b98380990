import { changeBalance } from '../customers/customers.js'
import { invalidRequest } from '../error.js'
import { cancelPaymentIntent } from '../payments/payment-intents.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { openPaymentOf } from './payments.js'
import { closePayment, isPayable, setDelinquent } from './settle-payment.js'

/** Takes an invoice back as if it had not been written; what it took from the customer's balance returns. */
export function voidInvoice(transaction: Transaction, id: string): Invoice {
  const before = transaction.load('invoices', id)
  if (!isPayable(before)) {
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open.`, { param: 'invoice' })
  }
  endCollection(transaction, id)
  const balance = before.starting_balance - (before.ending_balance ?? before.starting_balance)
  if (balance !== 0 && before.customer !== null) changeBalance(transaction, before.customer, balance)
  const invoice = transaction.patch('invoices', id, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...before.status_transitions, voided_at: transaction.now },
  })
  transaction.emit('invoice.voided', 'invoices', invoice)
  transaction.send({ type: 'invoice.voided', invoice: id })
  return transaction.load('invoices', id)
}

/** Gives an open invoice up; it can still be paid. */
export function markUncollectible(transaction: Transaction, id: string): Invoice {
  const before = transaction.load('invoices', id)
  if (before.status !== 'open') {
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open.`, { param: 'invoice' })
  }
  for (const kind of ['invoice.retry', 'invoice.past_due'] as const) transaction.unschedule(kind, id)
  const invoice = transaction.patch('invoices', id, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: { ...before.status_transitions, marked_uncollectible_at: transaction.now },
  })
  transaction.emit('invoice.marked_uncollectible', 'invoices', invoice)
  setDelinquent(transaction, invoice, false)
  transaction.send({ type: 'invoice.marked_uncollectible', invoice: id })
  return transaction.load('invoices', id)
}

/** Stripe neither finalises nor charges the invoice any more by itself; it can still be paid by hand. */
export function stopAdvancing(transaction: Transaction, id: string): void {
  const before = transaction.load('invoices', id)
  if (before.auto_advance !== true) return
  for (const kind of ['invoice.retry', 'invoice.finalize'] as const) transaction.unschedule(kind, id)
  const fields = { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null }
  transaction.emitChange('invoice.updated', 'invoices', { before, after: transaction.patch('invoices', id, fields) })
}

export function endCollection(transaction: Transaction, id: string): void {
  for (const kind of ['invoice.retry', 'invoice.past_due', 'invoice.finalize'] as const)
    transaction.unschedule(kind, id)
  const payment = openPaymentOf(transaction, id)
  if (payment === undefined) return
  closePayment(transaction, payment, 'canceled')
  const intent = payment.payment.payment_intent
  if (intent !== undefined) cancelPaymentIntent(transaction, intent)
}

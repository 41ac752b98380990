import { settingsOf } from '../account-settings.js'
import { restoreCredits } from '../credits/apply.js'
import { enterBalance } from '../customers/balance.js'
import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { dropOpenPayment, isPayable, setDelinquent } from './settle-payment.js'

/** Takes an invoice back as if it had not been written; what it took from the customer's balance returns. */
export function voidInvoice(transaction: Transaction, id: string): Invoice {
  const before = transaction.load('invoices', id)
  if (!isPayable(before)) {
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open.`, { param: 'invoice' })
  }
  endCollection(transaction, id)
  returnBalance(transaction, before)
  restoreCredits(transaction, id)
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

function returnBalance(transaction: Transaction, { customer, currency, id }: Invoice): void {
  if (customer === null) return
  const taken = transaction.by('customer_balance_transactions', 'invoice', id)
  const amount = taken.reduce((sum, entry) => sum - (entry.credit_note === null ? entry.amount : 0), 0)
  if (amount === 0) return
  enterBalance(transaction, customer, { amount, currency, invoice: id, type: 'unapplied_from_invoice' })
}

/** Gives an open invoice up; it can still be paid. */
export function markUncollectible(transaction: Transaction, id: string): Invoice {
  const invoice = giveUp(transaction, id)
  setDelinquent(transaction, invoice, false)
  transaction.send({ type: 'invoice.marked_uncollectible', invoice: id })
  return transaction.load('invoices', id)
}

function giveUp(transaction: Transaction, id: string): Invoice {
  const before = transaction.load('invoices', id)
  if (before.status !== 'open') {
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open.`, { param: 'invoice' })
  }
  for (const kind of ['invoice.retry', 'invoice.will_be_due', 'invoice.past_due'] as const)
    transaction.unschedule(kind, id)
  const invoice = transaction.patch('invoices', id, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: { ...before.status_transitions, marked_uncollectible_at: transaction.now },
  })
  transaction.emit('invoice.marked_uncollectible', 'invoices', invoice)
  return invoice
}

/**
 * The account's own setting says whether an invoice that could not be collected is given up. That is no forgiveness: the
 * customer stays delinquent, and another setting decides on the subscription. https://docs.stripe.com/api/customers/object
 */
export function giveUpWhenExhausted(transaction: Transaction, { invoice }: { readonly invoice: string }): void {
  if (settingsOf(transaction).uncollectedInvoices !== 'mark_uncollectible') return
  if (transaction.load('invoices', invoice).status === 'open') giveUp(transaction, invoice)
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
  for (const kind of ['invoice.retry', 'invoice.will_be_due', 'invoice.past_due', 'invoice.finalize'] as const)
    transaction.unschedule(kind, id)
  dropOpenPayment(transaction, id)
}

import { minimumCharge } from '../arithmetic/currency.js'
import { settle } from '../invoices/amounts.js'
import type { Transaction } from '../transaction.js'
import type { CheckoutSession } from './session.js'

/**
 * What the customer pays now. A subscription's first invoice takes the customer's balance into account, so the payment
 * that is made for it does too.
 */
export function dueNow(transaction: Transaction, session: CheckoutSession): number {
  const total = session.amount_total ?? 0
  if (session.mode !== 'subscription' || session.customer === null) return total
  const { balance } = transaction.load('customers', session.customer)
  return settle(total, balance, minimumCharge(session.currency ?? 'usd')).amountDue
}

/** Whether the page asks for a payment method: always, unless nothing is due and none was asked to be kept. */
export function asksForPayment(transaction: Transaction, session: CheckoutSession): boolean {
  if (session.mode === 'setup' || dueNow(transaction, session) > 0) return true
  return session.mode === 'subscription' && session.payment_method_collection === 'always'
}

import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { changeCustomer } from './customers.js'

type Customer = Records['customers']
export type BalanceEntry = Records['customer_balance_transactions']

/** Why a customer's balance changes, and by how much; a negative amount is credit. */
export type BalanceChange = Pick<BalanceEntry, 'amount' | 'type'> &
  Partial<Pick<BalanceEntry, 'checkout_session' | 'credit_note' | 'currency' | 'description' | 'invoice' | 'metadata'>>

/**
 * Changes a customer's balance and enters why in their ledger, whose sum the balance always is.
 * https://docs.stripe.com/billing/customer/balance
 */
export function enterBalance(transaction: Transaction, customer: string, change: BalanceChange): BalanceEntry {
  const balance = transaction.load('customers', customer).balance + change.amount
  return recordBalance(transaction, changeCustomer(transaction, customer, { balance }), change)
}

/** Enters in the ledger what already happened to the balance. */
export function recordBalance(transaction: Transaction, customer: Customer, change: BalanceChange): BalanceEntry {
  return transaction.put('customer_balance_transactions', {
    id: transaction.newId('cbtxn'),
    object: 'customer_balance_transaction',
    checkout_session: null,
    created: transaction.now,
    credit_note: null,
    currency: customer.currency ?? 'usd',
    customer: customer.id,
    customer_account: null,
    description: null,
    ending_balance: customer.balance,
    invoice: null,
    livemode: false,
    metadata: {},
    ...change,
  })
}

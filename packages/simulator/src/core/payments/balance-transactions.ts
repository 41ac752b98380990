import type { Handler, Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type BalanceTransaction = Records['balance_transactions']

const DAY = 86_400
const DAYS_UNTIL_AVAILABLE = 7

/** What a captured charge adds to the account's balance, less Stripe's fee. */
export function createBalanceTransaction(transaction: Transaction, charge: Records['charges']): BalanceTransaction {
  const { amount_captured: amount, currency } = charge
  const fee = feeOf(amount)
  const description = 'Stripe processing fees'
  const today = transaction.now - (transaction.now % DAY)
  return transaction.put('balance_transactions', {
    id: transaction.newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: today + DAYS_UNTIL_AVAILABLE * DAY,
    balance_type: 'payments',
    created: transaction.now,
    currency,
    description: charge.description,
    exchange_rate: null,
    fee,
    fee_details: [{ amount: fee, application: null, currency, description, type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: 'charge',
    source: charge.id,
    status: 'pending',
    type: 'charge',
  })
}

/** 2.9 % and 30 minor units, the standard rate in the United States; half a minor unit counts as a whole. */
function feeOf(amount: number): number {
  return Number((BigInt(amount) * 29n + 500n) / 1000n) + 30
}

const retrieve: Handler = (transaction, { path }) => {
  const words = { kind: 'balance transaction' }
  return transaction.render(
    'balance_transactions',
    recordInPath(transaction, 'balance_transactions', { id: path['id'], ...words }),
  )
}

export const balanceTransactionsHandlers: Handlers = { 'balance_transactions.retrieve': retrieve }

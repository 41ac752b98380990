import type Stripe from 'stripe'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type BalanceTransaction = Records['balance_transactions']

const DAY = 86_400
const DAYS_UNTIL_AVAILABLE = 7

/** What moves the account's balance. */
export interface Movement {
  readonly amount: number
  readonly currency: string
  readonly fee?: { readonly amount: number; readonly description: string }
  readonly description: string | null
  readonly source: string
  readonly type:
    | 'adjustment'
    | 'charge'
    | 'payment'
    | 'payment_failure_refund'
    | 'payment_refund'
    | 'refund'
    | 'refund_failure'
  readonly category: 'charge' | 'dispute' | 'dispute_reversal' | 'refund' | 'refund_failure'
  /** The money can be paid out at once. */
  readonly isAvailable?: boolean
}

/** Enters in the account's balance what came or went, less Stripe's fee. */
export function moveBalance(transaction: Transaction, movement: Movement): BalanceTransaction {
  const { amount, currency, fee, isAvailable = false } = movement
  const today = transaction.now - (transaction.now % DAY)
  const entered = transaction.put('balance_transactions', {
    id: transaction.newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: isAvailable ? transaction.now : today + DAYS_UNTIL_AVAILABLE * DAY,
    balance_type: 'payments',
    created: transaction.now,
    currency,
    description: movement.description,
    exchange_rate: null,
    fee: fee?.amount ?? 0,
    fee_details: fee === undefined ? [] : [{ ...fee, application: null, currency, type: 'stripe_fee' }],
    net: amount - (fee?.amount ?? 0),
    reporting_category: movement.category,
    source: movement.source,
    status: isAvailable ? 'available' : 'pending',
    type: movement.type,
  })
  addToTotal(transaction, entered)
  return entered
}

function addToTotal(transaction: Transaction, { available_on: availableOn, currency, net }: BalanceTransaction): void {
  const id = `${currency}:${availableOn}`
  const before = transaction.get('balance_totals', id)
  transaction.put('balance_totals', { id, currency, availableOn, net: (before?.net ?? 0) + net })
}

/** What a captured charge adds to the account's balance. */
export function creditCharge(
  transaction: Transaction,
  charge: Records['charges'],
  { isAvailable }: { readonly isAvailable: boolean },
): BalanceTransaction {
  const { amount_captured: amount, currency } = charge
  const entered = moveBalance(transaction, {
    amount,
    currency,
    fee: { amount: feeOf(amount), description: 'Stripe processing fees' },
    description: charge.description,
    source: charge.id,
    type: charge.payment_method_details?.type === 'card' ? 'charge' : 'payment',
    category: 'charge',
    isAvailable,
  })
  if (isAvailable) transaction.emitObject('balance.available', balanceOf(transaction))
  return entered
}

/** 2.9 % and 30 minor units, the standard rate in the United States; half a minor unit counts as a whole. */
function feeOf(amount: number): number {
  return Number((BigInt(amount) * 29n + 500n) / 1000n) + 30
}

/** The same entry is pending until its day has come, and available from then on. */
export function renderBalanceTransaction(transaction: Transaction, record: BalanceTransaction): BalanceTransaction {
  return record.available_on <= transaction.now ? { ...record, status: 'available' } : record
}

const retrieve: Handler = (transaction, { path }) => {
  const words = { kind: 'balance transaction' }
  return transaction.render(
    'balance_transactions',
    recordInPath(transaction, 'balance_transactions', { id: path['id'], ...words }),
  )
}

const list: Handler<Stripe.BalanceTransactionListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['created', 'currency', 'source', 'type', 'limit', 'starting_after', 'ending_before'])
  const { created, currency, source, type } = params
  const where = (record: BalanceTransaction): boolean =>
    (currency === undefined || record.currency === currency) &&
    (type === undefined || record.type === type) &&
    isWithin(record.created, created)
  const bucket = source === undefined ? {} : { index: 'source' as const, key: source }
  const page = transaction.page('balance_transactions', params, { ...bucket, where, kind: 'balance transaction' })
  return listReply(transaction, 'balance_transactions', { page, url: '/v1/balance_transactions' })
}

/** The account's money, by currency: what can be paid out, and what will be. https://docs.stripe.com/api/balance */
function balanceOf(transaction: Transaction): object {
  const totals = transaction.all('balance_totals')
  const currencies = [...new Set(totals.map(({ currency }) => currency))]
  const sums = (counts: (availableOn: number) => boolean): unknown[] =>
    (currencies.length === 0 ? ['usd'] : currencies).map((currency) => {
      const parts = totals.filter((total) => total.currency === currency && counts(total.availableOn))
      const amount = parts.reduce((sum, { net }) => sum + net, 0)
      return { amount, currency, source_types: { card: amount } }
    })
  return {
    object: 'balance',
    available: sums((availableOn) => availableOn <= transaction.now),
    livemode: false,
    pending: sums((availableOn) => availableOn > transaction.now),
  }
}

const retrieveBalance: Handler = (transaction) => balanceOf(transaction)

export const balanceTransactionsHandlers: Handlers = {
  'balance.retrieve': retrieveBalance,
  'balance_transactions.list': list,
  'balance_transactions.retrieve': retrieve,
}

import type Stripe from 'stripe'
import { requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import { enterBalance, type BalanceEntry } from './balance.js'
import { changeCustomer, requireCustomer } from './customers.js'

const create: Handler<Stripe.CustomerCreateBalanceTransactionParams> = (transaction, { path, params }) => {
  const customer = requireCustomer(transaction, path['customer'] ?? '')
  transaction.enterClockOf(customer.id)
  const currency = requireCurrency(params.currency)
  if (customer.currency != null && customer.currency !== currency) {
    const message = `You cannot use \`${currency}\` with this customer: their currency is \`${customer.currency}\`.`
    throw invalidRequest(message, { param: 'currency' })
  }
  if (customer.currency == null) changeCustomer(transaction, customer.id, { currency })
  const entry = enterBalance(transaction, customer.id, {
    amount: params.amount,
    currency,
    description: params.description || null,
    metadata: mergeMetadata({}, params.metadata),
    type: 'adjustment',
  })
  return transaction.render('customer_balance_transactions', entry)
}

function entryIn(transaction: Transaction, path: Readonly<Record<string, string>>): BalanceEntry {
  const customer = requireCustomer(transaction, path['customer'] ?? '')
  const words = { id: path['id'], kind: 'customer_balance_transaction' }
  const entry = recordInPath(transaction, 'customer_balance_transactions', words)
  if (entry.customer === customer.id) return entry
  return recordInPath(transaction, 'customer_balance_transactions', { ...words, id: undefined })
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('customer_balance_transactions', entryIn(transaction, path))

/** The ledger itself never changes; only what is noted beside it. */
const update: Handler<Stripe.CustomerUpdateBalanceTransactionParams> = (transaction, { path, params }) => {
  const before = entryIn(transaction, path)
  const entry = transaction.patch('customer_balance_transactions', before.id, {
    ...(params.description !== undefined && { description: params.description || null }),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  })
  return transaction.render('customer_balance_transactions', entry)
}

const list: Handler<Stripe.CustomerListBalanceTransactionsParams> = (transaction, { path, params }) => {
  const { id: key } = requireCustomer(transaction, path['customer'] ?? '')
  const where = (entry: BalanceEntry): boolean => params.invoice === undefined || entry.invoice === params.invoice
  const kind = 'customer_balance_transaction'
  const page = transaction.page('customer_balance_transactions', params, { index: 'customer', key, where, kind })
  return listReply(transaction, 'customer_balance_transactions', {
    page,
    url: `/v1/customers/${key}/balance_transactions`,
  })
}

/** Money that a customer sent by bank transfer. None can be sent here, so there is never any. */
const retrieveCash: Handler = (transaction, { path }) => {
  const { id } = requireCustomer(transaction, path['customer'] ?? '')
  return {
    object: 'cash_balance',
    available: null,
    customer: id,
    customer_account: null,
    livemode: false,
    settings: { reconciliation_mode: 'automatic', using_merchant_default: true },
  }
}

const listCash: Handler = (transaction, { path }) => {
  const { id } = requireCustomer(transaction, path['customer'] ?? '')
  return { object: 'list', data: [], has_more: false, url: `/v1/customers/${id}/cash_balance_transactions` }
}

export const balanceHandlers: Handlers = {
  'customer_balance_transactions.create': create,
  'customer_balance_transactions.list': list,
  'customer_balance_transactions.retrieve': retrieve,
  'customer_balance_transactions.update': update,
  'customer_cash_balance.retrieve': retrieveCash,
  'customer_cash_balance_transactions.list': listCash,
}

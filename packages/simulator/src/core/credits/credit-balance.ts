import type Stripe from 'stripe'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { Transaction } from '../transaction.js'
import type { CreditEntry } from '../usage-records.js'
import { availableBalance, ledgerBalance, type Grant } from './grants.js'

type SummaryParams = Stripe.Billing.CreditBalanceSummaryRetrieveParams

const summary: Handler<SummaryParams> = (transaction, { params }) => {
  if (params.customer_account !== undefined) throw notSimulated('Credits of an account', 'customer_account')
  const { customer } = params
  if (customer === undefined) throw missingParameter('customer')
  transaction.require('customers', customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(customer)
  const grants = grantsIn(transaction, params, customer)
  const currencies = new Set(grants.map(currencyOf))
  return {
    object: 'billing.credit_balance_summary',
    balances: [...currencies].map((currency) => {
      const own = grants.filter((grant) => currencyOf(grant) === currency)
      return {
        available_balance: balance(currency, own, (grant) => availableBalance(transaction, grant)),
        ledger_balance: balance(currency, own, (grant) => ledgerBalance(transaction, grant)),
      }
    }),
    customer,
    customer_account: null,
    livemode: false,
  }
}

/** The grants of a customer that a summary is asked of: one of them, or those that pay for certain prices. */
function grantsIn(transaction: Transaction, { filter }: SummaryParams, customer: string): readonly Grant[] {
  const all = transaction.by('credit_grants', 'customer', customer)
  if (filter.type === 'credit_grant') {
    const { credit_grant: id } = filter
    if (id === undefined) throw missingParameter('filter[credit_grant]')
    const found = all.filter((grant) => grant.id === id)
    if (found.length === 0) throw noGrant(id)
    return found
  }
  const { price_type: type, prices } = filter.applicability_scope ?? {}
  if (type === undefined && prices === undefined) throw missingParameter('filter[applicability_scope]')
  const wanted = (prices ?? []).map(({ id }) => id)
  return all.filter(({ applicability_config: { scope } }) =>
    prices === undefined
      ? scope.price_type === type
      : scope.prices?.some(({ id }) => id !== null && wanted.includes(id)) === true,
  )
}

function noGrant(id: string): ReturnType<typeof invalidRequest> {
  return invalidRequest(`No such credit grant: '${id}'`, { code: 'resource_missing', param: 'filter[credit_grant]' })
}

function currencyOf(grant: Grant): string {
  return grant.amount.monetary?.currency ?? ''
}

function balance(currency: string, grants: readonly Grant[], of: (grant: Grant) => number): unknown {
  const value = grants.reduce((sum, grant) => sum + of(grant), 0)
  return { monetary: { currency, value }, type: 'monetary' }
}

const retrieve: Handler = (transaction, { path }) => {
  const entry = recordInPath(transaction, 'credit_balance_transactions', {
    id: path['id'],
    kind: 'credit balance transaction',
  })
  return onWire(entry)
}

const list: Handler<Stripe.Billing.CreditBalanceTransactionListParams> = (transaction, { params }) => {
  const { customer, credit_grant: grant } = params
  if (customer === undefined && grant === undefined) throw missingParameter('customer')
  const where = (entry: CreditEntry): boolean =>
    (customer === undefined || entry.customer === customer) && (grant === undefined || entry.credit_grant === grant)
  const bucket =
    grant === undefined
      ? { index: 'customer' as const, key: customer ?? '' }
      : { index: 'credit_grant' as const, key: grant }
  const page = transaction.page('credit_balance_transactions', params, {
    ...bucket,
    where,
    kind: 'credit balance transaction',
  })
  return listReply(transaction, 'credit_balance_transactions', {
    page,
    url: '/v1/billing/credit_balance_transactions',
  })
}

/** Whose it is, is said by its grant alone. */
function onWire({ customer: _customer, ...shown }: CreditEntry): object {
  return shown
}

export const creditBalanceHandlers: Handlers = {
  'credit_balance_summary.retrieve': summary,
  'credit_balance_transactions.retrieve': retrieve,
  'credit_balance_transactions.list': list,
}

export const creditBalanceRenderers: Renderers = {
  credit_balance_transactions: (_transaction, entry) => onWire(entry),
}

import type { Handler, Handlers } from '../handler.js'
import { invalidRequest } from '../error.js'
import type { IndexName } from '../indexes.js'
import type { Records, TableName } from '../records.js'
import {
  chargeFields,
  customerFields,
  invoiceFields,
  paymentIntentFields,
  priceFields,
  productFields,
  subscriptionFields,
} from './fields.js'
import { matcherOf, type Fields } from './match.js'
import { parseQuery, type Query } from './query.js'

interface SearchParams {
  readonly query: string
  readonly limit?: number
  readonly page?: string
}

interface Searchable<Name extends TableName> {
  readonly table: Name
  readonly fields: Fields<Records[Name]>
  /** Fields that hold ids or states and have an index: with one of them asked for, the table is not walked through. */
  readonly indexed: readonly IndexName<Name>[]
}

/** Where a page of a search keeps how many there are in all, which is shown only when it is asked for. */
const TOTAL = Symbol('total')

/** How many objects a search found, on all its pages. */
export function totalOf(result: object): number | undefined {
  return (result as { readonly [TOTAL]?: number })[TOTAL]
}

const LARGEST = 10_000

/**
 * Unlike Stripe's, the search knows at once what was just written. The newest are first; Stripe promises no order.
 * https://docs.stripe.com/search
 */
function searchHandler<Name extends TableName>({ table, fields, indexed }: Searchable<Name>): Handler<SearchParams> {
  return (transaction, { params }) => {
    const { limit = 10, page, query: text } = params
    const query = parseQuery(text)
    const matches = matcherOf(query, fields, table)
    const options = { ...bucketOf(query, indexed), where: matches, kind: table }
    const { data: all } = transaction.page(table, { limit: LARGEST }, options)
    const start = page === undefined ? 0 : placeAfter(all, page)
    const shown = all.slice(start, start + limit)
    const isLast = start + limit >= all.length
    return {
      object: 'search_result',
      data: shown.map((record) => transaction.render(table, record)),
      has_more: !isLast,
      next_page: isLast ? null : tokenOf(shown.at(-1)),
      url: `/v1/${table}/search`,
      [TOTAL]: all.length,
    }
  }
}

function bucketOf<Name extends TableName>(
  query: Query,
  indexed: readonly IndexName<Name>[],
): { index?: IndexName<Name>; key?: string } {
  if (query.join === 'or' && query.clauses.length > 1) return {}
  for (const { field, isNegated, operator, value } of query.clauses) {
    const index = indexed.find((name) => name === field)
    if (index !== undefined && !isNegated && operator === ':' && value !== null) return { index, key: value }
  }
  return {}
}

/** Pages are named by the last object before them. */
function tokenOf(record: { readonly id: string } | undefined): string | null {
  return record === undefined ? null : `page_${record.id}`
}

function placeAfter(all: readonly { readonly id: string }[], page: string): number {
  const place = all.findIndex((record) => tokenOf(record) === page)
  if (place !== -1) return place + 1
  throw invalidRequest('Invalid page token. The page may belong to another query.', { param: 'page' })
}

export const searchHandlers: Handlers = {
  'charges.search': searchHandler({ table: 'charges', fields: chargeFields, indexed: ['customer'] }),
  'customers.search': searchHandler({ table: 'customers', fields: customerFields, indexed: [] }),
  'invoices.search': searchHandler({
    table: 'invoices',
    fields: invoiceFields,
    indexed: ['customer', 'subscription', 'status'],
  }),
  'payment_intents.search': searchHandler({
    table: 'payment_intents',
    fields: paymentIntentFields,
    indexed: ['customer'],
  }),
  'prices.search': searchHandler({ table: 'prices', fields: priceFields, indexed: ['product'] }),
  'products.search': searchHandler({ table: 'products', fields: productFields, indexed: [] }),
  'subscriptions.search': searchHandler({ table: 'subscriptions', fields: subscriptionFields, indexed: ['status'] }),
}

import type Stripe from 'stripe'
import { invalidRequest, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { pageInOrder } from '../invoices/lists.js'
import { recordInPath } from '../lookup.js'
import type { PageParams, Transaction } from '../transaction.js'
import { blankQuote, writeQuote, type Quote } from './create.js'
import { acceptQuote, cancelQuote, finalizeQuote, requireAllowed } from './lifecycle.js'
import { quoteView } from './quote-view.js'

type Path = Readonly<Record<string, string>>

function quoteInPath(transaction: Transaction, path: Path): Quote {
  const quote = recordInPath(transaction, 'quotes', { id: path['id'], kind: 'quote', param: 'quote' })
  if (quote.customer === null) transaction.enterClock(quote.test_clock)
  else transaction.enterClockOf(quote.customer)
  return quote
}

const create: Handler<Stripe.QuoteCreateParams> = (transaction, { params }) => {
  const { from_quote: from, test_clock: clock, ...rest } = params
  if (params.customer_account !== undefined) throw notSimulated('customer_account', 'customer_account')
  enterClock(transaction, params)
  const id = transaction.newId('qt')
  const blank = { ...blankQuote(transaction, id), ...(clock !== undefined && { test_clock: clock }) }
  const start =
    from === undefined ? { quote: blank, details: { items: [], discounts: [] } } : copied(transaction, blank, from)
  const quote = writeQuote(transaction, start, rest)
  transaction.emit('quote.created', 'quotes', quote)
  return transaction.render('quotes', quote)
}

function enterClock(transaction: Transaction, { customer, test_clock: clock }: Stripe.QuoteCreateParams): void {
  if (clock !== undefined) {
    transaction.require('test_clocks', clock, { kind: 'billingclock', param: 'test_clock' })
    transaction.enterClock(clock)
  }
  if (customer === undefined) return
  const owner = transaction.require('customers', customer, { kind: 'customer', param: 'customer' })
  if (clock !== undefined && owner.test_clock !== clock) {
    throw invalidRequest('The customer is not on the test clock of the quote.', { param: 'test_clock' })
  }
  transaction.enterClockOf(customer)
}

/** A copy of another quote, or a revision that is to take its place. */
function copied(
  transaction: Transaction,
  blank: Quote,
  { quote: id, is_revision: isRevision = false }: Stripe.QuoteCreateParams.FromQuote,
): { readonly quote: Quote; readonly details: Parameters<typeof writeQuote>[1]['details'] } {
  const original = transaction.require('quotes', id, { kind: 'quote', param: 'from_quote[quote]' })
  if (isRevision && original.status !== 'open') {
    throw invalidRequest('Only an open quote can be revised.', { param: 'from_quote[is_revision]' })
  }
  const { created, expires_at: expiresAt, id: own, invoice, number, status, status_transitions: times } = blank
  const quote = {
    ...original,
    created,
    expires_at: expiresAt,
    from_quote: { is_revision: isRevision, quote: original.id },
    id: own,
    invoice,
    number,
    status,
    status_transitions: times,
    subscription: null,
  }
  return { quote, details: transaction.load('quote_details', original.id) }
}

const update: Handler<Stripe.QuoteUpdateParams> = (transaction, { path, params }) => {
  const quote = quoteInPath(transaction, path)
  const { expand: _expand, ...changes } = params
  const isOnlyMetadata = Object.keys(changes).every((name) => name === 'metadata')
  if (!isOnlyMetadata) requireAllowed(quote, 'update')
  const details = transaction.load('quote_details', quote.id)
  return transaction.render('quotes', writeQuote(transaction, { quote, details }, changes))
}

const retrieve: Handler = (transaction, { path }) => transaction.render('quotes', quoteInPath(transaction, path))

const list: Handler<Stripe.QuoteListParams> = (transaction, { params }) => {
  const { customer, status, test_clock: clock } = params
  const where = (quote: Quote): boolean =>
    (status === undefined || quote.status === status) && (clock === undefined || quote.test_clock === clock)
  const bucket = customer === undefined ? {} : { index: 'customer' as const, key: customer }
  const page = transaction.page('quotes', params, { ...bucket, where, kind: 'quote' })
  return listReply(transaction, 'quotes', { page, url: '/v1/quotes' })
}

const finalize: Handler<Stripe.QuoteFinalizeQuoteParams> = (transaction, { path, params }) =>
  transaction.render('quotes', finalizeQuote(transaction, quoteInPath(transaction, path), params.expires_at))

const accept: Handler = (transaction, { path }) =>
  transaction.render('quotes', acceptQuote(transaction, quoteInPath(transaction, path)))

const cancel: Handler = (transaction, { path }) =>
  transaction.render('quotes', cancelQuote(transaction, quoteInPath(transaction, path)))

const lineItems: Handler<PageParams> = (transaction, { path, params }) => {
  const { id } = quoteInPath(transaction, path)
  const { data, has_more } = pageInOrder(transaction.load('quote_details', id).lineItems, params)
  return { object: 'list', data, has_more, url: `/v1/quotes/${id}/line_items` }
}

const upfrontLineItems: Handler<PageParams> = (transaction, { path, params }) => {
  const { id } = quoteInPath(transaction, path)
  const { data, has_more } = pageInOrder(transaction.load('quote_details', id).upfront, params)
  return { object: 'list', data, has_more, url: `/v1/quotes/${id}/computed_upfront_line_items` }
}

/** What is to be put on paper, which the edge does. */
const pdf: Handler = (transaction, { path }) => quoteView(transaction, quoteInPath(transaction, path))

export const quotesHandlers: Handlers = {
  'quotes.accept': accept,
  'quotes.cancel': cancel,
  'quotes.computed_upfront_line_items': upfrontLineItems,
  'quotes.create': create,
  'quotes.finalize': finalize,
  'quotes.line_items': lineItems,
  'quotes.list': list,
  'quotes.pdf': pdf,
  'quotes.retrieve': retrieve,
  'quotes.update': update,
}

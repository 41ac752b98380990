import type Stripe from 'stripe'
import { cardBehind, createCard } from './card-methods.js'
import { changeCustomer, requireCustomer } from '../customers/customers.js'
import { invalidRequest, missingParameter, noSuch, notSimulated } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { attachPaymentMethod, mergeBillingDetails, type PaymentMethod } from './payment-methods.js'
import type { Records } from '../records.js'
import type { Stored } from '../stored.js'
import type { Transaction } from '../transaction.js'

/**
 * Cards from before payment methods: a customer's `sources`. Each is kept as a payment method whose id begins with `card_`,
 * as which Stripe shows it as well. https://docs.stripe.com/payments/payment-methods/transitioning
 */
export type LegacyCard = Stored<Stripe.Card>

const CARD = 'card_'

/** A card as it was shown before there were payment methods. */
export function legacyCardOf(method: PaymentMethod): LegacyCard {
  const { billing_details: billing, card, customer, id, metadata } = method
  if (card === undefined) throw new Error(`The payment method ${id} is no card.`)
  const { address } = billing
  const checks = card.checks
  return {
    id,
    object: 'card',
    address_city: address?.city ?? null,
    address_country: address?.country ?? null,
    address_line1: address?.line1 ?? null,
    address_line1_check: checks?.address_line1_check ?? null,
    address_line2: address?.line2 ?? null,
    address_state: address?.state ?? null,
    address_zip: address?.postal_code ?? null,
    address_zip_check: checks?.address_postal_code_check ?? null,
    allow_redisplay: method.allow_redisplay ?? 'unspecified',
    brand: BRANDS[card.brand] ?? 'Unknown',
    country: card.country,
    ...(customer !== null && { customer }),
    cvc_check: checks?.cvc_check ?? null,
    dynamic_last4: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    last4: card.last4,
    metadata: metadata ?? {},
    name: billing.name,
    regulated_status: card.regulated_status,
    tokenization_method: null,
  }
}

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'MasterCard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

/** Keeps the card behind a token for a customer; their first becomes their default source. */
export function addSource(transaction: Transaction, customer: string, token: string): LegacyCard {
  const card = createCard(transaction, cardBehind(transaction, token, 'source'))
  const id = transaction.newId('card')
  // The same card under the id that cards had before there were payment methods.
  const behaviour = transaction.load('card_behaviours', card.id)
  transaction.put('card_behaviours', { ...behaviour, id })
  transaction.put('payment_methods', { ...card, id })
  transaction.remove('card_behaviours', card.id)
  transaction.remove('payment_methods', card.id)
  const shown = legacyCardOf(attachPaymentMethod(transaction, id, customer))
  transaction.emitObject('customer.source.created', shown)
  if (transaction.load('customers', customer).default_source === null) {
    changeCustomer(transaction, customer, { default_source: id })
  }
  return shown
}

/** A customer's new default source: one of theirs, or the card behind a token. */
export function changeSource(
  transaction: Transaction,
  customer: string,
  { default_source: chosen, source }: { readonly default_source?: string; readonly source?: string },
): void {
  const id = source === undefined ? chosen : addSource(transaction, customer, source).id
  if (id === undefined) return
  const method = transaction.get('payment_methods', id)
  if (method?.customer !== customer || !id.startsWith(CARD)) {
    throw noSuch('source', id, { param: 'default_source', status: 400 })
  }
  changeCustomer(transaction, customer, { default_source: id })
}

const create: Handler<Stripe.CustomerCreateSourceParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['metadata', 'source', 'validate'])
  const { id: customer } = requireCustomer(transaction, path['customer'] ?? '')
  transaction.enterClockOf(customer)
  const { source } = params
  if (source === undefined) throw missingParameter('source')
  if (!source.startsWith('tok_')) throw notSimulated('A source that is no token of a card', 'source')
  const card = addSource(transaction, customer, source)
  if (params.metadata !== undefined) {
    transaction.patch('payment_methods', card.id, { metadata: mergeMetadata({}, params.metadata) })
  }
  return legacyCardOf(transaction.load('payment_methods', card.id))
}

function sourceInPath(transaction: Transaction, path: Readonly<Record<string, string>>): PaymentMethod {
  const customer = requireCustomer(transaction, path['customer'] ?? '')
  transaction.enterClockOf(customer.id)
  const method = recordInPath(transaction, 'payment_methods', { id: path['id'], kind: 'source' })
  if (method.customer === customer.id && method.id.startsWith(CARD)) return method
  throw noSuch('source', method.id, { param: 'id', status: 404 })
}

const retrieve: Handler = (transaction, { path }) => legacyCardOf(sourceInPath(transaction, path))

const update: Handler<Stripe.CustomerUpdateSourceParams> = (transaction, { path, params }) => {
  const before = sourceInPath(transaction, path)
  const { exp_month: month, exp_year: year, metadata, name, ...rest } = params
  const { address_city, address_country, address_line1, address_line2, address_state, address_zip, ...others } = rest
  refuseUnbuilt(others, [])
  const address = {
    city: address_city,
    country: address_country,
    line1: address_line1,
    line2: address_line2,
    postal_code: address_zip,
    state: address_state,
  }
  const given = Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined))
  const { card } = before
  const after = transaction.patch('payment_methods', before.id, {
    billing_details: mergeBillingDetails(before.billing_details, {
      ...(Object.keys(given).length > 0 && { address: given }),
      ...(name !== undefined && { name }),
    }),
    ...(card !== undefined && {
      card: { ...card, exp_month: Number(month ?? card.exp_month), exp_year: Number(year ?? card.exp_year) },
    }),
    metadata: mergeMetadata(before.metadata ?? {}, metadata),
  })
  const shown = legacyCardOf(after)
  transaction.emitObject('customer.source.updated', shown, changesOf(legacyCardOf(before), shown))
  return shown
}

function changesOf(before: LegacyCard, after: LegacyCard): Readonly<Record<string, unknown>> {
  const now: Readonly<Record<string, unknown>> = { ...after }
  const changed = Object.entries(before).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(now[key]))
  return Object.fromEntries(changed)
}

const remove: Handler = (transaction, { path }) => {
  const before = sourceInPath(transaction, path)
  const customer = transaction.load('customers', before.customer ?? '')
  transaction.patch('payment_methods', before.id, { customer: null })
  transaction.patch('card_behaviours', before.id, { isSpent: true })
  transaction.emitObject('customer.source.deleted', legacyCardOf(before))
  if (customer.default_source === before.id) {
    const next = sourcesOf(transaction, customer.id).at(-1)
    changeCustomer(transaction, customer.id, { default_source: next?.id ?? null })
  }
  return { id: before.id, object: 'card', deleted: true }
}

function sourcesOf(transaction: Transaction, customer: string): LegacyCard[] {
  const methods = transaction.by('payment_methods', 'customer', customer)
  return methods.filter(({ id }) => id.startsWith(CARD)).map(legacyCardOf)
}

const list: Handler<Stripe.CustomerListSourcesParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['object', 'limit', 'starting_after', 'ending_before'])
  const { id: key } = requireCustomer(transaction, path['customer'] ?? '')
  const { object } = params
  if (object !== undefined && object !== 'card' && object !== 'bank_account') {
    throw invalidRequest("The object must be 'card' or 'bank_account'.", { param: 'object' })
  }
  const where = ({ id }: Records['payment_methods']): boolean => id.startsWith(CARD) && object !== 'bank_account'
  const page = transaction.page('payment_methods', params, { index: 'customer', key, where, kind: 'source' })
  const url = `/v1/customers/${key}/sources`
  return { object: 'list', data: page.data.map(legacyCardOf), has_more: page.has_more, url }
}

export const customerSourcesHandlers: Handlers = {
  'customers.create_source': create,
  'customers.delete_source': remove,
  'customers.list_sources': list,
  'customers.retrieve_source': retrieve,
  'customers.update_source': update,
}

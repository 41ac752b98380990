import type Stripe from 'stripe'
import { isWithin } from '../lists.js'
import { claimLookupKey, createPrice } from './create-price.js'
import { createProduct } from './create-product.js'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { currencyOptionsOf } from './price-amounts.js'
import { announcePriceChange } from './price-changes.js'
import { shownPrice, shownSubscriptionItem } from './shown-price.js'
import type { Transaction } from '../transaction.js'

type Price = Records['prices']

const create: Handler<Stripe.PriceCreateParams> = (transaction, { params }) => {
  const { product, product_data: data, ...rest } = params
  if (data !== undefined && product !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: product, product_data.')
  }
  const owner = data === undefined ? product : createProduct(transaction, data).id
  if (owner === undefined) throw missingParameter('product')
  transaction.require('products', owner, { kind: 'product', param: 'product' })
  return transaction.render('prices', createPrice(transaction, { ...rest, product: owner }))
}

const named = { kind: 'price', param: 'price' } as const

const UPDATABLE = [
  'active',
  'currency_options',
  'lookup_key',
  'metadata',
  'nickname',
  'tax_behavior',
  'transfer_lookup_key',
]

const update: Handler<Stripe.PriceUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'prices', { id: path['id'], ...named })
  refuseUnbuilt(params, UPDATABLE)
  const { active, lookup_key: key, nickname, tax_behavior: tax } = params
  if (active === false) refuseIfDefault(transaction, before)
  requireSameTax(before, tax)
  const isNewKey = key !== undefined && key !== before.lookup_key
  const after = transaction.patch('prices', before.id, {
    ...(active !== undefined && { active }),
    ...(isNewKey && { lookup_key: claimLookupKey(transaction, params) }),
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(nickname !== undefined && { nickname: nickname || null }),
    ...(tax !== undefined && { tax_behavior: tax }),
    ...optionsAfter(before, params.currency_options),
  })
  announcePriceChange(transaction, after, before)
  return transaction.render('prices', after)
}

function optionsAfter(
  price: Price,
  asked: Stripe.PriceUpdateParams['currency_options'],
): Pick<Price, 'currency_options'> | undefined {
  const options = asked === '' || asked === null ? undefined : currencyOptionsOf(price, asked)
  return options === undefined ? undefined : { currency_options: options }
}

/** Once it is known whether a price includes tax, that stays. */
function requireSameTax(price: Price, behavior: string | undefined): void {
  if (behavior === undefined || price.tax_behavior === 'unspecified' || price.tax_behavior === behavior) return
  const message = 'The `tax_behavior` of a price cannot be changed once it is `exclusive` or `inclusive`.'
  throw invalidRequest(message, { param: 'tax_behavior' })
}

function refuseIfDefault(transaction: Transaction, price: Price): void {
  if (transaction.get('products', price.product)?.default_price !== price.id) return
  throw invalidRequest('This price cannot be archived because it is the default price of its product.')
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('prices', recordInPath(transaction, 'prices', { id: path['id'], ...named }))

const MOST_LOOKUP_KEYS = 10

const list: Handler<Stripe.PriceListParams> = (transaction, { params }) => {
  const built = ['active', 'created', 'currency', 'lookup_keys', 'product', 'recurring', 'type']
  refuseUnbuilt(params, [...built, 'limit', 'starting_after', 'ending_before'])
  const { currency, lookup_keys: keys, product, recurring } = params
  if (keys !== undefined && keys.length > MOST_LOOKUP_KEYS) {
    throw invalidRequest(`You may only specify up to ${MOST_LOOKUP_KEYS} lookup keys.`, { param: 'lookup_keys' })
  }
  const where = (price: Price): boolean =>
    matches(price, params) &&
    (currency === undefined || price.currency === currency.toLowerCase()) &&
    (keys === undefined || (price.lookup_key !== null && keys.includes(price.lookup_key))) &&
    (recurring?.interval === undefined || price.recurring?.interval === recurring.interval) &&
    (recurring?.meter === undefined || price.recurring?.meter === recurring.meter) &&
    (recurring?.usage_type === undefined || price.recurring?.usage_type === recurring.usage_type) &&
    isWithin(price.created, params.created)
  const page = transaction.page('prices', params, { ...bucketOf(product, keys), where, kind: 'price' })
  return listReply(transaction, 'prices', { page, url: '/v1/prices' })
}

function matches(price: Price, { active, product, type }: Stripe.PriceListParams): boolean {
  return (
    (active === undefined || price.active === active) &&
    (product === undefined || price.product === product) &&
    (type === undefined || price.type === type)
  )
}

function bucketOf(
  product: string | undefined,
  keys: readonly string[] | undefined,
): { index?: 'lookup_key' | 'product'; key?: string } {
  const [key] = keys ?? []
  if (keys?.length === 1 && key !== undefined) return { index: 'lookup_key', key }
  return product === undefined ? {} : { index: 'product', key: product }
}

export const pricesHandlers: Handlers = {
  'prices.create': create,
  'prices.retrieve': retrieve,
  'prices.update': update,
  'prices.list': list,
}

export const pricesRenderers: Renderers = {
  prices: (_transaction, price) => shownPrice(price),
  subscription_items: shownSubscriptionItem,
}

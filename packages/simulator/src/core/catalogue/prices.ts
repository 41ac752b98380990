import type Stripe from 'stripe'
import { isWithin } from '../lists.js'
import { claimLookupKey, createPrice } from './create-price.js'
import { createProduct } from './create-product.js'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { planOf } from './plans.js'
import { previousAttributes, type Transaction } from '../transaction.js'

type Price = Records['prices']

const PRODUCT_DATA = ['active', 'id', 'metadata', 'name', 'statement_descriptor', 'tax_code', 'unit_label']

const create: Handler<Stripe.PriceCreateParams> = (transaction, { params }) => {
  const { product, product_data: data, ...rest } = params
  if (data !== undefined && product !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: product, product_data.')
  }
  if (data !== undefined) refuseUnbuilt(data, PRODUCT_DATA)
  const owner = data === undefined ? product : createProduct(transaction, data).id
  if (owner === undefined) throw missingParameter('product')
  transaction.require('products', owner, { kind: 'product', param: 'product' })
  return transaction.render('prices', createPrice(transaction, { ...rest, product: owner }))
}

const named = { kind: 'price', param: 'price' } as const

const update: Handler<Stripe.PriceUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'prices', { id: path['id'], ...named })
  refuseUnbuilt(params, ['active', 'lookup_key', 'metadata', 'nickname', 'tax_behavior', 'transfer_lookup_key'])
  const { active, lookup_key: key, nickname, tax_behavior: tax } = params
  if (active === false) refuseIfDefault(transaction, before)
  const isNewKey = key !== undefined && key !== before.lookup_key
  const after = transaction.patch('prices', before.id, {
    ...(active !== undefined && { active }),
    ...(isNewKey && { lookup_key: claimLookupKey(transaction, params) }),
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(nickname !== undefined && { nickname: nickname || null }),
    ...(tax !== undefined && { tax_behavior: tax }),
  })
  announceChange(transaction, after, before)
  return transaction.render('prices', after)
}

function refuseIfDefault(transaction: Transaction, price: Price): void {
  if (transaction.get('products', price.product)?.default_price !== price.id) return
  throw invalidRequest('This price cannot be archived because it is the default price of its product.')
}

/** Subscribers to the older kind of object hear of recurring prices as plans. */
function announceChange(transaction: Transaction, after: Price, before: Price): void {
  if (JSON.stringify(after) === JSON.stringify(before)) return
  if (after.recurring !== null) {
    const previous = previousAttributes(planOf(before), planOf(after))
    if (Object.keys(previous).length > 0) transaction.emitObject('plan.updated', planOf(after), previous)
  }
  transaction.emitChange('price.updated', 'prices', { before, after })
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

import type Stripe from 'stripe'
import { isWithin } from './lists.js'
import { claimLookupKey, createPrice } from './create-price.js'
import { createProduct } from './create-product.js'
import { invalidRequest, missingParameter, notSimulated } from './error.js'
import { listReply, type Handler, type Handlers } from './handler.js'
import { mergeMetadata } from './metadata.js'
import type { Records } from './records.js'

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

const update: Handler<Stripe.PriceUpdateParams> = (transaction, { path, params }) => {
  const before = transaction.require('prices', path['id'] ?? '', { kind: 'price' })
  if (params.currency_options !== undefined) throw notSimulated('The parameter currency_options', 'currency_options')
  const fields: { -readonly [Key in keyof Price]?: Price[Key] } = {
    metadata: mergeMetadata(before.metadata, params.metadata),
  }
  if (params.active !== undefined) fields.active = params.active
  if (params.nickname !== undefined) fields.nickname = params.nickname || null
  if (params.tax_behavior !== undefined) fields.tax_behavior = params.tax_behavior
  if (params.lookup_key !== undefined && params.lookup_key !== before.lookup_key) {
    fields.lookup_key = claimLookupKey(transaction, params)
  }
  const after = transaction.patch('prices', before.id, fields)
  transaction.emit('plan.updated', 'prices', after, before)
  transaction.emit('price.updated', 'prices', after, before)
  return transaction.render('prices', after)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('prices', transaction.require('prices', path['id'] ?? '', { kind: 'price' }))

const list: Handler<Stripe.PriceListParams> = (transaction, { params }) => {
  const { active, currency, product, type, lookup_keys: keys, recurring } = params
  const where = (price: Price): boolean =>
    (active === undefined || price.active === active) &&
    (currency === undefined || price.currency === currency) &&
    (product === undefined || price.product === product) &&
    (type === undefined || price.type === type) &&
    (keys === undefined || (price.lookup_key !== null && keys.includes(price.lookup_key))) &&
    (recurring?.interval === undefined || price.recurring?.interval === recurring.interval) &&
    isWithin(price.created, params.created)
  const bucket = product === undefined ? {} : { index: 'product' as const, key: product }
  const page = transaction.page('prices', params, { ...bucket, where, kind: 'price' })
  return listReply(transaction, 'prices', { page, url: '/v1/prices' })
}

export const pricesHandlers: Handlers = {
  'prices.create': create,
  'prices.retrieve': retrieve,
  'prices.update': update,
  'prices.list': list,
}

import type Stripe from 'stripe'
import { isWithin } from './lists.js'
import { invalidRequest } from './error.js'
import { listReply, type Handler, type Handlers } from './handler.js'
import { mergeMetadata } from './metadata.js'
import { createPrice } from './create-price.js'
import { createProduct } from './create-product.js'
import type { Records } from './records.js'
import type { Transaction } from './transaction.js'

type Product = Records['products']

const create: Handler<Stripe.ProductCreateParams> = (transaction, { params }) => {
  if (params.id !== undefined && transaction.get('products', params.id) !== undefined) {
    throw invalidRequest('Product already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const product = createProduct(transaction, params)
  if (params.default_price_data === undefined) return transaction.render('products', product)
  const price = createPrice(transaction, { ...params.default_price_data, product: product.id })
  const after = transaction.patch('products', product.id, { default_price: price.id })
  transaction.emit('product.updated', 'products', after, product)
  return transaction.render('products', after)
}

function requireProduct(transaction: Transaction, id: string): Product {
  return transaction.require('products', id, { kind: 'product' })
}

const update: Handler<Stripe.ProductUpdateParams> = (transaction, { path, params }) => {
  const before = requireProduct(transaction, path['id'] ?? '')
  const fields: { -readonly [Key in keyof Product]?: Product[Key] } = {
    metadata: mergeMetadata(before.metadata, params.metadata),
  }
  if (params.active !== undefined) fields.active = params.active
  if (params.name !== undefined) fields.name = params.name
  if (params.description !== undefined) fields.description = params.description || null
  if (params.images !== undefined) fields.images = params.images || []
  if (params.unit_label !== undefined) fields.unit_label = params.unit_label || null
  if (params.url !== undefined) fields.url = params.url || null
  if (params.statement_descriptor !== undefined) fields.statement_descriptor = params.statement_descriptor
  if (params.tax_code !== undefined) fields.tax_code = params.tax_code || null
  if (params.shippable !== undefined) fields.shippable = params.shippable
  if (params.default_price !== undefined)
    fields.default_price = checkedDefault(transaction, before, params.default_price)
  if (params.marketing_features !== undefined) {
    fields.marketing_features = params.marketing_features || []
  }
  const after = transaction.patch('products', before.id, { ...fields, updated: transaction.now })
  transaction.emit('product.updated', 'products', after, before)
  return transaction.render('products', after)
}

function checkedDefault(transaction: Transaction, product: Product, id: string): string {
  const price = transaction.require('prices', id, { kind: 'price', param: 'default_price' })
  if (price.product === product.id) return id
  const message = `The price specified by \`default_price\` does not belong to the product ${product.id}.`
  throw invalidRequest(message, { param: 'default_price' })
}

const retrieve: Handler = (transaction, { path }) => {
  const id = path['id'] ?? ''
  if (transaction.get('deleted_objects', id)?.object === 'product') return { id, object: 'product', deleted: true }
  return transaction.render('products', requireProduct(transaction, id))
}

const remove: Handler = (transaction, { path }) => {
  const product = requireProduct(transaction, path['id'] ?? '')
  if (transaction.by('prices', 'product', product.id).length > 0) {
    throw invalidRequest('This product cannot be deleted because it has one or more user-created prices.')
  }
  transaction.emit('product.deleted', 'products', product)
  transaction.remove('products', product.id)
  transaction.put('deleted_objects', { id: product.id, object: 'product' })
  return { id: product.id, object: 'product', deleted: true }
}

const list: Handler<Stripe.ProductListParams> = (transaction, { params }) => {
  const { active, ids, type, shippable, url } = params
  const where = (product: Product): boolean =>
    (active === undefined || product.active === active) &&
    (ids === undefined || ids.includes(product.id)) &&
    (type === undefined || product.type === type) &&
    (shippable === undefined || product.shippable === shippable) &&
    (url === undefined || product.url === url) &&
    isWithin(product.created, params.created)
  const page = transaction.page('products', params, { where, kind: 'product' })
  return listReply(transaction, 'products', { page, url: '/v1/products' })
}

export const productsHandlers: Handlers = {
  'products.create': create,
  'products.retrieve': retrieve,
  'products.update': update,
  'products.delete': remove,
  'products.list': list,
}

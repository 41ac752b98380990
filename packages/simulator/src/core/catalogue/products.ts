import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listWhere, type Handler, type Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { createPrice } from './create-price.js'
import { createProduct, taxDetailsOf } from './create-product.js'
import type { Records } from '../records.js'
import { checkedTaxCode } from './tax-codes.js'
import type { Transaction } from '../transaction.js'

type Product = Records['products']

const UPDATABLE = [
  'active',
  'description',
  'images',
  'marketing_features',
  'metadata',
  'name',
  'package_dimensions',
  'shippable',
  'statement_descriptor',
  'tax_code',
  'tax_details',
  'unit_label',
  'url',
]

const create: Handler<Stripe.ProductCreateParams> = (transaction, { params }) => {
  refuseUnbuilt(params, [...UPDATABLE, 'default_price_data', 'id', 'type'])
  const product = createProduct(transaction, params)
  if (params.default_price_data === undefined) return transaction.render('products', product)
  const price = createPrice(transaction, { ...params.default_price_data, product: product.id })
  const after = transaction.patch('products', product.id, { default_price: price.id })
  transaction.emitChange('product.updated', 'products', { before: product, after })
  return transaction.render('products', after)
}

const named = { kind: 'product' } as const

const update: Handler<Stripe.ProductUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'products', { id: path['id'], ...named })
  refuseUnbuilt(params, [...UPDATABLE, 'default_price'])
  const { default_price: chosen, metadata } = params
  const changed = transaction.patch('products', before.id, {
    ...changedFields(params),
    ...(chosen !== undefined && { default_price: chosen === '' ? null : checkedDefault(transaction, before, chosen) }),
    metadata: mergeMetadata(before.metadata, metadata),
  })
  if (JSON.stringify(changed) === JSON.stringify(before)) return transaction.render('products', before)
  const after = transaction.patch('products', before.id, { updated: transaction.now })
  transaction.emitChange('product.updated', 'products', { before, after })
  return transaction.render('products', after)
}

type Fields = { -readonly [Key in keyof Product]?: Product[Key] }

/** An empty value unsets. */
function changedFields(params: Stripe.ProductUpdateParams): Fields {
  const fields: Fields = {}
  if (params.active !== undefined) fields.active = params.active
  if (params.description !== undefined) fields.description = params.description || null
  if (params.images !== undefined) fields.images = params.images || []
  if (params.marketing_features !== undefined) fields.marketing_features = params.marketing_features || []
  if (params.name !== undefined) fields.name = params.name
  if (params.package_dimensions !== undefined) fields.package_dimensions = params.package_dimensions || null
  if (params.shippable !== undefined) fields.shippable = params.shippable
  if (params.statement_descriptor !== undefined) fields.statement_descriptor = params.statement_descriptor || null
  if (params.tax_code !== undefined)
    fields.tax_code = params.tax_code ? checkedTaxCode(params.tax_code, 'tax_code') : null
  if (params.tax_details !== undefined) fields.tax_details = taxDetailsOf(params.tax_details)
  if (params.unit_label !== undefined) fields.unit_label = params.unit_label || null
  if (params.url !== undefined) fields.url = params.url || null
  return fields
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
  return transaction.render('products', recordInPath(transaction, 'products', { id, ...named }))
}

const remove: Handler = (transaction, { path }) => {
  const product = recordInPath(transaction, 'products', { id: path['id'], ...named })
  if (transaction.by('prices', 'product', product.id).length > 0) {
    throw invalidRequest('This product cannot be deleted because it has one or more user-created prices.')
  }
  transaction.emit('product.deleted', 'products', product)
  transaction.remove('products', product.id)
  transaction.put('deleted_objects', { id: product.id, object: 'product' })
  return { id: product.id, object: 'product', deleted: true }
}

const list: Handler<Stripe.ProductListParams> = (transaction, { params }) => {
  const built = ['active', 'created', 'ids', 'shippable', 'type', 'url', 'limit', 'starting_after', 'ending_before']
  refuseUnbuilt(params, built)
  const { active, ids, type, shippable, url } = params
  const where = (product: Product): boolean => ids === undefined || ids.includes(product.id)
  const fields = { active, type, shippable, url }
  return listWhere(transaction, 'products', { params, kind: 'product', url: '/v1/products', fields, where })
}

export const productsHandlers: Handlers = {
  'products.create': create,
  'products.retrieve': retrieve,
  'products.update': update,
  'products.delete': remove,
  'products.list': list,
}

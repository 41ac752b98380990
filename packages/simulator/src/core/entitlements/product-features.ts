import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import type { ProductFeature } from '../private-records.js'
import type { PageParams, Transaction } from '../transaction.js'

function productInPath(transaction: Transaction, path: Readonly<Record<string, string>>): string {
  return recordInPath(transaction, 'products', { id: path['product'], kind: 'product' }).id
}

const create: Handler<Stripe.ProductCreateFeatureParams> = (transaction, { path, params }) => {
  const product = productInPath(transaction, path)
  const param = 'entitlement_feature'
  const feature = transaction.require('entitlement_features', params.entitlement_feature, { kind: 'feature', param })
  if (!feature.active) {
    throw invalidRequest(`The feature ${feature.id} is archived and cannot be attached to a product.`, { param })
  }
  const links = transaction.by('product_features', 'product', product)
  if (links.some((link) => link.feature === feature.id)) {
    const message = `The feature ${feature.id} is already attached to the product ${product}.`
    throw invalidRequest(message, { code: 'resource_already_exists', param })
  }
  const link = { id: transaction.newId('prodft'), product, feature: feature.id }
  return transaction.render('product_features', transaction.put('product_features', link))
}

function linkInPath(transaction: Transaction, path: Readonly<Record<string, string>>): ProductFeature {
  const product = productInPath(transaction, path)
  const kind = 'product_feature'
  const link = recordInPath(transaction, 'product_features', { id: path['id'], kind })
  return link.product === product ? link : recordInPath(transaction, 'product_features', { id: undefined, kind })
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('product_features', linkInPath(transaction, path))

/** Who subscribes to the product loses the feature with the next period, not now. */
const remove: Handler = (transaction, { path }) => {
  const { id } = linkInPath(transaction, path)
  transaction.remove('product_features', id)
  return { id, object: 'product_feature', deleted: true }
}

const list: Handler<PageParams> = (transaction, { path, params }) => {
  const key = productInPath(transaction, path)
  const options = { index: 'product', key, kind: 'product_feature' } as const
  const page = transaction.page('product_features', params, options)
  return listReply(transaction, 'product_features', { page, url: `/v1/products/${key}/features` })
}

function shown(transaction: Transaction, { id, feature }: ProductFeature): unknown {
  const record = transaction.load('entitlement_features', feature)
  const entitlementFeature = transaction.render('entitlement_features', record)
  return { id, object: 'product_feature', entitlement_feature: entitlementFeature, livemode: false }
}

export const productFeaturesHandlers: Handlers = {
  'product_features.create': create,
  'product_features.delete': remove,
  'product_features.list': list,
  'product_features.retrieve': retrieve,
}

export const productFeaturesRenderers: Renderers = { product_features: shown }

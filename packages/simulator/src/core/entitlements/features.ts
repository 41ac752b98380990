import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listWhere, type Handler, type Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'

const LONGEST = 80

const create: Handler<Stripe.Entitlements.FeatureCreateParams> = (transaction, { params }) => {
  const { lookup_key: key, name } = params
  requireText(key, 'lookup_key')
  requireText(name, 'name')
  requireFreeKey(transaction, key)
  const feature = transaction.put('entitlement_features', {
    id: transaction.newId('feat'),
    object: 'entitlements.feature',
    active: true,
    livemode: false,
    lookup_key: key,
    metadata: mergeMetadata({}, params.metadata),
    name,
  })
  return transaction.render('entitlement_features', feature)
}

function requireText(text: string, param: string): void {
  if (text === '') {
    const message = `You passed an empty string for '${param}'. You should supply a non-empty value.`
    throw invalidRequest(message, { code: 'parameter_invalid_empty', param })
  }
  if (text.length <= LONGEST) return
  throw invalidRequest(`Invalid string: must be at most ${LONGEST} characters`, { param })
}

/** The key of an archived feature is free again. */
function requireFreeKey(transaction: Transaction, key: string): void {
  const holder = transaction.by('entitlement_features', 'lookup_key', key).find(({ active }) => active)
  if (holder === undefined) return
  const message = `A feature with the lookup key \`${key}\` already exists: ${holder.id}.`
  throw invalidRequest(message, { code: 'resource_already_exists', param: 'lookup_key' })
}

const named = { kind: 'feature' } as const

const update: Handler<Stripe.Entitlements.FeatureUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'entitlement_features', { id: path['id'], ...named })
  const { active, metadata, name } = params
  if (name !== undefined) requireText(name, 'name')
  if (active === true && !before.active) requireFreeKey(transaction, before.lookup_key)
  const after = transaction.patch('entitlement_features', before.id, {
    ...(active !== undefined && { active }),
    metadata: mergeMetadata(before.metadata, metadata),
    ...(name !== undefined && { name }),
  })
  return transaction.render('entitlement_features', after)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render(
    'entitlement_features',
    recordInPath(transaction, 'entitlement_features', { id: path['id'], ...named }),
  )

const list: Handler<Stripe.Entitlements.FeatureListParams> = (transaction, { params }) => {
  const { archived, lookup_key: key } = params
  const fields = { active: archived === undefined ? undefined : !archived }
  const words = { kind: 'feature', url: '/v1/entitlements/features' }
  return listWhere(transaction, 'entitlement_features', { params, ...words, fields, index: 'lookup_key', key })
}

export const featuresHandlers: Handlers = {
  'entitlement_features.create': create,
  'entitlement_features.list': list,
  'entitlement_features.retrieve': retrieve,
  'entitlement_features.update': update,
}

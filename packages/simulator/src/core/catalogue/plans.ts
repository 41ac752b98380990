import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { createPrice } from './create-price.js'
import { createProduct } from './create-product.js'
import { planOf } from './plan.js'
import { announcePriceChange } from './price-changes.js'
import type { RecurringParams } from './recurring.js'

type Price = Records['prices']
type CreateParams = Stripe.PlanCreateParams

/** Clients of the age of plans still make and read them; each is a price. https://docs.stripe.com/api/plans */
const create: Handler<CreateParams> = (transaction, { params }) => {
  const {
    id,
    product,
    amount,
    amount_decimal: decimal,
    nickname,
    tiers,
    tiers_mode: mode,
    transform_usage: packs,
  } = params
  if (id !== undefined && transaction.get('prices', id) !== undefined) {
    throw invalidRequest('Plan already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const price = createPrice(transaction, {
    ...(id !== undefined && { id }),
    ...(params.active !== undefined && { active: params.active }),
    ...(params.billing_scheme !== undefined && { billing_scheme: params.billing_scheme }),
    ...(amount !== undefined && { unit_amount: amount }),
    ...(decimal !== undefined && { unit_amount_decimal: decimal }),
    ...(nickname !== undefined && { nickname }),
    ...(tiers !== undefined && { tiers }),
    ...(mode !== undefined && { tiers_mode: mode }),
    ...(packs !== undefined && { transform_quantity: packs }),
    currency: params.currency,
    metadata: params.metadata,
    product: productOf(transaction, product),
    recurring: recurringParams(params),
  })
  return planOf(price)
}

function productOf(transaction: Transaction, product: CreateParams['product']): string {
  if (typeof product === 'string')
    return transaction.require('products', product, { kind: 'product', param: 'product' }).id
  return createProduct(transaction, product ?? { name: '' }).id
}

function recurringParams(params: CreateParams): RecurringParams {
  const { interval, interval_count: count, meter, trial_period_days: trial, usage_type: usage } = params
  return {
    interval,
    ...(count !== undefined && { interval_count: count }),
    ...(meter !== undefined && { meter }),
    ...(trial !== undefined && { trial_period_days: trial }),
    ...(usage !== undefined && { usage_type: usage }),
  }
}

function planInPath(transaction: Transaction, id: string | undefined): Price {
  return recordInPath(transaction, 'prices', { id, kind: 'plan', param: 'plan' })
}

const retrieve: Handler = (transaction, { path }) => planOf(planInPath(transaction, path['id']))

const update: Handler<Stripe.PlanUpdateParams> = (transaction, { path, params }) => {
  const before = planInPath(transaction, path['id'])
  const { active, nickname, product, trial_period_days: trial } = params
  const after = transaction.patch('prices', before.id, {
    ...(active !== undefined && { active }),
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(nickname !== undefined && { nickname: nickname || null }),
    ...(product !== undefined && { product: productOf(transaction, product) }),
    ...(trial !== undefined &&
      before.recurring !== null && { recurring: { ...before.recurring, trial_period_days: trial } }),
  })
  announcePriceChange(transaction, after, before)
  return planOf(after)
}

/** Who subscribes to it stays subscribed, so what it was must still be known. */
const remove: Handler = (transaction, { path }) => {
  const price = planInPath(transaction, path['id'])
  transaction.emitObject('plan.deleted', planOf(price))
  transaction.emit('price.deleted', 'prices', price)
  transaction.remove('prices', price.id)
  transaction.put('deleted_prices', price)
  transaction.put('deleted_objects', { id: price.id, object: 'plan' })
  return { id: price.id, object: 'plan', deleted: true }
}

const list: Handler<Stripe.PlanListParams> = (transaction, { params }) => {
  const { active, product } = params
  const where = (price: Price): boolean =>
    price.recurring !== null &&
    (active === undefined || price.active === active) &&
    isWithin(price.created, params.created)
  const bucket = product === undefined ? {} : { index: 'product' as const, key: product }
  const page = transaction.page('prices', params, { ...bucket, where, kind: 'plan' })
  return { object: 'list', data: page.data.map(planOf), has_more: page.has_more, url: '/v1/plans' }
}

export const plansHandlers: Handlers = {
  'plans.create': create,
  'plans.delete': remove,
  'plans.list': list,
  'plans.retrieve': retrieve,
  'plans.update': update,
}

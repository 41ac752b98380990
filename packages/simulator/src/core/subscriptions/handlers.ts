import type Stripe from 'stripe'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import type { PageParams, Transaction } from '../transaction.js'
import { createSubscription } from './create.js'
import { cancelSubscription, isEnded } from './end.js'
import { periodOf, type Subscription, type SubscriptionItem } from './items.js'
import { migrateSubscription } from './migrate.js'
import { pauseNow } from './pause.js'
import { resumeSubscription } from './resume.js'
import { updateSubscription } from './update.js'

const create: Handler<Stripe.SubscriptionCreateParams> = (transaction, { params }) =>
  transaction.render('subscriptions', createSubscription(transaction, params))

const retrieve: Handler = (transaction, { path }) => {
  const subscription = transaction.require('subscriptions', path['id'] ?? '', { kind: 'subscription' })
  return transaction.render('subscriptions', subscription)
}

const update: Handler<Stripe.SubscriptionUpdateParams> = (transaction, { path, params }) =>
  transaction.render('subscriptions', updateSubscription(transaction, path['id'] ?? '', params))

const cancel: Handler<Stripe.SubscriptionCancelParams> = (transaction, { path, params }) =>
  transaction.render('subscriptions', cancelSubscription(transaction, path['id'] ?? '', params))

const pause: Handler<Stripe.SubscriptionPauseParams> = (transaction, { path, params }) =>
  transaction.render('subscriptions', pauseNow(transaction, path['id'] ?? '', params))

const resume: Handler<Stripe.SubscriptionResumeParams> = (transaction, { path, params }) =>
  transaction.render('subscriptions', resumeSubscription(transaction, path['id'] ?? '', params))

const migrate: Handler<Stripe.SubscriptionMigrateParams> = (transaction, { path, params }) =>
  transaction.render('subscriptions', migrateSubscription(transaction, path['id'] ?? '', params))

/** Without a status named, what has ended is left out. https://docs.stripe.com/api/subscriptions/list */
const list: Handler<Stripe.SubscriptionListParams> = (transaction, { params }) => {
  const { status, price, customer } = params
  const where = (subscription: Subscription): boolean =>
    (customer === undefined || subscription.customer === customer) &&
    hasStatus(subscription, status) &&
    (price === undefined || hasPrice(subscription, price)) &&
    (params.plan === undefined || hasPrice(subscription, params.plan)) &&
    (params.customer_account === undefined || subscription.customer_account === params.customer_account) &&
    (params.automatic_tax === undefined || subscription.automatic_tax.enabled === params.automatic_tax.enabled) &&
    (params.collection_method === undefined || subscription.collection_method === params.collection_method) &&
    (params.test_clock === undefined || subscription.test_clock === params.test_clock) &&
    isWithin(periodOf(subscription).start, params.current_period_start) &&
    isWithin(periodOf(subscription).end, params.current_period_end) &&
    isWithin(subscription.created, params.created)
  const page = transaction.page('subscriptions', params, { ...bucketOf(params), where, kind: 'subscription' })
  return listReply(transaction, 'subscriptions', { page, url: '/v1/subscriptions' })
}

function hasPrice(subscription: Subscription, price: string): boolean {
  return subscription.items.data.some((item) => item.price.id === price)
}

function hasStatus(subscription: Subscription, status: Stripe.SubscriptionListParams['status']): boolean {
  switch (status) {
    case undefined:
      return subscription.status !== 'canceled'
    case 'all':
      return true
    case 'ended':
      return isEnded(subscription)
    default:
      return subscription.status === status
  }
}

function bucketOf({ customer, status }: Stripe.SubscriptionListParams): {
  index?: 'customer' | 'status'
  key?: string
} {
  if (customer !== undefined) return { index: 'customer', key: customer }
  return status === undefined || status === 'all' || status === 'ended' ? {} : { index: 'status', key: status }
}

const retrieveItem: Handler = (transaction, { path }) =>
  transaction.render('subscription_items', requireItem(transaction, path['id']))

function requireItem(transaction: Transaction, id = ''): SubscriptionItem {
  return transaction.require('subscription_items', id, { kind: 'subscription_item' })
}

const listItems: Handler<PageParams & { readonly subscription?: string }> = (transaction, { params }) => {
  const { subscription: key } = params
  if (key === undefined) throw missingParameter('subscription')
  transaction.require('subscriptions', key, { kind: 'subscription', param: 'subscription' })
  const page = transaction.page('subscription_items', params, { index: 'subscription', key, kind: 'subscription_item' })
  return listReply(transaction, 'subscription_items', { page, url: '/v1/subscription_items' })
}

type Billing = Pick<
  Stripe.SubscriptionUpdateParams,
  'payment_behavior' | 'proration_behavior' | 'proration_date' | 'off_session'
>
type ItemParams = Billing & NonNullable<Stripe.SubscriptionUpdateParams['items']>[number]

/** The parameters that concern the bill, and those that concern the item. */
function parted(params: ItemParams): {
  billing: Billing
  item: NonNullable<Stripe.SubscriptionUpdateParams['items']>[number]
} {
  const { payment_behavior, proration_behavior, proration_date, off_session, ...item } = params
  return {
    billing: {
      ...(payment_behavior !== undefined && { payment_behavior }),
      ...(proration_behavior !== undefined && { proration_behavior }),
      ...(proration_date !== undefined && { proration_date }),
      ...(off_session !== undefined && { off_session }),
    },
    item,
  }
}

const createItem: Handler<ItemParams & { readonly subscription?: string }> = (transaction, { params }) => {
  const { subscription: id, ...rest } = params
  if (id === undefined) throw missingParameter('subscription')
  transaction.require('subscriptions', id, { kind: 'subscription', param: 'subscription' })
  const { billing, item } = parted(rest)
  const added = updateSubscription(transaction, id, { ...billing, items: [item] }).items.data.at(-1)
  return added && transaction.render('subscription_items', added)
}

const updateItem: Handler<ItemParams> = (transaction, { path, params }) => {
  const { id, subscription } = requireItem(transaction, path['id'])
  const { billing, item } = parted(params)
  updateSubscription(transaction, subscription, { ...billing, items: [{ ...item, id }] })
  return transaction.render('subscription_items', requireItem(transaction, id))
}

const deleteItem: Handler<ItemParams> = (transaction, { path, params }) => {
  const { id, subscription } = requireItem(transaction, path['id'])
  if (transaction.load('subscriptions', subscription).items.data.length === 1) {
    throw invalidRequest(
      'A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint.',
    )
  }
  const { billing, item } = parted(params)
  updateSubscription(transaction, subscription, { ...billing, items: [{ ...item, id, deleted: true }] })
  return { id, object: 'subscription_item', deleted: true }
}

export const subscriptionHandlers: Handlers = {
  'subscriptions.create': create,
  'subscriptions.retrieve': retrieve,
  'subscriptions.update': update,
  'subscriptions.cancel': cancel,
  'subscriptions.list': list,
  'subscriptions.migrate': migrate,
  'subscriptions.pause': pause,
  'subscriptions.resume': resume,
  'subscription_items.create': createItem,
  'subscription_items.retrieve': retrieveItem,
  'subscription_items.update': updateItem,
  'subscription_items.delete': deleteItem,
  'subscription_items.list': listItems,
}

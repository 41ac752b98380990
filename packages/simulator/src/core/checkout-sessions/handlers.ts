import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers, type TimerHandler } from '../handler.js'
import { pageInOrder } from '../invoices/lists.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { cancelPaymentIntent } from '../payments/payment-intents.js'
import { cancelSetupIntent } from '../payments/setup-intents.js'
import type { PageParams, Transaction } from '../transaction.js'
import { createCheckoutSession } from './create.js'
import type { CreateParams } from './params.js'
import type { CheckoutSession } from './session.js'
import { submitCheckout } from './submit.js'

function sessionInPath(transaction: Transaction, path: Readonly<Record<string, string>>): CheckoutSession {
  return recordInPath(transaction, 'checkout_sessions', { id: path['id'], kind: 'checkout.session', param: 'session' })
}

const create: Handler<CreateParams> = (transaction, { params }) =>
  transaction.render('checkout_sessions', createCheckoutSession(transaction, params))

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('checkout_sessions', sessionInPath(transaction, path))

const update: Handler<Stripe.Checkout.SessionUpdateParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['metadata'])
  const { id, metadata } = sessionInPath(transaction, path)
  const after = transaction.patch('checkout_sessions', id, { metadata: mergeMetadata(metadata ?? {}, params.metadata) })
  return transaction.render('checkout_sessions', after)
}

const list: Handler<Stripe.Checkout.SessionListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, [
    'created',
    'customer',
    'customer_details',
    'ending_before',
    'limit',
    'payment_intent',
    'starting_after',
    'status',
    'subscription',
  ])
  const { customer, payment_intent: intent, subscription, status, customer_details: details } = params
  const where = (session: CheckoutSession): boolean =>
    (customer === undefined || session.customer === customer) &&
    (intent === undefined || session.payment_intent === intent) &&
    (subscription === undefined || session.subscription === subscription) &&
    (status === undefined || session.status === status) &&
    (details === undefined || session.customer_details?.email === details.email) &&
    isWithin(session.created, params.created)
  const page = transaction.page('checkout_sessions', params, { ...bucketOf(params), where, kind: 'checkout.session' })
  return listReply(transaction, 'checkout_sessions', { page, url: '/v1/checkout/sessions' })
}

function bucketOf(params: Stripe.Checkout.SessionListParams): {
  index?: 'customer' | 'payment_intent' | 'subscription'
  key?: string
} {
  if (params.subscription !== undefined) return { index: 'subscription', key: params.subscription }
  if (params.payment_intent !== undefined) return { index: 'payment_intent', key: params.payment_intent }
  return params.customer === undefined ? {} : { index: 'customer', key: params.customer }
}

const lineItems: Handler<PageParams> = (transaction, { path, params }) => {
  const { id } = sessionInPath(transaction, path)
  const { data, has_more } = pageInOrder(transaction.load('checkout_orders', id).lineItems, params)
  return { object: 'list', data, has_more, url: `/v1/checkout/sessions/${id}/line_items` }
}

const expire: Handler = (transaction, { path }) => {
  const session = sessionInPath(transaction, path)
  if (session.status === 'open') {
    return transaction.render('checkout_sessions', expireSession(transaction, session))
  }
  const message =
    'Only Checkout Sessions with a status in ["open"] can be expired. ' +
    `This Checkout Session has a status of ${session.status}.`
  throw invalidRequest(message)
}

/** Closes the page. A payment that still waits for the bank's answer is given up, so that nobody can pay for nothing. */
function expireSession(transaction: Transaction, { id }: CheckoutSession): CheckoutSession {
  const { attempt } = transaction.load('checkout_orders', id)
  const intent = attempt?.intent ?? transaction.load('checkout_sessions', id).setup_intent
  if (intent?.startsWith('pi_') === true) cancelPaymentIntent(transaction, intent, 'abandoned')
  if (intent?.startsWith('seti_') === true && transaction.load('setup_intents', intent).status !== 'canceled') {
    cancelSetupIntent(transaction, intent, 'abandoned')
  }
  transaction.unschedule('checkout_session.expire', id)
  transaction.enterClock(null)
  const expired = transaction.patch('checkout_sessions', id, { status: 'expired', url: null })
  transaction.emit('checkout.session.expired', 'checkout_sessions', expired)
  return expired
}

export const closeWhenDue: TimerHandler = (transaction, { subject }) => {
  const session = transaction.get('checkout_sessions', subject)
  if (session?.status === 'open') expireSession(transaction, session)
}

export const checkoutSessionHandlers: Handlers = {
  'checkout_sessions.create': create,
  'checkout_sessions.retrieve': retrieve,
  'checkout_sessions.update': update,
  'checkout_sessions.list': list,
  'checkout_sessions.line_items': lineItems,
  'checkout_sessions.expire': expire,
  'checkout_pages.submit': submitCheckout,
}

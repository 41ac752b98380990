import type Stripe from 'stripe'
import { shownItem } from '../catalogue/shown-price.js'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers, type TimerHandler } from '../handler.js'
import { pageInOrder } from '../invoices/lists.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { cancelPaymentIntent } from '../payments/payment-intents.js'
import { cancelSetupIntent } from '../payments/setup-intents.js'
import type { PageParams, Transaction } from '../transaction.js'
import { createCheckoutSession } from './create.js'
import type { CreateParams } from './create-params.js'
import { paymentPageHandlers } from './payment-pages.js'
import { recoverCheckout, recoveryOf } from './recover.js'
import { reviseCheckout } from './revise.js'
import type { CheckoutSession } from './session.js'
import { submitCheckout } from './submit.js'
import { updateSession } from './update.js'

function sessionInPath(transaction: Transaction, path: Readonly<Record<string, string>>): CheckoutSession {
  return recordInPath(transaction, 'checkout_sessions', { id: path['id'], kind: 'checkout.session', param: 'session' })
}

const create: Handler<CreateParams> = (transaction, { params }) =>
  transaction.render('checkout_sessions', createCheckoutSession(transaction, params))

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('checkout_sessions', sessionInPath(transaction, path))

const list: Handler<Stripe.Checkout.SessionListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, [
    'created',
    'customer',
    'customer_details',
    'ending_before',
    'limit',
    'payment_intent',
    'payment_link',
    'starting_after',
    'status',
    'subscription',
  ])
  const {
    customer,
    payment_intent: intent,
    payment_link: link,
    subscription,
    status,
    customer_details: details,
  } = params
  const where = (session: CheckoutSession): boolean =>
    (customer === undefined || session.customer === customer) &&
    (intent === undefined || session.payment_intent === intent) &&
    (link === undefined || session.payment_link === link) &&
    (subscription === undefined || session.subscription === subscription) &&
    (status === undefined || session.status === status) &&
    (details === undefined || session.customer_details?.email === details.email) &&
    isWithin(session.created, params.created)
  const page = transaction.page('checkout_sessions', params, { ...bucketOf(params), where, kind: 'checkout.session' })
  return listReply(transaction, 'checkout_sessions', { page, url: '/v1/checkout/sessions' })
}

function bucketOf(params: Stripe.Checkout.SessionListParams): {
  index?: 'customer' | 'payment_intent' | 'payment_link' | 'subscription'
  key?: string
} {
  if (params.subscription !== undefined) return { index: 'subscription', key: params.subscription }
  if (params.payment_intent !== undefined) return { index: 'payment_intent', key: params.payment_intent }
  if (params.payment_link !== undefined) return { index: 'payment_link', key: params.payment_link }
  return params.customer === undefined ? {} : { index: 'customer', key: params.customer }
}

const lineItems: Handler<PageParams> = (transaction, { path, params }) => {
  const { id } = sessionInPath(transaction, path)
  const { data, has_more } = pageInOrder(transaction.load('checkout_orders', id).lineItems, params)
  return { object: 'list', data: data.map(shownItem), has_more, url: `/v1/checkout/sessions/${id}/line_items` }
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
  const after = recoveryOf(transaction, transaction.load('checkout_sessions', id))
  const expired = transaction.patch('checkout_sessions', id, { ...after, status: 'expired', url: null })
  transaction.emit('checkout.session.expired', 'checkout_sessions', expired)
  return expired
}

export const closeWhenDue: TimerHandler = (transaction, { subject }) => {
  const session = transaction.get('checkout_sessions', subject)
  if (session?.status === 'open') expireSession(transaction, session)
}

export const checkoutSessionHandlers: Handlers = {
  ...paymentPageHandlers,
  'checkout_sessions.create': create,
  'checkout_sessions.retrieve': retrieve,
  'checkout_sessions.update': updateSession,
  'checkout_sessions.list': list,
  'checkout_sessions.line_items': lineItems,
  'checkout_sessions.expire': expire,
  'checkout_pages.recover': recoverCheckout,
  'checkout_pages.revise': reviseCheckout,
  'checkout_pages.submit': submitCheckout,
}

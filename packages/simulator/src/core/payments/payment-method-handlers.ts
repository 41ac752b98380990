import type Stripe from 'stripe'
import { requireCustomer } from '../customers/customers.js'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import {
  attachPaymentMethod,
  createPaymentMethod,
  detachPaymentMethod,
  mergeBillingDetails,
  resolvePaymentMethod,
  type PaymentMethod,
} from './payment-methods.js'

const named = { kind: 'PaymentMethod', param: 'payment_method' } as const

const create: Handler<Stripe.PaymentMethodCreateParams> = (transaction, { params }) =>
  transaction.render('payment_methods', createPaymentMethod(transaction, params))

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('payment_methods', resolvePaymentMethod(transaction, path['id'] ?? ''))

const update: Handler<Stripe.PaymentMethodUpdateParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['allow_redisplay', 'billing_details', 'card', 'metadata'])
  const before = recordInPath(transaction, 'payment_methods', { id: path['id'], ...named })
  if (before.customer === null) {
    throw invalidRequest('You must save this PaymentMethod to a customer before you can update it.')
  }
  transaction.enterClockOf(before.customer)
  const { allow_redisplay: redisplay, card = {} } = params
  refuseUnbuilt(card, ['exp_month', 'exp_year'])
  const after = transaction.patch('payment_methods', before.id, {
    ...(redisplay !== undefined && { allow_redisplay: redisplay }),
    billing_details: mergeBillingDetails(before.billing_details, params.billing_details),
    ...(before.card && {
      card: {
        ...before.card,
        exp_month: card.exp_month ?? before.card.exp_month,
        exp_year: card.exp_year ?? before.card.exp_year,
      },
    }),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  })
  transaction.emitChange('payment_method.updated', 'payment_methods', { before, after })
  return transaction.render('payment_methods', after)
}

const attach: Handler<Stripe.PaymentMethodAttachParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['customer'])
  const { customer } = params
  if (customer === undefined) throw missingParameter('customer')
  requireCustomer(transaction, customer, 'customer')
  transaction.enterClockOf(customer)
  const method = resolvePaymentMethod(transaction, path['id'] ?? '')
  return transaction.render('payment_methods', attachPaymentMethod(transaction, method.id, customer))
}

const detach: Handler = (transaction, { path }) => {
  const { id } = recordInPath(transaction, 'payment_methods', { id: path['id'], ...named })
  return transaction.render('payment_methods', detachPaymentMethod(transaction, id))
}

const list: Handler<Stripe.PaymentMethodListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['allow_redisplay', 'customer', 'type', 'limit', 'starting_after', 'ending_before'])
  const { allow_redisplay: redisplay, customer, type } = params
  const owner =
    customer === undefined
      ? {}
      : { index: 'customer' as const, key: requireCustomer(transaction, customer, 'customer').id }
  const where = (method: PaymentMethod): boolean =>
    (type === undefined || method.type === type) &&
    (redisplay === undefined || method.allow_redisplay === redisplay) &&
    (customer !== undefined || method.customer !== null)
  const page = transaction.page('payment_methods', params, { ...owner, where, kind: 'PaymentMethod' })
  return listReply(transaction, 'payment_methods', { page, url: '/v1/payment_methods' })
}

export const paymentMethodsHandlers: Handlers = {
  'payment_methods.attach': attach,
  'payment_methods.create': create,
  'payment_methods.detach': detach,
  'payment_methods.list': list,
  'payment_methods.retrieve': retrieve,
  'payment_methods.update': update,
}

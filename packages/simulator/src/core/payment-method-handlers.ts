import type Stripe from 'stripe'
import { requireCustomer } from './customers.js'
import { invalidRequest } from './error.js'
import { listReply, type Handler, type Handlers } from './handler.js'
import { mergeMetadata } from './metadata.js'
import {
  attachPaymentMethod,
  createPaymentMethod,
  detachPaymentMethod,
  resolvePaymentMethod,
  type PaymentMethod,
} from './payment-methods.js'

const create: Handler<Stripe.PaymentMethodCreateParams> = (transaction, { params }) =>
  transaction.render('payment_methods', createPaymentMethod(transaction, params))

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('payment_methods', resolvePaymentMethod(transaction, path['id'] ?? ''))

const update: Handler<Stripe.PaymentMethodUpdateParams> = (transaction, { path, params }) => {
  const before = transaction.require('payment_methods', path['id'] ?? '', { kind: 'PaymentMethod' })
  if (before.customer === null) {
    throw invalidRequest('You must save this PaymentMethod to a customer before you can update it.')
  }
  transaction.enterClockOf(before.customer)
  const { billing_details: details, card } = params
  const after = transaction.patch('payment_methods', before.id, {
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    ...(details !== undefined && { billing_details: mergeDetails(before.billing_details, details) }),
    ...(before.card && {
      card: {
        ...before.card,
        exp_month: card?.exp_month ?? before.card.exp_month,
        exp_year: card?.exp_year ?? before.card.exp_year,
      },
    }),
  })
  transaction.emit('payment_method.updated', 'payment_methods', after, before)
  return transaction.render('payment_methods', after)
}

const blankAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

function mergeDetails(
  before: PaymentMethod['billing_details'],
  update: Stripe.PaymentMethodUpdateParams.BillingDetails,
): PaymentMethod['billing_details'] {
  const { address, email, name, phone } = update
  return {
    ...before,
    ...(address && { address: { ...blankAddress, ...before.address, ...address } }),
    ...(email !== undefined && { email: email || null }),
    ...(name !== undefined && { name: name || null }),
    ...(phone !== undefined && { phone: phone || null }),
  }
}

const attach: Handler<Stripe.PaymentMethodAttachParams> = (transaction, { path, params }) => {
  const { customer } = params
  if (customer === undefined)
    throw invalidRequest('Missing required param: customer.', { code: 'parameter_missing', param: 'customer' })
  const method = resolvePaymentMethod(transaction, path['id'] ?? '')
  requireCustomer(transaction, customer, 'customer')
  return transaction.render('payment_methods', attachPaymentMethod(transaction, method.id, customer))
}

const detach: Handler = (transaction, { path }) => {
  const method = transaction.require('payment_methods', path['id'] ?? '', { kind: 'PaymentMethod' })
  return transaction.render('payment_methods', detachPaymentMethod(transaction, method.id))
}

const list: Handler<Stripe.PaymentMethodListParams> = (transaction, { params }) => {
  const { customer, type } = params
  const owner =
    customer === undefined
      ? {}
      : { index: 'customer' as const, key: requireCustomer(transaction, customer, 'customer').id }
  const where = (method: PaymentMethod): boolean =>
    (type === undefined || method.type === type) && (customer !== undefined || method.customer !== null)
  const page = transaction.page('payment_methods', params, { ...owner, where, kind: 'PaymentMethod' })
  return listReply(transaction, 'payment_methods', { page, url: '/v1/payment_methods' })
}

const listOfCustomer: Handler<Stripe.CustomerListPaymentMethodsParams> = (transaction, { path, params }) => {
  const customer = requireCustomer(transaction, path['customer'] ?? '')
  const where = (method: PaymentMethod): boolean => params.type === undefined || method.type === params.type
  const options = { index: 'customer' as const, key: customer.id, where, kind: 'PaymentMethod' }
  const page = transaction.page('payment_methods', params, options)
  return listReply(transaction, 'payment_methods', { page, url: `/v1/customers/${customer.id}/payment_methods` })
}

const retrieveOfCustomer: Handler = (transaction, { path }) => {
  const customer = requireCustomer(transaction, path['customer'] ?? '')
  const method = transaction.require('payment_methods', path['id'] ?? '', { kind: 'PaymentMethod' })
  if (method.customer === customer.id) return transaction.render('payment_methods', method)
  throw invalidRequest(`The customer does not have a payment method with the ID ${method.id}.`, {
    code: 'resource_missing',
  })
}

export const paymentMethodsHandlers: Handlers = {
  'payment_methods.create': create,
  'payment_methods.retrieve': retrieve,
  'payment_methods.update': update,
  'payment_methods.attach': attach,
  'payment_methods.detach': detach,
  'payment_methods.list': list,
  'customers.list_payment_methods': listOfCustomer,
  'customers.retrieve_payment_method': retrieveOfCustomer,
}

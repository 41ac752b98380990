import type Stripe from 'stripe'
import {
  addressOf,
  changeCustomer,
  checkedEmail,
  createCustomer,
  requireCustomer,
  setDefaultPaymentMethod,
} from './customers.js'
import { invalidRequest } from './error.js'
import { listReply, type Handler, type Handlers } from './handler.js'
import { isWithin } from './lists.js'
import { mergeMetadata } from './metadata.js'
import { attachPaymentMethod, resolvePaymentMethod } from './payment-methods.js'
import type { Records } from './records.js'
import type { Transaction } from './transaction.js'

type Customer = Records['customers']

const create: Handler<Stripe.CustomerCreateParams> = (transaction, { params }) => {
  const customer = createCustomer(transaction, params)
  const wanted = params.payment_method
  if (wanted !== undefined) {
    const { id } = resolvePaymentMethod(transaction, wanted, 'payment_method')
    attachPaymentMethod(transaction, id, customer.id)
  }
  const chosen = params.invoice_settings?.default_payment_method
  if (chosen !== undefined) chooseDefault(transaction, customer.id, chosen)
  return transaction.render('customers', transaction.load('customers', customer.id))
}

const update: Handler<Stripe.CustomerUpdateParams> = (transaction, { path, params }) => {
  const before = requireCustomer(transaction, path['id'] ?? '')
  transaction.enterClockOf(before.id)
  const fields: { -readonly [Key in keyof Customer]?: Customer[Key] } = {
    metadata: mergeMetadata(before.metadata, params.metadata),
  }
  if (params.email !== undefined) fields.email = checkedEmail(params.email)
  if (params.name !== undefined) fields.name = params.name || null
  if (params.phone !== undefined) fields.phone = params.phone || null
  if (params.description !== undefined) fields.description = params.description || null
  if (params.address !== undefined) fields.address = addressOf(params.address)
  if (params.balance !== undefined) fields.balance = params.balance
  if (params.invoice_prefix !== undefined) fields.invoice_prefix = params.invoice_prefix
  if (params.next_invoice_sequence !== undefined) fields.next_invoice_sequence = params.next_invoice_sequence
  if (params.preferred_locales !== undefined) fields.preferred_locales = params.preferred_locales
  if (params.tax_exempt !== undefined) fields.tax_exempt = params.tax_exempt === '' ? 'none' : params.tax_exempt
  changeCustomer(transaction, before.id, fields)
  const chosen = params.invoice_settings?.default_payment_method
  if (chosen !== undefined) chooseDefault(transaction, before.id, chosen)
  return transaction.render('customers', transaction.load('customers', before.id))
}

function chooseDefault(transaction: Transaction, customer: string, paymentMethod: string): void {
  const param = 'invoice_settings[default_payment_method]'
  if (paymentMethod === '') {
    setDefaultPaymentMethod(transaction, customer, null)
    return
  }
  const method = resolvePaymentMethod(transaction, paymentMethod, param)
  if (method.customer !== customer) {
    const message =
      'The customer does not have a payment method with the ID ' +
      `${paymentMethod}. The payment method must be attached to the customer.`
    throw invalidRequest(message, { code: 'resource_missing', param })
  }
  setDefaultPaymentMethod(transaction, customer, method.id)
}

const retrieve: Handler = (transaction, { path }) => {
  const id = path['id'] ?? ''
  if (transaction.get('deleted_objects', id)?.object === 'customer') return { id, object: 'customer', deleted: true }
  return transaction.render('customers', requireCustomer(transaction, id))
}

/** Deleting a customer cancels what it has at once, and cannot be undone. https://docs.stripe.com/api/customers/delete */
const remove: Handler = (transaction, { path }) => {
  const customer = requireCustomer(transaction, path['id'] ?? '')
  transaction.enterClockOf(customer.id)
  transaction.send({ type: 'customer.deleted', customer: customer.id })
  transaction.emit('customer.deleted', 'customers', transaction.load('customers', customer.id))
  transaction.remove('customers', customer.id)
  transaction.put('deleted_objects', { id: customer.id, object: 'customer' })
  return { id: customer.id, object: 'customer', deleted: true }
}

const list: Handler<Stripe.CustomerListParams> = (transaction, { params }) => {
  const { email, test_clock: clock } = params
  const where = (customer: Customer): boolean =>
    (email === undefined || customer.email === email) &&
    // Without a clock named, those on test clocks are left out. https://docs.stripe.com/api/customers/list
    (clock === undefined ? customer.test_clock === null : customer.test_clock === clock) &&
    isWithin(customer.created, params.created)
  const bucket = email === undefined ? {} : { index: 'email' as const, key: email }
  const page = transaction.page('customers', params, { ...bucket, where, kind: 'customer' })
  return listReply(transaction, 'customers', { page, url: '/v1/customers' })
}

export const customersHandlers: Handlers = {
  'customers.create': create,
  'customers.retrieve': retrieve,
  'customers.update': update,
  'customers.delete': remove,
  'customers.list': list,
}

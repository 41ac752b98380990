import type Stripe from 'stripe'
import { recordBalance } from './balance.js'
import { changeDiscount, DISCOUNT_PARAMS, type DiscountParams } from './customer-discount.js'
import { changeCustomer, createCustomer, customerFields, requireCustomer } from './customers.js'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { addSource, changeSource } from '../payments/customer-sources.js'
import { attachPaymentMethod, resolvePaymentMethod } from '../payments/payment-methods.js'
import type { Records } from '../records.js'
import { createTaxId } from './tax-ids.js'
import { validateLocation } from '../taxes/customer-tax.js'
import type { Transaction } from '../transaction.js'

type Customer = Records['customers']

const UPDATABLE = [
  'address',
  'balance',
  'business_name',
  'description',
  'email',
  'individual_name',
  'invoice_prefix',
  'invoice_settings',
  'metadata',
  'name',
  'next_invoice_sequence',
  'phone',
  'preferred_locales',
  'shipping',
  'tax',
  'tax_exempt',
]

const CREATABLE = [...UPDATABLE, ...DISCOUNT_PARAMS, 'payment_method', 'source', 'tax_id_data', 'test_clock']

const create: Handler<Stripe.CustomerCreateParams & DiscountParams> = (transaction, { params }) => {
  refuseUnbuilt(params, CREATABLE)
  const customer = createCustomer(transaction, params)
  for (const data of params.tax_id_data ?? []) createTaxId(transaction, customer.id, data)
  if (customer.balance !== 0) recordBalance(transaction, customer, { amount: customer.balance, type: 'initial' })
  changeDiscount(transaction, customer.id, params)
  if (params.source !== undefined) addSource(transaction, customer.id, params.source)
  const { invoice_settings: settings, payment_method: wanted } = params
  const attached =
    wanted === undefined ? undefined : attach(transaction, { customer: customer.id, paymentMethod: wanted })
  if (settings !== undefined) {
    const chosen = settings.default_payment_method
    // A magic id names the payment method that the same request attached, not a second one.
    const named = chosen !== undefined && chosen === wanted ? attached : chosen
    const invoiceSettings = settingsAfter(transaction, customer, {
      ...settings,
      ...(named && { default_payment_method: named }),
    })
    changeCustomer(transaction, customer.id, { invoice_settings: invoiceSettings })
  }
  validateLocation(transaction, customer.id, params.tax)
  return shown(transaction, customer.id)
}

function attach(transaction: Transaction, names: { customer: string; paymentMethod: string }): string {
  const { id } = resolvePaymentMethod(transaction, names.paymentMethod, 'payment_method')
  return attachPaymentMethod(transaction, id, names.customer).id
}

function shown(transaction: Transaction, id: string): unknown {
  return transaction.render('customers', transaction.load('customers', id))
}

const update: Handler<Stripe.CustomerUpdateParams & DiscountParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'customers', { id: path['id'], kind: 'customer' })
  refuseUnbuilt(params, [...UPDATABLE, ...DISCOUNT_PARAMS, 'default_source', 'source'])
  transaction.enterClockOf(before.id)
  changeDiscount(transaction, before.id, params)
  const after = changeCustomer(transaction, before.id, {
    ...customerFields(params),
    invoice_settings: settingsAfter(transaction, before, params.invoice_settings),
    metadata: mergeMetadata(before.metadata, params.metadata),
  })
  const amount = after.balance - before.balance
  if (amount !== 0) recordBalance(transaction, after, { amount, type: 'adjustment' })
  changeSource(transaction, before.id, params)
  validateLocation(transaction, before.id, params.tax)
  return shown(transaction, before.id)
}

type SettingsParams = Stripe.CustomerUpdateParams['invoice_settings']

function settingsAfter(
  transaction: Transaction,
  customer: Customer,
  params: SettingsParams,
): Customer['invoice_settings'] {
  if (params === undefined) return customer.invoice_settings
  refuseUnbuilt(params, ['custom_fields', 'default_payment_method', 'footer'])
  const { custom_fields: fields, default_payment_method: chosen, footer } = params
  return {
    ...customer.invoice_settings,
    ...(fields !== undefined && { custom_fields: fields || null }),
    ...(chosen !== undefined && { default_payment_method: chosenDefault(transaction, customer.id, chosen) }),
    ...(footer !== undefined && { footer: footer || null }),
  }
}

function chosenDefault(transaction: Transaction, customer: string, paymentMethod: string): string | null {
  const param = 'invoice_settings[default_payment_method]'
  if (paymentMethod === '') return null
  const method = resolvePaymentMethod(transaction, paymentMethod, param)
  if (method.customer === customer) return method.id
  const message = `The customer does not have a payment method with the ID ${paymentMethod}. The payment method must be attached to the customer.`
  throw invalidRequest(message, { code: 'resource_missing', param })
}

const retrieve: Handler = (transaction, { path }) => {
  const id = path['id'] ?? ''
  if (transaction.get('deleted_objects', id)?.object === 'customer') return { id, object: 'customer', deleted: true }
  return transaction.render('customers', recordInPath(transaction, 'customers', { id, kind: 'customer' }))
}

/** Deleting a customer cancels what it has at once, and cannot be undone. https://docs.stripe.com/api/customers/delete */
const remove: Handler = (transaction, { path }) => {
  const { id } = recordInPath(transaction, 'customers', { id: path['id'], kind: 'customer' })
  transaction.enterClockOf(id)
  removeCustomer(transaction, id)
  return { id, object: 'customer', deleted: true }
}

/** The customers of a test clock go with it. */
export function onTestClockDeleted(transaction: Transaction, { clock }: { readonly clock: string }): void {
  for (const { id } of transaction.by('customers', 'test_clock', clock)) removeCustomer(transaction, id)
}

function removeCustomer(transaction: Transaction, id: string): void {
  transaction.send({ type: 'customer.deleted', customer: id })
  for (const method of transaction.by('payment_methods', 'customer', id)) {
    transaction.patch('payment_methods', method.id, { customer: null })
    transaction.patch('card_behaviours', method.id, { isSpent: true })
  }
  transaction.emit('customer.deleted', 'customers', transaction.load('customers', id))
  transaction.remove('customers', id)
  transaction.put('deleted_objects', { id, object: 'customer' })
}

const list: Handler<Stripe.CustomerListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['created', 'email', 'test_clock', 'limit', 'starting_after', 'ending_before'])
  const { email, test_clock: clock } = params
  const where = (customer: Customer): boolean =>
    (email === undefined || customer.email === email) &&
    // Without a clock named, those on test clocks are left out. https://docs.stripe.com/api/customers/list
    (clock === undefined ? customer.test_clock === null : customer.test_clock === clock) &&
    isWithin(customer.created, params.created)
  const page = transaction.page('customers', params, { ...bucketOf(email, clock), where, kind: 'customer' })
  return listReply(transaction, 'customers', { page, url: '/v1/customers' })
}

function bucketOf(
  email: string | undefined,
  clock: string | undefined,
): { index?: 'email' | 'test_clock'; key?: string } {
  if (email !== undefined) return { index: 'email', key: email }
  return clock === undefined ? {} : { index: 'test_clock', key: clock }
}

const listPaymentMethods: Handler<Stripe.CustomerListPaymentMethodsParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['allow_redisplay', 'type', 'limit', 'starting_after', 'ending_before'])
  const { id: key } = requireCustomer(transaction, path['customer'] ?? '')
  const { allow_redisplay: redisplay, type } = params
  const where = (method: Records['payment_methods']): boolean =>
    (type === undefined || method.type === type) && (redisplay === undefined || method.allow_redisplay === redisplay)
  const page = transaction.page('payment_methods', params, { index: 'customer', key, where, kind: 'PaymentMethod' })
  return listReply(transaction, 'payment_methods', { page, url: `/v1/customers/${key}/payment_methods` })
}

const retrievePaymentMethod: Handler = (transaction, { path }) => {
  const customer = requireCustomer(transaction, path['customer'] ?? '')
  const words = { kind: 'PaymentMethod', param: 'payment_method' }
  const method = recordInPath(transaction, 'payment_methods', { id: path['id'], ...words })
  if (method.customer === customer.id) return transaction.render('payment_methods', method)
  const message = `The customer does not have a payment method with the ID ${method.id}.`
  throw invalidRequest(message, { code: 'resource_missing', param: 'payment_method' })
}

export const customersHandlers: Handlers = {
  'customers.create': create,
  'customers.delete': remove,
  'customers.list': list,
  'customers.list_payment_methods': listPaymentMethods,
  'customers.retrieve': retrieve,
  'customers.retrieve_payment_method': retrievePaymentMethod,
  'customers.update': update,
}

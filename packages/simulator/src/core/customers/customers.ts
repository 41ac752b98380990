import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { addressOf, recipientOf } from './shipping.js'
import type { Transaction } from '../transaction.js'

type Customer = Records['customers']

const PREFIX_LENGTH = 8
const LONGEST_EMAIL = 512

/** Makes a customer, as `POST /v1/customers` does, but for the parameters that need a payment method. */
export function createCustomer(transaction: Transaction, params: Stripe.CustomerCreateParams): Customer {
  const { test_clock: clock } = params
  if (clock !== undefined) {
    transaction.require('test_clocks', clock, { kind: 'billingclock', param: 'test_clock' })
    refuseCrowd(transaction, clock)
    transaction.enterClock(clock)
  }
  const id = transaction.newId('cus')
  const customer = transaction.put('customers', {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    created: transaction.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: id.slice(-PREFIX_LENGTH).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: clock ?? null,
    ...customerFields(params),
    ...(params.metadata !== undefined && { metadata: mergeMetadata({}, params.metadata) }),
  })
  transaction.emit('customer.created', 'customers', customer)
  return customer
}

/** Not published; seen widely. */
const MOST_ON_TEST_CLOCK = 3

function refuseCrowd(transaction: Transaction, clock: string): void {
  if (transaction.by('customers', 'test_clock', clock).length < MOST_ON_TEST_CLOCK) return
  const message = `You have reached the maximum of ${MOST_ON_TEST_CLOCK} customers for this test clock.`
  throw invalidRequest(message, { param: 'test_clock' })
}

type Fields = { -readonly [Key in keyof Customer]?: Customer[Key] }

/** The fields that creating and updating a customer have in common; an empty value unsets. */
export function customerFields(params: Omit<Stripe.CustomerUpdateParams, 'metadata' | 'invoice_settings'>): Fields {
  const fields: Fields = {}
  if (params.address !== undefined) fields.address = params.address ? addressOf(params.address) : null
  if (params.balance !== undefined) fields.balance = params.balance
  if (params.business_name !== undefined) fields.business_name = params.business_name ?? ''
  if (params.description !== undefined) fields.description = params.description || null
  if (params.email !== undefined) fields.email = checkedEmail(params.email)
  if (params.individual_name !== undefined) fields.individual_name = params.individual_name ?? ''
  if (params.invoice_prefix !== undefined) fields.invoice_prefix = checkedPrefix(params.invoice_prefix)
  if (params.name !== undefined) fields.name = params.name || null
  if (params.next_invoice_sequence !== undefined) fields.next_invoice_sequence = params.next_invoice_sequence
  if (params.phone !== undefined) fields.phone = params.phone || null
  if (params.preferred_locales !== undefined) fields.preferred_locales = params.preferred_locales
  if (params.shipping !== undefined) fields.shipping = recipientOf(params.shipping)
  if (params.tax_exempt !== undefined) fields.tax_exempt = params.tax_exempt || 'none'
  return fields
}

function checkedPrefix(prefix: string): string {
  if (/^[A-Z0-9]{3,12}$/.test(prefix)) return prefix
  const message = 'The invoice prefix must be 3–12 uppercase letters or numbers.'
  throw invalidRequest(message, { param: 'invoice_prefix' })
}

/** Changes a customer and reports it, if anything is different. */
export function changeCustomer(transaction: Transaction, id: string, fields: Partial<Customer>): Customer {
  const before = transaction.load('customers', id)
  const after = transaction.patch('customers', id, fields)
  if (JSON.stringify(before) !== JSON.stringify(after))
    transaction.emitChange('customer.updated', 'customers', { before, after })
  return after
}

/** The card that invoices fall back to; `null` for none. */
export function setDefaultPaymentMethod(transaction: Transaction, id: string, paymentMethod: string | null): Customer {
  const { invoice_settings: settings } = transaction.load('customers', id)
  return changeCustomer(transaction, id, { invoice_settings: { ...settings, default_payment_method: paymentMethod } })
}

/** The record of a customer who is there and not deleted, as a request refers to one. */
export function requireCustomer(transaction: Transaction, id: string, param?: string): Customer {
  return transaction.require('customers', id, param === undefined ? { kind: 'customer' } : { kind: 'customer', param })
}

export function checkedEmail(email: string | undefined, param = 'email'): string | null {
  if (email === undefined || email === '') return null
  if (email.length > LONGEST_EMAIL || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw invalidRequest(`Invalid email address: ${email}`, { code: 'email_invalid', param })
  }
  return email
}

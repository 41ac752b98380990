import type Stripe from 'stripe'
import { invalidRequest } from './error.js'
import { mergeMetadata } from './metadata.js'
import type { Records } from './records.js'
import type { Transaction } from './transaction.js'

type Customer = Records['customers']

const PREFIX_LENGTH = 8

/** Makes a customer, as `POST /v1/customers` does. */
export function createCustomer(transaction: Transaction, params: Stripe.CustomerCreateParams): Customer {
  if (params.test_clock !== undefined) {
    transaction.require('test_clocks', params.test_clock, { kind: 'billing clock', param: 'test_clock' })
    transaction.enterClock(params.test_clock)
  }
  const id = transaction.newId('cus')
  const customer: Customer = {
    id,
    object: 'customer',
    address: addressOf(params.address),
    balance: params.balance ?? 0,
    created: transaction.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: params.description ?? null,
    discount: null,
    email: checkedEmail(params.email),
    invoice_prefix: params.invoice_prefix ?? id.slice(-PREFIX_LENGTH).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    next_invoice_sequence: params.next_invoice_sequence ?? 1,
    phone: params.phone ?? null,
    preferred_locales: params.preferred_locales ?? [],
    shipping: null,
    tax_exempt: params.tax_exempt === '' ? 'none' : (params.tax_exempt ?? 'none'),
    test_clock: params.test_clock ?? null,
  }
  transaction.put('customers', customer)
  transaction.emit('customer.created', 'customers', customer)
  return customer
}

/** Changes a customer and reports it, if anything is different. */
export function changeCustomer(transaction: Transaction, id: string, fields: Partial<Customer>): Customer {
  const before = transaction.load('customers', id)
  const after = transaction.patch('customers', id, fields)
  if (JSON.stringify(before) !== JSON.stringify(after)) transaction.emit('customer.updated', 'customers', after, before)
  return after
}

/** The card that invoices fall back to; `null` for none. */
export function setDefaultPaymentMethod(transaction: Transaction, id: string, paymentMethod: string | null): Customer {
  const { invoice_settings: settings } = transaction.load('customers', id)
  return changeCustomer(transaction, id, { invoice_settings: { ...settings, default_payment_method: paymentMethod } })
}

/** Adds to what the customer owes; a negative amount is credit. */
export function changeBalance(transaction: Transaction, id: string, delta: number): Customer {
  const { balance } = transaction.load('customers', id)
  return changeCustomer(transaction, id, { balance: balance + delta })
}

/** The number of the customer's next finalized invoice, such as `1B2C3D4E-0001`. Uses it up. */
export function nextInvoiceNumber(transaction: Transaction, id: string): string {
  const { invoice_prefix: prefix, next_invoice_sequence: sequence = 1 } = transaction.load('customers', id)
  transaction.patch('customers', id, { next_invoice_sequence: sequence + 1 })
  return `${prefix}-${String(sequence).padStart(4, '0')}`
}

/** The record of a customer who is there and not deleted, as a request refers to one. */
export function requireCustomer(transaction: Transaction, id: string, param?: string): Customer {
  return transaction.require('customers', id, param === undefined ? { kind: 'customer' } : { kind: 'customer', param })
}

export function checkedEmail(email: string | undefined): string | null {
  if (email === undefined || email === '') return null
  if (email.length > 512 || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw invalidRequest(`Invalid email address: ${email}`, { code: 'email_invalid', param: 'email' })
  }
  return email
}

export function addressOf(address: Stripe.CustomerCreateParams['address']): NonNullable<Customer['address']> | null {
  if (address === undefined || address === null || address === '') return null
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = address
  return { city, country, line1, line2, postal_code, state }
}

import type Stripe from 'stripe'
import { createShippingRate } from '../catalogue/shipping-rates.js'
import { addressOf } from '../customers/shipping.js'
import { invalidRequest, noSuch } from '../error.js'
import { billingOptions } from '../payments/billing-options.js'
import { readSource } from '../payments/default-source.js'
import type { Records } from '../records.js'
import { readTaxRates } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'
import { automaticTaxFields } from './blank.js'
import type { Invoice } from './create.js'

type Params = Stripe.InvoiceCreateParams & Stripe.InvoiceUpdateParams
type Asked = { readonly [Key in keyof Params]?: Params[Key] | '' | null }
type Fields = { -readonly [Key in keyof Invoice]?: Invoice[Key] }

/** What a request says about an invoice that does not change what is to be paid. */
export function wordingFields(params: Asked): Fields {
  const fields: Fields = {}
  if (params.custom_fields !== undefined) fields.custom_fields = params.custom_fields || null
  if (params.description !== undefined) fields.description = params.description || null
  if (params.effective_at !== undefined) fields.effective_at = params.effective_at || null
  if (params.footer !== undefined) fields.footer = params.footer || null
  if (params.statement_descriptor !== undefined) fields.statement_descriptor = params.statement_descriptor || null
  return fields
}

interface Place {
  readonly customer: string
  /** How the invoice is to be paid so far. */
  readonly settings?: Invoice['payment_settings']
}

/** What a request says about a draft that is fixed once the invoice is final. */
export function draftFields(transaction: Transaction, params: Asked, place: Place): Fields {
  refuseForeign(params)
  const { automatic_tax: tax, due_date: due, number, shipping_details: shipping } = params
  const fields: Fields = {}
  if (params.account_tax_ids !== undefined) fields.account_tax_ids = params.account_tax_ids || null
  if (tax) fields.automatic_tax = automaticTaxFields(transaction.load('customers', place.customer), tax.enabled)
  if (params.default_source !== undefined) {
    fields.default_source = params.default_source
      ? readSource(transaction, params.default_source, place.customer)
      : null
  }
  if (params.default_tax_rates !== undefined) {
    fields.default_tax_rates = readTaxRates(transaction, params.default_tax_rates, 'default_tax_rates')
  }
  if (due) fields.due_date = due
  if (number !== undefined) fields.number = number === null ? null : checkedNumber(transaction, number)
  if (params.payment_settings) fields.payment_settings = paymentSettings(params.payment_settings, place.settings)
  if (params.rendering) fields.rendering = renderingOf(params.rendering)
  if (params.shipping_cost !== undefined) fields.shipping_cost = shippingCost(transaction, params.shipping_cost || null)
  if (shipping !== undefined) fields.shipping_details = shipping ? shippingDetails(shipping) : null
  return fields
}

/** What needs connected accounts, of which there are none. */
function refuseForeign(params: Asked): void {
  if (params.on_behalf_of) throw noSuch('account', params.on_behalf_of, { param: 'on_behalf_of', status: 400 })
  if (params.transfer_data) {
    throw noSuch('destination', params.transfer_data.destination ?? '', {
      param: 'transfer_data[destination]',
      status: 400,
    })
  }
  if (params.application_fee_amount === undefined) return
  const message =
    'Can only apply an application_fee_amount when the invoice is created on behalf of another account (using an OAuth ' +
    'key, the Stripe-Account header, or the transfer_data parameter).'
  throw invalidRequest(message, { param: 'application_fee_amount' })
}

const LONGEST_NUMBER = 26

/** A number of one's own must be the only one of its kind. */
function checkedNumber(transaction: Transaction, number: string): string | null {
  if (number === '') return null
  if (number.length > LONGEST_NUMBER) {
    throw invalidRequest(`The invoice number can have at most ${LONGEST_NUMBER} characters.`, { param: 'number' })
  }
  if (transaction.by('invoices', 'number', number).length === 0) return number
  throw invalidRequest(`An invoice with the number ${number} already exists.`, { param: 'number' })
}

/** What a request does not name of these settings stays. */
function paymentSettings(
  asked: NonNullable<Params['payment_settings']>,
  before: Invoice['payment_settings'] | undefined,
): Invoice['payment_settings'] {
  const { default_mandate: mandate, payment_method_options: options, payment_method_types: types } = asked
  const { payment_method_options: known = null } = before ?? {}
  return {
    default_mandate: mandate === undefined ? (before?.default_mandate ?? null) : mandate || null,
    payment_method_options: options === undefined ? known : options ? billingOptions({ ...known, ...options }) : null,
    payment_method_types: types === undefined ? (before?.payment_method_types ?? null) : types || null,
  }
}

function renderingOf(asked: NonNullable<Params['rendering']>): Invoice['rendering'] {
  if (asked.template !== undefined) {
    throw noSuch('invoice_rendering_template', asked.template, { param: 'rendering[template]', status: 400 })
  }
  if (asked.template_version) {
    const message = 'You can only specify a `template_version` together with a `template`.'
    throw invalidRequest(message, { param: 'rendering[template_version]' })
  }
  return {
    amount_tax_display: asked.amount_tax_display || null,
    pdf: { page_size: asked.pdf?.page_size ?? 'auto' },
    template: null,
    template_version: null,
  }
}

type AskedShipping = NonNullable<Exclude<Params['shipping_cost'], ''>>

/** What sending the goods costs, by a rate that is there or one made for this invoice. */
function shippingCost(transaction: Transaction, asked: AskedShipping | null): Invoice['shipping_cost'] {
  if (asked === null) return null
  const rate = shippingRate(transaction, asked)
  const amount = rate.fixed_amount?.amount ?? 0
  return { amount_subtotal: amount, amount_tax: 0, amount_total: amount, shipping_rate: rate.id, taxes: [] }
}

function shippingRate(transaction: Transaction, asked: AskedShipping): Records['shipping_rates'] {
  const { shipping_rate: id, shipping_rate_data: data } = asked
  if (data !== undefined) return createShippingRate(transaction, data)
  return transaction.require('shipping_rates', id ?? '', {
    kind: 'shipping rate',
    param: 'shipping_cost[shipping_rate]',
  })
}

function shippingDetails(asked: Exclude<NonNullable<Params['shipping_details']>, ''>): Invoice['shipping_details'] {
  return {
    address: addressOf(asked.address),
    carrier: null,
    name: asked.name,
    phone: asked.phone || null,
    tracking_number: null,
  }
}

import type Stripe from 'stripe'
import { minimumCharge } from '../arithmetic/currency.js'
import { boundaryAt } from '../arithmetic/periods.js'
import { invalidRequest, noSuch } from '../error.js'
import { billingOptions } from '../payments/billing-options.js'
import { readSource } from '../payments/default-source.js'
import type { Transaction } from '../transaction.js'
import { isUnit, type Subscription } from './items.js'
import { readPaymentMethod } from './payment-method.js'
import { readTaxRates } from './tax-rates.js'

type Both = Stripe.SubscriptionCreateParams & Stripe.SubscriptionUpdateParams
type Asked = Pick<
  Both,
  | 'automatic_tax'
  | 'billing_thresholds'
  | 'collection_method'
  | 'days_until_due'
  | 'default_tax_rates'
  | 'payment_settings'
  | 'pending_invoice_item_interval'
  | 'trial_settings'
> & {
  readonly default_payment_method?: string | null
  readonly default_source?: string | null
  readonly description?: string | null
  readonly invoice_settings?: AskedInvoiceSettings
}
type AskedInvoiceSettings = NonNullable<Stripe.SubscriptionUpdateParams['invoice_settings']>
type Fields = { -readonly [Key in keyof Subscription]?: Subscription[Key] }
type Owner = Pick<Subscription, 'collection_method' | 'currency' | 'customer' | 'days_until_due'> &
  Partial<Subscription>

/** The fields that creating and updating a subscription set alike; what is not asked for is not among them. */
export function settingsOfRequest(transaction: Transaction, owner: Owner, params: Asked): Fields {
  const fields: Fields = { ...collectionOf(params, owner), ...payingOf(transaction, params, owner) }
  if (params.automatic_tax !== undefined) fields.automatic_tax = automaticTax(params.automatic_tax.enabled)
  if (params.billing_thresholds !== undefined)
    fields.billing_thresholds = thresholdsOf(params.billing_thresholds, owner)
  if (params.description !== undefined) fields.description = params.description || null
  if (params.invoice_settings !== undefined) fields.invoice_settings = invoiceSettings(params.invoice_settings, owner)
  if (params.trial_settings !== undefined) fields.trial_settings = trialSettings(params.trial_settings)
  if (params.pending_invoice_item_interval !== undefined) {
    Object.assign(fields, pendingInterval(transaction, params.pending_invoice_item_interval))
  }
  return fields
}

function automaticTax(enabled: boolean): Subscription['automatic_tax'] {
  return { disabled_reason: null, enabled, liability: enabled ? { type: 'self' } : null }
}

/** Sent invoices need a day on which they are due; charged ones have none. */
function collectionOf(params: Asked, owner: Owner): Fields {
  const method = params.collection_method ?? owner.collection_method
  if (method !== 'send_invoice') {
    if (params.days_until_due !== undefined) {
      const message = '`days_until_due` can only be specified when `collection_method=send_invoice`.'
      throw invalidRequest(message, { param: 'days_until_due' })
    }
    return { collection_method: method, days_until_due: null }
  }
  const days = params.days_until_due ?? owner.days_until_due
  if (days === null || days === undefined) {
    const message = 'When specifying `collection_method=send_invoice`, you must also specify `days_until_due`.'
    throw invalidRequest(message, { param: 'days_until_due' })
  }
  return { collection_method: method, days_until_due: days }
}

function payingOf(transaction: Transaction, params: Asked, owner: Owner): Fields {
  const fields: Fields = {}
  const { default_payment_method: method, default_source: source, payment_settings: settings } = params
  if (method !== undefined) {
    fields.default_payment_method =
      method === '' || method === null ? null : readPaymentMethod(transaction, method, owner.customer)
  }
  if (source !== undefined) fields.default_source = source ? readSource(transaction, source, owner.customer) : null
  const rates = readTaxRates(transaction, params.default_tax_rates, 'default_tax_rates')
  if (rates !== undefined) fields.default_tax_rates = rates
  if (settings !== undefined) fields.payment_settings = paymentSettings(settings, owner.payment_settings ?? null)
  return fields
}

type PaymentSettings = NonNullable<Subscription['payment_settings']>

function paymentSettings(
  asked: NonNullable<Asked['payment_settings']>,
  before: PaymentSettings | null,
): PaymentSettings {
  const { payment_method_types: types, payment_method_options: options, save_default_payment_method: save } = asked
  return {
    payment_method_options: options === undefined ? (before?.payment_method_options ?? null) : billingOptions(options),
    payment_method_types: types === undefined ? (before?.payment_method_types ?? null) : types || null,
    save_default_payment_method: save ?? before?.save_default_payment_method ?? 'off',
  }
}

export const noPaymentSettings: PaymentSettings = {
  payment_method_options: null,
  payment_method_types: null,
  save_default_payment_method: 'off',
}

/** The lowest amount that may trigger an invoice is the lowest that can be charged. */
function thresholdsOf(
  asked: Exclude<Asked['billing_thresholds'], undefined>,
  owner: Owner,
): Subscription['billing_thresholds'] {
  if (asked === '' || asked === null) return null
  const { amount_gte: amount, reset_billing_cycle_anchor: resets } = asked
  const least = minimumCharge(owner.currency)
  if (amount !== undefined && amount < least) {
    const message = `The \`amount_gte\` threshold must be at least ${least} in the minor units of \`${owner.currency}\`.`
    throw invalidRequest(message, { param: 'billing_thresholds[amount_gte]' })
  }
  return { amount_gte: amount ?? null, reset_billing_cycle_anchor: resets ?? false }
}

const plainInvoices: Subscription['invoice_settings'] = {
  account_tax_ids: null,
  custom_fields: null,
  description: null,
  footer: null,
  issuer: { type: 'self' },
}

function invoiceSettings(asked: AskedInvoiceSettings, owner: Owner): Subscription['invoice_settings'] {
  const before = owner.invoice_settings ?? plainInvoices
  if (asked.issuer?.type === 'account') {
    throw noSuch('account', asked.issuer.account ?? '', { param: 'invoice_settings[issuer][account]', status: 400 })
  }
  return {
    account_tax_ids: asked.account_tax_ids === undefined ? before.account_tax_ids : asked.account_tax_ids || null,
    custom_fields: asked.custom_fields === undefined ? before.custom_fields : asked.custom_fields || null,
    description: asked.description === undefined ? before.description : asked.description || null,
    footer: asked.footer === undefined ? before.footer : asked.footer || null,
    issuer: { type: 'self' },
  }
}

export function trialSettings(asked: NonNullable<Asked['trial_settings']> | undefined): Subscription['trial_settings'] {
  const { billing_cycle_anchor: anchor, missing_payment_method: missing } = asked?.end_behavior ?? {}
  return { end_behavior: { billing_cycle_anchor: anchor ?? null, missing_payment_method: missing ?? 'create_invoice' } }
}

function pendingInterval(
  transaction: Transaction,
  asked: Exclude<Asked['pending_invoice_item_interval'], undefined>,
): Fields {
  if (asked === '' || asked === null)
    return { next_pending_invoice_item_invoice: null, pending_invoice_item_interval: null }
  const interval = { interval: asked.interval, interval_count: asked.interval_count ?? 1 }
  return {
    next_pending_invoice_item_invoice: nextPendingInvoice(transaction.now, interval),
    pending_invoice_item_interval: interval,
  }
}

/** When what is pending is next billed by itself. */
export function nextPendingInvoice(
  from: number,
  { interval, interval_count: count }: NonNullable<Subscription['pending_invoice_item_interval']>,
): number {
  if (isUnit(interval)) return boundaryAt(from, { unit: interval, count }, 1)
  const message = 'Invalid pending_invoice_item_interval[interval]: must be one of day, week, month, or year'
  throw invalidRequest(message, { param: 'pending_invoice_item_interval[interval]' })
}

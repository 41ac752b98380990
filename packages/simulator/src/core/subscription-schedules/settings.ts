import type Stripe from 'stripe'
import type { Records } from '../records.js'
import { readPaymentMethod } from '../subscriptions/payment-method.js'
import type { Transaction } from '../transaction.js'

type Settings = Records['subscription_schedules']['default_settings']
type Asked = Stripe.SubscriptionScheduleCreateParams.DefaultSettings
type InvoiceSettings = Settings['invoice_settings']

const plainInvoices: InvoiceSettings = {
  account_tax_ids: null,
  custom_fields: null,
  days_until_due: null,
  description: null,
  footer: null,
  issuer: { type: 'self' },
}

/** What phases fall back to. */
export const plainSettings: Settings = {
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor: 'automatic',
  billing_thresholds: null,
  collection_method: 'charge_automatically',
  default_payment_method: null,
  description: null,
  invoice_settings: plainInvoices,
  on_behalf_of: null,
  transfer_data: null,
}

export function automaticTax(enabled: boolean): NonNullable<Settings['automatic_tax']> {
  return { disabled_reason: null, enabled, liability: enabled ? { type: 'self' } : null }
}

export function thresholds(asked: Asked['billing_thresholds']): Settings['billing_thresholds'] {
  if (asked === undefined || asked === '' || asked === null) return null
  return { amount_gte: asked.amount_gte ?? null, reset_billing_cycle_anchor: asked.reset_billing_cycle_anchor ?? null }
}

export function invoiceSettingsOf(
  asked: NonNullable<Asked['invoice_settings']>,
  before: InvoiceSettings = plainInvoices,
): InvoiceSettings {
  return {
    account_tax_ids: asked.account_tax_ids === undefined ? before.account_tax_ids : asked.account_tax_ids || null,
    custom_fields: asked.custom_fields === undefined ? before.custom_fields : asked.custom_fields || null,
    days_until_due: asked.days_until_due ?? before.days_until_due,
    description: asked.description === undefined ? before.description : asked.description || null,
    footer: asked.footer === undefined ? before.footer : asked.footer || null,
    issuer: { type: 'self' },
  }
}

export function readSettings(
  transaction: Transaction,
  asked: Asked | undefined,
  { before, customer }: { before: Settings; customer: string },
): Settings {
  if (asked === undefined) return before
  const { default_payment_method: method, invoice_settings: invoices } = asked
  return {
    ...before,
    ...(asked.automatic_tax !== undefined && { automatic_tax: automaticTax(asked.automatic_tax.enabled) }),
    billing_cycle_anchor: asked.billing_cycle_anchor ?? before.billing_cycle_anchor,
    ...(asked.billing_thresholds !== undefined && { billing_thresholds: thresholds(asked.billing_thresholds) }),
    collection_method: asked.collection_method ?? before.collection_method,
    ...(method !== undefined && { default_payment_method: readPaymentMethod(transaction, method, customer) }),
    ...(asked.description !== undefined && { description: asked.description || null }),
    ...(invoices !== undefined && { invoice_settings: invoiceSettingsOf(invoices, before.invoice_settings) }),
  }
}

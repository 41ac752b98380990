import { settingsOf } from '../account-settings.js'
import { livingDiscounts } from '../discounts/discounts.js'
import { billingOptions } from '../payments/billing-options.js'
import type { Records } from '../records.js'
import { taxLocationOf } from '../taxes/automatic.js'
import type { Transaction } from '../transaction.js'
import type { UnixSeconds } from '../unix-seconds.js'
import type { Invoice, InvoiceDraft } from './invoice-draft.js'
import { isAwaited } from './webhooks-delivered.js'

/** A draft without lines: everything that is known of it before amounts are. */
export function blankInvoice(transaction: Transaction, draft: InvoiceDraft, id: string): Invoice {
  const customer = transaction.load('customers', draft.customer)
  return {
    ...constant,
    id,
    account_name: settingsOf(transaction).businessName,
    auto_advance: draft.autoAdvance,
    account_tax_ids: draft.subscription?.invoice_settings.account_tax_ids ?? null,
    automatic_tax: automaticTaxFields(customer, draft.subscription?.automatic_tax.enabled === true),
    automatically_finalizes_at: draft.autoAdvance ? draft.finalizesAt : null,
    billing_reason: draft.reason,
    collection_method: draft.collectionMethod,
    created: transaction.now,
    currency: draft.currency,
    customer: customer.id,
    ...customerFields(transaction, customer),
    default_payment_method: draft.defaultPaymentMethod ?? null,
    default_tax_rates: draft.subscription?.default_tax_rates ?? [],
    description: draft.subscription?.invoice_settings.description ?? draft.description ?? null,
    discounts: discountsOf(transaction, draft, customer),
    custom_fields: draft.subscription?.invoice_settings.custom_fields ?? customer.invoice_settings.custom_fields,
    footer: draft.subscription?.invoice_settings.footer ?? customer.invoice_settings.footer,
    due_date: draft.dueDays === undefined ? null : transaction.now + draft.dueDays * 86_400,
    lines: { object: 'list', data: [], has_more: false, url: '' },
    metadata: draft.metadata ?? {},
    next_payment_attempt: draft.collectionMethod === 'charge_automatically' ? nextAttempt(draft) : null,
    parent: parentOf(draft),
    payment_settings: paymentSettingsOf(draft),
    period_start: draft.period.start,
    period_end: draft.period.end,
    rendering: draft.subscription === undefined ? byPrinter : null,
    test_clock: customer.test_clock ?? null,
    webhooks_delivered_at: isAwaited(transaction) ? null : transaction.now,
    ...draft.more,
  }
}

type CustomerFields = Pick<
  Invoice,
  | 'customer_address'
  | 'customer_email'
  | 'customer_name'
  | 'customer_phone'
  | 'customer_shipping'
  | 'customer_tax_exempt'
  | 'customer_tax_ids'
>

function customerFields(transaction: Transaction, customer: Records['customers']): CustomerFields {
  return {
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping ?? null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: transaction.by('tax_ids', 'customer', customer.id).map(({ type, value }) => ({ type, value })),
  }
}

/** What an invoice says of its customer, as they are now: a draft follows them, a final invoice no more. */
export function customerOnInvoice(
  transaction: Transaction,
  invoice: Invoice,
): CustomerFields & Pick<Invoice, 'automatic_tax'> {
  const customer = transaction.load('customers', invoice.customer ?? '')
  const { enabled } = invoice.automatic_tax
  return { ...customerFields(transaction, customer), automatic_tax: automaticTaxFields(customer, enabled) }
}

/** A subscription's discounts take the place of its customer's. */
function discountsOf(transaction: Transaction, draft: InvoiceDraft, customer: Records['customers']): readonly string[] {
  if (draft.discounts !== undefined) return draft.discounts
  const own = livingDiscounts(transaction, draft.subscription?.discounts ?? [])
  if (own.length > 0) return own
  return livingDiscounts(transaction, customer.discount == null ? [] : [customer.discount.id])
}

/** Whether taxes are worked out, and whether the customer's address says enough for that. */
export function automaticTaxFields(customer: Records['customers'], enabled: boolean): Invoice['automatic_tax'] {
  if (!enabled) return constant.automatic_tax
  const status = taxLocationOf(customer) === null ? 'requires_location_inputs' : 'complete'
  return { disabled_reason: null, enabled, liability: { type: 'self' }, provider: 'stripe', status }
}

function nextAttempt(draft: InvoiceDraft): UnixSeconds | null {
  return draft.autoAdvance ? draft.finalizesAt : null
}

function parentOf({ subscription }: InvoiceDraft): Invoice['parent'] {
  if (subscription === undefined) return null
  const { id, metadata, prorationDate } = subscription
  const details = { metadata, subscription: id }
  return {
    type: 'subscription_details',
    quote_details: null,
    subscription_details:
      prorationDate === undefined ? details : { ...details, subscription_proration_date: prorationDate },
  }
}

function paymentSettingsOf({ subscription }: InvoiceDraft): Invoice['payment_settings'] {
  const { payment_method_options: options = null, payment_method_types: types = null } =
    subscription?.payment_settings ?? {}
  return {
    default_mandate: null,
    payment_method_options: options === null ? null : billingOptions(options),
    payment_method_types: types,
  }
}

const byPrinter = {
  amount_tax_display: null,
  pdf: { page_size: 'auto' },
  template: null,
  template_version: null,
} as const satisfies Invoice['rendering']

const constant = {
  object: 'invoice',
  account_country: 'US',
  account_tax_ids: null,
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_paid_off_stripe: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  confirmation_secret: null,
  custom_fields: null,
  customer_account: null,
  customer_tax_ids: [],
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  number: null,
  on_behalf_of: null,
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  status: 'draft',
  status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
} as const satisfies Partial<Invoice>

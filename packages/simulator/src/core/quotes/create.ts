import type Stripe from 'stripe'
import { checkRedemption } from '../catalogue/redemption.js'
import { requireCustomer } from '../customers/customers.js'
import { invalidRequest, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { AskedReduction, QuoteDetails } from '../private-records.js'
import type { Records } from '../records.js'
import { readTaxRates } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'
import { amountsOf } from './amounts.js'
import { readItems } from './line-items.js'

export type Quote = Records['quotes']
/** What creating and updating have in common. */
export interface QuoteParams extends Omit<Stripe.QuoteUpdateParams, 'subscription_data'> {
  readonly subscription_data?: SubscriptionDataParams
}

interface SubscriptionDataParams extends Stripe.QuoteUpdateParams.SubscriptionData {
  readonly billing_mode?: Stripe.QuoteCreateParams.SubscriptionData.BillingMode
}

const DAY = 24 * 3600

/** How long a quote holds when it does not say. */
const LIFETIME = 30 * DAY

/** Parts of a quote that only exist with connected accounts. */
const CONNECT = ['application_fee_amount', 'application_fee_percent', 'on_behalf_of', 'transfer_data'] as const

export function blankQuote(transaction: Transaction, id: string): Quote {
  const nothing = { amount_discount: 0, amount_shipping: 0, amount_tax: 0 }
  return {
    id,
    object: 'quote',
    amount_subtotal: 0,
    amount_total: 0,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    collection_method: 'charge_automatically',
    computed: { recurring: null, upfront: { amount_subtotal: 0, amount_total: 0, total_details: nothing } },
    created: transaction.now,
    currency: null,
    customer: null,
    customer_account: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    expires_at: transaction.now + LIFETIME,
    footer: null,
    from_quote: null,
    header: null,
    invoice: null,
    invoice_settings: {
      custom_fields: null,
      days_until_due: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    livemode: false,
    metadata: {},
    number: null,
    on_behalf_of: null,
    status: 'draft',
    status_transitions: { accepted_at: null, canceled_at: null, finalized_at: null },
    subscription: null,
    subscription_data: {
      billing_mode: { type: 'flexible', flexible: { proration_discounts: 'included' } },
      description: null,
      effective_date: null,
      metadata: null,
      trial_period_days: null,
    },
    subscription_schedule: null,
    test_clock: null,
    total_details: nothing,
    transfer_data: null,
  }
}

/** Writes a quote as a request changes it, with all amounts worked out anew. */
export function writeQuote(
  transaction: Transaction,
  before: { readonly quote: Quote; readonly details: Pick<QuoteDetails, 'discounts' | 'items'> },
  params: QuoteParams,
): Quote {
  refuseConnect(params)
  const { id } = before.quote
  const customer = customerAfter(transaction, before.quote, params.customer)
  const items =
    params.line_items === undefined
      ? before.details.items
      : readItems(transaction, params.line_items, before.details.items)
  const currency = items[0]?.price.currency ?? null
  const discounts = params.discounts === undefined ? before.details.discounts : params.discounts || []
  const quote = {
    ...before.quote,
    ...wordingAfter(params),
    ...settingsAfter(transaction, before.quote, params),
    currency,
    customer,
    test_clock:
      customer === null ? before.quote.test_clock : (transaction.load('customers', customer).test_clock ?? null),
  }
  const amounts = amountsOf(transaction, { items, discounts, quote }, customer)
  const { breakdowns, fields, lineItems, upfront } = amounts
  for (const breakdown of amounts.ofItems) transaction.put('item_breakdowns', breakdown)
  const ids =
    params.discounts === undefined
      ? before.quote.discounts
      : discountIds(transaction, discounts, { customer, currency, subtotal: fields.amount_subtotal })
  transaction.put('quote_details', { id, items, discounts, lineItems, upfront, breakdowns })
  return transaction.put('quotes', { ...quote, ...fields, discounts: ids })
}

function refuseConnect(params: QuoteParams): void {
  for (const name of CONNECT) if (params[name]) throw notSimulated(`The parameter ${name}`, name)
}

/** Once a quote is somebody's it stays so. */
function customerAfter(
  transaction: Transaction,
  { customer: before }: Quote,
  asked: string | undefined,
): string | null {
  if (asked === undefined) return before
  if (before === null || before === asked) return requireCustomer(transaction, asked, 'customer').id
  throw invalidRequest('The customer of a quote cannot be changed once it is set.', { param: 'customer' })
}

/** The discounts that the quote shows. Its coupons are redeemed only when it is accepted. */
function discountIds(
  transaction: Transaction,
  asked: readonly AskedReduction[],
  place: { readonly customer: string | null; readonly currency: string | null; readonly subtotal: number },
): string[] {
  return asked.map((reduction, index) => {
    if (reduction.discount !== undefined) return reduction.discount
    const { customer, currency, subtotal } = place
    const redemption = { customer, currency: currency ?? undefined, subtotal, param: `discounts[${index}]` }
    const { coupon, promotionCode } = checkRedemption(transaction, reduction, redemption)
    return transaction.put('discounts', {
      id: transaction.newId('di'),
      object: 'discount',
      checkout_session: null,
      customer,
      customer_account: null,
      end: null,
      endedAt: null,
      invoice: null,
      invoice_item: null,
      promotion_code: promotionCode?.id ?? null,
      source: { coupon: coupon.id, type: 'coupon' },
      start: transaction.now,
      subscription: null,
      subscription_item: null,
    }).id
  })
}

function wordingAfter(params: QuoteParams): Partial<Quote> {
  const { description, footer, header } = params
  return {
    ...(description !== undefined && { description: description || null }),
    ...(footer !== undefined && { footer: footer || null }),
    ...(header !== undefined && { header: header || null }),
  }
}

function settingsAfter(transaction: Transaction, before: Quote, params: QuoteParams): Partial<Quote> {
  const { automatic_tax: tax, collection_method: method, default_tax_rates: rates, expires_at: expiresAt } = params
  if (expiresAt !== undefined && expiresAt <= transaction.now) {
    throw invalidRequest('`expires_at` must be in the future.', { param: 'expires_at' })
  }
  return {
    ...(tax !== undefined && { automatic_tax: taxAfter(tax.enabled) }),
    ...(method !== undefined && { collection_method: method }),
    ...(rates !== undefined && {
      default_tax_rates: readTaxRates(transaction, rates, 'default_tax_rates').map(({ id }) => id),
    }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    invoice_settings: invoiceSettingsAfter(before.invoice_settings, params.invoice_settings),
    metadata: mergeMetadata(before.metadata, params.metadata),
    subscription_data: subscriptionDataAfter(transaction, before.subscription_data, params.subscription_data),
  }
}

function taxAfter(enabled: boolean): Quote['automatic_tax'] {
  if (!enabled) return { enabled, liability: null, provider: null, status: null }
  return { enabled, liability: { type: 'self' }, provider: 'stripe', status: 'complete' }
}

function invoiceSettingsAfter(
  before: Quote['invoice_settings'],
  params: QuoteParams['invoice_settings'] = {},
): Quote['invoice_settings'] {
  const { custom_fields: fields, days_until_due: days, description, footer } = params
  return {
    ...before,
    ...(fields !== undefined && { custom_fields: fields || null }),
    ...(days !== undefined && { days_until_due: days }),
    ...(description !== undefined && { description: description || null }),
    ...(footer !== undefined && { footer: footer || null }),
  }
}

function subscriptionDataAfter(
  transaction: Transaction,
  before: Quote['subscription_data'],
  params: SubscriptionDataParams = {},
): Quote['subscription_data'] {
  const { billing_mode: mode, description, effective_date: date, metadata, trial_period_days: trial } = params
  if (date === 'current_period_end') throw notSimulated('current_period_end', 'subscription_data[effective_date]')
  if (typeof date === 'number' && date < transaction.now) {
    throw invalidRequest('`effective_date` cannot be in the past.', { param: 'subscription_data[effective_date]' })
  }
  return {
    ...before,
    ...(mode !== undefined && { billing_mode: billingModeOf(mode) }),
    ...(description !== undefined && { description: description || null }),
    ...(date !== undefined && { effective_date: date || null }),
    ...(metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, metadata) }),
    ...(trial !== undefined && { trial_period_days: trial || null }),
  }
}

function billingModeOf(
  mode: NonNullable<SubscriptionDataParams['billing_mode']>,
): Quote['subscription_data']['billing_mode'] {
  if (mode.type === 'classic') return { type: 'classic' }
  return { type: mode.type, flexible: { proration_discounts: mode.flexible?.proration_discounts ?? 'included' } }
}

import { settingsOf } from '../account-settings.js'
import { checkedEmail } from '../customers/customers.js'
import { invalidRequest } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { createSetupIntent } from '../payments/setup-intents.js'
import type { CheckoutOrder } from '../private-records.js'
import { taxLocationOf } from '../taxes/automatic.js'
import type { Transaction } from '../transaction.js'
import { requireChargeable } from './amounts.js'
import { readDiscounts } from './discounts.js'
import { featuresOf } from './features.js'
import { readLineItems, type ReadItems } from './line-items.js'
import { methodOptionsOf, methodTypesOf } from './methods.js'
import type { CreateParams } from './create-params.js'
import { readOptionalItems, shownOptionalItems } from './optional-items.js'
import { checkParams } from './params.js'
import { reprice } from './reprice.js'
import { customerDetails, pageOf, plain, type CheckoutSession } from './session.js'
import { readShippingOptions, shippingCostOf } from './shipping.js'
import { checkTrial, readExpiry } from './timing.js'

/** What no request can say, and a payment link or an expired session can. */
export interface Origin {
  readonly paymentLink?: string
  readonly recoveredFrom?: string
}

/**
 * Opens a page on which somebody can pay. Nothing is bought yet: subscription, invoice and payment come when it is paid.
 * The session's own life runs on the world's clock, also for a customer of a test clock: the page is open in real time.
 */
export function createCheckoutSession(transaction: Transaction, params: CreateParams): CheckoutSession {
  checkParams(params)
  return openSession(transaction, params)
}

/** The same for parameters that were found good before. */
export function openSession(transaction: Transaction, params: CreateParams, origin: Origin = {}): CheckoutSession {
  const { customer, mode = 'payment' } = params
  const expiresAt = readExpiry(params.expires_at, transaction.now)
  if (customer !== undefined) requireTaxable(transaction, customer, params)
  transaction.enterClockOf(customer ?? null)
  checkTrial(params.subscription_data, transaction.now)
  transaction.enterClock(null)
  const items = mode === 'setup' ? { lineItems: [], asked: [] } : readLineItems(transaction, params)
  const id = transaction.newId('cs_test')
  const currency = items.lineItems.length === 0 ? (params.currency?.toLowerCase() ?? null) : currencyOf(params, items)
  const optional = readOptionalItems(transaction, params, currency ?? '')
  transaction.put('checkout_orders', orderOf(transaction, params, { id, items, optional }))
  const session = sessionOf(transaction, params, { id, currency, expiresAt, origin })
  const shown = optional.length === 0 ? null : shownOptionalItems(optional)
  transaction.put('checkout_sessions', { ...session, optional_items: shown })
  transaction.schedule({ kind: 'checkout_session.expire', at: expiresAt, subject: id })
  return withAmounts(transaction, session, params)
}

/** Where tax is worked out, it must be known where the customer is, or the page must be allowed to tell them of it. */
function requireTaxable(transaction: Transaction, id: string, params: CreateParams): void {
  const customer = transaction.require('customers', id, { kind: 'customer', param: 'customer' })
  const { automatic_tax: tax, customer_update: update = {} } = params
  if (tax?.enabled !== true || update.address === 'auto' || update.shipping === 'auto') return
  if (taxLocationOf(customer) !== null) return
  throw invalidRequest(
    'Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer ' +
      "or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address " +
      'entered in Checkout to the Customer.',
    { code: 'customer_tax_location_invalid', param: 'automatic_tax' },
  )
}

function currencyOf({ currency }: CreateParams, { lineItems }: ReadItems): string {
  return currency?.toLowerCase() ?? lineItems[0]?.price?.currency ?? ''
}

function orderOf(
  transaction: Transaction,
  params: CreateParams,
  {
    id,
    items,
    optional,
  }: { readonly id: string; readonly items: ReadItems; readonly optional: ReadItems['lineItems'] },
): CheckoutOrder {
  const rates = items.lineItems.map((item, index) => [item.id, items.asked[index]?.tax_rates ?? []] as const)
  return {
    id,
    lineItems: items.lineItems,
    optionalItems: optional,
    asked: { ...params, ...(items.asked.length > 0 && { line_items: [...items.asked] }) },
    taxRates: Object.fromEntries(rates.filter(([, own]) => own.length > 0)),
    chosenAmounts: {},
    taxedFor: null,
    formToken: transaction.newId('form'),
    attempt: null,
  }
}

function withAmounts(
  transaction: Transaction,
  { id, mode, currency }: CheckoutSession,
  params: CreateParams,
): CheckoutSession {
  if (mode === 'setup') return transaction.load('checkout_sessions', id)
  const { amount_subtotal: subtotal } = reprice(transaction, id)
  const about = { customer: params.customer ?? null, currency, subtotal: subtotal ?? 0 }
  const options = readShippingOptions(transaction, params.shipping_options ?? [], currency)
  transaction.patch('checkout_sessions', id, {
    discounts: readDiscounts(transaction, params.discounts, about),
    shipping_options: options,
    shipping_cost: shippingCostOf(options, null),
  })
  const session = reprice(transaction, id)
  requireChargeable(session.amount_total ?? 0, currency ?? '')
  return session
}

function sessionOf(
  transaction: Transaction,
  params: CreateParams,
  made: { readonly id: string; readonly currency: string | null; readonly expiresAt: number; readonly origin: Origin },
): CheckoutSession {
  const { mode = 'payment' } = params
  const types = methodTypesOf(params, made.currency)
  return {
    ...blank,
    ...featuresOf(params),
    ...payerOf(transaction, params),
    ...placesOf(transaction, params, made.id),
    id: made.id,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: transaction.now,
    currency: made.currency,
    ...(params.excluded_payment_method_types !== undefined && {
      excluded_payment_method_types: params.excluded_payment_method_types,
    }),
    expires_at: made.expiresAt,
    integration_identifier: params.integration_identifier ?? null,
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    mode,
    origin_context: params.origin_context ?? null,
    payment_link: made.origin.paymentLink ?? null,
    payment_method_collection: params.payment_method_collection ?? (mode === 'payment' ? 'if_required' : 'always'),
    payment_method_options: methodOptionsOf(params, types),
    payment_method_types: types,
    recovered_from: made.origin.recoveredFrom ?? null,
    setup_intent: mode === 'setup' ? setupIntentFor(transaction, params) : null,
    wallet_options: params.wallet_options ?? null,
  }
}

/** What every part above sets anew. */
const blank = {
  ...plain,
  after_expiration: null,
  allow_promotion_codes: null,
  amount_subtotal: null,
  amount_total: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  consent_collection: null,
  custom_fields: [],
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  invoice_creation: null,
  saved_payment_method_options: null,
  shipping_address_collection: null,
  submit_type: null,
  total_details: null,
} as const

type Places = Pick<
  CheckoutSession,
  'cancel_url' | 'client_secret' | 'redirect_on_completion' | 'return_url' | 'success_url' | 'ui_mode' | 'url'
>

/** A page of Stripe's has an address; one inside of the application's page has a secret instead. */
function placesOf(transaction: Transaction, params: CreateParams, id: string): Places {
  const { ui_mode: uiMode = 'hosted_page', redirect_on_completion: redirect = 'always', return_url: back } = params
  if (uiMode === 'hosted_page') {
    return {
      cancel_url: params.cancel_url ?? null,
      client_secret: null,
      success_url: params.success_url ?? null,
      ui_mode: uiMode,
      url: pageOf(settingsOf(transaction).origin, id),
    }
  }
  return {
    cancel_url: null,
    client_secret: `${id}_${transaction.newId('secret')}`,
    redirect_on_completion: redirect,
    ...(back !== undefined && { return_url: back }),
    success_url: null,
    ui_mode: uiMode,
    url: null,
  }
}

function payerOf(
  transaction: Transaction,
  params: CreateParams,
): Pick<CheckoutSession, 'customer' | 'customer_creation' | 'customer_details' | 'customer_email'> {
  const { customer: id, mode } = params
  if (id !== undefined) {
    const { email } = transaction.load('customers', id)
    const details = customerDetails(email === null ? {} : { email })
    return { customer: id, customer_creation: null, customer_details: details, customer_email: null }
  }
  const email = checkedEmail(params.customer_email)
  return {
    customer: null,
    customer_creation: mode === 'subscription' ? 'always' : (params.customer_creation ?? 'if_required'),
    customer_details: email === null ? null : customerDetails({ email }),
    customer_email: email,
  }
}

function setupIntentFor(transaction: Transaction, params: CreateParams): string {
  const { description, metadata } = params.setup_intent_data ?? {}
  return createSetupIntent(transaction, {
    customer: params.customer ?? null,
    usage: 'off_session',
    metadata,
    ...(description !== undefined && { description }),
  }).id
}

import { settingsOf } from '../account-settings.js'
import { checkedEmail } from '../customers/customers.js'
import { mergeMetadata } from '../metadata.js'
import { createSetupIntent } from '../payments/setup-intents.js'
import type { Transaction } from '../transaction.js'
import { readLineItems, requireChargeable, totalOf, type LineItem } from './line-items.js'
import { checkParams, checkTrial, readExpiry, type CreateParams } from './params.js'
import { customerDetails, invoiceCreationOf, plain, type CheckoutSession } from './session.js'

/**
 * Opens a page on which somebody can pay. Nothing is bought yet: subscription, invoice and payment come when it is paid.
 * The session's own life runs on the world's clock, also for a customer of a test clock: the page is open in real time.
 */
export function createCheckoutSession(transaction: Transaction, params: CreateParams): CheckoutSession {
  checkParams(params)
  const { customer, mode = 'payment' } = params
  const expiresAt = readExpiry(params.expires_at, transaction.now)
  if (customer !== undefined) transaction.require('customers', customer, { kind: 'customer', param: 'customer' })
  transaction.enterClockOf(customer ?? null)
  checkTrial(params.subscription_data, transaction.now)
  transaction.enterClock(null)
  const lineItems = mode === 'setup' ? [] : readLineItems(transaction, params)
  const id = transaction.newId('cs_test')
  transaction.put('checkout_orders', {
    id,
    lineItems,
    asked: {
      customer_update: params.customer_update ?? {},
      payment_intent_data: params.payment_intent_data ?? {},
      subscription_data: params.subscription_data ?? {},
    },
    formToken: transaction.newId('form'),
    attempt: null,
  })
  const session = transaction.put('checkout_sessions', sessionOf(transaction, params, { id, lineItems, expiresAt }))
  transaction.schedule({ kind: 'checkout_session.expire', at: expiresAt, subject: id })
  return session
}

function sessionOf(
  transaction: Transaction,
  params: CreateParams,
  made: { readonly id: string; readonly lineItems: readonly LineItem[]; readonly expiresAt: number },
): CheckoutSession {
  const { mode = 'payment' } = params
  return {
    ...plain,
    ...amountsOf(params, made.lineItems),
    ...payerOf(transaction, params),
    id: made.id,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: transaction.now,
    ...(params.excluded_payment_method_types !== undefined && {
      excluded_payment_method_types: params.excluded_payment_method_types,
    }),
    expires_at: made.expiresAt,
    integration_identifier: params.integration_identifier ?? null,
    invoice_creation: invoiceCreationOf(mode),
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    mode,
    origin_context: params.origin_context ?? null,
    payment_method_collection: params.payment_method_collection ?? (mode === 'payment' ? 'if_required' : 'always'),
    setup_intent: mode === 'setup' ? setupIntentFor(transaction, params) : null,
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    url: `${settingsOf(transaction).origin}/c/pay/${made.id}`,
  }
}

function amountsOf(
  params: CreateParams,
  lineItems: readonly LineItem[],
): Pick<CheckoutSession, 'amount_subtotal' | 'amount_total' | 'currency' | 'total_details'> {
  const [first] = lineItems
  if (first === undefined) {
    const currency = params.currency?.toLowerCase() ?? null
    return { amount_subtotal: null, amount_total: null, currency, total_details: null }
  }
  const total = totalOf(lineItems)
  requireChargeable(total, first.currency, params.mode)
  return {
    amount_subtotal: total,
    amount_total: total,
    currency: first.currency,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  }
}

function payerOf(
  transaction: Transaction,
  params: CreateParams,
): Pick<CheckoutSession, 'customer' | 'customer_creation' | 'customer_details' | 'customer_email'> {
  const { customer: id, mode } = params
  if (id !== undefined) {
    const { email } = transaction.load('customers', id)
    return { customer: id, customer_creation: null, customer_details: customerDetails({ email }), customer_email: null }
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

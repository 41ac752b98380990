import { amountInWords, MAXIMUM_CHARGE, minimumCharge, requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, StripeError } from '../error.js'
import { methodTypeOf } from './method-types.js'
import type { Records } from '../records.js'

type PaymentIntent = Records['payment_intents']

/** What a new payment intent has when nothing else was asked for. */
export const blankIntent = {
  object: 'payment_intent',
  allowed_payment_method_types: null,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  customer_account: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: {
    card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
  },
  payment_method_types: ['card'],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'requires_payment_method',
  transfer_data: null,
  transfer_group: null,
} as const

/** Refuses an amount that Stripe would not charge. */
export function refuseBadAmount({ amount, currency }: { readonly amount: number; readonly currency: string }): void {
  requireCurrency(currency)
  if (amount < 1) {
    const message =
      'The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency ' +
      'set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment Method ' +
      'for future use without an immediate payment, use a Setup Intent instead: ' +
      'https://docs.stripe.com/payments/setup-intents'
    throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'amount' })
  }
  const least = minimumCharge(currency)
  if (amount < least) {
    const message = `Amount must be at least ${amountInWords(least, currency)}`
    throw invalidRequest(message, { code: 'amount_too_small', param: 'amount' })
  }
  if (amount > MAXIMUM_CHARGE) {
    const message = `Amount must be no more than ${amountInWords(MAXIMUM_CHARGE, currency)}`
    throw invalidRequest(message, { code: 'amount_too_large', param: 'amount' })
  }
}

/** Refuses a type of payment method that an intent was narrowed down not to have. */
export function requireAllowed(
  kind: 'PaymentIntent' | 'SetupIntent',
  intent: PaymentIntent | Records['setup_intents'],
  type: string,
): void {
  const { allowed_payment_method_types: allowed, excluded_payment_method_types: excluded } = intent
  if ((allowed === null || allowed.includes(type)) && excluded?.includes(type) !== true) return
  const others = allowed === null ? ' of another type' : ` of one of the following types: ${allowed.join(', ')}`
  const message = `The PaymentMethod provided (${type}) is not allowed for this ${kind}. Please attach a PaymentMethod${others}.`
  throw invalidRequest(message, { param: 'payment_method' })
}

/** Refuses a type of payment method that this payment cannot be made with. */
export function requireTakes(intent: PaymentIntent, type: string): void {
  requireAllowed('PaymentIntent', intent, type)
  const { currency } = intent
  const { currencies } = methodTypeOf(type) ?? {}
  if (currencies !== undefined && !currencies.includes(currency)) {
    const message =
      `The currency provided (${currency}) is invalid. Payments with ${type} support the following currencies: ` +
      `${currencies.join(', ')}.`
    throw invalidRequest(message, { param: 'currency' })
  }
  if (intent.capture_method === 'manual' && methodTypeOf(type)?.flow === 'debit') {
    throw invalidRequest(`Payments with ${type} cannot be captured manually.`, { param: 'capture_method' })
  }
}

/** The statuses in which a payment intent can be confirmed. */
export const CONFIRMABLE_WHEN = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** Refuses a verb that the payment intent's status does not allow, in Stripe's words. */
export function requireStatus(intent: PaymentIntent, verb: string, allowed: readonly string[]): void {
  if (allowed.includes(intent.status)) return
  if (intent.status === 'succeeded' && verb === 'confirm') {
    const message =
      'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
    throw unexpectedState(intent, message)
  }
  const past = PAST[verb] ?? verb
  const subject =
    verb === 'cancel' || verb === 'confirm'
      ? `You cannot ${verb} this PaymentIntent`
      : `This PaymentIntent could not be ${past}`
  const message =
    `${subject} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ` +
    `${past}: ${allowed.join(', ')}.`
  throw unexpectedState(intent, message)
}

const PAST: Readonly<Record<string, string>> = {
  cancel: 'canceled',
  capture: 'captured',
  confirm: 'confirmed',
  increment: 'incremented',
}

type SetupIntent = Records['setup_intents']

/** The intent is not in a state for what was asked. */
export function unexpectedState(intent: PaymentIntent | SetupIntent, message: string): StripeError {
  const details = {
    code: `${intent.object}_unexpected_state`,
    message,
    ...(intent.object === 'payment_intent' ? { payment_intent: intent } : { setup_intent: intent }),
  }
  return new StripeError(400, { type: 'invalid_request_error', ...details })
}

/** Refuses that the customer comes back from a bank that did not wait for them. */
export function requireWaitingForBank(intent: PaymentIntent | SetupIntent): void {
  if (intent.status === 'requires_action') return
  throw unexpectedState(
    intent,
    `This ${nameOf(intent)} has a status of ${intent.status} and waits for no authentication.`,
  )
}

/** Refuses deposits for an account that waits for none. */
export function requireWaitingForDeposits(intent: PaymentIntent | SetupIntent): void {
  if (intent.next_action?.type === 'verify_with_microdeposits') return
  throw unexpectedState(intent, `This ${nameOf(intent)} does not wait for microdeposits to be verified.`)
}

function nameOf({ object }: PaymentIntent | SetupIntent): string {
  return object === 'payment_intent' ? 'PaymentIntent' : 'SetupIntent'
}

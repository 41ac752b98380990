import { amountInWords, MAXIMUM_CHARGE, minimumCharge, requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, StripeError } from '../error.js'
import type { Records } from '../records.js'

type PaymentIntent = Records['payment_intents']

/** How a payment intent says when the bank is to see the customer; nothing when nothing was asked. */
export function requestedOptions(
  request: 'any' | 'automatic' | 'challenge' | undefined,
): Pick<Partial<PaymentIntent>, 'payment_method_options'> {
  if (request === undefined) return {}
  const card = { installments: null, mandate_options: null, network: null, request_three_d_secure: request }
  return { payment_method_options: { card } }
}

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

/** Refuses a verb that the payment intent's status does not allow, in Stripe's words. */
export function requireStatus(intent: PaymentIntent, verb: string, allowed: readonly string[]): void {
  if (allowed.includes(intent.status)) return
  if (intent.status === 'succeeded' && verb === 'confirm') {
    const message =
      'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
    throw unexpectedState(intent, message)
  }
  const past = PAST[verb] ?? verb
  const message =
    `This PaymentIntent could not be ${past} because it has a status of ${intent.status}. Only a PaymentIntent with one ` +
    `of the following statuses may be ${past}: ${allowed.join(', ')}.`
  throw unexpectedState(intent, message)
}

const PAST: Readonly<Record<string, string>> = { cancel: 'canceled', capture: 'captured', confirm: 'confirmed' }

/** The payment intent is not in a state for what was asked. */
export function unexpectedState(intent: PaymentIntent, message: string): StripeError {
  const details = { code: 'payment_intent_unexpected_state', message, payment_intent: intent }
  return new StripeError(400, { type: 'invalid_request_error', ...details })
}

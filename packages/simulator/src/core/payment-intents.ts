import { createCharge } from './charges.js'
import { MAXIMUM_CHARGE, minimumCharge } from './arithmetic/currency.js'
import { settingsOf } from './account-settings.js'
import { isHardDecline, testCardOf, type Decline } from './cards.js'
import { invalidRequest, type StripeErrorBody } from './error.js'
import { mergeMetadata } from './metadata.js'
import type { Records } from './records.js'
import type { Transaction } from './transaction.js'

export type PaymentIntent = Records['payment_intents']

/** What came of an attempt to take the money. */
export interface PaymentResult {
  readonly status: 'succeeded' | 'requires_action' | 'failed'
  readonly paymentIntent: PaymentIntent
  readonly error?: StripeErrorBody
}

export interface NewPaymentIntent {
  readonly amount: number
  readonly currency: string
  readonly customer: string | null
  readonly description?: string | null
  readonly metadata?: unknown
  readonly setupFutureUsage?: 'off_session' | 'on_session' | null
}

/** Makes a payment intent that waits for a payment method. */
export function createPaymentIntent(transaction: Transaction, wanted: NewPaymentIntent): PaymentIntent {
  refuseBadAmount(wanted)
  const id = transaction.newId('pi')
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: wanted.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_${transaction.newId('secret')}`,
    confirmation_method: 'automatic',
    created: transaction.now,
    currency: wanted.currency,
    customer: wanted.customer,
    customer_account: null,
    description: wanted.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata({}, wanted.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: wanted.setupFutureUsage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_group: null,
  }
  transaction.put('payment_intents', intent)
  transaction.emit('payment_intent.created', 'payment_intents', intent)
  return intent
}

function refuseBadAmount({ amount, currency }: NewPaymentIntent): void {
  const least = minimumCharge(currency)
  if (amount < least) {
    const message = `Amount must be at least ${least} ${currency}, in the currency's minor unit.`
    throw invalidRequest(message, { code: 'amount_too_small', param: 'amount' })
  }
  if (amount > MAXIMUM_CHARGE) {
    const message = `Amount must be no more than ${MAXIMUM_CHARGE} ${currency}, in the currency's minor unit.`
    throw invalidRequest(message, { code: 'amount_too_large', param: 'amount' })
  }
}

/** Tries to take the money with this card; the bank may want to see the customer first. */
export function confirmPaymentIntent(
  transaction: Transaction,
  id: string,
  options: { readonly paymentMethod: string; readonly offSession?: boolean },
): PaymentResult {
  const before = transaction.load('payment_intents', id)
  transaction.enterClockOf(before.customer)
  const intent = transaction.patch('payment_intents', id, { payment_method: options.paymentMethod })
  const behaviour = transaction.load('card_behaviours', options.paymentMethod)
  const { authentication, declines } = testCardOf(behaviour.number)
  const wantsCustomer = authentication === 'always' || (authentication === 'unless_set_up' && !behaviour.isSetUp)
  if (!wantsCustomer) return charge(transaction, intent, declines)
  if (options.offSession === true) return charge(transaction, intent, AUTHENTICATION_REQUIRED)
  const after = transaction.patch('payment_intents', id, {
    status: 'requires_action',
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { return_url: null, url: `${settingsOf(transaction).origin}/3ds/${id}` },
    },
  })
  transaction.emit('payment_intent.requires_action', 'payment_intents', after)
  return { status: 'requires_action', paymentIntent: after }
}

const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}

const AUTHENTICATION_FAILED: Omit<StripeErrorBody, 'payment_intent'> = {
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

/** The customer came back from the bank's page. */
export function authenticatePaymentIntent(
  transaction: Transaction,
  id: string,
  outcome: 'succeeded' | 'failed',
): PaymentResult {
  const intent = transaction.load('payment_intents', id)
  transaction.enterClockOf(intent.customer)
  if (intent.status !== 'requires_action' || intent.payment_method === null) {
    throw invalidRequest(`This PaymentIntent's status is ${intent.status}: nobody waits for an authentication.`)
  }
  if (outcome === 'failed') return refuse(transaction, intent, AUTHENTICATION_FAILED)
  return charge(
    transaction,
    intent,
    testCardOf(transaction.load('card_behaviours', intent.payment_method).number).declines,
  )
}

function charge(transaction: Transaction, intent: PaymentIntent, decline: Decline | undefined): PaymentResult {
  const made = createCharge(transaction, intent, decline)
  const charged = transaction.patch('payment_intents', intent.id, { latest_charge: made.id })
  if (decline !== undefined) {
    const { code, declineCode, message } = decline
    return refuse(transaction, charged, {
      type: 'card_error',
      code,
      decline_code: declineCode,
      message,
      charge: made.id,
    })
  }
  const after = transaction.patch('payment_intents', intent.id, {
    amount_received: intent.amount,
    last_payment_error: null,
    next_action: null,
    status: 'succeeded',
  })
  transaction.emit('payment_intent.succeeded', 'payment_intents', after)
  transaction.send({ type: 'payment_intent.succeeded', paymentIntent: intent.id })
  return { status: 'succeeded', paymentIntent: after }
}

function refuse(transaction: Transaction, intent: PaymentIntent, error: StripeErrorBody): PaymentResult {
  const { charge: chargeId, code, decline_code: declineCode, message } = error
  const after = transaction.patch('payment_intents', intent.id, {
    last_payment_error: {
      type: error.type,
      message,
      ...(code !== undefined && {
        code: code as NonNullable<NonNullable<PaymentIntent['last_payment_error']>['code']>,
      }),
      ...(declineCode !== undefined && { decline_code: declineCode }),
      ...(chargeId !== undefined && { charge: chargeId }),
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  transaction.emit('payment_intent.payment_failed', 'payment_intents', after)
  transaction.send({ type: 'payment_intent.failed', paymentIntent: intent.id })
  return { status: 'failed', paymentIntent: after, error }
}

/** Whether the bank's last answer forbids another try with the same card. */
export function wasHardDecline(intent: PaymentIntent): boolean {
  return isHardDecline(intent.last_payment_error?.decline_code)
}

/** Ends a payment intent that nobody will pay. */
export function cancelPaymentIntent(transaction: Transaction, intentOrId: string | PaymentIntent): PaymentIntent {
  const id = typeof intentOrId === 'string' ? intentOrId : intentOrId.id
  const before = transaction.load('payment_intents', id)
  if (before.status === 'succeeded' || before.status === 'canceled') return before
  const after = transaction.patch('payment_intents', id, {
    canceled_at: transaction.now,
    next_action: null,
    status: 'canceled',
  })
  transaction.emit('payment_intent.canceled', 'payment_intents', after)
  return after
}

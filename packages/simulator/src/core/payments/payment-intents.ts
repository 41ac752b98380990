import { cardError, needsAuthentication, redirectToBank, rememberSetUp } from './card-payment.js'
import { AUTHENTICATION_REQUIRED, isHardDecline, testCardOf, type Decline } from './cards.js'
import { captureCharge, createCharge } from './charges.js'
import { invalidRequest, notSimulated, type StripeError, type StripeErrorBody } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { blankIntent, refuseBadAmount, requireStatus, unexpectedState } from './payment-intent-rules.js'
import { attachPaymentMethod, refuseSpent, requireUsableBy, resolvePaymentMethod } from './payment-methods.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type PaymentIntent = Records['payment_intents']
type PaymentMethod = Records['payment_methods']

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
  /** The invoice that the payment is for. */
  readonly orderReference?: string
  /** What only `POST /v1/payment_intents` can ask for. */
  readonly fields?: Partial<PaymentIntent>
}

export interface Confirmation {
  /** The payment method, or its magic name; left out, the one that the payment intent has. */
  readonly paymentMethod?: string
  readonly offSession?: boolean
  readonly returnUrl?: string | null
  /**
   * What becomes of an off-session payment for which the bank wants to see the customer: as a rule it is declined; the
   * payment of an invoice waits until the customer comes.
   */
  readonly whenOffSession?: 'decline' | 'wait'
}

/** Makes a payment intent that waits for a payment method, and reports it. */
export function createPaymentIntent(transaction: Transaction, wanted: NewPaymentIntent): PaymentIntent {
  refuseBadAmount(wanted)
  const id = transaction.newId('pi')
  const { orderReference: order } = wanted
  const intent = transaction.put('payment_intents', {
    ...blankIntent,
    ...(order !== undefined && { payment_details: { customer_reference: null, order_reference: order } }),
    id,
    amount: wanted.amount,
    client_secret: `${id}_${transaction.newId('secret')}`,
    created: transaction.now,
    currency: wanted.currency.toLowerCase(),
    customer: wanted.customer,
    description: wanted.description ?? null,
    metadata: mergeMetadata({}, wanted.metadata),
    setup_future_usage: wanted.setupFutureUsage ?? null,
    ...wanted.fields,
  })
  transaction.emit('payment_intent.created', 'payment_intents', intent)
  return intent
}

/** Tries to take the money; the bank may refuse, or want to see the customer first. */
export function confirmPaymentIntent(transaction: Transaction, id: string, confirmation: Confirmation): PaymentResult {
  const before = transaction.load('payment_intents', id)
  requireStatus(before, 'confirm', ['requires_payment_method', 'requires_confirmation', 'requires_action'])
  transaction.enterClockOf(before.customer)
  const method = methodOf(transaction, before, confirmation)
  const intent = transaction.patch('payment_intents', id, {
    last_payment_error: null,
    next_action: null,
    payment_method: method.id,
  })
  const offSession = confirmation.offSession ?? false
  const request = before.payment_method_options?.card?.request_three_d_secure
  const requestsAuthentication = request === 'any' || request === 'challenge'
  if (!needsAuthentication(transaction, { paymentMethod: method.id, offSession, requestsAuthentication })) {
    return charge(transaction, intent)
  }
  if (offSession && confirmation.whenOffSession !== 'wait') {
    return refuseCharge(transaction, intent, { decline: AUTHENTICATION_REQUIRED })
  }
  const after = transaction.patch('payment_intents', id, {
    next_action: redirectToBank(transaction, id, confirmation.returnUrl ?? null),
    status: 'requires_action',
  })
  transaction.emit('payment_intent.requires_action', 'payment_intents', after)
  return { status: 'requires_action', paymentIntent: after }
}

function methodOf(transaction: Transaction, intent: PaymentIntent, confirmation: Confirmation): PaymentMethod {
  const named = confirmation.paymentMethod ?? intent.payment_method
  if (named === null) {
    const message =
      `You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the ` +
      'PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment ' +
      'method or ConfirmationToken.'
    throw unexpectedState(intent, message)
  }
  const method = resolvePaymentMethod(transaction, named, 'payment_method')
  requireUsableBy(method, intent.customer)
  refuseSpent(transaction, method)
  return method
}

/** The customer came back from the bank's page. */
export function authenticatePaymentIntent(
  transaction: Transaction,
  id: string,
  outcome: 'succeeded' | 'failed',
): PaymentResult {
  const intent = transaction.load('payment_intents', id)
  transaction.enterClockOf(intent.customer)
  if (intent.status !== 'requires_action') {
    throw unexpectedState(
      intent,
      `This PaymentIntent has a status of ${intent.status} and waits for no authentication.`,
    )
  }
  if (outcome === 'succeeded') return charge(transaction, intent, true)
  return giveBack(transaction, intent, authenticationFailed())
}

function authenticationFailed(): StripeError {
  const message =
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to ' +
    'attempt to fulfill this PaymentIntent again.'
  return invalidRequest(message, { code: 'payment_intent_authentication_failure' })
}

function charge(transaction: Transaction, before: PaymentIntent, isAuthenticated = false): PaymentResult {
  const paymentMethod = before.payment_method ?? ''
  const { declines } = testCardOf(transaction.load('card_behaviours', paymentMethod).number)
  if (declines !== undefined) return refuseCharge(transaction, before, { decline: declines, isAuthenticated })
  keepForLater(transaction, before)
  const { id: latest } = createCharge(transaction, before, { isAuthenticated })
  const isHeld = before.capture_method === 'manual'
  const intent = transaction.patch('payment_intents', before.id, {
    amount_capturable: isHeld ? before.amount : 0,
    amount_received: isHeld ? 0 : before.amount,
    latest_charge: latest,
    next_action: null,
    status: isHeld ? 'requires_capture' : 'succeeded',
  })
  if (isHeld) {
    transaction.emit('payment_intent.amount_capturable_updated', 'payment_intents', intent)
    return { status: 'succeeded', paymentIntent: intent }
  }
  return succeed(transaction, intent)
}

function succeed(transaction: Transaction, intent: PaymentIntent): PaymentResult {
  transaction.emit('payment_intent.succeeded', 'payment_intents', intent)
  transaction.send({ type: 'payment_intent.succeeded', paymentIntent: intent.id })
  return { status: 'succeeded', paymentIntent: transaction.load('payment_intents', intent.id) }
}

/** The payment method stays with the customer, if that was asked for; otherwise a stray one has done its service. */
function keepForLater(transaction: Transaction, intent: PaymentIntent): void {
  const method = transaction.load('payment_methods', intent.payment_method ?? '')
  const isKept = intent.customer !== null && intent.setup_future_usage !== null
  if (isKept && method.customer === null) attachPaymentMethod(transaction, method.id, intent.customer)
  if (!isKept && method.customer === null) transaction.patch('card_behaviours', method.id, { isSpent: true })
  if (intent.setup_future_usage === 'off_session') rememberSetUp(transaction, method.id)
}

function refuseCharge(
  transaction: Transaction,
  intent: PaymentIntent,
  refusal: { readonly decline: Decline; readonly isAuthenticated?: boolean },
): PaymentResult {
  const { id: latest } = createCharge(transaction, intent, refusal)
  const charged = transaction.patch('payment_intents', intent.id, { latest_charge: latest })
  return giveBack(transaction, charged, cardError(refusal.decline, { charge: latest }))
}

/** After a refusal the payment intent waits for another payment method. */
function giveBack(transaction: Transaction, before: PaymentIntent, refusal: StripeError): PaymentResult {
  const method = transaction.load('payment_methods', before.payment_method ?? '')
  const { charge: latest, code, decline_code: decline, doc_url: page, message, type } = refusal.body
  const intent = transaction.patch('payment_intents', before.id, {
    last_payment_error: {
      type,
      message,
      ...(latest !== undefined && { charge: latest }),
      ...(code !== undefined && { code }),
      ...(decline !== undefined && { decline_code: decline }),
      ...(page !== undefined && { doc_url: page }),
      payment_method: method,
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  transaction.emit('payment_intent.payment_failed', 'payment_intents', intent)
  transaction.send({ type: 'payment_intent.failed', paymentIntent: intent.id })
  const error = {
    ...refusal.body,
    payment_intent: transaction.render('payment_intents', intent),
    payment_method: transaction.render('payment_methods', method),
  }
  return { status: 'failed', paymentIntent: transaction.load('payment_intents', intent.id), error }
}

/** Takes the money that an authorized payment set aside. */
export function capturePaymentIntent(transaction: Transaction, id: string, wanted: number | undefined): PaymentIntent {
  const before = transaction.load('payment_intents', id)
  requireStatus(before, 'capture', ['requires_capture'])
  transaction.enterClockOf(before.customer)
  const amount = wanted ?? before.amount_capturable
  if (amount > before.amount_capturable) {
    const message = `The amount you are attempting to capture (${amount}) is greater than the remaining amount that is capturable (${before.amount_capturable}).`
    throw invalidRequest(message, { code: 'amount_too_large', param: 'amount_to_capture' })
  }
  captureCharge(transaction, before.latest_charge ?? '', amount)
  const fields = { amount_capturable: 0, amount_received: amount, status: 'succeeded' } as const
  return succeed(transaction, transaction.patch('payment_intents', id, fields)).paymentIntent
}

/** Ends a payment intent that nobody will pay; one that has ended stays as it is. */
export function cancelPaymentIntent(
  transaction: Transaction,
  id: string,
  reason: PaymentIntent['cancellation_reason'] = null,
): PaymentIntent {
  const before = transaction.load('payment_intents', id)
  if (before.status === 'succeeded' || before.status === 'canceled') return before
  if (before.status === 'requires_capture') throw notSimulated('Giving back what a payment has set aside', 'intent')
  transaction.enterClockOf(before.customer)
  const intent = transaction.patch('payment_intents', id, {
    canceled_at: transaction.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  transaction.emit('payment_intent.canceled', 'payment_intents', intent)
  return intent
}

/** Whether the bank's last answer forbids another try with the same card. */
export function wasHardDecline(intent: PaymentIntent): boolean {
  return isHardDecline(intent.last_payment_error?.decline_code)
}

import { cardError, rememberSetUp } from './card-payment.js'
import { testCardOf, type Decline } from './cards.js'
import { createCharge } from './charges.js'
import type { ChargeOptions } from './charge-request.js'
import { followUpCharge } from './disputes.js'
import type { StripeError, StripeErrorBody } from '../error.js'
import { wishFor } from './method-options.js'
import { attachPaymentMethod } from './payment-methods.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type PaymentIntent = Records['payment_intents']

/** What came of an attempt to take the money. */
export interface PaymentResult {
  /** `processing`: the bank answers later, with the signal `payment_intent.succeeded` or `payment_intent.failed`. */
  readonly status: 'succeeded' | 'processing' | 'requires_action' | 'failed'
  readonly paymentIntent: PaymentIntent
  readonly error?: StripeErrorBody
}

/** The last answer that was awaited is there: takes the money, or has it refused. */
export function charge(transaction: Transaction, intent: PaymentIntent, isAuthenticated = false): PaymentResult {
  const before = wished(transaction, intent)
  const { number } = transaction.load('card_behaviours', before.payment_method ?? '')
  const { declines } = testCardOf(number)
  if (declines !== undefined) return refuseCharge(transaction, before, { decline: declines, isAuthenticated })
  keepForLater(transaction, before)
  const { id: latest } = createCharge(transaction, { ...before, paymentIntent: before.id }, { isAuthenticated })
  const isHeld = before.capture_method === 'manual'
  const after = transaction.patch('payment_intents', before.id, {
    amount_capturable: isHeld ? before.amount : 0,
    amount_received: isHeld ? 0 : before.amount,
    latest_charge: latest,
    next_action: null,
    status: isHeld ? 'requires_capture' : 'succeeded',
  })
  if (isHeld) {
    transaction.emit('payment_intent.amount_capturable_updated', 'payment_intents', after)
    transaction.send({ type: 'payment_intent.capturable', paymentIntent: after.id })
    return { status: 'succeeded', paymentIntent: after }
  }
  return succeed(transaction, after)
}

/** The payment intent with the options for the type of its payment method in place of its own. */
export function wished(transaction: Transaction, intent: PaymentIntent): PaymentIntent {
  return wishFor(intent, transaction.load('payment_methods', intent.payment_method ?? '').type)
}

export function succeed(transaction: Transaction, intent: PaymentIntent): PaymentResult {
  transaction.emit('payment_intent.succeeded', 'payment_intents', intent)
  transaction.send({ type: 'payment_intent.succeeded', paymentIntent: intent.id })
  followUpCharge(transaction, intent.latest_charge ?? '')
  return { status: 'succeeded', paymentIntent: transaction.load('payment_intents', intent.id) }
}

/** The payment method stays with the customer, if that was asked for; otherwise a stray one has done its service. */
export function keepForLater(transaction: Transaction, intent: PaymentIntent): void {
  const method = transaction.load('payment_methods', intent.payment_method ?? '')
  const isKept = intent.customer !== null && intent.setup_future_usage !== null
  if (isKept && method.customer === null) attachPaymentMethod(transaction, method.id, intent.customer)
  if (!isKept && method.customer === null) transaction.patch('card_behaviours', method.id, { isSpent: true })
  if (intent.setup_future_usage === 'off_session') rememberSetUp(transaction, method.id)
}

export function refuseCharge(
  transaction: Transaction,
  intent: PaymentIntent,
  refusal: ChargeOptions & { readonly decline: Decline },
): PaymentResult {
  const { id: latest } = createCharge(transaction, { ...intent, paymentIntent: intent.id }, refusal)
  const charged = transaction.patch('payment_intents', intent.id, { latest_charge: latest })
  return giveBack(transaction, charged, cardError(refusal.decline, { charge: latest }))
}

/** After a refusal the payment intent waits for another payment method. */
export function giveBack(transaction: Transaction, before: PaymentIntent, refusal: StripeError): PaymentResult {
  const method = transaction.load('payment_methods', before.payment_method ?? '')
  const { charge: latest, code, decline_code: decline, doc_url: page, message, type } = refusal.body
  const intent = transaction.patch('payment_intents', before.id, {
    amount_capturable: 0,
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

import { needsAuthentication, redirectToBank } from './card-payment.js'
import { AUTHENTICATION_REQUIRED, isHardDecline } from './cards.js'
import { captureCharge, releaseCharge } from './charges.js'
import { invalidRequest, notSimulated, type StripeError } from '../error.js'
import type { TimerHandler } from '../handler.js'
import type { Acceptance } from './mandates.js'
import { mergeMetadata } from '../metadata.js'
import { withOptionsOf } from './method-options.js'
import { methodTypeOf } from './method-types.js'
import {
  judgeDeposits,
  needsVerification,
  unverified,
  verifyWithMicrodeposits,
  type Deposits,
} from './microdeposits.js'
import {
  blankIntent,
  CONFIRMABLE_WHEN,
  refuseBadAmount,
  requireStatus,
  requireTakes,
  requireWaitingForBank,
  requireWaitingForDeposits,
  unexpectedState,
} from './payment-intent-rules.js'
import { refuseSpent, requireUsableBy, resolvePaymentMethod } from './payment-methods.js'
import { charge, giveBack, refuseCharge, succeed, type PaymentIntent, type PaymentResult } from './payment-outcomes.js'
import { startProcessing } from './processing.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type { PaymentIntent, PaymentResult } from './payment-outcomes.js'
type PaymentMethod = Records['payment_methods']

export interface NewPaymentIntent {
  readonly amount: number
  readonly currency: string
  readonly customer: string | null
  readonly description?: string | null
  readonly metadata?: unknown
  readonly setupFutureUsage?: 'off_session' | 'on_session' | null
  /** The invoice that the payment is for. */
  readonly orderReference?: string
  /** What else is asked for. */
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
  /** How the customer agreed to a debit. */
  readonly acceptance?: Acceptance | undefined
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

/** Tries to take the money; the bank may refuse, take its time, or want to see the customer first. */
export function confirmPaymentIntent(transaction: Transaction, id: string, confirmation: Confirmation): PaymentResult {
  const before = transaction.load('payment_intents', id)
  requireStatus(before, 'confirm', CONFIRMABLE_WHEN)
  transaction.enterClockOf(before.customer)
  const method = methodOf(transaction, before, confirmation)
  requireTakes(before, method.type)
  const types = before.payment_method_types
  const intent = transaction.patch('payment_intents', id, {
    last_payment_error: null,
    next_action: null,
    payment_method: method.id,
    payment_method_options: withOptionsOf(before.payment_method_options, method.type),
    payment_method_types: types.includes(method.type) ? types : [...types, method.type],
  })
  const flow = methodTypeOf(method.type)?.flow ?? 'immediate'
  switch (flow) {
    case 'immediate':
      return method.type === 'card' ? confirmCard(transaction, intent, confirmation) : charge(transaction, intent)
    case 'debit':
      return confirmDebit(transaction, intent, confirmation)
    case 'redirect':
      return confirmRedirect(transaction, intent, confirmation)
    case 'voucher':
      throw notSimulated(`Paying with a voucher of type ${method.type}`, 'payment_method')
    default:
      return flow satisfies never
  }
}

function confirmCard(transaction: Transaction, intent: PaymentIntent, confirmation: Confirmation): PaymentResult {
  const { offSession = false } = confirmation
  const paymentMethod = intent.payment_method ?? ''
  if (takeAuthentication(transaction, intent)) return charge(transaction, intent, true)
  const request = intent.payment_method_options?.card?.request_three_d_secure
  const requestsAuthentication = request === 'any' || request === 'challenge'
  if (!needsAuthentication(transaction, { paymentMethod, offSession, requestsAuthentication })) {
    return charge(transaction, intent)
  }
  if (offSession && confirmation.whenOffSession !== 'wait') {
    return refuseCharge(transaction, intent, { decline: AUTHENTICATION_REQUIRED })
  }
  return wait(transaction, intent, redirectToBank(transaction, intent.id, confirmation.returnUrl ?? null))
}

function confirmDebit(transaction: Transaction, intent: PaymentIntent, { acceptance }: Confirmation): PaymentResult {
  if (needsVerification(transaction, intent.payment_method ?? '', intent.payment_method_options)) {
    return wait(transaction, intent, verifyWithMicrodeposits(transaction, intent.id))
  }
  return startProcessing(transaction, intent, acceptance)
}

/** Who agreed to later payments before does not need to be there. */
function confirmRedirect(transaction: Transaction, intent: PaymentIntent, confirmation: Confirmation): PaymentResult {
  const { isSetUp } = transaction.load('card_behaviours', intent.payment_method ?? '')
  if (isSetUp && confirmation.offSession === true) return charge(transaction, intent)
  if (takeAuthentication(transaction, intent)) return charge(transaction, intent)
  return wait(transaction, intent, redirectToBank(transaction, intent.id, confirmation.returnUrl ?? null))
}

function wait(transaction: Transaction, intent: PaymentIntent, action: PaymentIntent['next_action']): PaymentResult {
  const fields = { next_action: action, status: 'requires_action' } as const
  const after = transaction.patch('payment_intents', intent.id, fields)
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
  requireWaitingForBank(intent)
  if (outcome === 'failed') return giveBack(transaction, intent, authenticationFailed())
  if (intent.confirmation_method === 'manual') return awaitServer(transaction, intent)
  return charge(transaction, intent, true)
}

/** With manual confirmation it is the merchant's server that goes on, after it has looked at its order once more. */
function awaitServer(transaction: Transaction, intent: PaymentIntent): PaymentResult {
  transaction.patch('card_behaviours', intent.payment_method ?? '', { authenticatedFor: intent.id })
  const fields = { next_action: null, status: 'requires_confirmation' } as const
  return { status: 'succeeded', paymentIntent: transaction.patch('payment_intents', intent.id, fields) }
}

function takeAuthentication(transaction: Transaction, intent: PaymentIntent): boolean {
  const { authenticatedFor, ...behaviour } = transaction.load('card_behaviours', intent.payment_method ?? '')
  if (authenticatedFor !== intent.id) return false
  transaction.put('card_behaviours', behaviour)
  return true
}

function authenticationFailed(): StripeError {
  const message =
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to ' +
    'attempt to fulfill this PaymentIntent again.'
  return invalidRequest(message, { code: 'payment_intent_authentication_failure' })
}

/** The customer told which deposits came: the account is theirs, and is debited; or it is not. */
export function verifyPaymentIntent(transaction: Transaction, id: string, deposits: Deposits): PaymentResult {
  const intent = transaction.load('payment_intents', id)
  transaction.enterClockOf(intent.customer)
  requireWaitingForDeposits(intent)
  const answer = judgeDeposits(deposits)
  if (answer !== 'right') return giveBack(transaction, intent, unverified(answer))
  transaction.patch('card_behaviours', intent.payment_method ?? '', { isSetUp: true })
  return startProcessing(transaction, intent, undefined)
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

/** Ends a payment intent that nobody will pay; one that has ended, or that a bank works at, stays as it is. */
export function cancelPaymentIntent(
  transaction: Transaction,
  id: string,
  reason: PaymentIntent['cancellation_reason'] = null,
): PaymentIntent {
  const before = transaction.load('payment_intents', id)
  if (['succeeded', 'canceled', 'processing'].includes(before.status)) return before
  transaction.enterClockOf(before.customer)
  if (before.status === 'requires_capture') {
    releaseCharge(transaction, before.latest_charge ?? '', 'charge.refunded')
  }
  return end(transaction, id, reason)
}

function end(transaction: Transaction, id: string, reason: PaymentIntent['cancellation_reason']): PaymentIntent {
  const intent = transaction.patch('payment_intents', id, {
    amount_capturable: 0,
    canceled_at: transaction.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  transaction.emit('payment_intent.canceled', 'payment_intents', intent)
  return intent
}

/** Nobody took in time what a card's bank had set aside: the bank releases it. */
export const expireCharge: TimerHandler = (transaction, timer) => {
  const { payment_intent: intent } = releaseCharge(transaction, timer.subject, 'charge.expired')
  if (intent !== null) end(transaction, intent, 'automatic')
}

/** Whether the bank's last answer forbids another try with the same card. */
export function wasHardDecline(intent: PaymentIntent): boolean {
  return isHardDecline(intent.last_payment_error?.decline_code)
}

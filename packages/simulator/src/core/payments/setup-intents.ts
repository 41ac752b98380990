import { cardError, needsAuthentication, redirectToBank, rememberSetUp } from './card-payment.js'
import { testCardOf } from './cards.js'
import { invalidRequest, type StripeError, type StripeErrorBody } from '../error.js'
import { mandateFor, type Acceptance } from './mandates.js'
import { mergeMetadata } from '../metadata.js'
import { setupOptions } from './method-options.js'
import { methodTypeOf } from './method-types.js'
import {
  judgeDeposits,
  needsVerification,
  unverified,
  verifyWithMicrodeposits,
  type Deposits,
} from './microdeposits.js'
import {
  requireAllowed,
  requireWaitingForBank,
  requireWaitingForDeposits,
  unexpectedState,
} from './payment-intent-rules.js'
import { attachPaymentMethod, refuseSpent, requireUsableBy, resolvePaymentMethod } from './payment-methods.js'
import { endAttempt, startAttempt } from './setup-attempts.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type SetupIntent = Records['setup_intents']

/** What came of an attempt to set a payment method up for later. */
export interface SetupResult {
  readonly status: 'succeeded' | 'requires_action' | 'failed'
  readonly setupIntent: SetupIntent
  readonly error?: StripeErrorBody
}

export interface NewSetupIntent {
  readonly customer: string | null
  readonly usage?: 'off_session' | 'on_session'
  readonly description?: string | null
  readonly metadata?: unknown
  /** What only `POST /v1/setup_intents` can ask for. */
  readonly fields?: Partial<SetupIntent>
}

/** Makes a setup intent that waits for a payment method, and reports it. */
export function createSetupIntent(transaction: Transaction, wanted: NewSetupIntent): SetupIntent {
  const id = transaction.newId('seti')
  const intent = transaction.put('setup_intents', {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_${transaction.newId('secret')}`,
    created: transaction.now,
    customer: wanted.customer,
    customer_account: null,
    description: wanted.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: mergeMetadata({}, wanted.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: wanted.usage ?? 'off_session',
    ...wanted.fields,
  })
  transaction.emit('setup_intent.created', 'setup_intents', intent)
  return intent
}

/** How a setup intent says when the bank is to see the customer. */
export function requestedSetupOptions(
  request: 'any' | 'automatic' | 'challenge',
): Pick<SetupIntent, 'payment_method_options'> {
  return { payment_method_options: setupOptions(null, { card: { request_three_d_secure: request } }) }
}

export interface SetupConfirmation {
  /** The payment method, or its magic name; left out, the one that the setup intent has. */
  readonly paymentMethod?: string
  readonly returnUrl?: string | null
  /** How the customer agreed to be debited. */
  readonly acceptance?: Acceptance | undefined
}

/** Asks the bank to agree to later payments; it may refuse, or want to see the customer first. */
export function confirmSetupIntent(transaction: Transaction, id: string, confirmation: SetupConfirmation): SetupResult {
  const before = transaction.load('setup_intents', id)
  requireSetupStatus(before, 'confirm', ['requires_payment_method', 'requires_confirmation', 'requires_action'])
  transaction.enterClockOf(before.customer)
  const named = confirmation.paymentMethod ?? before.payment_method
  if (named === null) throw missingPaymentMethod(before)
  const method = resolvePaymentMethod(transaction, named, 'payment_method')
  requireUsableBy(method, before.customer)
  refuseSpent(transaction, method)
  requireAllowed('SetupIntent', before, method.type)
  if (methodTypeOf(method.type)?.isReusable === false) throw cannotBeSetUp(method.type)
  const types = before.payment_method_types
  const intent = transaction.patch('setup_intents', id, {
    last_setup_error: null,
    latest_attempt: startAttempt(transaction, before, method.id),
    next_action: null,
    payment_method: method.id,
    payment_method_types: types.includes(method.type) ? types : [...types, method.type],
  })
  const action = actionFor(transaction, intent, { type: method.type, returnUrl: confirmation.returnUrl ?? null })
  if (action === null) return settle(transaction, intent, confirmation.acceptance)
  const after = transaction.patch('setup_intents', id, { next_action: action, status: 'requires_action' })
  transaction.emit('setup_intent.requires_action', 'setup_intents', after)
  return { status: 'requires_action', setupIntent: after }
}

function cannotBeSetUp(type: string): StripeError {
  const message = `A SetupIntent cannot be confirmed with a payment method of type ${type}, which works only once.`
  return invalidRequest(message, { param: 'payment_method' })
}

/** What the customer has to do before the payment method is set up, if anything. */
function actionFor(
  transaction: Transaction,
  intent: SetupIntent,
  { returnUrl, type }: { readonly returnUrl: string | null; readonly type: string },
): SetupIntent['next_action'] {
  const paymentMethod = intent.payment_method ?? ''
  if (methodTypeOf(type)?.flow === 'redirect') return redirectToBank(transaction, intent.id, returnUrl)
  if (needsVerification(transaction, paymentMethod, intent.payment_method_options)) {
    return verifyWithMicrodeposits(transaction, intent.id)
  }
  if (type !== 'card') return null
  // A card that its bank already regards as set up needs no second setup, wherever its owner is.
  const request = intent.payment_method_options?.card?.request_three_d_secure
  const requestsAuthentication = request === 'any' || request === 'challenge'
  const asks = needsAuthentication(transaction, { paymentMethod, offSession: true, requestsAuthentication })
  return asks ? redirectToBank(transaction, intent.id, returnUrl) : null
}

/** The customer told which deposits came: the account is theirs, or it is not. */
export function verifySetupIntent(transaction: Transaction, id: string, deposits: Deposits): SetupResult {
  const intent = transaction.load('setup_intents', id)
  transaction.enterClockOf(intent.customer)
  requireWaitingForDeposits(intent)
  const answer = judgeDeposits(deposits)
  if (answer !== 'right') return giveBack(transaction, intent, unverified(answer))
  transaction.patch('card_behaviours', intent.payment_method ?? '', { isSetUp: true })
  return settle(transaction, intent)
}

/** The customer came back from the bank's page. */
export function authenticateSetupIntent(
  transaction: Transaction,
  id: string,
  outcome: 'succeeded' | 'failed',
): SetupResult {
  const intent = transaction.load('setup_intents', id)
  transaction.enterClockOf(intent.customer)
  requireWaitingForBank(intent)
  if (outcome === 'succeeded') return settle(transaction, intent)
  const message =
    'The latest attempt to set up the payment method has failed because authentication failed. You can provide ' +
    'payment_method_data or a new PaymentMethod to attempt to fulfill this SetupIntent again.'
  return giveBack(transaction, intent, invalidRequest(message, { code: 'setup_intent_authentication_failure' }))
}

function settle(transaction: Transaction, before: SetupIntent, acceptance?: Acceptance): SetupResult {
  const paymentMethod = before.payment_method ?? ''
  const method = transaction.load('payment_methods', paymentMethod)
  const test = testCardOf(transaction.load('card_behaviours', paymentMethod).number)
  if (test.declines !== undefined && !test.canAttach) return giveBack(transaction, before, cardError(test.declines))
  if (before.customer !== null) attachPaymentMethod(transaction, paymentMethod, before.customer)
  if (before.usage === 'off_session') rememberSetUp(transaction, paymentMethod)
  const mandate = mandateFor(transaction, method, { acceptance })
  endAttempt(transaction, before, { status: 'succeeded' })
  const fields = { mandate: mandate?.id ?? null, next_action: null, status: 'succeeded' } as const
  const intent = transaction.patch('setup_intents', before.id, fields)
  transaction.emit('setup_intent.succeeded', 'setup_intents', intent)
  transaction.send({ type: 'setup_intent.succeeded', setupIntent: intent.id })
  return { status: 'succeeded', setupIntent: transaction.load('setup_intents', intent.id) }
}

/** After a refusal the setup intent waits for another payment method. */
function giveBack(transaction: Transaction, before: SetupIntent, refusal: StripeError): SetupResult {
  const method = transaction.load('payment_methods', before.payment_method ?? '')
  const { code, decline_code: decline, doc_url: page, message, type } = refusal.body
  const last = {
    type,
    message,
    ...(code !== undefined && { code }),
    ...(decline !== undefined && { decline_code: decline }),
    ...(page !== undefined && { doc_url: page }),
    payment_method: method,
  }
  endAttempt(transaction, before, { status: 'failed', error: last })
  const intent = transaction.patch('setup_intents', before.id, {
    last_setup_error: last,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  transaction.emit('setup_intent.setup_failed', 'setup_intents', intent)
  const error = {
    ...refusal.body,
    payment_method: transaction.render('payment_methods', method),
    setup_intent: transaction.render('setup_intents', intent),
  }
  return { status: 'failed', setupIntent: intent, error }
}

/** Ends a setup intent that nobody will complete. */
export function cancelSetupIntent(
  transaction: Transaction,
  id: string,
  reason: SetupIntent['cancellation_reason'] = null,
): SetupIntent {
  const before = transaction.load('setup_intents', id)
  requireSetupStatus(before, 'cancel', ['requires_payment_method', 'requires_confirmation', 'requires_action'])
  transaction.enterClockOf(before.customer)
  if (before.status === 'requires_action') endAttempt(transaction, before, { status: 'abandoned' })
  const fields = { cancellation_reason: reason, next_action: null, status: 'canceled' } as const
  const intent = transaction.patch('setup_intents', id, fields)
  transaction.emit('setup_intent.canceled', 'setup_intents', intent)
  return intent
}

export function requireSetupStatus(
  intent: SetupIntent,
  verb: 'cancel' | 'confirm' | 'update',
  allowed: readonly string[],
): void {
  if (allowed.includes(intent.status)) return
  const message =
    `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the ` +
    `following statuses may be ${verb === 'cancel' ? 'canceled' : `${verb}${verb.endsWith('e') ? 'd' : 'ed'}`}: ${allowed.join(', ')}.`
  throw unexpectedState(intent, message)
}

function missingPaymentMethod(intent: SetupIntent): StripeError {
  const message =
    "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment " +
    'method and then confirm it again.'
  return unexpectedState(intent, message)
}

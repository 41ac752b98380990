import type Stripe from 'stripe'
import { invalidRequest, StripeError } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import {
  acceptanceOf,
  allowsRedirects,
  automaticMethods,
  enterCustomer,
  methodChoice,
  methodNamed,
  refusePaymentMethodTypes,
  requireConfirm,
  requireMandate,
  requireReturnUrl,
} from './intent-params.js'
import { withConfirmationToken } from './confirmation-tokens.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { changedFields, descriptorFields, initialFields, UPDATABLE } from './payment-intent-fields.js'
import { paymentOptions } from './method-options.js'
import { blankIntent, CONFIRMABLE_WHEN, requireStatus } from './payment-intent-rules.js'
import {
  cancelPaymentIntent,
  capturePaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
  verifyPaymentIntent,
  type PaymentIntent,
  type PaymentResult,
} from './payment-intents.js'
import type { Transaction } from '../transaction.js'

const CREATABLE = [
  ...UPDATABLE,
  'automatic_payment_methods',
  'confirm',
  'confirmation_method',
  'confirmation_token',
  'error_on_requires_action',
  'mandate_data',
  'off_session',
  'return_url',
  'use_stripe_sdk',
]

const create: Handler<Stripe.PaymentIntentCreateParams> = (transaction, { params: given }) => {
  refusePaymentMethodTypes(given)
  refuseUnbuilt(given, CREATABLE)
  requireConfirm('PaymentIntent', given)
  const customer = enterCustomer(transaction, given.customer)
  const params = withConfirmationToken(transaction, given)
  const automatic = automaticMethods(params.automatic_payment_methods)
  const isOffSession = isOffSessionOf(params.off_session)
  const choice = methodChoice(params)
  const method = methodNamed(transaction, params, customer)
  requireReturnUrl('PaymentIntent', {
    confirm: params.confirm === true && method !== undefined,
    isOffSession,
    allowsRedirects: allowsRedirects({ automatic_payment_methods: automatic, ...choice }),
    returnUrl: params.return_url,
  })
  const { id } = createPaymentIntent(transaction, {
    amount: params.amount,
    currency: params.currency,
    customer,
    description: params.description ?? null,
    metadata: params.metadata,
    fields: {
      ...initialFields(params),
      ...choice,
      automatic_payment_methods: automatic,
      payment_method_options: paymentOptions(blankIntent.payment_method_options, params.payment_method_options),
      ...(method !== undefined && { payment_method: method, status: 'requires_confirmation' }),
    },
  })
  if (params.confirm !== true) return shown(transaction, id)
  if (!isOffSession) requireMandate(transaction, 'PaymentIntent', { ...params, paymentMethod: method ?? null })
  const confirmation = {
    acceptance: acceptanceOf(params),
    offSession: isOffSession,
    returnUrl: params.return_url ?? null,
  }
  return answer(transaction, confirmPaymentIntent(transaction, id, confirmation), params)
}

/** `one_off` and `recurring` were once ways to say yes. */
function isOffSessionOf(param: Stripe.PaymentIntentCreateParams['off_session']): boolean {
  return param !== undefined && param !== false
}

function shown(transaction: Transaction, id: string): unknown {
  return transaction.render('payment_intents', transaction.load('payment_intents', id))
}

function answer(
  transaction: Transaction,
  result: PaymentResult,
  params: { readonly error_on_requires_action?: boolean },
): unknown {
  if (result.error !== undefined) {
    throw new StripeError(result.error.type === 'card_error' ? 402 : 400, result.error, { keepsChanges: true })
  }
  if (result.status === 'requires_action' && params.error_on_requires_action === true) {
    const message =
      'This payment required an authentication action to complete, but `error_on_requires_action` was set. When ' +
      "you're ready, you can upgrade your integration to handle actions at " +
      'https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.'
    throw new StripeError(402, { type: 'card_error', code: 'authentication_required', message })
  }
  return shown(transaction, result.paymentIntent.id)
}

const named = { kind: 'payment_intent', param: 'intent' } as const

const retrieve: Handler = (transaction, { path }) =>
  shown(transaction, recordInPath(transaction, 'payment_intents', { id: path['id'], ...named }).id)

const update: Handler<Stripe.PaymentIntentUpdateParams> = (transaction, { path, params }) => {
  refusePaymentMethodTypes(params)
  refuseUnbuilt(params, UPDATABLE)
  const before = recordInPath(transaction, 'payment_intents', { id: path['id'], ...named })
  const customer = params.customer === undefined ? before.customer : enterCustomer(transaction, params.customer)
  transaction.enterClockOf(customer)
  const method = methodNamed(transaction, params, customer)
  transaction.patch('payment_intents', before.id, {
    ...changedFields(before, params),
    customer,
    ...methodChoice(params),
    payment_method_options: paymentOptions(before.payment_method_options, params.payment_method_options),
    ...(method !== undefined && {
      next_action: null,
      payment_method: method,
      status: 'requires_confirmation' as const,
    }),
  })
  return shown(transaction, before.id)
}

const CONFIRMABLE = [
  'allowed_payment_method_types',
  'capture_method',
  'confirmation_token',
  'excluded_payment_method_types',
  'error_on_requires_action',
  'mandate_data',
  'off_session',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'receipt_email',
  'return_url',
  'setup_future_usage',
  'shipping',
  'use_stripe_sdk',
]

const confirm: Handler<Stripe.PaymentIntentConfirmParams> = (transaction, { path, params: given }) => {
  refusePaymentMethodTypes(given)
  refuseUnbuilt(given, CONFIRMABLE)
  const before = recordInPath(transaction, 'payment_intents', { id: path['id'], ...named })
  transaction.enterClockOf(before.customer)
  const params = withConfirmationToken(transaction, given)
  const isOffSession = isOffSessionOf(params.off_session)
  requireReturnUrl('PaymentIntent', {
    isOffSession,
    allowsRedirects: allowsRedirects(before),
    returnUrl: params.return_url,
  })
  const method = methodNamed(transaction, params, before.customer)
  requireStatus(before, 'confirm', CONFIRMABLE_WHEN)
  if (!isOffSession)
    requireMandate(transaction, 'PaymentIntent', { ...params, paymentMethod: method ?? before.payment_method })
  const { capture_method, receipt_email, setup_future_usage, shipping } = params
  const changes = {
    ...(capture_method !== undefined && { capture_method }),
    ...(receipt_email !== undefined && { receipt_email }),
    ...(setup_future_usage !== undefined && { setup_future_usage }),
    ...(shipping !== undefined && { shipping }),
  }
  transaction.patch('payment_intents', before.id, {
    ...changedFields(before, changes),
    ...methodChoice(params),
    payment_method_options: paymentOptions(before.payment_method_options, params.payment_method_options),
  })
  const result = confirmPaymentIntent(transaction, before.id, {
    ...(method !== undefined && { paymentMethod: method }),
    acceptance: acceptanceOf(params),
    offSession: isOffSession,
    returnUrl: params.return_url ?? null,
  })
  return answer(transaction, result, params)
}

const DESCRIPTORS = ['statement_descriptor', 'statement_descriptor_suffix']

const capture: Handler<Stripe.PaymentIntentCaptureParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['amount_to_capture', 'final_capture', 'metadata', ...DESCRIPTORS])
  if (params.final_capture === false) {
    const message = 'This payment method cannot be captured more than once; `final_capture` must be true.'
    throw invalidRequest(message, { param: 'final_capture' })
  }
  const before = recordInPath(transaction, 'payment_intents', { id: path['id'], ...named })
  const descriptors = descriptorFields(params)
  const { metadata = {} } = params
  transaction.patch('payment_intents', before.id, { ...changedFields(before, { metadata }), ...descriptors })
  if (before.latest_charge !== null) transaction.patch('charges', before.latest_charge, descriptors)
  capturePaymentIntent(transaction, before.id, params.amount_to_capture)
  return shown(transaction, before.id)
}

const cancel: Handler<Stripe.PaymentIntentCancelParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'payment_intents', { id: path['id'], ...named })
  requireStatus(before, 'cancel', [
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'requires_capture',
  ])
  cancelPaymentIntent(transaction, before.id, params.cancellation_reason ?? null)
  return shown(transaction, before.id)
}

/** The customer, or the merchant for them, tells which small deposits came into the account. */
const verify: Handler<Stripe.PaymentIntentVerifyMicrodepositsParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'payment_intents', { id: path['id'], ...named })
  verifyPaymentIntent(transaction, before.id, params)
  return shown(transaction, before.id)
}

/** Only cards present at a reader, and few others, can have more set aside afterwards. */
const increment: Handler = (transaction, { path }) => {
  const intent = recordInPath(transaction, 'payment_intents', { id: path['id'], ...named })
  requireStatus(intent, 'increment', ['requires_capture'])
  const message =
    `This PaymentIntent (${intent.id}) cannot be incrementally authorized: its charge has ` +
    '`incremental_authorization.status` set to `unavailable`.'
  throw invalidRequest(message, { code: 'charge_not_incrementally_authorizable' })
}

const list: Handler<Stripe.PaymentIntentListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['created', 'customer', 'limit', 'starting_after', 'ending_before'])
  const { customer } = params
  const where = (intent: PaymentIntent): boolean => isWithin(intent.created, params.created)
  const bucket = customer === undefined ? {} : { index: 'customer' as const, key: customer }
  const page = transaction.page('payment_intents', params, { ...bucket, where, kind: 'payment_intent' })
  return listReply(transaction, 'payment_intents', { page, url: '/v1/payment_intents' })
}

export const paymentIntentsHandlers: Handlers = {
  'payment_intents.cancel': cancel,
  'payment_intents.capture': capture,
  'payment_intents.confirm': confirm,
  'payment_intents.create': create,
  'payment_intents.increment_authorization': increment,
  'payment_intents.list': list,
  'payment_intents.retrieve': retrieve,
  'payment_intents.update': update,
  'payment_intents.verify_microdeposits': verify,
}

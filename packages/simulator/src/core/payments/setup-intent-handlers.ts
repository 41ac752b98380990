import type Stripe from 'stripe'
import { StripeError } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import {
  acceptanceOf,
  allowsRedirects,
  automaticMethods,
  enterCustomer,
  methodNamed,
  methodChoice,
  refusePaymentMethodTypes,
  requireConfirm,
  requireReturnUrl,
  requireMandate,
} from './intent-params.js'
import { withConfirmationToken } from './confirmation-tokens.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { setupOptions } from './method-options.js'
import { mergeMetadata } from '../metadata.js'
import {
  cancelSetupIntent,
  confirmSetupIntent,
  createSetupIntent,
  requestedSetupOptions,
  requireSetupStatus,
  verifySetupIntent,
  type SetupIntent,
  type SetupResult,
} from './setup-intents.js'
import type { Transaction } from '../transaction.js'

const PAYMENT_METHOD = [
  'confirmation_token',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'return_url',
  'use_stripe_sdk',
]
const CHOICE = ['allowed_payment_method_types', 'excluded_payment_method_types']
const BLANK_OPTIONS = requestedSetupOptions('automatic').payment_method_options
const WAITING = ['requires_payment_method', 'requires_confirmation', 'requires_action']

const create: Handler<Stripe.SetupIntentCreateParams> = (transaction, { params: given }) => {
  refusePaymentMethodTypes(given)
  const own = ['automatic_payment_methods', 'confirm', 'customer', 'description', 'mandate_data', 'metadata', 'usage']
  refuseUnbuilt(given, [...own, ...CHOICE, ...PAYMENT_METHOD])
  requireConfirm('SetupIntent', given)
  const customer = enterCustomer(transaction, given.customer)
  const params = withConfirmationToken(transaction, given)
  const choice = methodChoice(params)
  const method = methodNamed(transaction, params, customer)
  const automatic = automaticMethods(params.automatic_payment_methods)
  const isConfirmed = params.confirm === true
  requireReturnUrl('SetupIntent', {
    confirm: isConfirmed,
    isOffSession: false,
    allowsRedirects: allowsRedirects({ automatic_payment_methods: automatic, ...choice }),
    returnUrl: params.return_url,
  })
  const { id } = createSetupIntent(transaction, {
    customer,
    ...(params.usage !== undefined && { usage: params.usage === 'on_session' ? 'on_session' : 'off_session' }),
    description: params.description ?? null,
    metadata: params.metadata,
    fields: {
      ...choice,
      automatic_payment_methods: automatic,
      payment_method_options: setupOptions(BLANK_OPTIONS, params.payment_method_options),
      ...(method !== undefined && { payment_method: method, status: 'requires_confirmation' }),
    },
  })
  if (!isConfirmed) return shown(transaction, id)
  requireMandate(transaction, 'SetupIntent', { ...params, paymentMethod: method ?? null })
  const confirmation = { acceptance: acceptanceOf(params), returnUrl: params.return_url ?? null }
  return answer(transaction, confirmSetupIntent(transaction, id, confirmation))
}

function shown(transaction: Transaction, id: string): unknown {
  return transaction.render('setup_intents', transaction.load('setup_intents', id))
}

function answer(transaction: Transaction, result: SetupResult): unknown {
  if (result.error !== undefined) {
    throw new StripeError(result.error.type === 'card_error' ? 402 : 400, result.error, { keepsChanges: true })
  }
  return shown(transaction, result.setupIntent.id)
}

const named = { kind: 'setupintent', param: 'intent' } as const

const retrieve: Handler = (transaction, { path }) =>
  shown(transaction, recordInPath(transaction, 'setup_intents', { id: path['id'], ...named }).id)

const update: Handler<Stripe.SetupIntentUpdateParams> = (transaction, { path, params }) => {
  refusePaymentMethodTypes(params)
  const own = ['customer', 'description', 'metadata', 'payment_method', 'payment_method_data', 'payment_method_options']
  refuseUnbuilt(params, [...own, ...CHOICE])
  const before = recordInPath(transaction, 'setup_intents', { id: path['id'], ...named })
  requireSetupStatus(before, 'update', WAITING)
  const customer = params.customer === undefined ? before.customer : enterCustomer(transaction, params.customer)
  const method = methodNamed(transaction, params, customer)
  transaction.patch('setup_intents', before.id, {
    customer,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    ...methodChoice(params),
    payment_method_options: setupOptions(before.payment_method_options, params.payment_method_options),
    ...(params.description !== undefined && { description: params.description || null }),
    ...(method !== undefined && {
      next_action: null,
      payment_method: method,
      status: 'requires_confirmation' as const,
    }),
  })
  return shown(transaction, before.id)
}

const confirm: Handler<Stripe.SetupIntentConfirmParams> = (transaction, { path, params: given }) => {
  refusePaymentMethodTypes(given)
  refuseUnbuilt(given, ['mandate_data', 'allowed_payment_method_types', ...PAYMENT_METHOD])
  const before = recordInPath(transaction, 'setup_intents', { id: path['id'], ...named })
  transaction.enterClockOf(before.customer)
  const params = withConfirmationToken(transaction, given)
  requireReturnUrl('SetupIntent', {
    isOffSession: false,
    allowsRedirects: allowsRedirects(before),
    returnUrl: params.return_url,
  })
  const method = methodNamed(transaction, params, before.customer)
  requireMandate(transaction, 'SetupIntent', { ...params, paymentMethod: method ?? before.payment_method })
  transaction.patch('setup_intents', before.id, {
    ...methodChoice(params),
    payment_method_options: setupOptions(before.payment_method_options, params.payment_method_options),
  })
  const result = confirmSetupIntent(transaction, before.id, {
    ...(method !== undefined && { paymentMethod: method }),
    acceptance: acceptanceOf(params),
    returnUrl: params.return_url ?? null,
  })
  return answer(transaction, result)
}

const cancel: Handler<Stripe.SetupIntentCancelParams> = (transaction, { path, params }) => {
  const { id } = recordInPath(transaction, 'setup_intents', { id: path['id'], ...named })
  cancelSetupIntent(transaction, id, params.cancellation_reason ?? null)
  return shown(transaction, id)
}

const verify: Handler<Stripe.SetupIntentVerifyMicrodepositsParams> = (transaction, { path, params }) => {
  const { id } = recordInPath(transaction, 'setup_intents', { id: path['id'], ...named })
  verifySetupIntent(transaction, id, params)
  return shown(transaction, id)
}

const list: Handler<Stripe.SetupIntentListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['created', 'customer', 'payment_method', 'limit', 'starting_after', 'ending_before'])
  const { customer, payment_method: method } = params
  const where = (intent: SetupIntent): boolean =>
    (method === undefined || intent.payment_method === method) && isWithin(intent.created, params.created)
  const bucket = customer === undefined ? {} : { index: 'customer' as const, key: customer }
  const page = transaction.page('setup_intents', params, { ...bucket, where, kind: 'setupintent' })
  return listReply(transaction, 'setup_intents', { page, url: '/v1/setup_intents' })
}

export const setupIntentsHandlers: Handlers = {
  'setup_intents.cancel': cancel,
  'setup_intents.confirm': confirm,
  'setup_intents.create': create,
  'setup_intents.list': list,
  'setup_intents.retrieve': retrieve,
  'setup_intents.update': update,
  'setup_intents.verify_microdeposits': verify,
}

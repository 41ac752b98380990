import type Stripe from 'stripe'
import { StripeError } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import {
  automaticMethods,
  enterCustomer,
  methodNamed,
  refuseOtherMethods,
  refusePaymentMethodTypes,
  requireReturnUrl,
  threeDSecureRequest,
} from './intent-params.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import {
  cancelSetupIntent,
  confirmSetupIntent,
  createSetupIntent,
  requestedSetupOptions,
  requireSetupStatus,
  type SetupIntent,
  type SetupResult,
} from './setup-intents.js'
import type { Transaction } from '../transaction.js'

const PAYMENT_METHOD = [
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'return_url',
  'use_stripe_sdk',
]
const CHOICE = ['allowed_payment_method_types', 'excluded_payment_method_types']
const WAITING = ['requires_payment_method', 'requires_confirmation', 'requires_action']

const create: Handler<Stripe.SetupIntentCreateParams> = (transaction, { params }) => {
  refusePaymentMethodTypes(params)
  const own = ['automatic_payment_methods', 'confirm', 'customer', 'description', 'mandate_data', 'metadata', 'usage']
  refuseUnbuilt(params, [...own, ...CHOICE, ...PAYMENT_METHOD])
  refuseOtherMethods(params)
  const customer = enterCustomer(transaction, params.customer)
  const method = methodNamed(transaction, params, customer)
  const automatic = automaticMethods(params.automatic_payment_methods)
  const isConfirmed = params.confirm === true
  requireReturnUrl('SetupIntent', {
    confirm: isConfirmed,
    isOffSession: false,
    allowsRedirects: automatic.enabled && automatic.allow_redirects === 'always',
    returnUrl: params.return_url,
  })
  const { id } = createSetupIntent(transaction, {
    customer,
    ...(params.usage !== undefined && { usage: params.usage === 'on_session' ? 'on_session' : 'off_session' }),
    description: params.description ?? null,
    metadata: params.metadata,
    fields: {
      automatic_payment_methods: automatic,
      ...requestedSetupOptions(threeDSecureRequest(params.payment_method_options)),
      ...(method !== undefined && { payment_method: method, status: 'requires_confirmation' }),
    },
  })
  if (!isConfirmed) return shown(transaction, id)
  return answer(transaction, confirmSetupIntent(transaction, id, { returnUrl: params.return_url ?? null }))
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
  refuseOtherMethods(params)
  const before = recordInPath(transaction, 'setup_intents', { id: path['id'], ...named })
  requireSetupStatus(before, 'update', WAITING)
  const customer = params.customer === undefined ? before.customer : enterCustomer(transaction, params.customer)
  const method = methodNamed(transaction, params, customer)
  transaction.patch('setup_intents', before.id, {
    customer,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    ...requestedSetupOptions(threeDSecureRequest(params.payment_method_options)),
    ...(params.description !== undefined && { description: params.description || null }),
    ...(method !== undefined && {
      next_action: null,
      payment_method: method,
      status: 'requires_confirmation' as const,
    }),
  })
  return shown(transaction, before.id)
}

const confirm: Handler<Stripe.SetupIntentConfirmParams> = (transaction, { path, params }) => {
  refusePaymentMethodTypes(params)
  refuseUnbuilt(params, ['mandate_data', 'allowed_payment_method_types', ...PAYMENT_METHOD])
  const before = recordInPath(transaction, 'setup_intents', { id: path['id'], ...named })
  transaction.enterClockOf(before.customer)
  const automatic = before.automatic_payment_methods
  requireReturnUrl('SetupIntent', {
    isOffSession: false,
    allowsRedirects: automatic?.enabled === true && automatic.allow_redirects !== 'never',
    returnUrl: params.return_url,
  })
  const method = methodNamed(transaction, params, before.customer)
  transaction.patch(
    'setup_intents',
    before.id,
    requestedSetupOptions(threeDSecureRequest(params.payment_method_options)),
  )
  const result = confirmSetupIntent(transaction, before.id, {
    ...(method !== undefined && { paymentMethod: method }),
    returnUrl: params.return_url ?? null,
  })
  return answer(transaction, result)
}

const cancel: Handler<Stripe.SetupIntentCancelParams> = (transaction, { path, params }) => {
  const { id } = recordInPath(transaction, 'setup_intents', { id: path['id'], ...named })
  cancelSetupIntent(transaction, id, params.cancellation_reason ?? null)
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
}

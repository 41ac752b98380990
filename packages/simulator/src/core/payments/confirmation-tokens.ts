import type Stripe from 'stripe'
import { shippingOf } from '../customers/shipping.js'
import { invalidRequest } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { createPaymentMethod, resolvePaymentMethod } from './payment-methods.js'
import type { ConfirmationTokenRecord } from '../private-records.js'
import type { Transaction } from '../transaction.js'

/** Seconds for which a token can be used. https://docs.stripe.com/api/confirmation_tokens/object */
const LIFETIME = 12 * 3600

/** The parameters; the SDK declares them and does not name them. */
interface NewToken {
  readonly payment_method?: string
  readonly payment_method_data?: Stripe.PaymentMethodCreateParams
  readonly return_url?: string
  readonly setup_future_usage?: 'off_session' | 'on_session'
  readonly shipping?: Stripe.PaymentIntentCreateParams.Shipping
}

/** What Stripe.js collects on the merchant's page; in tests it is made without one. */
const create: Handler<NewToken> = (transaction, { params }) => {
  refuseUnbuilt(params, ['payment_method', 'payment_method_data', 'return_url', 'setup_future_usage', 'shipping'])
  const { payment_method: named, payment_method_data: data, setup_future_usage: usage, shipping } = params
  if (named === undefined && data === undefined) {
    throw invalidRequest('You must provide one of these parameters: payment_method, payment_method_data.')
  }
  const method =
    data === undefined
      ? resolvePaymentMethod(transaction, named ?? '', 'payment_method')
      : createPaymentMethod(transaction, data)
  const { created: _c, id: paymentMethod, livemode: _l, metadata: _m, object: _o, ...preview } = method
  const token = transaction.put('confirmation_tokens', {
    id: transaction.newId('ctoken'),
    object: 'confirmation_token',
    created: transaction.now,
    expires_at: transaction.now + LIFETIME,
    livemode: false,
    mandate_data: null,
    metadata: {},
    payment_intent: null,
    payment_method_options: null,
    payment_method_preview: preview,
    paymentMethod,
    return_url: params.return_url ?? null,
    setup_future_usage: usage ?? null,
    setup_intent: null,
    shipping: shipping === undefined ? null : previewOf(shipping),
    use_stripe_sdk: false,
  })
  return transaction.render('confirmation_tokens', token)
}

function previewOf(shipping: Stripe.PaymentIntentCreateParams.Shipping): ConfirmationTokenRecord['shipping'] {
  const { address, name, phone } = shippingOf(shipping) ?? {}
  if (address === undefined || name === undefined) return null
  return { address, name, phone: phone ?? null }
}

/** The payment method behind the token is not on the wire. */
export function renderConfirmationToken(_transaction: Transaction, record: ConfirmationTokenRecord): unknown {
  const { paymentMethod: _, ...shown } = record
  return shown
}

interface TokenParams {
  readonly confirmation_token?: string
  readonly payment_method?: string
  readonly return_url?: string
}

/** What a request asks for together with what its confirmation token collected; the request comes first. */
export function withConfirmationToken<Params extends TokenParams>(transaction: Transaction, params: Params): Params {
  const { confirmation_token: id } = params
  if (id === undefined) return params
  const refer = { kind: 'confirmation_token', param: 'confirmation_token' }
  const token = transaction.require('confirmation_tokens', id, refer)
  if ((token.expires_at ?? 0) <= transaction.now || token.payment_intent !== null || token.setup_intent !== null) {
    const message = `The ConfirmationToken ${id} was used before or has expired. Create another.`
    throw invalidRequest(message, { code: 'resource_missing', param: 'confirmation_token' })
  }
  transaction.patch('confirmation_tokens', id, { expires_at: null })
  const { paymentMethod, return_url: returnUrl, setup_future_usage: usage, shipping } = token
  return {
    payment_method: paymentMethod,
    ...(returnUrl !== null && { return_url: returnUrl }),
    ...(usage !== null && { setup_future_usage: usage }),
    ...(shipping !== null && { shipping }),
    ...params,
  }
}

const retrieve: Handler = (transaction, { path }) => {
  const words = { kind: 'confirmation_token', param: 'confirmation_token' }
  const token = recordInPath(transaction, 'confirmation_tokens', { id: path['id'], ...words })
  return transaction.render('confirmation_tokens', token)
}

export const confirmationTokensHandlers: Handlers = {
  'confirmation_tokens.create': create,
  'confirmation_tokens.retrieve': retrieve,
}

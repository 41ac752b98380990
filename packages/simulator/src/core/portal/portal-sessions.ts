import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { checkRedemption } from '../catalogue/redemption.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { refuseUnbuilt } from '../lookup.js'
import { defaultConfiguration, type PortalConfiguration } from './portal-configurations.js'
import type { Records } from '../records.js'
import { isEnded } from '../subscriptions/end.js'
import type { Transaction } from '../transaction.js'
import { requireUrl } from '../urls.js'

export type PortalSession = Records['portal_sessions']
type Params = Stripe.BillingPortal.SessionCreateParams
type FlowParams = NonNullable<Params['flow_data']>
type Flow = NonNullable<PortalSession['flow']>

/** How long a session's address opens the portal. Whoever has the address is taken for the customer, so it is short. */
export const PORTAL_SESSION_LIFETIME = 3600

const create: Handler<Params> = (transaction, { params }) => {
  refuseUnbuilt(params, ['after_expiration', 'configuration', 'customer', 'flow_data', 'locale', 'return_url'])
  return transaction.render('portal_sessions', createPortalSession(transaction, params))
}

/** Opens the portal for a customer. */
export function createPortalSession(transaction: Transaction, params: Params): PortalSession {
  if (params.customer === undefined) throw missingParameter('customer')
  const customer = transaction.require('customers', params.customer, { kind: 'customer', param: 'customer' })
  if (params.return_url !== undefined) requireUrl(params.return_url, 'return_url')
  const configuration = configurationOf(transaction, params.configuration)
  const flow =
    params.flow_data === undefined
      ? null
      : flowOf(transaction, params.flow_data, { configuration, customer: customer.id })
  const session = transaction.put('portal_sessions', {
    id: transaction.newId('bps'),
    object: 'billing_portal.session',
    ...(params.after_expiration !== undefined && { after_expiration: afterExpirationOf(params.after_expiration) }),
    configuration: configuration.id,
    created: transaction.now,
    customer: customer.id,
    customer_account: null,
    flow,
    livemode: false,
    locale: params.locale ?? null,
    on_behalf_of: null,
    return_url: params.return_url ?? configuration.default_return_url,
    url: `${settingsOf(transaction).origin}/p/session/${transaction.newId('test')}`,
  })
  transaction.emit('billing_portal.session.created', 'portal_sessions', session)
  return session
}

function afterExpirationOf(
  asked: NonNullable<Params['after_expiration']>,
): NonNullable<PortalSession['after_expiration']> {
  const { customer_login: login, type } = asked
  return { customer_login: login === undefined ? null : { expires_at: login.expires_at ?? null }, type }
}

function configurationOf(transaction: Transaction, id: string | undefined): PortalConfiguration {
  if (id === undefined) return defaultConfiguration(transaction)
  const param = 'configuration'
  const configuration = transaction.require('portal_configurations', id, {
    kind: 'billing_portal configuration',
    param,
  })
  if (configuration.active) return configuration
  throw invalidRequest('The provided portal configuration is inactive.', { param })
}

interface FlowContext {
  readonly configuration: PortalConfiguration
  readonly customer: string
}

/** The one thing that a session opens with; the feature behind it must be on. */
function flowOf(transaction: Transaction, asked: FlowParams, context: FlowContext): Flow {
  const { features } = context.configuration
  const after_completion = completionOf(asked.after_completion)
  const flow: Flow = {
    after_completion,
    customer_update: null,
    subscription_cancel: null,
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type: asked.type,
  }
  switch (asked.type) {
    case 'customer_update':
      requireFeature(features.customer_update.enabled, 'customer_update')
      return { ...flow, customer_update: {} }
    case 'payment_method_update':
      requireFeature(features.payment_method_update.enabled, 'payment_method_update')
      return flow
    case 'subscription_cancel': {
      requireFeature(features.subscription_cancel.enabled, 'subscription_cancel')
      const subscription = subscriptionOf(transaction, asked.subscription_cancel, { ...context, type: asked.type })
      const retention = retentionOf(transaction, asked.subscription_cancel?.retention)
      return { ...flow, subscription_cancel: { retention, subscription } }
    }
    case 'subscription_pause': {
      requireFeature(features.subscription_pause.enabled, 'subscription_pause')
      const subscription = subscriptionOf(transaction, asked.subscription_pause, { ...context, type: asked.type })
      return { ...flow, subscription_pause: { subscription } }
    }
    case 'subscription_update': {
      requireFeature(features.subscription_update.enabled, 'subscription_update')
      const subscription = subscriptionOf(transaction, asked.subscription_update, { ...context, type: asked.type })
      return { ...flow, subscription_update: { subscription } }
    }
    case 'subscription_update_confirm':
      requireFeature(features.subscription_update.enabled, 'subscription_update')
      return {
        ...flow,
        subscription_update_confirm: confirmationOf(transaction, asked.subscription_update_confirm, context),
      }
    default:
      throw notSimulated(`The portal flow ${asked.type}`, 'flow_data[type]')
  }
}

type Cancel = NonNullable<Flow['subscription_cancel']>

/** The coupon that is offered to whoever is about to leave. */
function retentionOf(
  transaction: Transaction,
  asked: NonNullable<FlowParams['subscription_cancel']>['retention'],
): Cancel['retention'] {
  if (asked === undefined) return null
  const { coupon } = asked.coupon_offer
  const param = 'flow_data[subscription_cancel][retention][coupon_offer][coupon]'
  transaction.require('coupons', coupon, { kind: 'coupon', param })
  return { coupon_offer: { coupon }, type: 'coupon_offer' }
}

function requireFeature(isEnabled: boolean, feature: string): void {
  if (isEnabled) return
  const message = `This feature is disabled in your portal configuration: ${feature}.`
  throw invalidRequest(message, { param: 'flow_data[type]' })
}

function completionOf(asked: FlowParams['after_completion']): Flow['after_completion'] {
  if (asked?.redirect !== undefined)
    requireUrl(asked.redirect.return_url, 'flow_data[after_completion][redirect][return_url]')
  if (asked?.type === 'redirect' && asked.redirect === undefined) {
    throw missingParameter('flow_data[after_completion][redirect]')
  }
  const { hosted_confirmation: confirmation, redirect, type = 'portal_homepage' } = asked ?? {}
  return {
    hosted_confirmation: confirmation === undefined ? null : { custom_message: confirmation.custom_message ?? null },
    redirect: redirect === undefined ? null : { return_url: redirect.return_url },
    type,
  }
}

function subscriptionOf(
  transaction: Transaction,
  asked: { readonly subscription: string } | undefined,
  context: FlowContext & { readonly type: string },
): string {
  const param = `flow_data[${context.type}][subscription]`
  if (asked === undefined) throw missingParameter(param)
  const subscription = transaction.require('subscriptions', asked.subscription, { kind: 'subscription', param })
  if (subscription.customer !== context.customer) {
    throw invalidRequest('The provided subscription does not belong to the customer.', { param })
  }
  if (isEnded(subscription)) throw invalidRequest('The provided subscription has ended.', { param })
  return subscription.id
}

function confirmationOf(
  transaction: Transaction,
  asked: FlowParams['subscription_update_confirm'],
  context: FlowContext,
): NonNullable<Flow['subscription_update_confirm']> {
  const type = 'subscription_update_confirm'
  const subscription = subscriptionOf(transaction, asked, { ...context, type })
  const discounts = (asked?.discounts ?? []).map((named, index) => {
    const param = `flow_data[${type}][discounts][${index}]`
    checkRedemption(transaction, named, { customer: context.customer, param })
    return { coupon: named.coupon ?? null, promotion_code: named.promotion_code ?? null }
  })
  const [item, ...others] = asked?.items ?? []
  if (item === undefined) throw missingParameter(`flow_data[${type}][items]`)
  const { data } = transaction.load('subscriptions', subscription).items
  if (others.length > 0 || data.length > 1) {
    const message = 'Only one item can be updated in this flow, and only of a subscription that has no other.'
    throw invalidRequest(message, { param: `flow_data[${type}][items]` })
  }
  const param = `flow_data[${type}][items][0]`
  if (!data.some(({ id }) => id === item.id)) {
    throw invalidRequest('The provided item does not belong to the subscription.', { param: `${param}[id]` })
  }
  if (item.price !== undefined) transaction.require('prices', item.price, { kind: 'price', param: `${param}[price]` })
  const quantity = item.quantity === undefined ? {} : { quantity: item.quantity }
  return {
    discounts: discounts.length === 0 ? null : discounts,
    items: [{ id: item.id, price: item.price ?? null, ...quantity }],
    subscription,
  }
}

export const portalSessionHandlers: Handlers = { 'portal_sessions.create': create }

import type Stripe from 'stripe'
import { missingParameter, notSimulated } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import type { Transaction } from '../transaction.js'
import { requireCustomer } from './customers.js'

type CustomerSession = Stripe.CustomerSession
type Components = NonNullable<CustomerSession['components']>
type Asked = Stripe.CustomerSessionCreateParams.Components

/** How long the client may use the secret. https://docs.stripe.com/api/customer_sessions */
const LIFETIME = 30 * 60

/** The session lets Stripe's own components act for a customer; none of them runs here, so nothing is kept of it. */
const create: Handler<Stripe.CustomerSessionCreateParams> = (transaction, { params }) => {
  if (params.customer_account !== undefined) throw notSimulated('customer_account', 'customer_account')
  if (params.customer === undefined) throw missingParameter('customer')
  const { id: customer } = requireCustomer(transaction, params.customer, 'customer')
  transaction.enterClockOf(customer)
  const session: Omit<CustomerSession, 'lastResponse'> = {
    object: 'customer_session',
    client_secret: secretOf(transaction),
    components: componentsOf(params.components),
    created: transaction.now,
    customer,
    customer_account: null,
    expires_at: transaction.now + LIFETIME,
    livemode: false,
  }
  return session
}

function secretOf(transaction: Transaction): string {
  return transaction.newId('cuss_secret')
}

/** The others have only one switch, and are off when they are not asked for. */
function componentsOf(asked: Asked): Components {
  return {
    active_entitlements: { enabled: asked.active_entitlements?.enabled ?? false },
    buy_button: { enabled: asked.buy_button?.enabled ?? false },
    customer_portal: { enabled: asked.customer_portal?.enabled ?? false },
    customer_sheet: customerSheet(asked.customer_sheet),
    mobile_payment_element: mobilePaymentElement(asked.mobile_payment_element),
    payment_element: paymentElement(asked.payment_element),
    pricing_table: { enabled: asked.pricing_table?.enabled ?? false },
  }
}

function customerSheet(asked: Asked['customer_sheet']): Components['customer_sheet'] {
  if (asked?.enabled !== true) return { enabled: false, features: null }
  const { payment_method_allow_redisplay_filters: filters, payment_method_remove: remove } = asked.features ?? {}
  const features = {
    payment_method_allow_redisplay_filters: filters ?? ['always'],
    payment_method_remove: remove ?? 'enabled',
  }
  return { enabled: true, features }
}

function mobilePaymentElement(asked: Asked['mobile_payment_element']): Components['mobile_payment_element'] {
  if (asked?.enabled !== true) return { enabled: false, features: null }
  const features = asked.features ?? {}
  return {
    enabled: true,
    features: {
      payment_method_allow_redisplay_filters: features.payment_method_allow_redisplay_filters ?? ['always'],
      payment_method_redisplay: features.payment_method_redisplay ?? 'enabled',
      payment_method_remove: features.payment_method_remove ?? 'enabled',
      payment_method_save: features.payment_method_save ?? 'disabled',
      payment_method_save_allow_redisplay_override: features.payment_method_save_allow_redisplay_override ?? null,
    },
  }
}

function paymentElement(asked: Asked['payment_element']): Components['payment_element'] {
  if (asked?.enabled !== true) return { enabled: false, features: null }
  const features = asked.features ?? {}
  return {
    enabled: true,
    features: {
      payment_method_allow_redisplay_filters: features.payment_method_allow_redisplay_filters ?? ['always'],
      payment_method_redisplay: features.payment_method_redisplay ?? 'disabled',
      payment_method_redisplay_limit: features.payment_method_redisplay_limit ?? null,
      payment_method_remove: features.payment_method_remove ?? 'disabled',
      payment_method_save: features.payment_method_save ?? 'disabled',
      payment_method_save_usage: features.payment_method_save_usage ?? null,
    },
  }
}

export const customerSessionsHandlers: Handlers = { 'customer_sessions.create': create }

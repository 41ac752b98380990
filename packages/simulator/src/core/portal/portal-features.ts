import type Stripe from 'stripe'
import { invalidRequest, missingParameter, noSuch, notSimulated } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type PortalFeatures = Records['portal_configurations']['features']
type Asked = Partial<Stripe.BillingPortal.ConfigurationUpdateParams.Features>
type AskedUpdate = NonNullable<Asked['subscription_update']>

/** The reasons a customer may give for leaving; all of those Stripe knows. */
export const REASONS = [
  'too_expensive',
  'missing_features',
  'switched_service',
  'unused',
  'customer_service',
  'too_complex',
  'low_quality',
  'other',
] as const

/** What a configuration has that asks for nothing. */
export const noFeatures: PortalFeatures = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [...REASONS] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: null,
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
}

/**
 * What the configuration has that nobody made: all that the portal can do. It lists no products and then offers every
 * recurring price in the currency of the subscription.
 */
export const allFeatures: PortalFeatures = {
  ...noFeatures,
  customer_update: { allowed_updates: ['email', 'name'], enabled: true },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true, payment_method_configuration: null },
  subscription_cancel: {
    ...noFeatures.subscription_cancel,
    cancellation_reason: { ...noFeatures.subscription_cancel.cancellation_reason, enabled: true },
    enabled: true,
  },
  subscription_update: {
    ...noFeatures.subscription_update,
    default_allowed_updates: ['price'],
    enabled: true,
    proration_behavior: 'always_invoice',
  },
}

/** The features after a request: each one that it names is merged into what was there. */
export function mergeFeatures(transaction: Transaction, before: PortalFeatures, asked: Asked): PortalFeatures {
  const { payment_method_configuration: configuration } = asked.payment_method_update ?? {}
  if (configuration) {
    const param = 'features[payment_method_update][payment_method_configuration]'
    throw noSuch('payment_method_configuration', configuration, { param, status: 400 })
  }
  return {
    customer_update: customerUpdate(before.customer_update, asked.customer_update),
    invoice_history: { enabled: asked.invoice_history?.enabled ?? before.invoice_history.enabled },
    payment_method_update: {
      ...before.payment_method_update,
      enabled: asked.payment_method_update?.enabled ?? before.payment_method_update.enabled,
    },
    subscription_cancel: cancellation(before.subscription_cancel, asked.subscription_cancel),
    subscription_pause: pause(before.subscription_pause, asked.subscription_pause),
    subscription_update: subscriptionUpdate(transaction, before.subscription_update, asked.subscription_update),
  }
}

function pause(
  before: PortalFeatures['subscription_pause'],
  asked: Asked['subscription_pause'],
): PortalFeatures['subscription_pause'] {
  const { duration, enabled } = asked ?? {}
  if (duration === undefined) return { ...before, enabled: enabled ?? before.enabled }
  const options = listOr(duration.interval_options, []).map((option) => ({
    interval: option.interval,
    interval_count: option.interval_count ?? 1,
  }))
  if (duration.type === 'interval_options' && options.length === 0) {
    throw missingParameter('features[subscription_pause][duration][interval_options]')
  }
  return { duration: { interval_options: options, type: duration.type }, enabled: enabled ?? before.enabled }
}

function customerUpdate(
  before: PortalFeatures['customer_update'],
  asked: Asked['customer_update'],
): PortalFeatures['customer_update'] {
  const { allowed_updates: updates } = asked ?? {}
  return { allowed_updates: listOr(updates, before.allowed_updates), enabled: asked?.enabled ?? before.enabled }
}

function listOr<Value>(asked: readonly Value[] | '' | null | undefined, before: readonly Value[]): readonly Value[] {
  if (asked === undefined) return before
  return asked === '' || asked === null ? [] : asked
}

function cancellation(
  before: PortalFeatures['subscription_cancel'],
  asked: Asked['subscription_cancel'],
): PortalFeatures['subscription_cancel'] {
  if (asked === undefined) return before
  const { cancellation_reason: reason, enabled, mode, proration_behavior: proration } = asked
  if ((reason?.feedback_options ?? '').length > 0) {
    throw notSimulated('feedback_options', 'features[subscription_cancel][cancellation_reason][feedback_options]')
  }
  return {
    cancellation_reason: {
      enabled: reason?.enabled ?? before.cancellation_reason.enabled,
      feedback_options: null,
      options: listOr(reason?.options, before.cancellation_reason.options),
    },
    enabled: enabled ?? before.enabled,
    mode: mode ?? before.mode,
    proration_behavior: proration ?? before.proration_behavior,
  }
}

function subscriptionUpdate(
  transaction: Transaction,
  before: PortalFeatures['subscription_update'],
  asked: AskedUpdate | undefined,
): PortalFeatures['subscription_update'] {
  if (asked === undefined) return before
  const after: PortalFeatures['subscription_update'] = {
    ...before,
    billing_cycle_anchor: asked.billing_cycle_anchor ?? before.billing_cycle_anchor,
    default_allowed_updates: listOr(asked.default_allowed_updates, before.default_allowed_updates),
    enabled: asked.enabled ?? before.enabled,
    products: asked.products === undefined ? (before.products ?? null) : productsOf(transaction, asked.products),
    proration_behavior: asked.proration_behavior ?? before.proration_behavior,
    schedule_at_period_end: {
      conditions: listOr(asked.schedule_at_period_end?.conditions, before.schedule_at_period_end.conditions),
    },
    trial_update_behavior: asked.trial_update_behavior ?? before.trial_update_behavior,
  }
  if (asked.enabled !== true) return after
  if (after.default_allowed_updates.length === 0) {
    throw missingParameter('features[subscription_update][default_allowed_updates]')
  }
  if (after.products === null) throw missingParameter('features[subscription_update][products]')
  return after
}

const MOST_PRODUCTS = 10

function productsOf(
  transaction: Transaction,
  asked: AskedUpdate['products'],
): NonNullable<PortalFeatures['subscription_update']['products']> | null {
  if (asked === undefined || asked === '' || asked === null) return null
  if (asked.length > MOST_PRODUCTS) {
    const message = `You can add at most ${MOST_PRODUCTS} products.`
    throw invalidRequest(message, { param: 'features[subscription_update][products]' })
  }
  return asked.map(({ product, prices, adjustable_quantity: quantity }, index) => {
    const at = `features[subscription_update][products][${index}]`
    transaction.require('products', product, { kind: 'product', param: `${at}[product]` })
    for (const [place, price] of prices.entries()) {
      const found = transaction.require('prices', price, { kind: 'price', param: `${at}[prices][${place}]` })
      if (found.product === product) continue
      const message = `The price \`${price}\` is not a price of the product \`${product}\`.`
      throw invalidRequest(message, { param: `${at}[prices][${place}]` })
    }
    return {
      adjustable_quantity: {
        enabled: quantity?.enabled ?? false,
        maximum: quantity?.maximum ?? null,
        minimum: quantity?.minimum ?? 0,
      },
      prices,
      product,
    }
  })
}

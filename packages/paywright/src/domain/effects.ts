import type { AccessReason } from './access.js'
import type { Drift } from './drift.js'
import type { Invoice, Subscription } from './mirror.js'

/** What all effects say. */
interface EffectBase {
  /** The same whenever the same thing is reported again: consumers may use it to act once. */
  readonly key: string
  /** The app's own id, or `null` for a customer that Stripe knows and the app does not. */
  readonly customerId: string | null
  readonly stripeCustomerId: string
}

type SubscriptionEffectType =
  | 'subscription.activated'
  | 'subscription.updated'
  | 'subscription.trial_started'
  | 'subscription.trial_ending'
  | 'subscription.renewed'
  | 'subscription.past_due'
  | 'subscription.recovered'
  | 'subscription.canceling'
  | 'subscription.resumed'
  | 'subscription.canceled'

export interface SubscriptionEffect extends EffectBase {
  readonly type: SubscriptionEffectType
  readonly before: Subscription | null
  readonly after: Subscription
}

export interface PlanEffect extends EffectBase {
  readonly type: 'plan.changed'
  readonly before: string | null
  readonly after: string | null
}

export interface AccessEffect extends EffectBase {
  readonly type: 'access.granted' | 'access.revoked' | 'access.changed'
  readonly before: { readonly plan: string | null; readonly reason: AccessReason }
  readonly after: { readonly plan: string | null; readonly reason: AccessReason }
}

export interface PaymentEffect extends EffectBase {
  readonly type: 'payment.succeeded' | 'payment.failed' | 'payment.action_required' | 'invoice.paid'
  readonly before: Invoice | null
  readonly after: Invoice
}

/** A subscription has a price that stands for no plan: the last good plan was kept. Somebody must look. */
export interface UnknownPriceEffect extends EffectBase {
  readonly type: 'price.unknown'
  readonly stripeSubscriptionId: string
  readonly stripePriceId: string
  readonly keptPlan: string | null
}

/** Reconciling has found that the mirror says something else than Stripe, or has put it right. */
export interface DriftEffect extends Omit<EffectBase, 'stripeCustomerId'> {
  readonly type: 'drift.found' | 'drift.repaired'
  /** `null` for products and prices, which are nobody's. */
  readonly stripeCustomerId: string | null
  /** What differed, a hundred at most. */
  readonly drift: readonly Drift[]
}

/**
 * What changed in the product's world, derived from the difference between the old state and the new; of drift, from that
 * between the mirror and Stripe.
 */
export type Effect = SubscriptionEffect | PlanEffect | AccessEffect | PaymentEffect | UnknownPriceEffect | DriftEffect

/** The names that `billing.on` takes. */
export type EffectType = Effect['type']

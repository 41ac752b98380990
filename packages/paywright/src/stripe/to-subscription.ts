import type { Stripe } from 'stripe'
import type { Subscription, SubscriptionItem } from '../domain/mirror.js'
import { idOf } from './id-of.js'

/** `items` are given apart because Stripe puts only the first page of them into the subscription. */
export function toSubscription(
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
): Subscription {
  const ours = items.map(toItem)
  return {
    stripeSubscriptionId: subscription.id,
    stripeCustomerId: idOf(subscription.customer),
    status: subscription.status,
    items: ours,
    // Periods stand on the items since API version 2025-03-31.basil.
    currentPeriodStart: least(ours.map((item) => item.currentPeriodStart)),
    currentPeriodEnd: greatest(ours.map((item) => item.currentPeriodEnd)),
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    cancelAt: subscription.cancel_at,
    canceledAt: subscription.canceled_at,
    endedAt: subscription.ended_at,
    trialStart: subscription.trial_start,
    trialEnd: subscription.trial_end,
    startedAt: subscription.start_date,
    createdAt: subscription.created,
    currency: subscription.currency,
    collectionMethod: subscription.collection_method,
    latestInvoiceId: idOf(subscription.latest_invoice),
    defaultPaymentMethodId: idOf(subscription.default_payment_method),
    isCollectionPaused: subscription.pause_collection !== null,
    metadata: subscription.metadata,
    plan: null,
    unknownPriceId: null,
    pastDueSince: null,
  }
}

function toItem(item: Stripe.SubscriptionItem): SubscriptionItem {
  return {
    stripeItemId: item.id,
    stripePriceId: item.price.id,
    stripeProductId: idOf(item.price.product),
    quantity: item.quantity ?? null,
    currentPeriodStart: item.current_period_start,
    currentPeriodEnd: item.current_period_end,
  }
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values)
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

import type { Stripe } from 'stripe'
import type { Price, Product } from '../domain/mirror.js'
import { idOf } from './id-of.js'

export function toProduct(product: Stripe.Product): Product {
  const { id, name, active, metadata } = product
  return { stripeProductId: id, name, isActive: active, metadata }
}

export function toPrice(price: Stripe.Price): Price {
  return {
    stripePriceId: price.id,
    stripeProductId: idOf(price.product),
    lookupKey: price.lookup_key,
    isActive: price.active,
    currency: price.currency,
    unitAmount: price.unit_amount,
    interval: price.recurring?.interval ?? null,
    intervalCount: price.recurring?.interval_count ?? null,
    usageType: price.recurring?.usage_type ?? null,
    metadata: price.metadata,
  }
}

import type { EntitlementGrant } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Subscription = Records['subscriptions']

/**
 * The states in which a subscription gives access. That it outlasts a failed payment until the subscription is given up is
 * inferred; that a pause ends it is documented. https://docs.stripe.com/billing/entitlements
 */
const GRANTING: ReadonlySet<string> = new Set(['trialing', 'active', 'past_due'])

/**
 * What a subscription grants now, given what it granted before; `undefined` for nothing. A product's features are read when
 * its item starts or renews and hold for that period: changing them affects subscribers only from the next one.
 */
export function grantOf(
  transaction: Transaction,
  subscription: Subscription,
  before: EntitlementGrant | undefined,
): EntitlementGrant | undefined {
  if (!GRANTING.has(subscription.status)) return undefined
  const products = subscription.items.data.flatMap((item) => {
    const { product } = item.price
    const start = item.current_period_start
    const kept = before?.products.find((granted) => granted.product === product && granted.start === start)
    const features = kept?.features ?? featuresOf(transaction, product)
    return features.length === 0 && kept === undefined ? [] : [{ product, start, features }]
  })
  if (products.length === 0) return undefined
  return { id: subscription.id, customer: subscription.customer, products }
}

function featuresOf(transaction: Transaction, product: string): readonly string[] {
  return transaction.by('product_features', 'product', product).map((link) => link.feature)
}

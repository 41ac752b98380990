import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { markUsage } from './billing.js'
import { settleUsage } from './lines.js'

type Item = Records['subscription_items']
type Subscription = Pick<Records['subscriptions'], 'id' | 'metadata' | 'billing_mode' | 'customer' | 'status'>

/**
 * What an update does about usage that was not billed yet. In flexible billing mode it is billed at the price it was
 * reported under; in classic mode it is lost, unless the cycle begins anew. What goes on counts from now.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare
 */
export function changeUsage(
  transaction: Transaction,
  subscription: Subscription,
  change: { readonly gone: readonly Item[]; readonly items: readonly Item[]; readonly isBilled: boolean },
): void {
  const at = transaction.now
  for (const item of change.gone) {
    if (change.isBilled && subscription.status !== 'trialing') settleUsage(transaction, subscription, { item, at })
    if (change.items.some(({ id }) => id === item.id)) markUsage(transaction, item, { customer: subscription.customer })
  }
}

import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import { isEnded } from './end.js'
import type { Subscription } from './items.js'

/** From classic to flexible billing mode; there is no way back. https://docs.stripe.com/billing/subscriptions/billing-mode */
export function migrateSubscription(
  transaction: Transaction,
  id: string,
  params: Stripe.SubscriptionMigrateParams,
): Subscription {
  const before = transaction.require('subscriptions', id, { kind: 'subscription' })
  transaction.enterClockOf(before.customer)
  if (isEnded(before)) throw invalidRequest('You cannot migrate a canceled subscription.')
  if (before.billing_mode.type === 'flexible') {
    throw invalidRequest('This subscription already has `billing_mode[type]=flexible`.', {
      param: 'billing_mode[type]',
    })
  }
  const discounts = params.billing_mode.flexible?.proration_discounts ?? 'included'
  const after = transaction.patch('subscriptions', id, {
    billing_mode: { type: 'flexible', flexible: { proration_discounts: discounts }, updated_at: transaction.now },
  })
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
  return after
}

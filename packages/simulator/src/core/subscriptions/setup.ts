import { createSetupIntent } from '../payments/setup-intents.js'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'
import { paymentMethodOf } from './payment-method.js'

type Starting = Pick<Subscription, 'collection_method' | 'customer' | 'default_payment_method'>

/**
 * Nothing is to be paid now and there is no card for later: a setup intent waits for one.
 * https://docs.stripe.com/api/subscriptions/object#subscription_object-pending_setup_intent
 */
export function awaitSetup(transaction: Transaction, subscription: Starting): string | null {
  if (subscription.collection_method !== 'charge_automatically') return null
  if (paymentMethodOf(transaction, subscription) !== null) return null
  return createSetupIntent(transaction, { customer: subscription.customer, usage: 'off_session' }).id
}

/** The card that was set up is the subscription's from now on. */
export function onSetupSucceeded(transaction: Transaction, { setupIntent }: { readonly setupIntent: string }): void {
  const [before] = transaction.by('subscriptions', 'pending_setup_intent', setupIntent)
  if (before === undefined) return
  const { payment_method: method } = transaction.load('setup_intents', setupIntent)
  const after = transaction.patch('subscriptions', before.id, {
    default_payment_method: method ?? before.default_payment_method,
    pending_setup_intent: null,
  })
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
}

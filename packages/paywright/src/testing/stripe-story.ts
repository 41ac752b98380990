import type Stripe from 'stripe'
import { CUSTOMER_METADATA_KEY } from '../stripe/metadata.js'

/** What happens at Stripe in a test, without our library's doing. */
export interface StripeStory {
  /** A customer of the app who pays for a plan by the month. */
  subscribe(customerId: string, lookupKey?: string): Promise<Subscriber>
  /** All events since the last call, oldest first. */
  takeEvents(): Promise<readonly Stripe.Event[]>
}

export interface Subscriber {
  readonly customerId: string
  readonly stripeCustomerId: string
  readonly stripeSubscriptionId: string
}

export function createStripeStory(stripe: Stripe): StripeStory {
  const taken = new Set<string>()
  return {
    subscribe: async (customerId, lookupKey = 'paywright_pro_month') => {
      const customer = await stripe.customers.create({
        email: `${customerId}@customer.example`,
        metadata: { [CUSTOMER_METADATA_KEY]: customerId },
      })
      const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
      const [price] = (await stripe.prices.list({ lookup_keys: [lookupKey] })).data
      if (price === undefined) throw new Error(`There is no price ${lookupKey}; push the catalogue first.`)
      const subscription = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: price.id }],
        default_payment_method: card.id,
      })
      return { customerId, stripeCustomerId: customer.id, stripeSubscriptionId: subscription.id }
    },
    takeEvents: async () => {
      const events: Stripe.Event[] = []
      for await (const event of stripe.events.list({ limit: 100 })) {
        if (taken.has(event.id)) break
        events.push(event)
      }
      for (const { id } of events) taken.add(id)
      return events.toReversed()
    },
  }
}

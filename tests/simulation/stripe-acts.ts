import type Stripe from 'stripe'

// What clients of the simulation, and those of several processes, do at Stripe.

export const PRICES = ['paywright_pro_month', 'paywright_pro_year', 'paywright_team_month'] as const

export async function priceOf(stripe: Stripe, lookupKey: string): Promise<string> {
  const [price] = (await stripe.prices.list({ lookup_keys: [lookupKey] })).data
  if (price === undefined) throw new Error(`There is no price ${lookupKey}.`)
  return price.id
}

export async function attachCard(stripe: Stripe, customer: string, card: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach(card, { customer })
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } })
}

export type SubscriptionChange =
  | 'subscribe'
  | 'change the quantity'
  | 'change the price'
  | 'cancel at the end'
  | 'take the cancellation back'
  | 'cancel now'

/** Where there is no subscription, each of these buys one. What is to be drawn is drawn when it is needed. */
export async function changeSubscription(
  stripe: Stripe,
  customer: string,
  {
    name,
    drawPrice,
    drawQuantity,
  }: { name: SubscriptionChange; drawPrice: () => string | Promise<string>; drawQuantity: () => number },
): Promise<unknown> {
  const { data } = await stripe.subscriptions.list({ customer, limit: 100 })
  const price = await drawPrice()
  const [current] = data
  if (current === undefined) return stripe.subscriptions.create({ customer, items: [{ price }] })
  const id = current.items.data[0]?.id ?? ''
  switch (name) {
    case 'subscribe':
    case 'change the quantity':
      return stripe.subscriptions.update(current.id, { items: [{ id, quantity: drawQuantity() }] })
    case 'change the price':
      return stripe.subscriptions.update(current.id, { items: [{ id, price }] })
    case 'cancel at the end':
      return stripe.subscriptions.update(current.id, { cancel_at_period_end: true })
    case 'take the cancellation back':
      return stripe.subscriptions.update(current.id, { cancel_at_period_end: false })
    case 'cancel now':
      return stripe.subscriptions.cancel(current.id)
    default:
      return name satisfies never
  }
}

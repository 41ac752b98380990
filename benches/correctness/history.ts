import type { BenchCustomer } from '../contestants/contract.js'
import type { Random } from '../random.js'
import type { BenchWorld } from '../world.js'

/** A subscription of a history, and what was last decided about it. */
export interface Told {
  readonly customer: BenchCustomer
  readonly id: string
  readonly item: string
}

/** Creates a subscription for the customer: for a third it begins with a trial. */
export function subscribe(world: BenchWorld, customer: BenchCustomer, random: Random): Told {
  const price = random.pick(world.plans()).stripePriceId
  const trial = random.chance(0.33) ? { trial_period_days: random.between(3, 10) } : {}
  const params = { customer: customer.stripeCustomerId, items: [{ price, quantity: random.between(1, 9) }], ...trial }
  const id = world.run('subscriptions.create', '', params)
  return { customer, id, item: itemOf(world, id) }
}

/** Changes something about the subscription, as customers do: seats, plan, cancellation, a card that stops working. */
export function change(world: BenchWorld, { id, item, customer }: Told, random: Random): void {
  if (world.subscription(id).status === 'canceled') return
  const plan = random.pick(world.plans()).stripePriceId
  const quantity = random.between(1, 50)
  const kind = random.between(1, 10)
  if (kind <= 4) world.run('subscriptions.update', id, { items: [{ id: item, quantity }] })
  else if (kind <= 6) world.run('subscriptions.update', id, { items: [{ id: item, price: plan, quantity }] })
  else if (kind <= 8) world.run('subscriptions.update', id, { cancel_at_period_end: random.chance(0.6) })
  else if (kind === 9) failPayment(world, { id, item, customer })
  else world.run('subscriptions.cancel', id)
}

/** A card that is declined, and a change that is to be paid at once. */
function failPayment(world: BenchWorld, { id, item, customer }: Told): void {
  const card = { customer: customer.stripeCustomerId }
  const method = world.run('payment_methods.attach', 'pm_card_chargeCustomerFail', card)
  world.run('customers.update', customer.stripeCustomerId, { invoice_settings: { default_payment_method: method } })
  world.run('subscriptions.update', id, { items: [{ id: item, quantity: 77 }], proration_behavior: 'always_invoice' })
}

function itemOf(world: BenchWorld, id: string): string {
  const [first] = world.subscription(id).items.data
  if (first === undefined) throw new Error(`${id} has no item.`)
  return first.id
}

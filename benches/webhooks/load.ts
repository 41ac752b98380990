import type Stripe from 'stripe'
import type { BenchCustomer } from '../contestants/contract.js'
import type { BenchWorld } from '../world.js'

/** Subscriptions whose quantity changes again and again, each time in another second. */
export interface Workload {
  readonly customers: readonly BenchCustomer[]
  /** The events of how it began. */
  readonly first: Batch
  /** So many changes of every subscription; the events that tell of them, oldest first. */
  next(times: number): Promise<Batch>
}

/** Events, and what the rows say once all of them are written. */
export interface Batch {
  readonly events: readonly Stripe.Event[]
  readonly quantities: readonly { readonly id: string; readonly quantity: number }[]
}

interface Subscribed {
  readonly id: string
  readonly item: string
}

export async function createWorkload(world: BenchWorld, count: number): Promise<Workload> {
  const customers = world.createCustomers(count)
  await world.simulator.clock.advance(1)
  const price = world.plans()[0]?.stripePriceId
  const subscribed = customers.map(({ stripeCustomerId: customer }): Subscribed => {
    const id = world.run('subscriptions.create', '', { customer, items: [{ price, quantity: 1 }] })
    return { id, item: world.subscription(id).items.data[0]?.id ?? '' }
  })
  let quantity = 1
  const batch = (): Batch => ({
    events: world.newEvents().filter(({ type }) => /^customer\.(created|subscription\.)/.test(type)),
    quantities: subscribed.map(({ id }) => ({ id, quantity })),
  })
  const first = batch()
  return {
    customers,
    first,
    next: async (times) => {
      for (let time = 0; time < times; time += 1) {
        quantity += 1
        await world.simulator.clock.advance(1)
        for (const { id, item } of subscribed) update(world, { id, item, quantity })
      }
      return batch()
    },
  }
}

function update(world: BenchWorld, { id, item, quantity }: Subscribed & { readonly quantity: number }): void {
  world.run('subscriptions.update', id, { items: [{ id: item, quantity }], proration_behavior: 'none' })
}

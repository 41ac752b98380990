import type Stripe from 'stripe'
import type { BenchCustomer } from '../contestants/contract.js'
import type { Random } from '../random.js'
import type { BenchWorld } from '../world.js'
import { change, subscribe } from './history.js'
import type { Scenario } from './scenarios.js'

/** The customers of a scenario, and everything that Stripe says of them. */
export interface Story {
  readonly scenario: Scenario
  readonly customers: readonly BenchCustomer[]
  readonly subscriptionIds: readonly string[]
  readonly events: readonly Stripe.Event[]
}

export interface Size {
  readonly subscriptions: number
  readonly changes: number
}

/** Changes are this far apart at most. */
const LONGEST_PAUSE = 900

/** What a product would subscribe its endpoint to. */
const DELIVERED = /^(customer\.(created|updated|deleted|subscription\..*)|invoice\.(paid|payment_failed))$/

/** Plays the stories of all scenarios one after the other, and lets time pass until `now`. */
export async function playStories(
  world: BenchWorld,
  { scenarios, size, now }: { readonly scenarios: readonly Scenario[]; readonly size: Size; readonly now: number },
  random: Random,
): Promise<readonly Story[]> {
  const played = []
  for (const scenario of scenarios) played.push({ scenario, ...(await play(world, { scenario, size }, random)) })
  await world.simulator.clock.advanceTo(now)
  const events = world.newEvents().filter(isDelivered)
  return played.map((story) => {
    const ours = new Set(story.customers.map(({ stripeCustomerId }) => stripeCustomerId))
    return { ...story, events: events.filter((event) => ours.has(customerOf(event) ?? '')) }
  })
}

async function play(
  world: BenchWorld,
  { scenario, size }: { readonly scenario: Scenario; readonly size: Size },
  random: Random,
): Promise<Pick<Story, 'customers' | 'subscriptionIds'>> {
  const { simulator } = world
  const customers = world.createCustomers(size.subscriptions)
  await simulator.clock.advance(1)
  const told = customers.map((customer) => subscribe(world, customer, random))
  const step = scenario.isOneSecond === true ? 0 : LONGEST_PAUSE
  await simulator.clock.advance(1)
  for (let round = 0; round < size.changes; round += 1) {
    for (const one of random.shuffle(told)) {
      change(world, one, random)
      if (step > 0) await simulator.clock.advance(random.between(1, step))
    }
  }
  return { customers, subscriptionIds: told.map(({ id }) => id) }
}

export function isDelivered({ type }: Stripe.Event): boolean {
  return DELIVERED.test(type)
}

function customerOf({ data: { object } }: Stripe.Event): string | null {
  if (object.object === 'customer') return object.id
  if (!('customer' in object)) return null
  return typeof object.customer === 'string' ? object.customer : null
}

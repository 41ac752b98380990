import type { BenchCustomer } from '../contestants/contract.js'
import type { Running } from '../contestants/running.js'
import type { Random } from '../random.js'
import type { BenchWorld } from '../world.js'
import { deliver, pause } from './deliver.js'
import { change, subscribe } from './history.js'
import { isDelivered, type Size } from './stories.js'

/** Between two changes, each of another subscription. */
const PAUSE_MILLISECONDS = 12

/** How long a delivery is on its way, so that one may overtake another. */
const LONGEST_WAY_MILLISECONDS = 120

/** Subscriptions that change in turn: what one customer does next comes before Stripe's slower answers. */
const IN_TURN = 8

/** Changes subscriptions while their events are delivered, each on its own, as soon as they are there. */
export async function playLive(
  { world, running }: { readonly world: BenchWorld; readonly running: Running },
  size: Size,
  random: Random,
): Promise<{ readonly subscriptionIds: readonly string[]; readonly events: number }> {
  const customers: readonly BenchCustomer[] = world.createCustomers(size.subscriptions)
  await running.introduce(customers)
  const deliveries: Promise<void>[] = []
  let events = 0
  const send = (): void => {
    for (const event of world.newEvents().filter(isDelivered)) {
      events += 1
      deliveries.push(pause(random.between(0, LONGEST_WAY_MILLISECONDS)).then(() => deliver(running, [event], 1)))
    }
  }
  const told = []
  for (const customer of customers) {
    await passTime(world)
    told.push(subscribe(world, customer, random))
    send()
  }
  for (const one of inTurns(told, size.changes)) {
    await passTime(world)
    change(world, one, random)
    send()
  }
  await Promise.all(deliveries)
  return { subscriptionIds: told.map(({ id }) => id), events }
}

/** Each so many times, a few of them side by side. */
function inTurns<Item>(items: readonly Item[], times: number): readonly Item[] {
  const groups = Array.from({ length: Math.ceil(items.length / IN_TURN) }, (_, index) =>
    items.slice(index * IN_TURN, (index + 1) * IN_TURN),
  )
  return groups.flatMap((group) => Array.from({ length: times }, () => group).flat())
}

/** At Stripe as here. */
async function passTime({ simulator }: BenchWorld): Promise<void> {
  await pause(PAUSE_MILLISECONDS)
  const now = Math.floor(Date.now() / 1000)
  if (now > simulator.clock.now()) await simulator.clock.advanceTo(now)
}

import type Stripe from 'stripe'
import type { Running } from '../contestants/running.js'
import { sendAll } from '../send.js'
import { deliveryOf } from '../world.js'

/** What Stripe would go on with for three days. */
const MOST_ROUNDS = 10

const BETWEEN_ROUNDS_MILLISECONDS = 300

/** Sends the events in this order; what was not answered with 2xx is sent again, until nothing is refused. */
export async function deliver(running: Running, events: readonly Stripe.Event[], connections: number): Promise<void> {
  let waiting = events
  for (let round = 0; round < MOST_ROUNDS && waiting.length > 0; round += 1) {
    if (round > 0) await pause(BETWEEN_ROUNDS_MILLISECONDS)
    waiting = await deliverOnce(running, waiting, connections)
  }
}

/** Answers those that were refused. */
export async function deliverOnce(
  { port, contestant }: Running,
  events: readonly Stripe.Event[],
  connections: number,
): Promise<readonly Stripe.Event[]> {
  const requests = events.map((event) => deliveryOf(event, contestant.path))
  const sent = await sendAll({ port, connections }, requests)
  return events.filter((_, index) => {
    const status = sent[index]?.status ?? null
    return status === null || status >= 300
  })
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

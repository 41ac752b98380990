import type Stripe from 'stripe'
import type { Fleet } from './fleet.js'
import type { Instance, World } from './instance.js'
import { newProcess } from './process.js'

/** What carries Stripe's events to the product, as badly as the faults of the run say. */
export interface Network {
  /** Sends what has happened at Stripe since the last call. */
  collect(): Promise<void>
  /** Everything that Stripe has said, oldest first. */
  history(): readonly Stripe.Event[]
  /** Sends everything again that was not answered with 2xx. */
  sendUnanswered(): void
  unanswered(): number
  /** Nothing is sent again of what was not answered, as when the product was away for longer than Stripe tries. */
  giveUp(): void
  /** Whether a delivery is on its way. */
  isBusy(): boolean
}

/** While things go wrong an event is given up after so many attempts, until the network works again. */
const MOST_ATTEMPTS = 4

/** A bound on the attempts of a network that works. */
const MOST_HEALTHY_ATTEMPTS = 60

const LONGEST_DELAY = 120_000
const RETRY_DELAY = 20_000

export function createNetwork(world: World, fleet: Fleet): Network {
  const wire = newProcess('network', { isEngine: false })
  const history: Stripe.Event[] = []
  const unanswered = new Map<string, Stripe.Event>()
  const order = new Map<string, number>()
  let newest = -1
  let onTheWay = 0
  const { scheduler, faults, random } = world

  const attempt = async (event: Stripe.Event): Promise<boolean> => {
    const instance = fleet.pick()
    if (instance === null || faults.strike('delivery lost')) return false
    const place = order.get(event.id) ?? 0
    if (place < newest) faults.note('delivery out of order')
    newest = Math.max(newest, place)
    const status = await statusOf(instance, event)
    return status === 200 && !faults.strike('answer to a delivery lost')
  }
  const send = async (event: Stripe.Event, mostAttempts: number): Promise<void> => {
    onTheWay += 1
    let delay = faults.strike('delivery late') ? random.between(0, LONGEST_DELAY) : random.between(0, 1000)
    for (let count = 0; count < mostAttempts; count += 1) {
      await scheduler.halt(wire, { label: `deliver ${event.type} ${event.id}`, delay })
      if (await attempt(event)) {
        unanswered.delete(event.id)
        break
      }
      delay = random.between(1000, RETRY_DELAY)
    }
    onTheWay -= 1
  }
  return {
    collect: async () => {
      for (const event of await newEvents(world, history)) {
        order.set(event.id, history.push(event))
        unanswered.set(event.id, event)
        void send(event, MOST_ATTEMPTS)
        if (faults.strike('delivery repeated')) void send(event, 1)
      }
    },
    history: () => history,
    sendUnanswered: () => {
      for (const event of unanswered.values()) void send(event, MOST_HEALTHY_ATTEMPTS)
    },
    unanswered: () => unanswered.size,
    giveUp: () => unanswered.clear(),
    isBusy: () => onTheWay > 0,
  }
}

async function statusOf({ app, death }: Instance, event: Stripe.Event): Promise<number | 'dead'> {
  return Promise.race([app.deliver(event).then(({ status }) => status), death])
}

/** Those that came after the ones known, oldest first. */
async function newEvents({ stripe }: World, known: readonly Stripe.Event[]): Promise<readonly Stripe.Event[]> {
  const found: Stripe.Event[] = []
  for (;;) {
    const newest = found.at(-1) ?? known.at(-1)
    const cursor = newest === undefined ? {} : { ending_before: newest.id }
    const { data, has_more: hasMore } = await stripe.events.list({ limit: 100, ...cursor })
    found.push(...data.toReversed())
    if (!hasMore) return found
    if (newest === undefined) throw new Error('The run begins with more events than fit on a page.')
  }
}

import type Stripe from 'stripe'
import { NO_TROUBLE, type Trouble } from '../api-proxy.js'
import type { Random } from '../random.js'

/** One way in which deliveries come. */
export interface Scenario {
  readonly name: string
  /** The changes of a subscription happen all in one second. */
  readonly isOneSecond?: boolean
  /** Puts the deliveries in the order in which they are sent. */
  readonly arrange: (events: readonly Stripe.Event[], random: Random) => readonly Stripe.Event[]
  /** Deliveries that are on their way at the same time. */
  readonly connections: number
  readonly trouble: Trouble
  /** The database is shut down at half-way, and is back before what was refused is delivered again. */
  readonly isDatabaseLost?: boolean
  /** The changes are made while the deliveries come, so that an answer of Stripe may be older than the next change. */
  readonly isLive?: boolean
}

const asTheyCame: Scenario['arrange'] = (events) => events

const PLAIN = { arrange: asTheyCame, connections: 1, trouble: NO_TROUBLE } as const

export const SCENARIOS: readonly Scenario[] = [
  { ...PLAIN, name: 'in order' },
  { ...PLAIN, name: 'duplicates', arrange: withDuplicates },
  { ...PLAIN, name: 'shuffled', arrange: (events, random) => random.shuffle(events) },
  { ...PLAIN, name: 'same second', isOneSecond: true, arrange: shuffledWithinSeconds },
  {
    ...PLAIN,
    name: 'concurrent copies',
    arrange: (events) => events.flatMap((event) => [event, event, event]),
    connections: 6,
  },
  { ...PLAIN, name: 'burst', connections: 32 },
  {
    name: 'chaos',
    arrange: (events, random) => random.shuffle(withDuplicates(events, random)),
    connections: 16,
    trouble: { slowestMilliseconds: 40, failing: 0.05 },
  },
  {
    ...PLAIN,
    name: 'live, slow answers',
    isLive: true,
    trouble: { slowestMilliseconds: 250, failing: 0 },
    connections: 16,
  },
  { ...PLAIN, name: 'database down', isDatabaseLost: true, connections: 8 },
]

/** Each once more, some time later. */
function withDuplicates(events: readonly Stripe.Event[], random: Random): readonly Stripe.Event[] {
  return events
    .flatMap((event, place) => [
      { event, place },
      { event, place: place + random.between(1, 40) },
    ])
    .toSorted((one, other) => one.place - other.place)
    .map(({ event }) => event)
}

function shuffledWithinSeconds(events: readonly Stripe.Event[], random: Random): readonly Stripe.Event[] {
  return random.shuffle(events).toSorted((one, other) => one.created - other.created)
}

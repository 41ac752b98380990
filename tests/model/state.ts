/** A subject has two objects, as a customer has a subscription and an invoice. */
export const OBJECTS = [0, 1] as const

export type ObjectIndex = (typeof OBJECTS)[number]

/** A value for each object. */
export type PerObject<Value> = readonly [Value, Value]

/** Of what second something is; see `Seen` in the engine. */
export interface Seen {
  readonly from: number
  readonly until: number
}

/** Events are numbered from 0 on; a set of them is a bit mask. The version of an object is the event that made it, plus one. */
export interface Stripe {
  /** The clock. */
  readonly second: number
  /** How many of the events have happened, and in which second each did. */
  readonly seconds: readonly number[]
  readonly versions: PerObject<number>
  /** Events that were answered with 2xx, and are not delivered again. */
  readonly answered: number
}

/** The rows of one subject. */
export interface Rows {
  readonly received: number
  readonly processed: number
  readonly wantedSeq: number
  readonly doneSeq: number
  /** Whether there is a token, and whether its lease has not ended yet. */
  readonly isLeased: boolean
  readonly isLeaseRunning: boolean
  readonly isRetried: boolean
  readonly mirror: PerObject<number>
  /** `null`: the customer is not stored yet. */
  readonly knowledge: PerObject<Seen> | null
}

/** What a worker has in hand, from `claim` to `commitSync`. */
export interface Sync {
  readonly at: 'loadCustomer' | 'read' | 'commitSync'
  /** Whether the token in the row is still this worker's. */
  readonly isTokenOurs: boolean
  readonly wantedSeq: number
  readonly pending: number
  readonly mustRead: boolean
  readonly knowledge: PerObject<Seen> | null
  /** What is going to be written, as far as it is known. */
  readonly plan: PerObject<{ readonly version: number; readonly seen: Seen } | null>
  /** Objects that Stripe is still to be asked for, as a bit mask. */
  readonly reads: number
  /** The second in which the read began. */
  readonly readFrom: number
}

export interface Worker {
  /** The event that was answered before it was stored; only where that guard is left out. */
  readonly owes: number | null
  readonly sync: Sync | null
}

export interface State {
  readonly stripe: Stripe
  readonly rows: Rows
  readonly workers: readonly [Worker, Worker]
}

export const IDLE: Worker = { owes: null, sync: null }

export const START: State = {
  stripe: { second: 1, seconds: [], versions: [0, 0], answered: 0 },
  rows: {
    received: 0,
    processed: 0,
    wantedSeq: 0,
    doneSeq: 0,
    isLeased: false,
    isLeaseRunning: false,
    isRetried: false,
    mirror: [0, 0],
    knowledge: null,
  },
  workers: [IDLE, IDLE],
}

export function has(mask: number, bit: number): boolean {
  return (mask & (1 << bit)) !== 0
}

export function withBit(mask: number, bit: number): number {
  return mask | (1 << bit)
}

/** The same pair with another value in one of its places. */
export function withAt<Value>(
  [zero, one]: readonly [Value, Value],
  place: 0 | 1,
  value: Value,
): readonly [Value, Value] {
  return place === 0 ? [value, one] : [zero, value]
}

import type { Running } from '../contestants/running.js'

/** Each with how often every subscription changes in one round. */
export const LOADS = [
  { connections: 1, changes: 1 },
  { connections: 8, changes: 4 },
  { connections: 32, changes: 4 },
] as const

/** Events a second. */
export interface Rates {
  /** Until the last delivery was answered. */
  readonly answered: number
  /** Until all rows said what Stripe says; 0 where they never did. */
  readonly right: number
}

/** What was measured of a contestant, by connections, each round by itself. */
export interface Measured {
  readonly running: Running
  readonly rates: ReadonlyMap<number, Rates[]>
  readonly visible: number[]
}

export interface MeasuredFloor {
  readonly single: ReadonlyMap<number, number[]>
  readonly batched: number[]
}

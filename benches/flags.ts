import { parseArgs } from 'node:util'

/** What a bench may be told on its command line; all of it can be left out. */
export interface Flags {
  /** Fewer and shorter rounds. */
  readonly quick: boolean
  /** Contestants by name, separated by commas. */
  readonly only: string | undefined
  readonly seed: number
  readonly rounds: number | undefined
  readonly subscriptions: number | undefined
  /** Up to a million stored subscriptions, which takes some minutes and some gigabytes. */
  readonly million: boolean
}

export function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string' },
      subscriptions: { type: 'string' },
      million: { type: 'boolean', default: false },
    },
  })
  const { quick, only, seed, rounds, subscriptions, million } = values
  return {
    quick,
    million,
    only,
    seed: Number(seed),
    rounds: rounds === undefined ? undefined : Number(rounds),
    subscriptions: subscriptions === undefined ? undefined : Number(subscriptions),
  }
}

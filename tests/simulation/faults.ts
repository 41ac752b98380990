import type { Random } from './random.js'

/** Whatever can go wrong, by name. */
export const FAULT_KINDS = [
  'delivery repeated',
  'delivery late',
  'delivery out of order',
  'delivery lost',
  'answer to a delivery lost',
  'process killed',
  'process stopped',
  'lease lost',
  'clock wrong',
  'database refused',
  'database answer lost',
  'Stripe refused',
  'Stripe answer lost',
  'Stripe slow',
  'Stripe changed while it was read',
  'handler failed',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export type FaultCounts = Readonly<Record<FaultKind, number>>

/** What goes wrong in one run: how often is drawn as well, and some kinds not at all. */
export interface Faults {
  /** Whether this goes wrong now; counts it. */
  strike(kind: FaultKind): boolean
  /** Counts what has gone wrong by itself, as a consequence. */
  note(kind: FaultKind): void
  setOn(isOn: boolean): void
  counts(): FaultCounts
}

/** The most often that each kind strikes, per opportunity. What follows from others is not drawn. */
const MOST_OFTEN: Readonly<Record<FaultKind, number>> = {
  'delivery repeated': 0.4,
  'delivery late': 0.5,
  'delivery out of order': 0,
  'delivery lost': 0.3,
  'answer to a delivery lost': 0.2,
  'process killed': 0.02,
  'process stopped': 0.03,
  'lease lost': 0,
  'clock wrong': 0.5,
  'database refused': 0.03,
  'database answer lost': 0.03,
  'Stripe refused': 0.15,
  'Stripe answer lost': 0.1,
  'Stripe slow': 0.5,
  'Stripe changed while it was read': 0.3,
  'handler failed': 0.2,
}

/** So many of the kinds are part of a run, on average: fewer at once find other faults than all at once. */
const PART_OF_RUN = 0.6

export function noFaults(): FaultCounts {
  // Guaranteed: there is an entry for each kind.
  return Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as FaultCounts
}

export function addFaults(one: FaultCounts, other: FaultCounts): FaultCounts {
  // As above.
  return Object.fromEntries(FAULT_KINDS.map((kind) => [kind, one[kind] + other[kind]])) as FaultCounts
}

export function createFaults(random: Random): Faults {
  const rates = new Map(
    FAULT_KINDS.map((kind) => [kind, random.chance(PART_OF_RUN) ? random.next() * MOST_OFTEN[kind] : 0]),
  )
  const counts = new Map<FaultKind, number>()
  let isOn = true
  const note = (kind: FaultKind): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return {
    strike: (kind) => {
      const isStruck = isOn && random.chance(rates.get(kind) ?? 0)
      if (isStruck) note(kind)
      return isStruck
    },
    note,
    setOn: (value) => {
      isOn = value
    },
    counts: () => ({ ...noFaults(), ...Object.fromEntries(counts) }),
  }
}

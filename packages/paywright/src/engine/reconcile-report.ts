import type { Drift, DriftKind } from '../domain/drift.js'

/** What reconciling has found, and what became of it. */
export interface ReconcileReport {
  /** Customers that were compared. */
  readonly customers: number
  /** Those of them that were passed over, because a sync of them is due or under way and explains any difference. */
  readonly waiting: number
  /** Those that could not be read from Stripe. */
  readonly failed: number
  /** How many objects of each kind differed, and how. */
  readonly drift: Readonly<Partial<Record<DriftKind, Readonly<Record<Drift['problem'], number>>>>>
  /** The first thousand objects that differed, and whether they are right now. */
  readonly found: readonly FoundDrift[]
  /** The first thousand that belong to no customer of the app: people who may be paying for nothing. */
  readonly orphans: { readonly stripeCustomerIds: readonly string[]; readonly stripeSubscriptionIds: readonly string[] }
}

/** One object that differed. */
export interface FoundDrift extends Drift {
  /** `null` for products and prices. */
  readonly stripeCustomerId: string | null
  readonly isRepaired: boolean
}

/** What a customer of Stripe who belongs to nobody has. */
export interface Orphan {
  readonly stripeCustomerId: string
  /** Those that have not ended. */
  readonly stripeSubscriptionIds: readonly string[]
}

/** Adds up what is found on the way. */
export interface Tally {
  count(what: 'customers' | 'waiting' | 'failed', by?: number): void
  found(drift: readonly FoundDrift[]): void
  orphan(orphan: Orphan): void
  report(): ReconcileReport
}

const MOST_LISTED = 1000

export function createTally(): Tally {
  const counts = { customers: 0, waiting: 0, failed: 0 }
  const drift: Partial<Record<DriftKind, Record<Drift['problem'], number>>> = {}
  const found: FoundDrift[] = []
  const stripeCustomerIds: string[] = []
  const stripeSubscriptionIds: string[] = []
  return {
    count: (what, by = 1) => void (counts[what] += by),
    found: (objects) => {
      for (const { kind, problem } of objects) {
        const ofKind = (drift[kind] ??= { missing: 0, extra: 0, different: 0 })
        ofKind[problem] += 1
      }
      found.push(...objects.slice(0, MOST_LISTED - found.length))
    },
    orphan: (orphan) => {
      if (stripeCustomerIds.length < MOST_LISTED) stripeCustomerIds.push(orphan.stripeCustomerId)
      const room = MOST_LISTED - stripeSubscriptionIds.length
      stripeSubscriptionIds.push(...orphan.stripeSubscriptionIds.slice(0, room))
    },
    report: () => ({ ...counts, drift, found, orphans: { stripeCustomerIds, stripeSubscriptionIds } }),
  }
}

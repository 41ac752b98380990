import type { Scope } from '../domain/mirror.js'
import type { RequestBudget, Store } from './ports.js'

/**
 * How many requests a second Stripe takes of an account: a hundred, or 25 in test mode. What stands here leaves room for
 * what comes at once after a pause, and for what is sent a little later than it was granted.
 */
export const DEFAULT_REQUESTS_PER_SECOND = { live: 75, test: 11 } as const

/** Reading a customer with all that belongs to them takes eleven requests, which must not wait for one another. */
const SMALLEST_BUCKET = 12

/** What the bucket holds at most: an eighth of what comes into it in a second. */
export function capacityOf(perSecond: number): number {
  return Math.max(SMALLEST_BUCKET, Math.floor(perSecond / 8))
}

export interface BudgetParts {
  readonly store: Pick<Store, 'borrowRequests' | 'pauseRequests'>
  readonly scope: () => Promise<Scope>
  readonly perSecond: number
  /** A clock in milliseconds, for tests; `null`: that of the database, which all instances share. */
  readonly now: (() => number) | null
}

/** The bucket in our own database that all instances take their requests from. */
export function createRequestBudget({ store, scope, perSecond, now }: BudgetParts): RequestBudget {
  const capacity = capacityOf(perSecond)
  const at = (): number | null => now?.() ?? null
  return {
    borrow: async (wish) => store.borrowRequests(await scope(), { ...wish, perSecond, capacity, at: at() }),
    pause: async (seconds) => store.pauseRequests(await scope(), { seconds, at: at() }),
  }
}

import type { Catalog } from '../domain/catalog.js'
import type { Scope } from '../domain/mirror.js'
import type { Clock, Ids, Log, Store, StripeGateway } from './ports.js'
import type { ReturnOrigins } from './return-url.js'
import type { StoredScope } from './scope.js'

/** What every verb works with. */
export interface EngineContext {
  readonly store: Store
  readonly gateway: StripeGateway
  readonly catalog: Catalog
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Seconds that access outlives an unpaid invoice. */
  readonly graceSeconds: number
  /** Whose data this process works on; asks Stripe once for the account. */
  readonly scope: () => Promise<Scope>
  /** The same for a transaction of the app, where Stripe is not asked. */
  readonly storedScope: StoredScope
  /** Where customers may be sent back to; `null` where the app did not say where it is reached. */
  readonly origins: ReturnOrigins | null
  /** Where our routes are mounted, such as `/api/billing`. */
  readonly basePath: string
  /** Reads a subject from Stripe and writes it, behind any work on it that is under way; answers once that is written. */
  readonly syncNow: (subject: string) => Promise<void>
  /** The same, and all kinds of records are read, too. */
  readonly syncDeeply: (subject: string) => Promise<void>
  /** The same as `syncDeeply`, but what is found of a customer who was not known is told to nobody: it is no news. */
  readonly syncQuietly: (subject: string) => Promise<void>
  /** Ends after so many milliseconds, or at once when the signal is aborted. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

/** What verbs work with that only read our own database, so that the compiler keeps them from asking Stripe. */
export type ReadingContext = Pick<EngineContext, 'catalog' | 'clock' | 'graceSeconds' | 'scope'> & {
  readonly store: Pick<Store, 'access' | 'accessFacts' | 'findCustomer' | 'loadCustomer' | 'loadPrices'>
}

import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { AccessFactsRecord, Clock, Store } from './ports.js'

/** What access is decided from, kept in this process for a while. */
export interface AccessCache {
  /** The store, which forgets here what it has written. */
  readonly store: Store
  readonly accessFacts: Store['accessFacts']
  /** Whoever asks after this is answered from what is read after this. */
  forget(customerId: string): void
}

interface Entry {
  readonly record: AccessFactsRecord
  readonly readAt: UnixSeconds
}

/** So many customers are kept; a bound of memory. Who was read first goes first. */
const MOST_ENTRIES = 10_000

/**
 * Keeps records for so many seconds. What this process writes is forgotten once it is written. What others write is seen
 * when the time is up, or after `forget`.
 */
export function createAccessCache(parts: { store: Store; clock: Clock; seconds: number; most?: number }): AccessCache {
  const { store, clock, seconds, most = MOST_ENTRIES } = parts
  const entries = new Map<string, Entry>()
  const customerOf = new Map<string, string>()
  // A read that something was forgotten during may be older than that, so it is kept for nobody.
  let forgettings = 0

  const drop = (customerId: string): void => {
    const { stripeCustomerId = null } = entries.get(customerId)?.record ?? {}
    entries.delete(customerId)
    if (stripeCustomerId !== null && customerOf.get(stripeCustomerId) === customerId)
      customerOf.delete(stripeCustomerId)
  }
  const forget = (customerId: string | undefined): void => {
    forgettings += 1
    if (customerId !== undefined) drop(customerId)
  }
  const keep = (customerId: string, entry: Entry): void => {
    const { stripeCustomerId } = entry.record
    // Who is not linked may be linked by any process that syncs, under an id that nobody here knows yet.
    if (stripeCustomerId === null) return
    drop(customerId)
    const [oldest] = entries.size < most ? [] : entries.keys()
    if (oldest !== undefined) drop(oldest)
    entries.set(customerId, entry)
    customerOf.set(stripeCustomerId, customerId)
  }
  const accessFacts = async (scope: Scope, customerId: string): Promise<AccessFactsRecord> => {
    const now = clock.now()
    const known = entries.get(customerId)
    if (known !== undefined && known.readAt <= now && now < known.readAt + seconds) return known.record
    const before = forgettings
    const record = await store.accessFacts(scope, customerId)
    if (forgettings === before) keep(customerId, { record, readAt: now })
    return record
  }
  const forgetSubject = (subject: string): void => forget(customerOf.get(subject))
  return { store: forgetting(store, { forget, forgetSubject }), accessFacts, forget }
}

/**
 * Forgets after each write, and also where it has failed: it may have been committed all the same. `doneSeq` is how a sync
 * that another process has done is learnt of.
 */
function forgetting(
  store: Store,
  { forget, forgetSubject }: { forget: (customerId: string) => void; forgetSubject: (subject: string) => void },
): Store {
  return {
    ...store,
    commitSync: (claim, plan, now) => store.commitSync(claim, plan, now).finally(() => forgetSubject(claim.subject)),
    doneSeq: (scope, subject) => store.doneSeq(scope, subject).finally(() => forgetSubject(subject)),
    claimStripeCustomer: (scope, link) => store.claimStripeCustomer(scope, link).finally(() => forget(link.customerId)),
    releaseStripeCustomer: (scope, link) =>
      store.releaseStripeCustomer(scope, link).finally(() => forget(link.customerId)),
  }
}

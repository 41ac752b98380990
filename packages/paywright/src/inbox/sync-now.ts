import { BillingError } from '../errors.js'
import type { InboxContext } from './context.js'
import { newLease } from './lease.js'
import { processClaim } from './process.js'

// Together about thirteen seconds, after which the caller is told to come back.
const LOOKS = 60
const SHORTEST_PAUSE = 10
const LONGEST_PAUSE = 250

/** How a sync is wanted, by the verb of the store. */
export type SyncWish = 'wantSync' | 'wantDeepSync' | 'wantQuietSync'

/**
 * Syncs a subject as it is from now on. A read that somebody else has under way may be older than this wish, so it is
 * waited for, and the subject is read again; wishes that wait together share that read.
 */
export async function syncNow(context: InboxContext, subject: string, want: SyncWish): Promise<void> {
  const { store, clock, wait } = context
  const scope = await context.scope()
  const wanted = await store[want](scope, subject, clock.now())
  for (let look = 0; look < LOOKS; look += 1) {
    const [claim] = await store.claim({ ...(await newLease(context)), subject })
    if (claim !== undefined) {
      const result = await processClaim(context, claim)
      if (result.outcome === 'failed') throw result.error
    }
    if ((await store.doneSeq(scope, subject)) >= wanted) return
    await wait(Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** look))
  }
  throw new BillingError('sync_pending', { detail: `Another process has ${subject} in hand.` })
}

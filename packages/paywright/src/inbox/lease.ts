import type { Store } from '../engine/ports.js'
import type { InboxContext } from './context.js'

/** A lease on one subject or message, under a token that nobody else has. */
export async function newLease({ scope, ids, clock, policy }: InboxContext): Promise<Parameters<Store['claim']>[0]> {
  // First, because it sees to it that the clock is the one that all instances share.
  const ours = await scope()
  const now = clock.now()
  return { scope: ours, limit: 1, token: ids.token(), now, leaseUntil: now + policy.leaseSeconds }
}

import type { Store } from '../engine/ports.js'
import type { InboxContext } from './context.js'

/** A lease on one subject or message, under a token that nobody else has. */
export async function newLease({ scope, ids, clock, policy }: InboxContext): Promise<Parameters<Store['claim']>[0]> {
  const now = clock.now()
  return { scope: await scope(), limit: 1, token: ids.token(), now, leaseUntil: now + policy.leaseSeconds }
}

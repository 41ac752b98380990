import { newLease } from './lease.js'
import type { InboxContext } from './context.js'
import { processClaim } from './process.js'

/**
 * Takes up one subject if it waits and nobody has it in hand. Who has it in hand takes it up again afterwards, so nothing
 * is waited for; a fault is kept with the subject.
 */
export async function workOn(context: InboxContext, subject: string): Promise<void> {
  const [claim] = await context.store.claim({ ...(await newLease(context)), subject })
  if (claim !== undefined) await processClaim(context, claim)
}

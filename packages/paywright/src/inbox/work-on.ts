import { newLease } from './lease.js'
import type { InboxContext } from './context.js'
import { processClaim } from './process.js'

/**
 * Takes up one subject if it is due and nobody has it in hand. Who has it in hand takes it up again afterwards, so nothing
 * is waited for; a fault is kept with the subject, and the wait that it has brought is kept, too.
 */
export async function workOn(context: InboxContext, subject: string): Promise<void> {
  const [claim] = await context.store.claim({ ...(await newLease(context)), subject, mustBeDue: true })
  if (claim !== undefined) await processClaim(context, claim)
}

import type { Claim } from '../engine/ports.js'
import { isOutage } from '../errors.js'
import type { InboxContext } from './context.js'
import { describeError } from './describe-error.js'
import { retryAfterOutage, retryAt } from './policy.js'
import { readAndDecide } from './read-and-decide.js'

export type ProcessResult =
  | { readonly outcome: 'synced' }
  /** The lease ended before the work did, and somebody else has the subject: nothing was written. */
  | { readonly outcome: 'lost' }
  | { readonly outcome: 'failed'; readonly error: unknown }

/** Reads, decides and writes a claimed subject. A fault is kept with the subject, which is tried again later. */
export async function processClaim(context: InboxContext, claim: Claim): Promise<ProcessResult> {
  const { store, clock, log } = context
  try {
    assertNotPoisonous(context, claim)
    const plan = await readAndDecide(forClaim(context, claim), claim)
    if (await store.commitSync(claim, plan, clock.now())) return { outcome: 'synced' }
    log.warn('A sync took longer than its lease, and another has taken over.', { subject: claim.subject })
    return { outcome: 'lost' }
  } catch (error) {
    await giveBack(context, claim, error)
    return { outcome: 'failed', error }
  }
}

/** What only a backfill wants does not come before what somebody waits for. */
function forClaim(context: InboxContext, { isQuiet }: Claim): InboxContext {
  return isQuiet ? { ...context, gateway: context.patientGateway } : context
}

/** A subject on which the process dies never comes to the place where a fault is counted, so the claims are counted. */
function assertNotPoisonous({ policy }: InboxContext, { attempts }: Claim): void {
  if (attempts <= policy.maxAttempts) return
  throw new Error(`It was begun ${attempts - 1} times and never came to an end.`)
}

async function giveBack(context: InboxContext, claim: Claim, error: unknown): Promise<void> {
  const { store, clock, log, policy, random } = context
  const now = clock.now()
  const isNobodysFault = isOutage(error)
  const chance = { now, random: random() }
  const next = isNobodysFault
    ? retryAfterOutage(policy, { wantedAt: claim.wantedAt, ...chance })
    : retryAt(policy, { attempts: claim.attempts, ...chance })
  const fields = { subject: claim.subject, attempts: claim.attempts, error: describeError(error) }
  if (next === null) log.error('A subject could not be synced and is set aside.', fields)
  else log.warn('A subject could not be synced and is tried again.', fields)
  await store.releaseSync(claim, { error: describeError(error), retryAt: next, now, isCounted: !isNobodysFault })
}

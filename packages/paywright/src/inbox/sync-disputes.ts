import { decideRecords } from '../domain/record-decision.js'
import type { RecordWrites } from '../domain/records.js'
import type { Claim, SyncPlan } from '../engine/ports.js'
import { mustRead, readPending } from './apply-pending.js'
import type { InboxContext } from './context.js'
import { startTiming } from './fetch-customer.js'

/** The disputes of a charge, under the customer whose charge it is. A charge of nobody's is not mirrored. */
export async function syncDisputes(context: InboxContext, claim: Claim, stripeChargeId: string): Promise<SyncPlan> {
  const charge = await context.store.findCharge(claim.scope, stripeChargeId)
  const told = charge === null ? null : await applyDisputes(context, claim, charge.stripeCustomerId)
  const found = told ?? (await fetchDisputes(context, stripeChargeId))
  if (found === null) return { kind: 'nothing' }
  const { stripeCustomerId, records } = found
  // That it is disputed changes the charge, of which no event of the charge's own tells.
  const isNews = records.changes.length > 0 && charge?.isDisputed !== true
  return {
    kind: 'records',
    stripeCustomerId,
    records,
    wanted: isNews ? [{ subject: stripeCustomerId, isDeep: true }] : [],
  }
}

interface Found {
  readonly stripeCustomerId: string
  readonly records: RecordWrites
}

/** What the payloads say, where that is proven. */
async function applyDisputes(context: InboxContext, claim: Claim, stripeCustomerId: string): Promise<Found | null> {
  const pending = readPending(context, claim)
  if (mustRead(claim) || pending === null || pending.length === 0) return null
  const payloads = pending.flatMap(({ records }) => records)
  const stored = await context.store.loadRecords(claim.scope, stripeCustomerId, { refs: payloads, kinds: [] })
  const { writes, reads } = decideRecords({ payloads, lists: [], stored, listsSeen: {} })
  return reads.length > 0 ? null : { stripeCustomerId, records: writes }
}

async function fetchDisputes({ gateway, clock }: InboxContext, stripeChargeId: string): Promise<Found | null> {
  const time = startTiming(clock)
  const read = await gateway.readDisputes(stripeChargeId)
  if (read === null) return null
  const seen = time.widen(read.seen)
  const changes = read.disputes.map(
    ({ id, object }) => ({ kind: 'dispute', id, object, seen, deletedAt: null }) as const,
  )
  return { stripeCustomerId: read.stripeCustomerId, records: { changes, sweeps: [] } }
}

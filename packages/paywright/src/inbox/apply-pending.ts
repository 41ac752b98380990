import type { CustomerState, Price } from '../domain/mirror.js'
import { joinWrites, type RecordWrites, writeList } from '../domain/records.js'
import { applyRenewals } from '../domain/renew.js'
import { decideSync, type EventReading, type ObjectRef, type Renewal } from '../domain/sync-decision.js'
import type { Claim, StripeGateway } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { startTiming, type KnownCustomer } from './fetch-customer.js'

/** The customer as the payloads that wait say, where that is proven; `null` where Stripe has to be asked for the whole. */
export async function applyPending(
  context: InboxContext,
  claim: Claim,
  { state, pending }: { readonly state: CustomerState | null; readonly pending: readonly EventReading[] | null },
): Promise<KnownCustomer | null> {
  const stored = state === null ? null : { state, knowledge: claim.knowledge }
  const decision = decideSync({ stored, pending, isReadWanted: mustRead(claim) })
  if (decision.kind === 'fetch') return null
  const read = await readObjects(context, decision.reads)
  if (read === null) return null
  const renewals = [...decision.renewals, ...read]
  const known = applyRenewals(decision.base, renewals)
  const prices = await pricesOf(context, claim, { renewals, state: known.state })
  if (prices === null) return null
  const objects = Object.assign({}, ...renewals.map(({ now }) => now.raw))
  return {
    ...known,
    prices,
    objects,
    records: linesOf(renewals, context.clock.now()),
    isDeep: false,
    disputedChargeIds: [],
  }
}

/** Lines are as new as the invoice they stand in. */
function linesOf(renewals: readonly Renewal[], at: number): RecordWrites {
  const lists = renewals.flatMap(({ now, seen }) =>
    now.kind === 'invoice' ? [writeList({ kind: 'invoiceLine', of: now.id, members: now.lines, seen }, at)] : [],
  )
  return joinWrites(lists)
}

export function mustRead(claim: Claim): boolean {
  return claim.isReadWanted || isSuspect(claim)
}

/** After a fault the payloads themselves are under suspicion, so the next attempt asks Stripe. */
export function isSuspect({ attempts }: Claim): boolean {
  return attempts > 1
}

/** What the receipts that wait say; `null` where there are too many to look at. */
export function readPending(
  { gateway }: { readonly gateway: StripeGateway },
  { pending }: Claim,
): readonly EventReading[] | null {
  const payloads = pending.flatMap(({ payload }) => (payload === null ? [] : [payload]))
  return payloads.length < pending.length ? null : payloads.map(gateway.readEvent)
}

/** `null` where one of them is not there any more: then the rest may have changed, too. */
async function readObjects(
  { gateway, clock }: InboxContext,
  refs: readonly ObjectRef[],
): Promise<readonly Renewal[] | null> {
  const time = startTiming(clock)
  const answers = await Promise.all(refs.map((ref) => gateway.readObject(ref)))
  const found = answers.filter((answer) => answer !== null)
  return found.length < refs.length ? null : found.map(({ now, seen }) => ({ now, seen: time.widen(seen) }))
}

/** The prices of all subscriptions, on which their plans depend; `null` where one is not known. */
async function pricesOf(
  { store }: InboxContext,
  { scope }: Claim,
  { renewals, state }: { renewals: readonly Renewal[]; state: CustomerState },
): Promise<readonly Price[] | null> {
  const told = renewals.flatMap(({ now }) => (now.kind === 'subscription' ? now.prices : []))
  const needed = state.subscriptions.flatMap(({ items }) => items.map(({ stripePriceId }) => stripePriceId))
  const missing = [...new Set(needed)].filter((id) => !told.some(({ stripePriceId }) => stripePriceId === id))
  if (missing.length === 0) return told
  const known = await store.loadPrices(scope, missing)
  return known.length < missing.length ? null : [...told, ...known]
}

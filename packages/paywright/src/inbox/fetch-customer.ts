import type { CustomerState, Price } from '../domain/mirror.js'
import { joinWrites, NO_RECORDS, type RawObjects, type RecordWrites, writeList } from '../domain/records.js'
import type { Seen } from '../domain/seen.js'
import type { Knowledge } from '../domain/sync-decision.js'
import type { Claim, Clock, CustomerRead, ReadDepth } from '../engine/ports.js'
import type { InboxContext } from './context.js'

/** A customer as Stripe says, with the prices of their subscriptions, and of what instant it is. */
export interface KnownCustomer {
  readonly state: CustomerState
  readonly prices: readonly Price[]
  readonly knowledge: Knowledge | null
  /** Of those that were told or read anew. */
  readonly objects: RawObjects
  readonly records: RecordWrites
  /** All kinds of records were read, too. */
  readonly isDeep: boolean
  readonly disputedChargeIds: readonly string[]
}

/** Reads the whole customer from Stripe; `null` where there is none and never was. */
export async function fetchCustomer(
  context: InboxContext,
  claim: Claim,
  { stored, depth }: { readonly stored: CustomerState | null; readonly depth: ReadDepth },
): Promise<KnownCustomer | null> {
  const { gateway, clock } = context
  const time = startTiming(clock)
  const answer = await gateway.readCustomer(claim.subject, depth)
  if (answer === null) return asDeleted(stored)
  const { state, prices, seen, objects, isDeep, disputedChargeIds } = answer
  const read = seen === null ? null : time.widen(seen)
  const knowledge =
    read === null ? null : { read, objects: {}, lists: { ...claim.knowledge?.lists, ...listsOf(answer, read) } }
  const records = recordsOf(answer, { ...time, at: clock.now() })
  return { state, prices, knowledge, objects, records, isDeep, disputedChargeIds }
}

/** When the customer's own lists were seen whole; lines belong to their invoice, and are as new as that is. */
function listsOf({ lists }: CustomerRead, read: Seen): Readonly<Record<string, Seen>> {
  return Object.fromEntries(lists.filter(({ of }) => of === null).map(({ kind }) => [kind, read]))
}

function recordsOf(
  { lists, records }: CustomerRead,
  { widen, at }: ReturnType<typeof startTiming> & { readonly at: number },
): RecordWrites {
  const changes = records.map(({ kind, id, object, seen }) => ({
    kind,
    id,
    object,
    seen: widen(seen),
    deletedAt: null,
  }))
  return joinWrites([
    { changes, sweeps: [] },
    ...lists.map((list) => writeList({ ...list, seen: widen(list.seen) }, at)),
  ])
}

/** Test data that was wiped, or a key of another account: what Stripe does not know any more is as good as deleted. */
function asDeleted(stored: CustomerState | null): KnownCustomer | null {
  if (stored === null) return null
  const state = { ...stored, customer: { ...stored.customer, isDeleted: true }, subscriptions: [], paymentMethods: [] }
  const nothing = { prices: [], knowledge: null, objects: {}, records: NO_RECORDS, disputedChargeIds: [] }
  // There is nothing to be read of any kind.
  return { ...nothing, state, isDeep: true }
}

/**
 * Holds what Stripe's answer says of its time against our own clock. Where the two disagree nobody knows which is right, so
 * both count, and fewer payloads are told to be newer.
 */
export function startTiming(clock: Clock): { widen(seen: Seen): Seen } {
  const start = clock.now()
  return { widen: ({ from, until }) => ({ from: Math.min(from, start), until: Math.max(until, clock.now()) }) }
}

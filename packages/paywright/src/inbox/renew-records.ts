import type { CustomerState } from '../domain/mirror.js'
import { decideRecords, type RecordRead } from '../domain/record-decision.js'
import {
  joinWrites,
  type ListPayload,
  type RecordChange,
  recordKey,
  type RecordListRef,
  type RecordPayload,
  type RecordWrites,
  type WholeList,
  writeList,
} from '../domain/records.js'
import type { Seen } from '../domain/seen.js'
import type { EventReading } from '../domain/sync-decision.js'
import type { Claim } from '../engine/ports.js'
import { isSuspect } from './apply-pending.js'
import type { InboxContext } from './context.js'
import { fetchCustomer, type KnownCustomer, startTiming } from './fetch-customer.js'

/** Reading so many records one by one costs as much as reading all kinds. */
const MOST_SINGLE_READS = 10

interface Facts {
  readonly known: KnownCustomer
  readonly pending: readonly EventReading[]
  readonly stored: CustomerState | null
}

/** Adds what the events say of records, as far as it is not read already. */
export async function renewRecords(context: InboxContext, claim: Claim, facts: Facts): Promise<KnownCustomer> {
  const { known, pending } = facts
  const payloads = pending.flatMap(({ records }) => records).filter(isNotIn(known.records))
  const lists = known.isDeep ? [] : pending.flatMap((event) => event.lists)
  if (payloads.length === 0 && lists.length === 0) return known
  const decision = await decide(context, claim, { known, payloads, lists })
  if (decision.reads.length > MOST_SINGLE_READS && !known.isDeep) {
    const deep = await fetchCustomer(context, claim, { stored: facts.stored, depth: { isDeep: true } })
    return deep === null ? known : renewRecords(context, claim, { ...facts, known: deep })
  }
  const changes = await Promise.all(decision.reads.map((read) => readOne(context, claim, read)))
  const read = await Promise.all(decision.listReads.map((list) => readList(context, claim, list)))
  const found = read.filter((list) => list !== null)
  const now = context.clock.now()
  const records = joinWrites([
    known.records,
    decision.writes,
    { changes: changes.filter((change) => change !== null), sweeps: [] },
    ...found.map((list) => writeList(list, now)),
  ])
  const listsSeen = { ...decision.listsSeen, ...Object.fromEntries(found.map(({ kind, seen }) => [kind, seen])) }
  return { ...known, records, knowledge: withLists(known.knowledge, listsSeen) }
}

function isNotIn({ changes }: RecordWrites): (payload: RecordPayload) => boolean {
  const there = new Set(changes.map(recordKey))
  return (payload) => !there.has(recordKey(payload))
}

async function decide(
  { store }: InboxContext,
  claim: Claim,
  {
    known,
    payloads,
    lists,
  }: { known: KnownCustomer; payloads: readonly RecordPayload[]; lists: readonly ListPayload[] },
) {
  const stored = await store.loadRecords(claim.scope, claim.subject, {
    refs: payloads,
    kinds: lists.map(({ kind }) => kind),
  })
  const { knowledge } = known
  const listsSeen = knowledge === null || isSuspect(claim) ? null : (knowledge.lists ?? {})
  return decideRecords({ payloads, lists, stored, listsSeen })
}

function withLists(
  knowledge: KnownCustomer['knowledge'],
  lists: Readonly<Record<string, Seen>>,
): KnownCustomer['knowledge'] {
  return knowledge === null ? null : { ...knowledge, lists: { ...knowledge.lists, ...lists } }
}

/** What Stripe does not have any more is marked, and stays as it was last known. */
async function readOne(
  { gateway, clock }: InboxContext,
  { subject }: Claim,
  { kind, id, last }: RecordRead,
): Promise<RecordChange | null> {
  const time = startTiming(clock)
  const answer = await gateway.readRecord({ stripeCustomerId: subject, kind, id, last })
  const now = clock.now()
  if (answer !== null) return { kind, id, object: answer.object, seen: time.widen(answer.seen), deletedAt: null }
  return last === null ? null : { kind, id, object: last, seen: { from: now, until: now }, deletedAt: now }
}

async function readList(
  { gateway, clock }: InboxContext,
  { subject }: Claim,
  list: RecordListRef,
): Promise<WholeList | null> {
  const time = startTiming(clock)
  const answer = await gateway.readRecordList(subject, list)
  return answer === null ? null : { ...answer, seen: time.widen(answer.seen) }
}

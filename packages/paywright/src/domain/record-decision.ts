import type {
  ListPayload,
  RecordChange,
  RecordListRef,
  RecordPayload,
  RecordRef,
  RecordWrites,
  StoredRecord,
} from './records.js'
import { NO_RECORDS, joinWrites, recordKey, writeList } from './records.js'
import type { Seen } from './seen.js'
import { sameJson } from './same-json.js'
import { isLaterStatus } from './stages.js'

export interface RecordQuestion {
  readonly payloads: readonly RecordPayload[]
  readonly lists: readonly ListPayload[]
  /** Those of the records that are stored; of a list, all its members. */
  readonly stored: readonly StoredRecord[]
  /**
   * When each list of the customer was last seen as a whole. `null`: of this customer no payload is trusted, and whatever
   * changed is read.
   */
  readonly listsSeen: Readonly<Record<string, Seen>> | null
}

/** What is done with the records that wait. */
export interface RecordDecision {
  readonly writes: RecordWrites
  /** Records to be read one by one, because no payload is provably their newest. */
  readonly reads: readonly RecordRead[]
  readonly listReads: readonly RecordListRef[]
  /** Lists that are known as of a new instant. */
  readonly listsSeen: Readonly<Record<string, Seen>>
}

/** A record to be read, and the newest that is known of it, should Stripe not have it any more. */
export interface RecordRead extends RecordRef {
  readonly last: RecordPayload['object']
}

/**
 * The table of `decideSync` for records, each of which has an interval of its own. One that was deleted stays so: Stripe
 * uses no id twice.
 */
export function decideRecords(question: RecordQuestion): RecordDecision {
  const outcomes = [...groupedBy(question.payloads, recordKey)].map(([key, payloads]) =>
    decideRecord(payloads, {
      stored: question.stored.find((record) => recordKey(record) === key) ?? null,
      listsSeen: question.listsSeen,
    }),
  )
  const changes = outcomes.flatMap((outcome) => (outcome.kind === 'write' ? [outcome.change] : []))
  const reads = outcomes.flatMap((outcome) => (outcome.kind === 'read' ? [outcome.read] : []))
  const byList = groupedBy(question.lists, ({ kind, of }) => `${kind} ${of}`)
  const lists = [...byList.values()].map((payloads) => decideList(payloads, question))
  return {
    writes: joinWrites([{ changes, sweeps: [] }, ...lists.map(({ writes }) => writes)]),
    reads,
    listReads: lists.flatMap(({ read }) => (read === null ? [] : [read])),
    listsSeen: Object.fromEntries(lists.flatMap(({ kind, seen }) => (seen === null ? [] : [[kind, seen]]))),
  }
}

function groupedBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(nameOf(item), [...(groups.get(nameOf(item)) ?? []), item])
  return groups
}

type Outcome =
  | { readonly kind: 'known' }
  | { readonly kind: 'write'; readonly change: RecordChange }
  | { readonly kind: 'read'; readonly read: RecordRead }

const KNOWN: Outcome = { kind: 'known' }

interface Facts {
  readonly stored: StoredRecord | null
  readonly listsSeen: RecordQuestion['listsSeen']
}

function decideRecord(payloads: readonly RecordPayload[], { stored, listsSeen }: Facts): Outcome {
  if (stored?.isDeleted === true) return KNOWN
  const deletion = payloads.find(({ isDeleted }) => isDeleted)
  const last = newestObject(payloads) ?? stored?.object ?? null
  if (deletion !== undefined && last !== null) return write(deletion, last)
  const second = Math.max(...payloads.map(({ createdAt }) => createdAt))
  const newest = payloads.filter(({ createdAt }) => createdAt === second)
  // Nobody knows how the times of such a payload stand to those of what is stored.
  if (listsSeen === null) return ask(newest, last)
  const seen = stored?.seen ?? seenIn(listsSeen, payloads) ?? null
  if (seen !== null && second < seen.from) return KNOWN
  const payload = latestOf(newest)
  if (payload === null || payload.object === null) return ask(newest, last)
  if (seen === null || second > seen.until) return write(payload, payload.object)
  return stored === null ? ask(newest, last) : withinInterval({ ...payload, object: payload.object }, stored)
}

/** Payload and row are of the same time, as far as clocks can tell. */
function withinInterval(payload: RecordPayload & Pick<RecordChange, 'object'>, stored: StoredRecord): Outcome {
  const { kind, object } = payload
  if (sameJson(object, stored.object)) return KNOWN
  if (isLaterStatus(kind, stored.object['status'], object['status'])) return KNOWN
  if (isLaterStatus(kind, object['status'], stored.object['status'])) return write(payload, object)
  return ask([payload], object)
}

/** A discount ends with what it was given for, so that it stands in no list of the customer's own. */
function seenIn(listsSeen: Readonly<Record<string, Seen>>, [payload]: readonly RecordPayload[]): Seen | undefined {
  return payload === undefined || payload.kind === 'discount' ? undefined : listsSeen[payload.kind]
}

/** The one of several payloads of a second that must be the last; `null` where nobody can say. */
function latestOf(payloads: readonly RecordPayload[]): RecordPayload | null {
  const latest = payloads.filter((payload) =>
    payloads.every(
      (other) =>
        sameJson(other.object, payload.object) ||
        isLaterStatus(payload.kind, payload.object?.['status'], other.object?.['status']),
    ),
  )
  return latest[0] ?? null
}

function newestObject(payloads: readonly RecordPayload[]): RecordPayload['object'] {
  const whole = payloads
    .filter(({ object }) => object !== null)
    .toSorted((one, other) => other.createdAt - one.createdAt)
  return whole.find(({ isDeleted }) => isDeleted)?.object ?? whole[0]?.object ?? null
}

function write({ kind, id, createdAt, isDeleted }: RecordPayload, object: RecordChange['object']): Outcome {
  const seen = { from: createdAt, until: createdAt }
  return { kind: 'write', change: { kind, id, object, seen, deletedAt: isDeleted ? createdAt : null } }
}

function ask([payload]: readonly RecordPayload[], last: RecordPayload['object']): Outcome {
  return payload === undefined ? KNOWN : { kind: 'read', read: { kind: payload.kind, id: payload.id, last } }
}

interface ListOutcome {
  readonly kind: string
  readonly writes: RecordWrites
  readonly read: RecordListRef | null
  readonly seen: Seen | null
}

function decideList(payloads: readonly ListPayload[], question: RecordQuestion): ListOutcome {
  const second = Math.max(...payloads.map(({ createdAt }) => createdAt))
  const [first, ...others] = payloads.filter(({ createdAt }) => createdAt === second)
  if (first === undefined) throw new Error('A group of payloads has none.')
  const { kind, of, members } = first
  const passed: ListOutcome = { kind, writes: NO_RECORDS, read: null, seen: null }
  const asked: ListOutcome = { ...passed, read: { kind, of } }
  if (question.listsSeen === null) return asked
  const seen = question.listsSeen[kind] ?? null
  if (seen !== null && second < seen.from) return passed
  const isOnlyOne = others.every((other) => sameJson(other.members, members))
  if (members === null || !isOnlyOne) return asked
  if (seen !== null && second <= seen.until) return isStored(first, question.stored) ? passed : asked
  const now = { from: second, until: second }
  return { ...passed, writes: writeList({ kind, of, members, seen: now }, second), seen: now }
}

function isStored({ kind, members }: ListPayload, stored: readonly StoredRecord[]): boolean {
  const there = stored
    .filter((record) => record.kind === kind && !record.isDeleted)
    .map(({ id, object }) => [id, object])
  const said = (members ?? []).map(({ id, object }) => [id, object])
  return sameJson(Object.fromEntries(there), Object.fromEntries(said))
}

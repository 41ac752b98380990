import type { Drift, DriftField } from './drift.js'
import {
  type JsonObject,
  type MirrorRecord,
  recordKey,
  type RecordRef,
  type StoredRecord,
  type WholeList,
} from './records.js'
import { sameJson } from './same-json.js'

/** What was read of a customer's records. */
interface RecordsRead {
  readonly lists: readonly WholeList[]
  readonly records: readonly (RecordRef & MirrorRecord)[]
}

/** Addresses that Stripe makes anew for each answer. */
const NEVER_THE_SAME: Readonly<Record<string, readonly string[]>> = {
  charge: ['receipt_url'],
  checkoutSession: ['url'],
}

/** How stored records differ from what Stripe says, as far as it was read. */
export function findRecordDrift(stored: readonly StoredRecord[], read: RecordsRead): readonly Drift[] {
  const there = new Map(stored.map((record) => [recordKey(record), record]))
  const records = [
    ...read.records,
    ...read.lists.flatMap(({ kind, members }) => members.map((member) => ({ ...member, kind }))),
  ].filter(isTold)
  const found = records.flatMap((record) => compare(there.get(recordKey(record)), record))
  const extra = read.lists.flatMap((list) =>
    stored
      .filter((record) => isOf(record, list) && !list.members.some(({ id }) => id === record.id))
      .map(({ kind, id }): Drift => ({ kind, id, problem: 'extra', fields: [] })),
  )
  return [...found, ...extra]
}

/** No event tells of a checkout page that is still open. */
function isTold({ kind, object }: RecordRef & MirrorRecord): boolean {
  return kind !== 'checkoutSession' || object['status'] !== 'open'
}

/** Whether the list would show the record if Stripe had it. */
function isOf({ kind, object, isDeleted }: StoredRecord, list: WholeList): boolean {
  if (kind !== list.kind || isDeleted) return false
  if (list.of !== null) return object['invoice'] === list.of
  // What was given to a single invoice or purchase stands in no list.
  const single = ['invoice', 'invoice_item', 'checkout_session']
  return kind !== 'discount' || single.every((holder) => object[holder] === null || object[holder] === undefined)
}

function compare(stored: StoredRecord | undefined, { kind, id, object }: RecordRef & MirrorRecord): readonly Drift[] {
  if (stored === undefined) return [{ kind, id, problem: 'missing', fields: [] }]
  if (stored.isDeleted)
    return [{ kind, id, problem: 'different', fields: [{ name: 'isDeleted', ours: true, stripe: false }] }]
  const fields = differences(stored.object, object).filter(({ name }) => NEVER_THE_SAME[kind]?.includes(name) !== true)
  return fields.length === 0 ? [] : [{ kind, id, problem: 'different', fields }]
}

function differences(ours: JsonObject, stripe: JsonObject): readonly DriftField[] {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(stripe)])]
  const all = names.map((name): DriftField => ({ name, ours: ours[name], stripe: stripe[name] }))
  return all.filter((field) => !sameJson(field.ours ?? null, field.stripe ?? null))
}

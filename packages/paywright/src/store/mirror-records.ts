import type { Scope } from '../domain/mirror.js'
import type {
  CustomerRecordKind,
  JsonObject,
  RecordKind,
  RecordRef,
  RecordWrites,
  StoredRecord,
} from '../domain/records.js'
import type { Exec, Parameter } from './database.js'
import { recordTable } from './mirror-record-tables.js'
import { ownerMatches } from './mirror-table.js'
import { boolean, decodeJson, encodeJson, integer, text } from './values.js'

const OWNER_VALUES = ['$1::text', '$2::boolean', '$3::text']

/**
 * What was deleted stays so, because Stripe uses no id twice. What is known by its list is as that list says, and is left
 * alone while it says the same.
 */
function upsert(kind: RecordKind): string {
  const table = recordTable(kind)
  const { owner } = table
  const written = ['object', 'seen_from', 'seen_until', 'deleted_at']
  const compared = table.isKnownByList === true ? ['object', 'deleted_at'] : written
  return `insert into paywright.${table.name} as stored (${[...owner, table.id, ...written].join(', ')})
    select ${OWNER_VALUES.slice(0, owner.length).join(', ')}, id, object, to_timestamp(seen_from), to_timestamp(seen_until),
      to_timestamp(deleted_at)
    from incoming where kind = '${kind}' order by id
    on conflict (${[...owner, table.id].join(', ')}) do update
    set ${written.map((column) => `${column} = excluded.${column}`).join(', ')}
    where (${compared.map((column) => `stored.${column}`).join(', ')})
      is distinct from (${compared.map((column) => `excluded.${column}`).join(', ')})
      ${table.isKnownByList === true ? '' : 'and stored.deleted_at is null'}`
}

function markGone(kind: RecordKind): string {
  const table = recordTable(kind)
  const list = table.listedBy === undefined ? (table.listed ?? 'true') : `stored.${table.listedBy} = swept."of"`
  return `update paywright.${table.name} as stored
    set deleted_at = to_timestamp(swept.deleted_at), seen_from = to_timestamp(swept.seen_from),
      seen_until = to_timestamp(swept.seen_until)
    from swept
    where swept.kind = '${kind}' and ${ownerMatches(table, 'stored')} and stored.deleted_at is null and ${list}
      and stored.${table.id} <> all (array(select jsonb_array_elements_text(swept.keep)))`
}

/** One statement for all kinds: rows that are marked are others than those that are written. */
function writeStatement(upserts: readonly RecordKind[], sweeps: readonly RecordKind[], isOfCustomer: boolean): string {
  const first = isOfCustomer ? 4 : 3
  const parts = [
    ...upserts.map((kind) => `"write ${kind}" as (${upsert(kind)})`),
    ...sweeps.map((kind) => `"mark ${kind}" as (${markGone(kind)})`),
  ]
  return `with incoming as materialized (
    select * from jsonb_to_recordset($${first}::text::jsonb) as record(kind text, id text, object jsonb, seen_from bigint,
      seen_until bigint, deleted_at bigint)
  ), swept as materialized (
    select * from jsonb_to_recordset($${first + 1}::text::jsonb) as list(kind text, "of" text, keep jsonb, seen_from bigint,
      seen_until bigint, deleted_at bigint)
  ), ${parts.join(', ')}
  select 1`
}

const STATEMENTS = new Map<string, string>()

/** The text for each set of kinds is made once, so that the database can keep its plan. */
function statementFor(upserts: readonly RecordKind[], sweeps: readonly RecordKind[], isOfCustomer: boolean): string {
  const key = `${upserts.join(',')}|${sweeps.join(',')}`
  const known = STATEMENTS.get(key) ?? writeStatement(upserts, sweeps, isOfCustomer)
  STATEMENTS.set(key, known)
  return known
}

function kindsOf(parts: readonly { readonly kind: RecordKind }[]): readonly RecordKind[] {
  return [...new Set(parts.map(({ kind }) => kind))].toSorted()
}

/** Writes records of a customer, or of the account where there is none; nothing is asked of the database for nothing. */
export async function writeRecords(
  exec: Exec,
  { account, livemode, stripeCustomerId }: Scope & { readonly stripeCustomerId: string | null },
  { changes, sweeps }: RecordWrites,
): Promise<void> {
  if (changes.length === 0 && sweeps.length === 0) return
  const owner: readonly Parameter[] =
    stripeCustomerId === null ? [account, livemode] : [account, livemode, stripeCustomerId]
  const incoming = changes.map(({ kind, id, object, seen, deletedAt }) => ({
    kind,
    id,
    object,
    seen_from: seen.from,
    seen_until: seen.until,
    deleted_at: deletedAt,
  }))
  const swept = sweeps.map(({ kind, of, keep, seen, deletedAt }) => ({
    kind,
    of,
    keep,
    seen_from: seen.from,
    seen_until: seen.until,
    deleted_at: deletedAt,
  }))
  const statement = statementFor(kindsOf(changes), kindsOf(sweeps), stripeCustomerId !== null)
  await exec(statement, [...owner, encodeJson(incoming), JSON.stringify(swept)])
}

/** Which records to load: single ones, and all of some kinds. */
export interface RecordsWanted {
  readonly refs: readonly RecordRef[]
  readonly kinds: readonly CustomerRecordKind[]
}

function selectRecords(kind: CustomerRecordKind, which: string): string {
  const table = recordTable(kind)
  return `select '${kind}' as kind, stored.${table.id} as id, stored.object::text as object,
      extract(epoch from stored.seen_from)::bigint as seen_from, extract(epoch from stored.seen_until)::bigint as seen_until,
      stored.deleted_at is not null as is_deleted
    from paywright.${table.name} stored where ${ownerMatches(table, 'stored')} and ${which}`
}

/** Those of the records that are stored, the deleted ones too. */
export async function loadRecords(
  exec: Exec,
  { account, livemode, stripeCustomerId }: Scope & { readonly stripeCustomerId: string },
  { refs, kinds }: RecordsWanted,
): Promise<readonly StoredRecord[]> {
  const single = [...new Set(refs.map(({ kind }) => kind))].filter((kind) => !kinds.includes(kind)).toSorted()
  const selects = [
    ...single.map((kind) =>
      selectRecords(kind, `stored.${recordTable(kind).id} in (select jsonb_array_elements_text($4::text::jsonb))`),
    ),
    ...kinds.toSorted().map((kind) => selectRecords(kind, '$4::text is not null')),
  ]
  if (selects.length === 0) return []
  const ids = JSON.stringify(refs.map(({ id }) => id))
  const rows = await exec(selects.join(' union all '), [account, livemode, stripeCustomerId, ids])
  return rows.map((row) => ({
    // Guaranteed by the statement, which names only these kinds.
    kind: text(row, 'kind') as CustomerRecordKind,
    id: text(row, 'id'),
    object: decodeJson<JsonObject>(row, 'object'),
    seen: { from: integer(row, 'seen_from'), until: integer(row, 'seen_until') },
    isDeleted: boolean(row, 'is_deleted'),
  }))
}

const FIND_CHARGE = `select stripe_customer_id, coalesce(is_disputed, false) as is_disputed from paywright.charges
  where account = $1::text and livemode = $2::boolean and stripe_charge_id = $3::text`

/** Whose charge it is; `null` where it is not stored. */
export async function findCharge(
  exec: Exec,
  scope: Scope,
  stripeChargeId: string,
): Promise<{ stripeCustomerId: string; isDisputed: boolean } | null> {
  const [row] = await exec(FIND_CHARGE, [scope.account, scope.livemode, stripeChargeId])
  if (row === undefined) return null
  return { stripeCustomerId: text(row, 'stripe_customer_id'), isDisputed: boolean(row, 'is_disputed') }
}

/** How a field is stored: `time` is whole seconds in the code and timestamptz in the table. */
export type ColumnKind = 'text' | 'integer' | 'bigint' | 'boolean' | 'time' | 'json'

/** A table whose rows are objects of the domain: every field is a column of the same name in snake_case. */
export interface MirrorTable {
  readonly name: string
  /** The columns before those of the entry itself, which say whose rows these are. */
  readonly owner: readonly OwnerColumn[]
  readonly columns: Readonly<Record<string, ColumnKind>>
  /** The fields that name an entry within its owner; none where the owner has one entry. */
  readonly id: readonly string[]
  /** What is gone stays, with the time at which that was found. */
  readonly isMarkedGone: boolean
}

/** A mirror table that the compiler holds to the fields of its entries, no more and no fewer. */
export interface MirrorTableOf<Entry extends object> extends MirrorTable {
  readonly columns: { readonly [Field in keyof Entry & string]-?: ColumnKind }
  readonly id: readonly (keyof Entry & string)[]
}

export type OwnerColumn = 'account' | 'livemode' | 'stripe_customer_id'

export const OWNER_TYPES = { account: 'text', livemode: 'boolean', stripe_customer_id: 'text' } as const

const RECORD_TYPES = {
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  time: 'bigint',
  json: 'jsonb',
} as const satisfies Record<ColumnKind, string>

function columnName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** `account = $1::text and …`: whose rows, by the first parameters. */
export function ownerMatches(table: Pick<MirrorTable, 'owner'>, alias: string): string {
  return table.owner.map((column, index) => `${alias}.${column} = $${index + 1}::${OWNER_TYPES[column]}`).join(' and ')
}

/** What the entries of an upsert become where an entry of that id is stored already. */
export type OnConflict = 'overwrite' | 'keep'

/**
 * The common table expression `incoming`: the entries of the JSON array that follows the owner's parameters, each with the
 * whole object of Stripe beside its fields where that is known.
 */
export function incomingEntries(table: MirrorTable): string {
  const fields = fieldsOf(table).map(({ field, kind }) => `"${field}" ${RECORD_TYPES[kind]}`)
  return `incoming as (
    select * from jsonb_to_recordset($${table.owner.length + 1}::text::jsonb) as entry(${fields.join(', ')}, "object" jsonb)
  )`
}

/**
 * Writes `incoming` into the table. Rows that say the same already are left alone, so that a sync that finds nothing new
 * writes nothing; they are taken in the order of their ids, so that two writers cannot wait for one another.
 */
export function upsertEntries(table: MirrorTable, onConflict: OnConflict): string {
  const fields = fieldsOf(table)
  const columns = fields.map(({ field }) => columnName(field))
  const key = [...table.owner, ...table.id.map(columnName)]
  const values = [
    ...table.owner.map((column, index) => `$${index + 1}::${OWNER_TYPES[column]}`),
    ...fields.map(({ field, kind }) => (kind === 'time' ? `to_timestamp("${field}")` : `"${field}"`)),
    '"object"',
  ]
  const order = table.id.length === 0 ? '' : `order by ${table.id.map((field) => `"${field}"`).join(', ')}`
  const changing = columns.filter((column) => !key.includes(column))
  return `insert into paywright.${table.name} as stored (${[...table.owner, ...columns, 'object'].join(', ')})
    select ${values.join(', ')} from incoming ${order}
    on conflict (${key.join(', ')}) do ${onConflict === 'keep' ? 'nothing' : updateOf(table, changing)}`
}

/** What is written again is there; without its whole object, that stays as it was last seen. */
function updateOf({ isMarkedGone }: MirrorTable, changing: readonly string[]): string {
  const sets = changing.map((column) => `${column} = excluded.${column}`)
  const back = isMarkedGone ? ['deleted_at = null'] : []
  return `update set ${[...sets, 'object = coalesce(excluded.object, stored.object)', ...back].join(', ')}
    where (${changing.map((column) => `stored.${column}`).join(', ')})
      is distinct from (${changing.map((column) => `excluded.${column}`).join(', ')})
      or (excluded.object is not null and stored.object is distinct from excluded.object)
      ${isMarkedGone ? 'or stored.deleted_at is not null' : ''}`
}

/**
 * Marks what the owner has stored and `incoming` does not name, at the second that follows the entries' parameter;
 * `condition` says which of them may be gone.
 */
export function markOthersGone(table: MirrorTable, condition = 'true'): string {
  const same = table.id.map((field) => `incoming."${field}" = stored.${columnName(field)}`).join(' and ')
  return `update paywright.${table.name} as stored set deleted_at = to_timestamp($${table.owner.length + 2}::bigint)
    where ${ownerMatches(table, 'stored')} and ${condition} and ${isThere(table, 'stored')}
      and not exists (select 1 from incoming where ${same})`
}

/** Not marked as gone. */
export function isThere({ isMarkedGone }: MirrorTable, alias: string): string {
  return isMarkedGone ? `${alias}.deleted_at is null` : 'true'
}

/** A JSON object with the fields of the entry, from the row under this alias; `more` adds pairs of its own. */
export function entryObject(table: MirrorTable, alias: string, more: readonly string[] = []): string {
  const pairs = fieldsOf(table).map(({ field, kind }) => {
    const column = `${alias}.${columnName(field)}`
    return `'${field}', ${kind === 'time' ? `extract(epoch from ${column})::bigint` : column}`
  })
  return `jsonb_build_object(${[...pairs, ...more].join(', ')})`
}

function fieldsOf(table: MirrorTable): readonly { field: string; kind: ColumnKind }[] {
  return Object.entries<ColumnKind>(table.columns).map(([field, kind]) => ({ field, kind }))
}

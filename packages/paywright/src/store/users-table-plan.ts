/** A table as the catalogue of Postgres describes it. */
export interface TableDescription {
  /** Quoted and ready for a statement. */
  readonly name: string
  readonly kind: 'table' | 'other' | 'missing'
  readonly columns: readonly ColumnDescription[]
  /** Columns that an index begins with. */
  readonly indexed: readonly string[]
}

export interface ColumnDescription {
  readonly name: string
  /** As `format_type` writes it, such as `character varying(32)`. */
  readonly type: string
  readonly isRequired: boolean
  readonly hasDefault: boolean
  readonly isGenerated: boolean
}

export interface UsersTablePlan {
  readonly statements: readonly string[]
  readonly addedColumns: readonly string[]
  readonly keptColumns: readonly string[]
  /** One sentence each; while there is any, nothing may be done. */
  readonly conflicts: readonly string[]
}

interface Wanted {
  readonly name: string
  readonly type: 'text' | 'timestamptz' | 'boolean'
  /** What follows the type when the column is added. */
  readonly constraint: string
  readonly default: string | null
}

/** The columns that the projection writes, and the only ones. */
const PROJECTED_COLUMNS: readonly Wanted[] = [
  { name: 'stripe_customer_id', type: 'text', constraint: '', default: null },
  { name: 'stripe_subscription_id', type: 'text', constraint: '', default: null },
  { name: 'subscription_tier', type: 'text', constraint: 'not null', default: `'free'` },
  { name: 'subscription_status', type: 'text', constraint: '', default: null },
  { name: 'current_period_end', type: 'timestamptz', constraint: '', default: null },
  { name: 'cancel_at_period_end', type: 'boolean', constraint: 'not null', default: 'false' },
]

const INDEXED = 'stripe_customer_id'

/** Decides what has to be done to the table, and what stands in the way. */
export function planUsersTable(table: TableDescription, idColumn: string): UsersTablePlan {
  if (table.kind !== 'table') return refusal(missing(table))
  const found = new Map(table.columns.map((column) => [column.name, column]))
  const conflicts = [
    ...(found.has(idColumn) ? [] : [`${table.name} has no column "${idColumn}"; name its key in \`usersTable.id\`.`]),
    ...PROJECTED_COLUMNS.flatMap((wanted) => conflictsOf(table, wanted, found.get(wanted.name))),
  ]
  if (conflicts.length > 0) return refusal(...conflicts)
  const added = PROJECTED_COLUMNS.filter(({ name }) => !found.has(name))
  const kept = PROJECTED_COLUMNS.filter(({ name }) => found.has(name))
  const withoutDefault = kept.filter(({ name, default: value }) => value !== null && !found.get(name)?.hasDefault)
  return {
    statements: [
      ...added.map((wanted) => `alter table ${table.name} add column ${definitionOf(wanted)}`),
      ...withoutDefault.map(
        ({ name, default: value }) => `alter table ${table.name} alter column ${name} set default ${value}`,
      ),
      ...(table.indexed.includes(INDEXED) ? [] : [`create index on ${table.name} (${INDEXED})`]),
    ],
    addedColumns: added.map(({ name }) => name),
    keptColumns: kept.map(({ name }) => name),
    conflicts: [],
  }
}

function refusal(...conflicts: string[]): UsersTablePlan {
  return { statements: [], addedColumns: [], keptColumns: [], conflicts }
}

function missing(table: TableDescription): string {
  return table.kind === 'missing'
    ? `There is no table ${table.name}; create it first, or name yours in \`usersTable\`.`
    : `${table.name} is no table, so no columns can be added to it.`
}

function definitionOf({ name, type, constraint, default: value }: Wanted): string {
  return [name, type, constraint, value === null ? '' : `default ${value}`].filter((part) => part !== '').join(' ')
}

function conflictsOf(table: TableDescription, wanted: Wanted, found: ColumnDescription | undefined): string[] {
  if (found === undefined) return []
  const subject = `Column ${wanted.name} of ${table.name}`
  const remedy = 'rename it, so that one of its own can be added'
  if (found.isGenerated) return [`${subject} is generated, and Paywright must write it: ${remedy}.`]
  if (!fits(wanted.type, found.type)) {
    return [`${subject} is ${found.type}, and Paywright writes ${wanted.type}: change its type, or ${remedy}.`]
  }
  if (found.isRequired && wanted.default === null) {
    return [`${subject} is not null, and Paywright writes null where there is nothing: drop not null, or ${remedy}.`]
  }
  return []
}

/** Stripe's ids may have up to 255 characters. */
const LONGEST = 255

function fits(wanted: Wanted['type'], found: string): boolean {
  switch (wanted) {
    case 'boolean':
      return found === 'boolean'
    case 'timestamptz':
      return /^timestamp(\(\d\))? with time zone$/.test(found)
    case 'text': {
      const limit = /^character varying(?:\((\d+)\))?$/.exec(found)
      return found === 'text' || (limit !== null && Number(limit[1] ?? LONGEST) >= LONGEST)
    }
  }
}

import type { Exec } from '../store/database.js'
import { text } from '../store/values.js'

/** The columns that name a subject; a table that grows has one of them right behind the scope in its key. */
const SUBJECT_COLUMNS = ['subject', 'stripe_customer_id', 'customer_id'] as const

/** How many parts each table has. */
const PARTS = 8

// Each table with the columns of its key in their order.
const KEYS = `select class.relname as name, string_agg(attribute.attname, ',' order by place.position) as key
  from pg_class class
  join pg_index index on index.indrelid = class.oid and index.indisprimary
  cross join unnest(index.indkey::smallint[]) with ordinality as place (number, position)
  join pg_attribute attribute on attribute.attrelid = class.oid and attribute.attnum = place.number
  where class.relnamespace = 'paywright'::regnamespace and class.relkind in ('r', 'p') and not class.relispartition
  group by class.relname order by class.relname`

const FOREIGN_KEYS = `select conrelid::regclass::text as name, pg_get_constraintdef(oid) as definition
  from pg_constraint where contype = 'f' and connamespace = 'paywright'::regnamespace and conparentid = 0`

/** The column of each table that splits it, or `null` where its key has no subject. */
export async function subjectColumns(exec: Exec): Promise<ReadonlyMap<string, string | null>> {
  const rows = await exec(KEYS, [])
  return new Map(
    rows.map((row) => {
      const [first, second, third] = text(row, 'key').split(',')
      const isScoped = first === 'account' && second === 'livemode'
      const column = SUBJECT_COLUMNS.find((name) => isScoped && name === third)
      return [text(row, 'name'), column ?? null]
    }),
  )
}

/**
 * Makes the same schema with these empty tables split by the hash of their subject. Postgres refuses that where a unique
 * key or a foreign key of theirs does not hold the subject.
 */
export async function splitBySubject(exec: Exec, tables: ReadonlyMap<string, string>): Promise<void> {
  const foreignKeys = await exec(FOREIGN_KEYS, [])
  const statements = [...tables].map(([name, column]) => {
    const parts = Array.from(
      { length: PARTS },
      (_, part) =>
        `create table paywright.${name}_part_${part} partition of paywright.${name}
          for values with (modulus ${PARTS}, remainder ${part});`,
    )
    return `alter table paywright.${name} rename to ${name}_whole;
      create table paywright.${name} (like paywright.${name}_whole including all) partition by hash (${column});
      drop table paywright.${name}_whole cascade; ${parts.join('\n')}`
  })
  const again = foreignKeys
    .filter((row) => tables.has(text(row, 'name').replace('paywright.', '')))
    .map((row) => `alter table ${text(row, 'name')} add ${text(row, 'definition')};`)
  await exec([...statements, ...again].join('\n'))
}

import type { Database, Exec, Parameter, Row } from '../../store/database.js'
import { text } from '../../store/values.js'

/** What a release said to its database, what it was answered, and what it left there. */
export interface Recording {
  /** The newest migration that the release had. */
  readonly migration: string
  readonly statements: readonly string[]
  readonly calls: readonly RecordedCall[]
  /** In an order in which they can be filled. */
  readonly tables: Readonly<Record<string, readonly Row[]>>
}

export interface RecordedCall {
  /** Its place among the statements. */
  readonly statement: number
  readonly params: readonly (string | number | boolean | null)[]
  /** The rows, as `comparable` writes them. */
  readonly rows: readonly string[]
}

/** A database that keeps what it is asked and what it answers. */
export function recorded(database: Database): { database: Database; statements: string[]; calls: RecordedCall[] } {
  const statements: string[] = []
  const calls: RecordedCall[] = []
  const through =
    (exec: Exec): Exec =>
    async (statement, params = []) => {
      const rows = await exec(statement, params)
      if (!statements.includes(statement)) statements.push(statement)
      calls.push({
        statement: statements.indexOf(statement),
        params: params.map(withoutBigint),
        rows: comparable(rows),
      })
      return rows
    }
  const { exec, transaction, ...rest } = database
  return {
    statements,
    calls,
    database: { ...rest, exec: through(exec), transaction: (work) => transaction((inside) => work(through(inside))) },
  }
}

/** JSON has no big integers, and every parameter is cast in the text. */
function withoutBigint(param: Parameter): string | number | boolean | null {
  return typeof param === 'bigint' ? String(param) : param
}

/** Rows as texts in an order of their own: drivers read the same value differently, and no order was asked for. */
export function comparable(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row, (_key, value: unknown) => asText(value))).toSorted()
}

function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
}

const TABLES = `select relname as name from pg_class
  where relnamespace = 'paywright'::regnamespace and relkind in ('r', 'p') and relname <> 'migrations'
    and not relispartition
  order by exists (select 1 from pg_constraint where conrelid = pg_class.oid and contype = 'f'), relname`

/** All rows of all tables. */
export async function dumpTables(exec: Exec): Promise<Recording['tables']> {
  const tables: Record<string, readonly Row[]> = {}
  for (const row of await exec(TABLES, [])) tables[text(row, 'name')] = await rowsOf(exec, text(row, 'name'))
  return tables
}

/** All rows of a table, as JSON has them. */
export async function rowsOf(exec: Exec, table: string): Promise<readonly Row[]> {
  const [row = {}] = await exec(
    `select coalesce(json_agg(stored), '[]')::text as rows from paywright.${table} stored`,
    [],
  )
  // Guaranteed by `json_agg` of rows.
  return JSON.parse(text(row, 'rows')) as readonly Row[]
}

/** Fills empty tables with what was dumped. */
export async function fillTables(exec: Exec, tables: Recording['tables']): Promise<void> {
  for (const [table, rows] of Object.entries(tables)) {
    await exec(
      `insert into paywright.${table} overriding system value
       select * from jsonb_populate_recordset(null::paywright.${table}, $1::text::jsonb)`,
      [JSON.stringify(rows)],
    )
    // What was given out by the tables of the release must not be given out again.
    await exec(
      `select setval(pg_get_serial_sequence(attrelid::regclass::text, attname), 1000000)
       from pg_attribute where attrelid = $1::text::regclass and attidentity <> ''`,
      [`paywright.${table}`],
    )
  }
}

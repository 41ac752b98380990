import type { MigrateOptions } from '../engine/ports.js'
import type { Database, Exec } from './database.js'
import { MIGRATIONS } from './migrations.generated.js'
import { text } from './values.js'

// An arbitrary number that all versions of Paywright share.
const MIGRATION_LOCK = 7_297_294_748_127n

// Whoever wants to use a table queues behind a migration that waits to lock it. So it does not wait long; `migrate` fails
// then, with nothing changed, and is called again.
const NO_LONG_WAITS = `set local lock_timeout = '10s'`

/** How a migration is called that takes away what only instances of an earlier release need. */
const CONTRACTION = '_contract'

const BOOTSTRAP = `
  create schema if not exists paywright;
  create table if not exists paywright.migrations (
    name text primary key,
    applied_at timestamptz not null default now()
  );
`

/** Applies what is missing, and runs `afterwards` in the same transaction. Processes that start together wait in line. */
export async function migrate<Result>(
  database: Database,
  afterwards: (exec: Exec) => Promise<Result>,
  options: MigrateOptions = {},
): Promise<{ applied: readonly string[]; result: Result }> {
  const work = async (exec: Exec): Promise<{ applied: readonly string[]; result: Result }> => {
    await exec('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK])
    await exec(NO_LONG_WAITS)
    await exec(BOOTSTRAP)
    const pending = await pendingIn(exec, options)
    for (const migration of pending) {
      await exec(migration.sql)
      await exec('insert into paywright.migrations (name) values ($1::text)', [migration.name])
    }
    return { applied: pending.map(({ name }) => name), result: await afterwards(exec) }
  }
  return database.transaction(work, { isUnlimited: true })
}

/** The names of the migrations that are not applied yet; changes nothing. */
export async function pendingMigrations(exec: Exec): Promise<readonly string[]> {
  const [table] = await exec(`select 1 where to_regclass('paywright.migrations') is not null`, [])
  return (table === undefined ? MIGRATIONS : await pendingIn(exec, {})).map(({ name }) => name)
}

/** A new database has no instances of an earlier release, so there nothing is kept for them. */
async function pendingIn(exec: Exec, { contract = false }: MigrateOptions): Promise<typeof MIGRATIONS> {
  const rows = await exec('select name from paywright.migrations', [])
  const applied = new Set(rows.map((row) => text(row, 'name')))
  const isWanted = (name: string): boolean => contract || rows.length === 0 || !name.endsWith(CONTRACTION)
  return MIGRATIONS.filter(({ name }) => !applied.has(name) && isWanted(name))
}

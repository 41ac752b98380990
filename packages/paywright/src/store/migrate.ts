import type { Database, Exec } from './database.js'
import { MIGRATIONS } from './migrations.generated.js'
import { text } from './values.js'

// An arbitrary number that all versions of Paywright share.
const MIGRATION_LOCK = 7_297_294_748_127n

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
): Promise<{ applied: readonly string[]; result: Result }> {
  return database.transaction(async (exec) => {
    await exec('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK])
    await exec(BOOTSTRAP)
    const pending = await pendingIn(exec)
    for (const migration of pending) {
      await exec(migration.sql)
      await exec('insert into paywright.migrations (name) values ($1::text)', [migration.name])
    }
    return { applied: pending.map(({ name }) => name), result: await afterwards(exec) }
  })
}

/** The names of the migrations that are not applied yet; changes nothing. */
export async function pendingMigrations(exec: Exec): Promise<readonly string[]> {
  const [table] = await exec(`select 1 where to_regclass('paywright.migrations') is not null`, [])
  return (table === undefined ? MIGRATIONS : await pendingIn(exec)).map(({ name }) => name)
}

async function pendingIn(exec: Exec): Promise<typeof MIGRATIONS> {
  const rows = await exec('select name from paywright.migrations', [])
  const applied = new Set(rows.map((row) => text(row, 'name')))
  return MIGRATIONS.filter(({ name }) => !applied.has(name))
}

import type { Pool, PoolClient, PoolConfig } from 'pg'
import { BillingError } from '../errors.js'
import { databaseError } from './database-error.js'
import type { Database, Exec, Parameter, Row } from './database.js'

/**
 * Keeps Paywright's state in Postgres 15 or later, by the package `pg`.
 *
 * @example
 * ```ts
 * import { postgres } from 'paywright'
 *
 * export const database = postgres(process.env.DATABASE_URL)
 * ```
 *
 * @param source A connection string, the options of a `pg.Pool`, or a pool of yours, which stays yours to end.
 * @throws `configuration_invalid` where the connection string is missing.
 * @throws `database_unavailable` from each use, while the server cannot be reached.
 */
export function postgres(source: string | PoolConfig | Pool | undefined): Database {
  if (source === undefined || source === '') {
    throw new BillingError('configuration_invalid', { detail: 'postgres() was given no address; set DATABASE_URL.' })
  }
  const connection = isPool(source) ? handedInPool(source) : ownPool(source)
  return {
    exec: async (text, params) => {
      const pool = await connection.pool()
      return converting(() => query(pool, text, params))
    },
    transaction: async (work) => runTransaction(await connection.pool(), work),
    close: connection.close,
  }
}

interface Connection {
  pool(): Promise<Pool>
  close(): Promise<void>
}

function isPool(source: string | PoolConfig | Pool): source is Pool {
  return typeof source === 'object' && 'connect' in source && 'query' in source
}

function handedInPool(pool: Pool): Connection {
  return { pool: () => Promise.resolve(pool), close: () => Promise.resolve() }
}

/** Loads `pg` and opens the pool at the first use, so that the package is needed only by those who use it. */
function ownPool(source: string | PoolConfig): Connection {
  const config = typeof source === 'string' ? { connectionString: source } : source
  let opened: Promise<Pool> | null = null
  const open = async (): Promise<Pool> => {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ application_name: 'paywright', connectionTimeoutMillis: 10_000, ...config })
    // An idle connection that breaks is dropped by the pool, and the next use reports what is wrong. Without a listener
    // the process would end.
    pool.on('error', () => {})
    return pool
  }
  return {
    pool: () => (opened ??= open()),
    close: async () => {
      if (opened === null) return
      const pool = await opened
      opened = null
      await pool.end()
    },
  }
}

async function runTransaction<Result>(pool: Pool, work: (exec: Exec) => Promise<Result>): Promise<Result> {
  const client = await converting(() => pool.connect())
  // A connection that breaks while it is checked out reports to the statement under way, and as an event.
  client.on('error', ignoreEvent)
  let broken: Error | undefined
  try {
    await converting(() => client.query('begin'))
    const result = await work((text, params) => converting(() => query(client, text, params)))
    await converting(() => client.query('commit'))
    return result
  } catch (error) {
    broken = await rollBack(client)
    throw error
  } finally {
    client.off('error', ignoreEvent)
    client.release(broken)
  }
}

function ignoreEvent(): void {}

/** Answers the fault where not even that was possible: such a connection must not go back into the pool. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('Rolling back failed.', { cause: error })
  }
}

async function query(
  client: Pick<Pool | PoolClient, 'query'>,
  text: string,
  params: readonly Parameter[] | undefined,
): Promise<readonly Row[]> {
  if (params === undefined) {
    const answer: { rows: Row[] } | { rows: Row[] }[] = await client.query(text)
    return Array.isArray(answer) ? (answer.at(-1)?.rows ?? []) : answer.rows
  }
  const { rows } = await client.query<Row>(text, [...params])
  return rows
}

async function converting<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw databaseError(error)
  }
}

import type { Pool, PoolClient, PoolConfig } from 'pg'
import { BillingError } from '../errors.js'
import { databaseError } from './database-error.js'
import type { Database, Exec } from './database.js'
import { beginWith, type Limits, type PostgresOptions, readLimits, UNLIMITED } from './pg-limits.js'
import { handedInPool, isLost, type OpenPool, ownServer, type Server } from './pg-server.js'
import { runStatement } from './pg-statement.js'

/**
 * Keeps Paywright's state in Postgres 15 or later, by the package `pg`. A connection string may name several hosts, and
 * with `target_session_attrs=read-write` the one of them is used that takes writes.
 *
 * @example
 * ```ts
 * import { postgres } from 'paywright'
 *
 * export const database = postgres(process.env.DATABASE_URL, { statementTimeout: '10s' })
 * ```
 *
 * @param source A connection string, the options of a `pg.Pool`, or a pool of yours, which stays yours to end.
 * @throws `configuration_invalid` where the connection string is missing, or an option is none.
 * @throws `database_unavailable` from each use, while no server can be reached.
 * @throws `database_busy` from each use, where a statement or its wait for a lock takes too long.
 */
export function postgres(source: string | PoolConfig | Pool | undefined, options: PostgresOptions = {}): Database {
  if (source === undefined || source === '') {
    throw new BillingError('configuration_invalid', { detail: 'postgres() was given no address; set DATABASE_URL.' })
  }
  const limits = readLimits(options)
  const server = isPool(source) ? handedInPool(source, options) : ownServer(source, limits, options)
  return {
    exec: (text, params) =>
      withPool(server, ({ pool, isPrepared }) =>
        runStatement(pool, { text, params }, { isPrepared, answerWithin: limits.answer }),
      ),
    transaction: (work, { isUnlimited = false } = {}) =>
      withPool(server, (opened) => runTransaction(opened, work, isUnlimited ? UNLIMITED : limits)),
    close: server.close,
  }
}

function isPool(source: string | PoolConfig | Pool): source is Pool {
  return typeof source === 'object' && 'connect' in source && 'query' in source
}

async function withPool<Result>(server: Server, work: (opened: OpenPool) => Promise<Result>): Promise<Result> {
  try {
    const opened = await server.open()
    try {
      return await work(opened)
    } catch (error) {
      if (isLost(error)) server.lost(opened)
      throw error
    }
  } catch (error) {
    throw databaseError(error)
  }
}

async function runTransaction<Result>(
  { pool, hasLimits, isPrepared }: OpenPool,
  work: (exec: Exec) => Promise<Result>,
  limits: Limits,
): Promise<Result> {
  const client = await pool.connect()
  // A connection that breaks while it is checked out reports to the statement under way, and as an event.
  client.on('error', ignoreEvent)
  const control = { isPrepared: false, answerWithin: limits.answer }
  const run = (text: string) => runStatement(client, { text, params: undefined }, control)
  let broken: Error | undefined
  try {
    await run(hasLimits && limits !== UNLIMITED ? 'begin' : beginWith(limits))
    const result = await work(async (text, params) => {
      try {
        return await runStatement(client, { text, params }, { isPrepared, answerWithin: limits.answer })
      } catch (error) {
        throw databaseError(error)
      }
    })
    await run('commit')
    return result
  } catch (error) {
    broken = isUseless(error) ? toError(error) : await rollBack(client)
    throw error
  } finally {
    client.off('error', ignoreEvent)
    client.release(broken)
  }
}

function ignoreEvent(): void {}

/** A server that takes no more writes, and a statement that still runs, keep their connection from going back. */
function isUseless(error: unknown): boolean {
  const meaning = databaseError(error)
  if (!(meaning instanceof BillingError)) return false
  return meaning.code === 'database_unavailable' || (meaning.code === 'database_busy' && !hasServerAnswered(meaning))
}

/** Faults that the server has told have its code. */
function hasServerAnswered({ cause }: BillingError): boolean {
  return cause instanceof Error && 'code' in cause
}

/** Answers the fault where not even that was possible: such a connection must not go back into the pool. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return toError(error)
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The transaction failed.', { cause: error })
}

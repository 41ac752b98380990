import type { Pool, PoolConfig } from 'pg'
import { BillingError } from '../errors.js'
import { databaseError } from './database-error.js'
import type { Row } from './database.js'
import { readServers } from './pg-hosts.js'
import type { Limits, PostgresOptions } from './pg-limits.js'
import { boolean, integer } from './values.js'

/** A pool in use, and what its server or the pooler before it lets us do. */
export interface OpenPool {
  readonly pool: Pool
  /** Sessions of our own have the limits. Behind a pooler there are none, and each transaction sets them for itself. */
  readonly hasLimits: boolean
  readonly isPrepared: boolean
}

/** The server behind `postgres(…)`, wherever it is now. */
export interface Server {
  /** What to use now. Throws what the driver throws. */
  open(): Promise<OpenPool>
  /** Says that this one has failed; the next `open` looks where the server is, if it may be elsewhere. */
  lost(opened: OpenPool): void
  close(): Promise<void>
}

export function handedInPool(pool: Pool, { preparedStatements: isPrepared = false }: PostgresOptions): Server {
  const opened = { pool, hasLimits: false, isPrepared }
  return { open: () => Promise.resolve(opened), lost: () => undefined, close: () => Promise.resolve() }
}

/** Loads `pg` and opens the pool at the first use, so that the package is needed only by those who use it. */
export function ownServer(source: string | PoolConfig, limits: Limits, options: PostgresOptions): Server {
  const { servers, needsWrites } = readServers(source)
  const mayMove = servers.length > 1 || needsWrites
  let current: Promise<OpenPool> | null = null
  let known: OpenPool | null = null

  const find = async (): Promise<OpenPool> => {
    const faults: unknown[] = []
    for (const config of servers) {
      try {
        return await openPool(config, { limits, options, needsWrites: mayMove && needsWrites })
      } catch (error) {
        faults.push(error)
      }
    }
    if (faults.length === 1) throw faults[0]
    const detail = `Of ${servers.length} hosts none ${needsWrites ? 'takes writes' : 'can be reached'}.`
    throw new BillingError('database_unavailable', { detail, cause: new AggregateError(faults) })
  }
  const forget = (): OpenPool | null => {
    const forgotten = known
    current = null
    known = null
    return forgotten
  }
  const lost = (opened: OpenPool): void => {
    // Whoever still has a connection of it ends what it does; a fault of ending is that of a server that has gone.
    if (mayMove && opened === known) forget()?.pool.end().catch(ignore)
  }
  const keep = (opened: OpenPool): OpenPool => {
    known = opened
    // Where nobody asks anything, an idle connection that breaks is the first to tell. When the pool opened another by itself,
    // it might be to the same host, which comes back as a standby and answers whoever only reads.
    opened.pool.on('error', () => lost(opened))
    return opened
  }
  return {
    open: () => {
      current ??= find().then(keep, (error: unknown) => {
        current = null
        throw error
      })
      return current
    },
    lost,
    close: async () => {
      await current?.catch(ignore)
      await forget()?.pool.end()
    },
  }
}

interface Wish {
  readonly limits: Limits
  readonly options: PostgresOptions
  readonly needsWrites: boolean
}

/**
 * Limits are asked for at the start of each session, which costs nothing. A pooler whose sessions belong to nobody refuses
 * that, or accepts it and forgets it; so the first session is asked what has come of it.
 */
async function openPool(config: PoolConfig, wish: Wish): Promise<OpenPool> {
  const limited = await createPool({ ...config, ...startupParameters(wish.limits) })
  try {
    const session = await look(limited)
    return await accepted(limited, session, wish)
  } catch (error) {
    await limited.end()
    if (!isRefusedParameter(error)) throw error
  }
  const plain = await createPool(config)
  try {
    return await accepted(plain, await look(plain), wish)
  } catch (error) {
    await plain.end()
    throw error
  }
}

async function createPool(config: PoolConfig): Promise<Pool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    application_name: 'paywright',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...config,
  })
  // An idle connection that breaks is dropped by the pool, and the next use reports what is wrong. Without a listener
  // the process would end.
  pool.on('error', ignore)
  return pool
}

function startupParameters(limits: Limits): PoolConfig {
  return {
    statement_timeout: limits.statement,
    lock_timeout: limits.lock,
    idle_in_transaction_session_timeout: limits.idleTransaction,
  }
}

interface Session {
  readonly takesWrites: boolean
  readonly limits: Pick<Limits, 'statement' | 'lock' | 'idleTransaction'>
}

// Settings of a time are in the unit in which the server keeps them: milliseconds for all three.
const LOOK = `select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as takes_writes,
  (select setting from pg_settings where name = 'statement_timeout') as statement,
  (select setting from pg_settings where name = 'lock_timeout') as lock,
  (select setting from pg_settings where name = 'idle_in_transaction_session_timeout') as idle_transaction`

async function look(pool: Pool): Promise<Session> {
  const { rows } = await pool.query<Row>(LOOK)
  const [row = {}] = rows
  return {
    takesWrites: boolean(row, 'takes_writes'),
    limits: {
      statement: integer(row, 'statement'),
      lock: integer(row, 'lock'),
      idleTransaction: integer(row, 'idle_transaction'),
    },
  }
}

async function accepted(pool: Pool, session: Session, { limits, options, needsWrites }: Wish): Promise<OpenPool> {
  if (needsWrites && !session.takesWrites) {
    throw new BillingError('database_unavailable', { detail: 'The server takes no writes.' })
  }
  const { statement, lock, idleTransaction } = session.limits
  const hasLimits = statement === limits.statement && lock === limits.lock && idleTransaction === limits.idleTransaction
  return { pool, hasLimits, isPrepared: options.preparedStatements ?? hasLimits }
}

/** What PgBouncer answers (https://www.pgbouncer.org/config.html#ignore_startup_parameters). */
function isRefusedParameter(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/i.test(error.message)
}

/** Whether the connection, or the server at its end, is of no more use. */
export function isLost(error: unknown): boolean {
  const meaning = databaseError(error)
  return meaning instanceof BillingError && meaning.code === 'database_unavailable'
}

function ignore(): void {}

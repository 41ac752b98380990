import { parseDuration, type Duration } from '../domain/time.js'
import { BillingError } from '../errors.js'

/** How `postgres(…)` uses its server. */
export interface PostgresOptions {
  /** How long one statement may take; `30s` where left out, `0s` for no end. Migrations may take as long as they need. */
  readonly statementTimeout?: Duration
  /** How long a statement may wait for what another transaction has locked; `5s` where left out. */
  readonly lockTimeout?: Duration
  /** After this the server ends a transaction in which nothing happens, such as that of a stopped process; `10s`. */
  readonly idleTransactionTimeout?: Duration
  /**
   * Has the server parse and plan each statement once for a connection. Where left out, it is so unless a pooler stands in
   * between, or the pool was handed in. PgBouncer knows prepared statements from 1.21 on.
   */
  readonly preparedStatements?: boolean
}

/** In milliseconds, as the server takes them; 0: no end. */
export interface Limits {
  readonly statement: number
  readonly lock: number
  readonly idleTransaction: number
  /** When no answer is waited for any more: the server has gone, or it stands behind a pooler that set no limit. */
  readonly answer: number
}

export const UNLIMITED: Limits = { statement: 0, lock: 0, idleTransaction: 0, answer: 0 }

/** So much later than the server would end it. */
const GRACE_MS = 5000

export function readLimits(options: PostgresOptions): Limits {
  const { statementTimeout = '30s', lockTimeout = '5s', idleTransactionTimeout = '10s' } = options
  const statement = milliseconds('statementTimeout', statementTimeout)
  return {
    statement,
    lock: milliseconds('lockTimeout', lockTimeout),
    idleTransaction: milliseconds('idleTransactionTimeout', idleTransactionTimeout),
    answer: statement === 0 ? 0 : statement + GRACE_MS,
  }
}

function milliseconds(name: keyof PostgresOptions, duration: Duration): number {
  const seconds = parseDuration(duration)
  if (seconds === null) {
    const detail = `\`${name}\` is ${JSON.stringify(duration)}; write a number and a unit, such as 30s.`
    throw new BillingError('configuration_invalid', { detail })
  }
  return seconds * 1000
}

/** Begins a transaction with limits of its own, in one round trip and without touching what the session has. */
export function beginWith({ statement, lock, idleTransaction }: Limits): string {
  return `begin; set local statement_timeout = ${statement}; set local lock_timeout = ${lock}; set local idle_in_transaction_session_timeout = ${idleTransaction}`
}

import type { Transaction } from '../../engine/ports.js'
import { BillingError } from '../../errors.js'

/** A client of `pg` on which the app has run `begin`. */
export interface PgClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>
  /** A pool has none: each of its statements is a transaction of its own. */
  getTransactionStatus?(): string | null
  /** Pools have this; it must not be one. */
  readonly totalCount?: never
}

/**
 * Joins a transaction of the package `pg`.
 *
 * @example
 * ```ts
 * import { Pool } from 'pg'
 * import { pgTransaction } from 'paywright'
 * import { billing } from './billing.js'
 *
 * const client = await new Pool({ connectionString: process.env.DATABASE_URL }).connect()
 * try {
 *   await client.query('begin')
 *   await client.query('insert into users (id) values ($1)', ['user_1'])
 *   await billing.withTransaction(pgTransaction(client)).customers.ensure({ customerId: 'user_1' })
 *   await client.query('commit')
 * } catch (error) {
 *   await client.query('rollback')
 *   throw error
 * } finally {
 *   client.release()
 * }
 * ```
 *
 * @param client The client that has begun the transaction.
 */
export function pgTransaction(client: PgClient): Transaction {
  return {
    run: async (text, params) => {
      // `I`: idle. Older versions of `pg` do not tell.
      if (client.getTransactionStatus?.() === 'I') throw new BillingError('not_in_transaction')
      const { rows } = await client.query(text, [...params])
      return rows
    },
  }
}

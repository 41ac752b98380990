import type { Transaction } from '../../engine/ports.js'

/** What `transaction` of PGlite passes to its callback. */
export interface PGliteTransaction {
  query(text: string, params: unknown[]): Promise<{ rows: unknown[] }>
  /** A whole instance has none. */
  rollback(): Promise<void>
}

/**
 * Joins a transaction of PGlite. Inside one, everything that goes round it waits for its end, so Paywright must be
 * asked through it, too.
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite'
 * import { pgliteTransaction } from 'paywright'
 * import { billing } from './billing.js'
 *
 * await new PGlite('./data').transaction(async (tx) => {
 *   await tx.query('insert into users (id) values ($1)', ['user_1'])
 *   await billing.withTransaction(pgliteTransaction(tx)).customers.ensure({ customerId: 'user_1' })
 * })
 * ```
 *
 * @param tx What the callback of `transaction` is given.
 */
export function pgliteTransaction(tx: PGliteTransaction): Transaction {
  return { run: async (text, params) => (await tx.query(text, [...params])).rows }
}

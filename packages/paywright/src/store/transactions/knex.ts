import type { Transaction } from '../../engine/ports.js'
import { splitPlaceholders } from './placeholders.js'

/** What `knex.transaction` passes to its callback. */
export interface KnexTransaction {
  // `never`: Knex declares what it binds by names that are not ours, and it binds texts, numbers and the like.
  raw(text: string, bindings: never[]): PromiseLike<{ readonly rows: readonly unknown[] }>
  /** The `knex` outside of a transaction has none. */
  isCompleted(): boolean
}

/**
 * Joins a transaction of Knex.
 *
 * @example
 * ```ts
 * import knex from 'knex'
 * import { knexTransaction } from 'paywright'
 * import { billing } from './billing.js'
 *
 * const db = knex({ client: 'pg', connection: process.env.DATABASE_URL ?? '' })
 * await db.transaction(async (trx) => {
 *   await trx('users').insert({ id: 'user_1' })
 *   await billing.withTransaction(knexTransaction(trx)).customers.ensure({ customerId: 'user_1' })
 * })
 * ```
 *
 * @param trx What the callback of `transaction` is given.
 */
export function knexTransaction(trx: KnexTransaction): Transaction {
  return {
    run: async (text, params) => {
      const { chunks, values } = splitPlaceholders(text, params)
      // Knex takes a question mark for a place, and only there is one meant.
      const withMarks = chunks.map((chunk) => chunk.replaceAll('?', '\\?')).join('?')
      const { rows } = await trx.raw(withMarks, toBindings(values))
      return rows
    },
  }
}

/** Every `Parameter` is one that Knex binds as it is. */
function toBindings(values: readonly unknown[]): never[] {
  return [...values] as never[]
}

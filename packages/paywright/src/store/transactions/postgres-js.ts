import type { Transaction } from '../../engine/ports.js'

/** What `sql.begin` of postgres.js passes to its callback. */
export interface PostgresJsTransaction {
  // `never`: what else the library takes here depends on the types it was given, and we pass texts, numbers and the like.
  unsafe(text: string, params: never[]): PromiseLike<Iterable<unknown>>
  /** The `sql` outside of a transaction has none. */
  savepoint: unknown
}

/**
 * Joins a transaction of postgres.js, the package `postgres`.
 *
 * @example
 * ```ts
 * import postgresJs from 'postgres'
 * import { postgresJsTransaction } from 'paywright'
 * import { billing } from './billing.js'
 *
 * const sql = postgresJs(process.env.DATABASE_URL ?? '')
 * await sql.begin(async (tx) => {
 *   await tx`insert into users (id) values (${'user_1'})`
 *   await billing.withTransaction(postgresJsTransaction(tx)).customers.ensure({ customerId: 'user_1' })
 * })
 * ```
 *
 * @param tx What the callback of `sql.begin` is given.
 */
export function postgresJsTransaction(tx: PostgresJsTransaction): Transaction {
  return { run: async (text, params) => [...(await tx.unsafe(text, toParameters(params)))] }
}

/** Every `Parameter` is one that postgres.js sends as it is, whatever other types it was given. */
function toParameters(params: readonly unknown[]): never[] {
  return [...params] as never[]
}

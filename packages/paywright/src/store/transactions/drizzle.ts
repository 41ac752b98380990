import type { Transaction } from '../../engine/ports.js'
import { splitPlaceholders } from './placeholders.js'

/** What `db.transaction` of Drizzle passes to its callback, for Postgres with any driver. */
export interface DrizzleTransaction<Sql> {
  execute(query: Sql): PromiseLike<Iterable<unknown> | { readonly rows: Iterable<unknown> }>
  /** The `db` outside of a transaction has none. */
  rollback(): never
}

/**
 * Joins a transaction of Drizzle.
 *
 * @example
 * ```ts
 * import { sql } from 'drizzle-orm'
 * import { drizzle } from 'drizzle-orm/node-postgres'
 * import { drizzleTransaction } from 'paywright'
 * import { billing } from './billing.js'
 *
 * const db = drizzle(process.env.DATABASE_URL ?? '')
 * await db.transaction(async (tx) => {
 *   await tx.execute(sql`insert into users (id) values (${'user_1'})`)
 *   await billing.withTransaction(drizzleTransaction(tx, sql)).customers.ensure({ customerId: 'user_1' })
 * })
 * ```
 *
 * @param tx What the callback of `db.transaction` is given.
 * @param sql The tag `sql` of `drizzle-orm`, handed in so that Paywright need not import it.
 */
export function drizzleTransaction<Sql>(
  tx: DrizzleTransaction<Sql>,
  sql: (strings: TemplateStringsArray, ...values: unknown[]) => Sql,
): Transaction {
  return {
    run: async (text, params) => {
      const { chunks, values } = splitPlaceholders(text, params)
      const answer = await tx.execute(sql(Object.assign([...chunks], { raw: chunks }), ...values))
      return [...('rows' in answer ? answer.rows : answer)]
    },
  }
}

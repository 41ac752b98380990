import type { Transaction } from '../../engine/ports.js'

/** What `db.transaction().execute` of Kysely passes to its callback. */
export interface KyselyTransaction {
  executeQuery(query: CompiledQuery): Promise<{ readonly rows: readonly unknown[] }>
  /** False outside of a transaction. */
  readonly isTransaction: true
}

/** What `CompiledQuery.raw` of Kysely makes. */
interface CompiledQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly query: {
    readonly kind: 'RawNode'
    readonly sqlFragments: readonly string[]
    readonly parameters: readonly never[]
  }
  readonly queryId: { readonly queryId: string }
}

/**
 * Joins a transaction of Kysely.
 *
 * @example
 * ```ts
 * import { kyselyTransaction } from 'paywright'
 * import { billing } from './billing.js'
 * import { db } from './kysely.js' // yours: new Kysely<…>({ dialect: new PostgresDialect({ pool }) })
 *
 * await db.transaction().execute(async (trx) => {
 *   await trx.insertInto('users').values({ id: 'user_1' }).execute()
 *   await billing.withTransaction(kyselyTransaction(trx)).customers.ensure({ customerId: 'user_1' })
 * })
 * ```
 *
 * @param trx What the callback of `execute` is given.
 */
export function kyselyTransaction(trx: KyselyTransaction): Transaction {
  return {
    run: async (text, params) => {
      const { rows } = await trx.executeQuery({
        sql: text,
        parameters: params,
        query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
        queryId: { queryId: 'paywright' },
      })
      return rows
    },
  }
}

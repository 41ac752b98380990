import type { Transaction } from '../../engine/ports.js'
import { BillingError } from '../../errors.js'

/** What `dataSource.transaction` of TypeORM passes to its callback. */
export interface TypeOrmEntityManager {
  query(text: string, params: unknown[]): Promise<unknown>
  readonly queryRunner?: { readonly isTransactionActive: boolean }
}

/**
 * Joins a transaction of TypeORM.
 *
 * @example
 * ```ts
 * import { DataSource } from 'typeorm'
 * import { typeormTransaction } from 'paywright'
 * import { billing } from './billing.js'
 *
 * const dataSource = await new DataSource({ type: 'postgres', url: process.env.DATABASE_URL ?? '' }).initialize()
 * await dataSource.transaction(async (manager) => {
 *   await manager.query('insert into users (id) values ($1)', ['user_1'])
 *   await billing.withTransaction(typeormTransaction(manager)).customers.ensure({ customerId: 'user_1' })
 * })
 * ```
 *
 * @param manager What the callback of `transaction` is given.
 */
export function typeormTransaction(manager: TypeOrmEntityManager): Transaction {
  return {
    run: async (text, params) => {
      // The manager of the data source has the same type, and no transaction.
      if (manager.queryRunner?.isTransactionActive !== true) throw new BillingError('not_in_transaction')
      const rows = await manager.query(text, [...params])
      if (!Array.isArray(rows)) throw new TypeError('TypeORM should answer a list of rows.')
      return rows
    },
  }
}

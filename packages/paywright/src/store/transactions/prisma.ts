import type { Transaction } from '../../engine/ports.js'

/** What `prisma.$transaction` passes to its callback. */
export interface PrismaTransaction {
  $queryRawUnsafe(text: string, ...params: unknown[]): PromiseLike<unknown>
  /** The client outside of a transaction has these. */
  readonly $connect?: never
  readonly $disconnect?: never
}

/**
 * Joins an interactive transaction of Prisma.
 *
 * @example
 * ```ts
 * import { prismaTransaction } from 'paywright'
 * import { billing } from './billing.js'
 * import { prisma } from './prisma.js' // yours: the client that Prisma has generated
 *
 * await prisma.$transaction(async (tx) => {
 *   await tx.user.create({ data: { id: 'user_1' } })
 *   await billing.withTransaction(prismaTransaction(tx)).customers.ensure({ customerId: 'user_1' })
 * })
 * ```
 *
 * @param tx What the callback of `prisma.$transaction` is given.
 */
export function prismaTransaction(tx: PrismaTransaction): Transaction {
  return {
    run: async (text, params) => {
      const rows = await tx.$queryRawUnsafe(text, ...params)
      if (!Array.isArray(rows)) throw new TypeError('Prisma should answer a list of rows.')
      return rows
    },
  }
}

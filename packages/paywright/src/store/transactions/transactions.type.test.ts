import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Knex } from 'knex'
import type { Kysely } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { Sql } from 'postgres'
import { expectTypeOf, test } from 'vitest'
import type { Billing, TransactionBilling } from '../../billing.js'
import { definePlans } from '../../plans.js'
import { drizzleTransaction } from './drizzle.js'
import { knexTransaction } from './knex.js'
import { kyselyTransaction } from './kysely.js'
import { pgTransaction } from './pg.js'
import { pgliteTransaction } from './pglite.js'
import { postgresJsTransaction } from './postgres-js.js'
import { prismaTransaction } from './prisma.js'

const plans = definePlans({
  free: { name: 'Free', features: { projects: 3 } },
  pro: { name: 'Pro', features: { projects: 50 }, prices: { month: { amount: 2000, currency: 'usd' } } },
})

interface Libraries {
  readonly pool: Pool
  readonly client: PoolClient
  readonly db: NodePgDatabase
  readonly instance: PGlite
  readonly kysely: Kysely<object>
  readonly knex: Knex
  readonly postgresJs: Sql
  readonly prisma: {
    $connect(): Promise<void>
    $queryRawUnsafe<Rows = unknown>(text: string, ...params: unknown[]): PromiseLike<Rows>
  }
}

/** Never run: the compiler reads it, and each expected error that does not come is one. */
export async function misuse(billing: Billing<typeof plans>, libraries: Libraries): Promise<void> {
  const { pool, client, db, instance, kysely, knex, postgresJs, prisma } = libraries
  // @ts-expect-error a transaction without the adapter of its library
  billing.withTransaction(client)
  // What is no transaction: its statements would commit one by one.
  // @ts-expect-error a pool of pg
  pgTransaction(pool)
  // @ts-expect-error the db of Drizzle
  drizzleTransaction(db, sql)
  // @ts-expect-error an instance of PGlite
  pgliteTransaction(instance)
  // @ts-expect-error the db of Kysely
  kyselyTransaction(kysely)
  // @ts-expect-error the knex
  knexTransaction(knex)
  // @ts-expect-error the sql of postgres.js
  postgresJsTransaction(postgresJs)
  // @ts-expect-error the client of Prisma
  prismaTransaction(prisma)
  prismaTransaction({ $queryRawUnsafe: prisma.$queryRawUnsafe })

  const inside = billing.withTransaction(pgTransaction(client))
  // What calls Stripe is not there.
  // @ts-expect-error a page to pay on
  await inside.checkout.create({ customerId: 'c', plan: 'pro', interval: 'month' })
  // @ts-expect-error a page of Stripe's
  await inside.portal.create({ customerId: 'c' })
  // @ts-expect-error a change of a subscription
  await inside.subscriptions.cancel({ customerId: 'c' })
  // @ts-expect-error a read of Stripe
  await inside.sync({ customerId: 'c' })
  // @ts-expect-error a transaction inside
  inside.withTransaction(pgTransaction(client))
}

test('inside a transaction the plans have their names, and a customer may have none at Stripe', () => {
  type Inside = ReturnType<Billing<typeof plans>['withTransaction']>
  expectTypeOf<Inside>().toEqualTypeOf<TransactionBilling<typeof plans>>()
  expectTypeOf<Awaited<ReturnType<Inside['access']>>['plan']>().toEqualTypeOf<'free' | 'pro'>()
  expectTypeOf<Awaited<ReturnType<Inside['customers']['ensure']>>['stripeCustomerId']>().toEqualTypeOf<string | null>()
})

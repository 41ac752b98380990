import { createSimulator, type Simulator } from '@paywright/simulator'
import pg from 'pg'
import { DataSource } from 'typeorm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe } from '../../testing/journey.js'
import { startLocalPostgres } from '../../testing/local-postgres.js'
import { createTestBilling, type TestBilling } from '../../testing/test-billing.js'
import type { Database } from '../database.js'
import { postgres } from '../pg.js'
import { LIBRARIES, type Library } from '../testing/transaction-libraries.js'
import { joinedDatabase } from './joined-database.js'
import { pgTransaction } from './pg.js'
import { typeormTransaction } from './typeorm.js'

const server = await startLocalPostgres()
let url: string
let database: Database
let simulator: Simulator
let app: TestBilling

beforeAll(async () => {
  url = await server.createDatabase()
  database = postgres(url)
  await database.exec('create table app_users (id text primary key)')
  simulator = await createSimulator()
  app = createTestBilling({ simulator, database })
  await app.billing.migrate()
  await app.billing.catalog.push()
  await subscribe(app, 'payer')
})

afterAll(async () => {
  await app.billing.close()
  await simulator.close()
  await server.stop()
})

async function usersLike(prefix: string): Promise<readonly unknown[]> {
  const rows = await database.exec('select id from app_users where starts_with(id, $1::text) order by id', [prefix])
  return rows.map(({ id }) => id)
}

async function waiting(): Promise<number> {
  return (await app.billing.health()).waiting
}

describe('what is in no transaction is refused where types cannot tell', () => {
  test('a client of pg that has not begun one, or has ended it', async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const outside = app.billing.withTransaction(pgTransaction(client))
    await expect(outside.customers.get({ customerId: 'ada' })).rejects.toMatchObject({ code: 'not_in_transaction' })
    await client.query('begin')
    expect(await outside.customers.get({ customerId: 'ada' })).toBeNull()
    await client.query('commit')
    await expect(outside.customers.ensure({ customerId: 'ada' })).rejects.toMatchObject({ code: 'not_in_transaction' })
    await client.end()
  })

  test('the manager of a data source of TypeORM', async () => {
    const source = await new DataSource({ type: 'postgres', url }).initialize()
    const outside = app.billing.withTransaction(typeormTransaction(source.manager))
    await expect(outside.customers.get({ customerId: 'ada' })).rejects.toMatchObject({ code: 'not_in_transaction' })
    await source.destroy()
  })
})

describe.each(Object.entries(LIBRARIES))('a transaction of %s', (name, open) => {
  let library: Library
  beforeAll(() => {
    library = open(url)
  })
  afterAll(() => library.close())

  test('commits what the app and what Paywright have written, and each sees it before', async () => {
    const id = `${name} commits`
    await library.transact(async (transaction, insertUser) => {
      const inside = app.billing.withTransaction(transaction)
      await insertUser(id)
      const made = await inside.customers.ensure({ customerId: id, email: 'ada@example.com', name: 'Ada? $1' })
      expect(made).toEqual({ customerId: id, stripeCustomerId: null, email: 'ada@example.com', name: 'Ada? $1' })
      expect(await inside.customers.ensure({ customerId: id })).toEqual(made)
      expect(await inside.customers.get({ customerId: id })).toEqual(made)
      expect(await app.billing.customers.get({ customerId: id })).toBeNull()
    })
    expect(await app.billing.customers.get({ customerId: id })).toMatchObject({ email: 'ada@example.com' })
    expect(await usersLike(id)).toEqual([id])
    const { stripeCustomerId } = await app.billing.customers.ensure({ customerId: id })
    expect(await app.stripe.customers.retrieve(stripeCustomerId)).toMatchObject({ name: 'Ada? $1' })
  })

  test('rolls both back, and a wish for a sync as well', async () => {
    const id = `${name} rolls back`
    const before = await waiting()
    const work = library.transact(async (transaction, insertUser) => {
      const inside = app.billing.withTransaction(transaction)
      await insertUser(id)
      await inside.customers.ensure({ customerId: id })
      await inside.requestSync({ customerId: 'payer' })
      throw new Error('The app thinks better of it.')
    })
    await expect(work).rejects.toThrow('The app thinks better of it.')
    expect(await app.billing.customers.get({ customerId: id })).toBeNull()
    expect(await usersLike(id)).toEqual([])
    expect(await waiting()).toBe(before)
  })

  test('answers access and the mirror, and its wish is worked on after it has committed', async () => {
    await library.transact(async (transaction) => {
      const inside = app.billing.withTransaction(transaction)
      expect(await inside.access('payer')).toMatchObject({ plan: 'pro', reason: 'subscription_active' })
      expect((await inside.access('nobody')).plan).toBe('free')
      const subscription = await inside.subscriptions.get({ customerId: 'payer' })
      expect(subscription).toEqual(await app.billing.subscriptions.get({ customerId: 'payer' }))
      expect(await inside.subscriptions.list({ customerId: 'payer' })).toEqual([subscription])
      expect(await inside.invoices.list({ customerId: 'payer' })).toMatchObject([{ amountPaid: 2000 }])
      await expect(inside.requestSync({ customerId: 'nobody' })).rejects.toMatchObject({ code: 'customer_not_found' })
      await inside.requestSync({ customerId: 'payer' })
    })
    expect(await waiting()).toBe(1)
    expect((await app.billing.work()).synced).toBe(1)
  })

  test('answers values as every other library does', async () => {
    await library.transact(async (transaction) => {
      const [row] = await joinedDatabase(transaction).exec(
        `select $1::bigint as big_number, $2::bigint as small_number, $3::text::jsonb as wrapped_object,
           $4::boolean as is_on, $5::text as no_text, to_timestamp($6::bigint) at time zone 'UTC' as some_instant,
           $7::text as odd_text, $1::bigint + $2::bigint as of_both, '?' || ':name' as "Marks"`,
        [9_007_199_254_740_991n, 7, '{"a":["?",1.5,null]}', true, null, 1_800_000_000, `it's "?" \\ $1 ü`],
      )
      expect(row).toEqual({
        big_number: 9_007_199_254_740_991,
        small_number: 7,
        wrapped_object: { a: ['?', 1.5, null] },
        is_on: true,
        no_text: null,
        some_instant: '2027-01-15T08:00:00',
        odd_text: `it's "?" \\ $1 ü`,
        of_both: 9_007_199_254_740_998,
        Marks: '?:name',
      })
    })
  })

  // After its connection has gone, postgres.js writes the rollback to no socket and throws that at the process.
  const survivesItsConnection = !name.includes('postgres.js')

  test.each([
    ['not_migrated', 'select 1 from paywright.no_such_table'],
    ['database_busy', 'select pg_sleep(10)'],
    ...(survivesItsConnection ? [['database_unavailable', 'select pg_terminate_backend(pg_backend_pid())']] : []),
  ])('says %s as Paywright does elsewhere', async (code = '', text = '') => {
    const faults: unknown[] = []
    const work = library.transact(async (transaction) => {
      const { exec } = joinedDatabase(transaction)
      await exec(`select set_config('statement_timeout', '50', true)`)
      await exec(text).catch((error: unknown) => {
        faults.push(error)
        throw error
      })
    })
    await expect(work).rejects.toBeInstanceOf(Error)
    expect(faults).toMatchObject([{ code }])
    await library.transact(async (transaction) => {
      expect(await joinedDatabase(transaction).exec('select 1 as one')).toEqual([{ one: 1 }])
    })
  })
})

import { createSimulator, type Simulator } from '@paywright/simulator'
import { postgres, prismaTransaction } from 'paywright'
import { createTestBilling, type LocalPostgres, startLocalPostgres, type TestBilling } from 'paywright/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPrisma, type Prisma } from './prisma.js'

let server: LocalPostgres
let simulator: Simulator
let app: TestBilling
let prisma: Prisma

beforeAll(async () => {
  server = await startLocalPostgres()
  simulator = await createSimulator()
  const url = await server.createDatabase()
  const database = postgres(url)
  await database.exec('create table app_users (id text primary key)')
  app = createTestBilling({ simulator, database })
  await app.billing.migrate()
  await app.billing.catalog.push()
  await app.billing.customers.ensure({ customerId: 'payer' })
  prisma = await openPrisma(url)
})

afterAll(async () => {
  await prisma.$disconnect()
  await app.billing.close()
  await simulator.close()
  await server.stop()
})

test('commits what the app and what Paywright have written, and each sees it before', async () => {
  await prisma.$transaction(async (tx) => {
    const inside = app.billing.withTransaction(prismaTransaction(tx))
    await tx.user.create({ data: { id: 'ada' } })
    const made = await inside.customers.ensure({ customerId: 'ada', email: 'ada@example.com' })
    expect(await inside.customers.get({ customerId: 'ada' })).toEqual(made)
    expect((await inside.access('ada')).plan).toBe('free')
    expect(await inside.subscriptions.list({ customerId: 'ada' })).toEqual([])
    expect(await app.billing.customers.get({ customerId: 'ada' })).toBeNull()
    await inside.requestSync({ customerId: 'payer' })
  })
  expect(await app.billing.customers.get({ customerId: 'ada' })).toMatchObject({ email: 'ada@example.com' })
  expect(await prisma.user.count()).toBe(1)
  expect((await app.billing.work()).synced).toBe(1)
})

test('rolls both back, and a wish for a sync as well', async () => {
  const work = prisma.$transaction(async (tx) => {
    const inside = app.billing.withTransaction(prismaTransaction(tx))
    await tx.user.create({ data: { id: 'grace' } })
    await inside.customers.ensure({ customerId: 'grace' })
    await inside.requestSync({ customerId: 'payer' })
    throw new Error('The app thinks better of it.')
  })
  await expect(work).rejects.toThrow('The app thinks better of it.')
  expect(await app.billing.customers.get({ customerId: 'grace' })).toBeNull()
  expect(await prisma.user.count()).toBe(1)
  expect((await app.billing.health()).waiting).toBe(0)
})

test('sends every kind of parameter', async () => {
  const text = `select json_build_object('big', $1::bigint, 'small', $2::bigint, 'json', $3::text::jsonb, 'on', $4::boolean,
    'none', $5::text, 'at', to_timestamp($6::bigint) at time zone 'UTC', 'odd', $7::text)::text as answer`
  const odd = `it's "?" \\ $1 ü`
  await prisma.$transaction(async (tx) => {
    const params = [9_007_199_254_740_991n, 7, '{"a":["?",1.5,null]}', true, null, 1_800_000_000, odd]
    const rows = await prismaTransaction(tx).run(text, params)
    expect(rows).toEqual([{ answer: expect.any(String) }])
    const [{ answer }] = rows as [{ answer: string }]
    expect(JSON.parse(answer)).toEqual({
      big: 9_007_199_254_740_991,
      small: 7,
      json: { a: ['?', 1.5, null] },
      on: true,
      none: null,
      at: '2027-01-15T08:00:00',
      odd,
    })
  })
})

test('says of a database without tables that it is not migrated', async () => {
  const empty = await openPrisma(await server.createDatabase())
  const work = empty.$transaction((tx) =>
    app.billing.withTransaction(prismaTransaction(tx)).customers.get({ customerId: 'ada' }),
  )
  await expect(work).rejects.toMatchObject({ code: 'not_migrated' })
  await empty.$disconnect()
})

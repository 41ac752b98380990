import type { PGlite } from '@electric-sql/pglite'
import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memoryInstance } from '../../testing/database.js'
import { createStripeStory } from '../../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../../testing/test-billing.js'
import { pglite } from '../pglite.js'
import { pgliteTransaction } from './pglite.js'

const FIRST_RETRY_SECONDS = 10

let now = 1_800_000_000
let instance: PGlite
let simulator: Simulator
let app: TestBilling

beforeAll(async () => {
  instance = await memoryInstance()
  simulator = await createSimulator({ now })
  app = newProcess()
})
afterAll(async () => {
  await simulator.close()
  await instance.close()
})

function newProcess(): TestBilling {
  return createTestBilling({
    simulator,
    database: pglite(instance),
    options: { clock: { now: () => now } },
    seams: { policy: { firstRetrySeconds: FIRST_RETRY_SECONDS, leaseSeconds: 30 } },
  })
}

test('before Stripe was ever asked for its account, a transaction does not ask either', async () => {
  const work = instance.transaction((tx) =>
    newProcess().billing.withTransaction(pgliteTransaction(tx)).customers.ensure({ customerId: 'early' }),
  )
  await expect(work).rejects.toMatchObject({ code: 'account_unknown', hint: expect.stringContaining('catalog.push()') })
  await app.billing.catalog.push()
})

test('a process that has just started joins a transaction of the only connection', async () => {
  await instance.exec('create table app_users (id text primary key)')
  await instance.transaction(async (tx) => {
    await tx.query('insert into app_users values ($1)', ['ada'])
    await newProcess().billing.withTransaction(pgliteTransaction(tx)).customers.ensure({ customerId: 'ada' })
    await tx.rollback()
  })
  expect(await app.billing.customers.get({ customerId: 'ada' })).toBeNull()
  await instance.transaction(async (tx) => {
    await newProcess().billing.withTransaction(pgliteTransaction(tx)).customers.ensure({ customerId: 'ada' })
  })
  expect(await app.billing.customers.get({ customerId: 'ada' })).toMatchObject({ customerId: 'ada' })
})

test('a handler that writes the key in its own transaction acts once, however often it is called', async () => {
  await instance.exec(`
    create table handled_effects (key text primary key);
    create table credits (customer_id text not null, amount integer not null);
  `)
  let calls = 0
  app.billing.on('access.granted', async ({ key, customerId }) => {
    calls += 1
    await instance.transaction(async (tx) => {
      const { rows } = await tx.query(
        'insert into handled_effects (key) values ($1) on conflict do nothing returning key',
        [key],
      )
      if (rows.length === 0) return
      await tx.query('insert into credits values ($1, 100)', [customerId])
    })
    // The process dies after its commit and before the outbox knows of it.
    if (calls < 3) throw new Error('The process is gone.')
  })

  await createStripeStory(app.stripe).subscribe('grace')
  await app.deliverAll()
  for (let round = 1; round <= 3; round += 1) {
    now += 10 * FIRST_RETRY_SECONDS
    await app.billing.work()
  }
  expect(calls).toBe(3)
  expect((await instance.query('select * from credits')).rows).toEqual([{ customer_id: 'grace', amount: 100 }])
  expect((await app.billing.health()).outbox).toBe(0)
})

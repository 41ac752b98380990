import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../store/database.js'
import { postgres } from '../store/pg.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { startLocalPostgres } from '../testing/local-postgres.js'
import type { RepairOrder } from '../testing/repair-child.js'
import { createStripeStory } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

const CHILD = fileURLToPath(new URL('../../dist/testing/repair-child.js', import.meta.url))
const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url))
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

/** A whole page of Stripe's list and a part of the second. */
const CUSTOMERS = 110

const server = await startLocalPostgres()
let simulator: Simulator
let url: string
let database: Database
let bench: TestBilling

beforeAll(async () => {
  const [code] = await once(spawn(process.execPath, [COMPILER, '-b', PACKAGE], { stdio: 'inherit' }), 'exit')
  expect(code).toBe(0)
  simulator = await createSimulator({ now: 1_800_000_000 })
  const setup = createTestBilling({ simulator, database: postgres(await server.createDatabase()) })
  await setup.billing.migrate()
  await setup.billing.catalog.push()
  await setup.billing.close()
  await createStripeStory(setup.stripe).subscribe('ada')
  for (let index = 1; index < CUSTOMERS; index += 1) await setup.stripe.customers.create({ name: `Customer ${index}` })
}, 120_000)
beforeEach(async () => {
  url = await server.createDatabase()
  database = postgres(url)
  bench = createTestBilling({ simulator, database })
  await bench.billing.migrate()
  return () => database.close()
})
afterAll(async () => {
  await server.stop()
  await simulator.close()
})

test('a backfill killed in its second page goes on there, in another process', { timeout: 60_000 }, async () => {
  // The first page and its customers, the second page, and three of its customers.
  await killed('backfill', CUSTOMERS - 4)
  expect((await bench.billing.health()).runs).toMatchObject([{ name: 'backfill.customers', done: 100 }])
  await leaseEnds()
  const report = await bench.billing.backfill()
  expect(report).toEqual({ done: CUSTOMERS, failed: 0, isResumed: true, isComplete: true })
  await expectInSync()
})

test(
  'a catch-up killed between two pages is begun again, and stores each event once',
  { timeout: 60_000 },
  async () => {
    await killed('catchUp', 2)
    const { length } = await bench.billing.receipts({ limit: 1000 })
    expect(length).toBeGreaterThan(50)
    expect((await bench.billing.health()).runs).toMatchObject([{ name: 'catch_up', completedAt: null }])
    const { read, stored } = await bench.billing.catchUp()
    expect(stored).toBe(read - length)
    await expectInSync()
  },
)

test('a reconciliation killed on the way is begun again and finds the rest', { timeout: 60_000 }, async () => {
  // The first page, two looks at each of its customers, and some that were put right.
  await killed('reconcile', 260)
  await leaseEnds()
  const { drift } = await bench.billing.reconcile()
  expect(drift.customer?.missing).toBeGreaterThan(10)
  expect(drift.customer?.missing).toBeLessThan(CUSTOMERS - 10)
  await expectInSync()
})

async function killed(verb: RepairOrder['verb'], killBefore: number): Promise<void> {
  const order: RepairOrder = {
    databaseUrl: url,
    apiBase: simulator.url,
    secretKey: 'sk_test_paywright',
    now: simulator.clock.now(),
    verb,
    killBefore,
  }
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin?.end(`${JSON.stringify(order)}\n`)
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

/** What the dead process had in hand is free again. */
async function leaseEnds(): Promise<void> {
  await simulator.clock.advance(61)
}

async function expectInSync(): Promise<void> {
  for (let pass = 0; pass < 10 && !(await bench.billing.work()).isDrained; pass += 1);
  expect(await compareWithStripe(database, bench.stripe)).toEqual([])
  expect((await bench.billing.health()).waiting).toBe(0)
}

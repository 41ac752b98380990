import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Scope } from '../domain/mirror.js'
import type { Store, StripeGateway } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import type { Database } from '../store/database.js'
import { createStore } from '../store/store.js'
import { memoryDatabase } from '../testing/database.js'
import { createStripeStory, type StripeStory } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

const policy = { lanes: 1, maxAttempts: 4, firstRetrySeconds: 10, longestRetrySeconds: 100 }

let simulator: Simulator
let database: Database
let app: TestBilling
let story: StripeStory
let store: Store
let scope: Scope
/** Customers of Stripe in the order in which they were read. */
let reads: string[] = []
let onRead: (stripeCustomerId: string) => Promise<void> = nothing

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  const wrapGateway = (gateway: StripeGateway): StripeGateway => ({
    ...gateway,
    readCustomer: async (...request) => {
      reads.push(request[0])
      await onRead(request[0])
      return gateway.readCustomer(...request)
    },
  })
  app = createTestBilling({ simulator, database, seams: { wrapGateway, policy } })
  await app.billing.catalog.push()
  story = createStripeStory(app.stripe)
  await story.takeEvents()
  store = createStore(database)
  scope = { account: (await app.stripe.accounts.retrieveCurrent()).id, livemode: false }
})
afterEach(() => {
  reads = []
  onRead = nothing
})
afterAll(async () => {
  await database.close()
  await simulator.close()
})

test('a customer of whom something comes at every moment keeps nobody waiting', async () => {
  const { stripeCustomerId: hot } = await story.subscribe('hot')
  const names = ['ada', 'grace', 'linus', 'edsger', 'barbara']
  const others: string[] = []
  for (const name of names) others.push((await story.subscribe(name)).stripeCustomerId)
  await story.takeEvents()
  let left = 20
  onRead = async (id) => {
    await simulator.clock.advance(1)
    if (id !== hot || left === 0) return
    left -= 1
    await store.wantSync(scope, hot, simulator.clock.now())
  }
  await store.wantSync(scope, hot, simulator.clock.now())
  await simulator.clock.advance(1)
  for (const other of others) await store.wantSync(scope, other, simulator.clock.now())
  await app.billing.work()
  expect(reads[0]).toBe(hot)
  expect(reads.slice(1, 6).toSorted(), 'all others come before the hot one comes again').toEqual(others.toSorted())
  expect(reads.filter((id) => id === hot)).toHaveLength(21)
  for (const name of ['hot', ...names]) expect((await app.billing.access(name)).plan).toBe('pro')
})

test('a customer whom no code can digest backs off, is set aside after the last attempt, and holds up nobody', async () => {
  const { stripeCustomerId: poisoned } = await story.subscribe('poison')
  const { stripeCustomerId: well } = await story.subscribe('well')
  onRead = (id) => (id === poisoned ? Promise.reject(new BillingError('stripe_answer_unexpected')) : nothing())
  const events = (await story.takeEvents()).filter(({ type }) => type !== 'customer.created')
  for (const event of events) await app.deliver(event)
  const waits: number[] = []
  for (let attempt = 1; attempt < policy.maxAttempts; attempt += 1) {
    expect(await app.billing.deadLetters()).toEqual([])
    const [row] = await database.exec(
      'select extract(epoch from due_at)::integer as due from paywright.subjects where subject = $1::text',
      [poisoned],
    )
    waits.push(Number(row?.['due']) - simulator.clock.now())
    await simulator.clock.advance(waits.at(-1) ?? 0)
    await app.billing.work()
  }
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(5 * 2 ** index)
    expect(wait).toBeLessThanOrEqual(10 * 2 ** index)
  }
  expect(reads.filter((id) => id === poisoned)).toHaveLength(policy.maxAttempts)
  expect(await app.billing.deadLetters()).toMatchObject([
    { kind: 'subject', subject: poisoned, attempts: policy.maxAttempts, error: expect.stringContaining('not what') },
  ])
  expect((await app.billing.health()).deadLetters).toBe(1)
  expect(reads).toContain(well)
  expect((await app.billing.access('well')).plan).toBe('pro')

  onRead = nothing
  expect(await app.billing.replay()).toBe(1)
  await app.billing.work()
  expect(await app.billing.deadLetters()).toEqual([])
  expect((await app.billing.access('poison')).plan).toBe('pro')
})

async function nothing(): Promise<void> {}

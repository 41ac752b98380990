import { createSimulator, type Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CustomerRead, StripeGateway } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import type { Database } from '../store/database.js'
import { postgres } from '../store/pg.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { memoryDatabase } from '../testing/database.js'
import { createStripeStory, type StripeStory, type Subscriber } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

let simulator: Simulator
let database: Database
let story: StripeStory
let bench: TestBilling
/** Stands in the way of a read of Stripe; set by a test. */
let beforeRead: (stripeCustomerId: string) => Promise<void> = nothing
let afterRead: () => Promise<void> = nothing

const policy = { maxAttempts: 3, leaseSeconds: 60, firstRetrySeconds: 10 }

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  bench = newProcess()
  await bench.billing.catalog.push()
  story = createStripeStory(bench.stripe)
  await story.takeEvents()
})
afterAll(async () => {
  await database.close()
  await simulator.close()
})
beforeEach(() => {
  beforeRead = nothing
  afterRead = nothing
})

test('a handler that throws is called again later, then its effect is a dead letter, and delivered when replayed', async () => {
  const calls: string[] = []
  let isBroken = true
  const { billing } = bench
  const off = billing.on('subscription.activated', ({ key }) => {
    calls.push(key)
    if (isBroken) throw new Error('The CRM is down')
  })
  await story.subscribe('ada')
  await deliverAll()
  expect(calls).toHaveLength(1)
  expect(await billing.work()).toMatchObject({ delivered: 0, failed: 0 })
  await retry(2)
  expect(calls).toHaveLength(3)
  await retry(1)
  expect(calls, 'after the last attempt it is left alone').toHaveLength(3)
  expect(await billing.deadLetters()).toMatchObject([
    { kind: 'effect', attempts: 3, error: expect.stringContaining('The CRM is down') },
  ])
  expect((await billing.access('ada')).plan, 'what the app does of it changes nothing of the state').toBe('pro')

  isBroken = false
  expect(await billing.replay()).toBe(1)
  await billing.work()
  off()
  expect(calls).toHaveLength(4)
  expect(new Set(calls).size, 'each time under the same key').toBe(1)
  expect(await billing.deadLetters()).toEqual([])
})

test('effects of one subject wait for the one before them, and a mail does not wait', async () => {
  const order: string[] = []
  let isBroken = true
  const offs = [
    bench.billing.on('subscription.activated', ({ type }) => {
      if (isBroken) throw new Error('not yet')
      order.push(type)
    }),
    bench.billing.on('access.granted', ({ type }) => void order.push(type)),
  ]
  await story.subscribe('grace')
  await deliverAll()
  expect(order).toEqual([])
  isBroken = false
  await retry(1)
  for (const off of offs) off()
  expect(order).toEqual(['subscription.activated', 'access.granted'])
})

test('while Stripe does not answer the events are kept, and all is in sync when it does', async () => {
  const subscriber = await story.subscribe('linus')
  beforeRead = () => Promise.reject(new BillingError('stripe_unavailable'))
  for (const event of await takeUnproven()) expect((await bench.deliver(event)).status).toBe(200)
  const receipts = await bench.billing.receipts()
  expect(receipts.find(({ subject }) => subject === subscriber.stripeCustomerId)).toMatchObject({
    processedAt: null,
    lastError: expect.stringContaining('Stripe could not be reached'),
  })
  beforeRead = nothing
  await bench.billing.replay()
  await retry(1)
  await expectInSync(subscriber)
})

test('a sync that outlasts its lease writes nothing over the one that came after it', async () => {
  const subscriber = await story.subscribe('edsger')
  const other = newProcess()
  let isFirst = true
  afterRead = async () => {
    if (!isFirst) return
    isFirst = false
    // The old answer is in hand; now the lease ends, things change, and another process comes first.
    await simulator.clock.advance(61)
    await bench.stripe.subscriptions.update(subscriber.stripeSubscriptionId, { cancel_at_period_end: true })
    await other.billing.work()
  }
  const [event] = await takeUnproven()
  if (event === undefined) throw new Error('There is no event.')
  await bench.deliver(event)
  expect(isFirst).toBe(false)
  expect(bench.log.entries.some(({ message }) => message.includes('longer than its lease'))).toBe(true)
  await expectInSync(subscriber, 'access')
  await deliverAll()
})

test('a subject on which processes die is set aside rather than taken for ever', async () => {
  const { stripeCustomerId } = await story.subscribe('barbara')
  const events = await takeUnproven()
  // Each of these takes the subject and is never heard of again.
  beforeRead = () => new Promise(() => {})
  for (const event of events.slice(0, 1)) void bench.deliver(event)
  await waitingFor(stripeCustomerId, 1)
  for (const attempt of [2, 3]) {
    await simulator.clock.advance(61)
    void newProcess().billing.work()
    await waitingFor(stripeCustomerId, attempt)
  }
  beforeRead = nothing
  await simulator.clock.advance(61)
  await bench.billing.work()
  expect(await bench.billing.deadLetters()).toMatchObject([
    { kind: 'subject', subject: stripeCustomerId, error: expect.stringContaining('never came to an end') },
  ])
  await bench.billing.replay()
  await bench.billing.work()
  expect(await bench.billing.deadLetters()).toEqual([])
  expect((await bench.billing.access('barbara')).plan).toBe('pro')
})

test('while the database is down a webhook is refused, so that Stripe sends it again', async () => {
  const subscriber = await story.subscribe('donald')
  const down = createTestBilling({ simulator, database: postgres('postgres://nobody@127.0.0.1:1/nothing') })
  const events = await story.takeEvents()
  for (const event of events) expect((await down.deliver(event)).status).toBe(503)
  for (const event of events) expect((await bench.deliver(event)).status).toBe(200)
  await bench.billing.work()
  await expectInSync(subscriber)
})

test('an event of another account is refused and not stored', async () => {
  await story.subscribe('margaret')
  const [event] = await story.takeEvents()
  if (event === undefined) throw new Error('There is no event.')
  const foreign = { ...event, id: 'evt_foreign', account: 'acct_foreign' }
  expect((await bench.deliver(foreign)).status).toBe(400)
  expect((await bench.billing.receipts()).map(({ eventId }) => eventId)).not.toContain('evt_foreign')
})

test('the worker that runs in the background works on what comes in, and outlives a database that is away', async () => {
  const subscriber = await story.subscribe('alan')
  let isAway = true
  const flaky: Database = {
    ...database,
    transaction: (work) =>
      isAway ? Promise.reject(new BillingError('database_unavailable')) : database.transaction(work),
  }
  const pauses: number[] = []
  const wait = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    pauses.push(milliseconds)
    await new Promise((resolve) => setImmediate(resolve))
    if (signal === undefined) return
  }
  const worker = createTestBilling({ simulator, database: flaky, seams: { policy, wait } })
  worker.billing.start()
  worker.billing.start()
  await expect.poll(() => worker.log.entries.length).toBeGreaterThan(2)
  isAway = false
  for (const { id } of await story.takeEvents())
    await bench.stripe.events.retrieve(id).then((event) => bench.deliver(event))
  await expect.poll(async () => (await bench.billing.receipts())[0]?.processedAt).not.toBeNull()
  await worker.billing.stop()
  expect(Math.max(...pauses), 'the pause grows while it fails').toBeGreaterThan(10_000)
  await expectInSync(subscriber)
})

function newProcess(): TestBilling {
  const wrapGateway = (gateway: StripeGateway): StripeGateway => ({
    ...gateway,
    readCustomer: async (id, depth): Promise<CustomerRead | null> => {
      await beforeRead(id)
      const read = await gateway.readCustomer(id, depth)
      await afterRead()
      return read
    },
  })
  return createTestBilling({ simulator, database, seams: { wrapGateway, policy } })
}

async function deliverAll(): Promise<void> {
  for (const event of await story.takeEvents()) expect((await bench.deliver(event)).status).toBe(200)
}

/** What has happened without the beginning, so that no payload is known to be the newest and Stripe has to be read. */
async function takeUnproven(): Promise<readonly Stripe.Event[]> {
  return (await story.takeEvents()).filter(({ type }) => type !== 'customer.created')
}

/** Lets the backoff pass so many times. */
async function retry(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await simulator.clock.advance(100)
    await bench.billing.work()
  }
}

async function waitingFor(subject: string, attempts: number): Promise<void> {
  await expect
    .poll(async () => (await bench.billing.receipts()).find((receipt) => receipt.subject === subject)?.attempts)
    .toBe(attempts)
}

async function expectInSync(
  { stripeCustomerId }: Subscriber,
  what: 'everything' | 'access' = 'everything',
): Promise<void> {
  const options = { stripeCustomerIds: [stripeCustomerId], what }
  expect(await compareWithStripe(database, bench.stripe, options)).toEqual([])
}

async function nothing(): Promise<void> {}

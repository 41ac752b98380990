import { createSimulator, type Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StripeGateway } from '../engine/ports.js'
import type { Database } from '../store/database.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { memoryDatabase } from '../testing/database.js'
import { createStripeStory, type StripeStory, type Subscriber } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

/** Requests that one read of a whole customer makes. */
const REQUESTS_PER_CUSTOMER = 4

/** With the lists of seven kinds of records. */
const REQUESTS_OF_A_DEEP_READ = 11

let simulator: Simulator
let database: Database
let bench: TestBilling
let story: StripeStory
let requests = 0

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  bench = createTestBilling({ simulator, database, seams: { wrapGateway: counting } })
  await bench.billing.catalog.push()
  story = createStripeStory(bench.stripe)
})
afterAll(async () => {
  await database.close()
  await simulator.close()
})
beforeEach(async () => {
  await story.takeEvents()
  requests = 0
})

function counting(gateway: StripeGateway): StripeGateway {
  return {
    ...gateway,
    readCustomer: (id, depth) => {
      requests += depth?.isDeep === true ? REQUESTS_OF_A_DEEP_READ : REQUESTS_PER_CUSTOMER
      return gateway.readCustomer(id, depth)
    },
    readObject: (ref) => {
      requests += 1
      return gateway.readObject(ref)
    },
    readRecord: (request) => {
      requests += 1
      return gateway.readRecord(request)
    },
    readRecordList: (id, list) => {
      requests += 1
      return gateway.readRecordList(id, list)
    },
    readDisputes: (id) => {
      requests += 2
      return gateway.readDisputes(id)
    },
  }
}

test('a change that comes alone needs no read', async () => {
  const { stripeCustomerId, stripeSubscriptionId } = await known('ada')
  await bench.stripe.customers.update(stripeCustomerId, { name: 'Ada' })
  await deliver(await story.takeEvents())
  await later()
  await bench.stripe.subscriptions.update(stripeSubscriptionId, { cancel_at_period_end: true })
  await deliver(await story.takeEvents())
  expect(requests).toBe(0)
  await expectInSync([stripeCustomerId])
})

test('a customer who comes back is read, whatever has come before; a sync that is asked for reads all kinds', async () => {
  const { customerId } = await known('grace')
  await bench.ask('/return?from=portal', { as: customerId })
  expect(requests).toBe(REQUESTS_PER_CUSTOMER)
  requests = 0
  await bench.billing.sync({ customerId })
  expect(requests).toBe(REQUESTS_OF_A_DEEP_READ)
})

test('a burst needs at most one request for five events', { timeout: 60_000 }, async () => {
  const subscribers = await Promise.all(Array.from({ length: 20 }, (_, index) => story.subscribe(`many-${index}`)))
  await deliver(await story.takeEvents())
  await settle()
  await later()
  requests = 0
  const events: Stripe.Event[] = []
  for (let quantity = 2; quantity <= 11; quantity += 1) {
    await Promise.all(subscribers.map((subscriber) => setQuantity(subscriber, quantity)))
    events.push(...(await story.takeEvents()))
    await later()
  }
  expect(events).toHaveLength(200)
  await deliver(events.toSorted((one, other) => one.id.localeCompare(other.id)))
  await settle()
  expect(requests).toBeLessThanOrEqual(events.length / 5)
  await expectInSync(subscribers.map(({ stripeCustomerId }) => stripeCustomerId))
})

async function setQuantity({ stripeSubscriptionId }: Subscriber, quantity: number): Promise<void> {
  const { data } = await bench.stripe.subscriptionItems.list({ subscription: stripeSubscriptionId })
  const items = [{ id: data[0]?.id ?? '', quantity }]
  await bench.stripe.subscriptions.update(stripeSubscriptionId, { items, proration_behavior: 'none' })
}

/** A subscriber of whom everything is known, some time ago. */
async function known(customerId: string): Promise<Subscriber> {
  const subscriber = await story.subscribe(customerId)
  await deliver(await story.takeEvents())
  await later()
  requests = 0
  return subscriber
}

/** Lets some seconds pass, so that what happens next shares no second with what is known. */
async function later(): Promise<void> {
  await simulator.clock.advance(5)
}

/** As an endpoint receives them in a burst: many at the same time. */
async function deliver(events: readonly Stripe.Event[]): Promise<void> {
  const answers = await Promise.all(events.map((event) => bench.deliver(event)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
}

async function settle(): Promise<void> {
  let isDrained = false
  while (!isDrained) ({ isDrained } = await bench.billing.work())
}

async function expectInSync(stripeCustomerIds: readonly string[]): Promise<void> {
  expect(await compareWithStripe(database, bench.stripe, { stripeCustomerIds: [...stripeCustomerIds] })).toEqual([])
}

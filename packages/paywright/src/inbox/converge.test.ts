import { createSimulator, type Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StripeGateway } from '../engine/ports.js'
import type { Database } from '../store/database.js'
import { postgres } from '../store/pg.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { type LocalPostgres, startLocalPostgres } from '../testing/local-postgres.js'
import { createStripeStory, type StripeStory, type Subscriber } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

const usersTable = { name: 'users', id: 'id' }

const server: LocalPostgres = await startLocalPostgres()
afterAll(() => server.stop())

/** Two processes of one product: each with its own connections. */
let simulator: Simulator
let databases: readonly [Database, Database]
let one: TestBilling
let two: TestBilling
let story: StripeStory
let reads: ReadWatch

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const url = await server.createDatabase()
  databases = [postgres(url), postgres(url)]
  reads = watchReads()
  const seams = { wrapGateway: reads.wrap, policy: { maxAttempts: 3 } }
  one = createTestBilling({ simulator, database: databases[0], options: { usersTable }, seams })
  two = createTestBilling({ simulator, database: databases[1], options: { usersTable }, seams })
  await databases[0].exec('create table users (id text primary key)')
  await one.billing.migrate()
  await one.billing.catalog.push()
  story = createStripeStory(one.stripe)
  await story.takeEvents()
})
afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()))
  await simulator.close()
})

beforeEach(() => reads.reset())

describe('whatever order the webhooks come in, the database says what Stripe says', () => {
  test.each([
    { name: 'in order', arrange: (events: readonly Stripe.Event[]) => events },
    { name: 'backwards', arrange: (events: readonly Stripe.Event[]) => events.toReversed() },
    { name: 'each twice', arrange: (events: readonly Stripe.Event[]) => events.flatMap((event) => [event, event]) },
    {
      name: 'all but one lost',
      arrange: (events: readonly Stripe.Event[]) =>
        events.filter(({ type }) => type === 'customer.subscription.created'),
    },
    { name: 'shuffled', arrange: shuffled },
  ])('one after the other, $name', async ({ name, arrange }) => {
    const subscriber = await newSubscriber(`ada.${name.replaceAll(' ', '.')}`)
    for (const event of arrange(await story.takeEvents())) expect((await one.deliver(event)).status).toBe(200)
    await settle()
    // What only lost events have told is found by a deep read.
    await expectInSync(subscriber, name === 'all but one lost' ? 'access' : 'everything')
    expect((await one.billing.access(subscriber.customerId)).plan).toBe('pro')
  })

  test('all at once to two processes, each event to both', async () => {
    const subscribers = [await newSubscriber('grace'), await newSubscriber('linus'), await newSubscriber('barbara')]
    const events = shuffled(await story.takeEvents())
    const answers = await Promise.all(events.flatMap((event) => [one.deliver(event), two.deliver(event)]))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    await settle()
    for (const subscriber of subscribers) await expectInSync(subscriber)
    expect(reads.mostAtOnce()).toBe(1)
    expect(reads.total()).toBeLessThan(events.length * 2)
  })

  test('changes go on while their webhooks are being worked on', async () => {
    const { stripeSubscriptionId, ...subscriber } = await newSubscriber('edsger')
    const deliveries: Promise<Response>[] = []
    for (let quantity = 2; quantity <= 8; quantity += 1) {
      const { items } = await one.stripe.subscriptions.retrieve(stripeSubscriptionId)
      const id = items.data[0]?.id ?? ''
      await one.stripe.subscriptions.update(stripeSubscriptionId, { items: [{ id, quantity }] })
      for (const event of await story.takeEvents())
        deliveries.push(quantity % 2 ? one.deliver(event) : two.deliver(event))
    }
    await Promise.all(deliveries)
    await settle()
    await expectInSync({ ...subscriber, stripeSubscriptionId })
    expect(reads.mostAtOnce()).toBeLessThanOrEqual(1)
  })
})

test('access ends by the passing of time alone, without any webhook, and is told', async () => {
  const subscriber = await newSubscriber('donald')
  await one.stripe.subscriptions.update(subscriber.stripeSubscriptionId, { cancel_at_period_end: true })
  for (const event of await story.takeEvents()) await one.deliver(event)
  const revoked: string[] = []
  const off = one.billing.on('access.revoked', (effect) => void revoked.push(effect.customerId ?? ''))
  await simulator.clock.advance(32 * 86_400)
  await one.billing.work()
  off()
  expect(revoked).toEqual(['donald'])
  expect(await userRow('donald')).toMatchObject({ subscription_tier: 'free', subscription_status: 'canceled' })
  await story.takeEvents()
  await expectInSync(subscriber)
})

test('a price changed in Stripe reaches the catalogue', async () => {
  const [price] = (await one.stripe.prices.list({ lookup_keys: ['paywright_team_month'] })).data
  await one.stripe.prices.update(price?.id ?? '', { metadata: { note: 'changed' } })
  for (const event of await story.takeEvents()) await one.deliver(event)
  await settle()
  expect(await compareWithStripe(databases[0], one.stripe, { stripeCustomerIds: [] })).toEqual([])
})

test('a second Stripe customer of the same app customer does not write over the first', async () => {
  const first = await newSubscriber('margaret')
  for (const event of await story.takeEvents()) await one.deliver(event)
  await settle()
  await story.subscribe('margaret', 'paywright_team_month')
  for (const event of await story.takeEvents()) await one.deliver(event)
  await settle()
  expect(await userRow('margaret')).toMatchObject({
    stripe_customer_id: first.stripeCustomerId,
    subscription_tier: 'pro',
  })
  await expectInSync(first)
})

test('a customer deleted at Stripe loses access', async () => {
  const subscriber = await newSubscriber('alan')
  for (const event of await story.takeEvents()) await one.deliver(event)
  await one.stripe.customers.del(subscriber.stripeCustomerId)
  for (const event of await story.takeEvents()) await one.deliver(event)
  await settle()
  expect((await one.billing.access('alan')).plan).toBe('free')
  expect(await userRow('alan')).toMatchObject({ subscription_tier: 'free' })
  await expectInSync(subscriber)
})

async function newSubscriber(customerId: string): Promise<Subscriber> {
  await databases[0].exec('insert into users (id) values ($1::text)', [customerId])
  return story.subscribe(customerId)
}

/** Lets both processes work until nothing is left. */
async function settle(): Promise<void> {
  for (const { billing } of [one, two, one]) expect(await billing.work()).toMatchObject({ failed: 0, isDrained: true })
}

async function expectInSync(
  { stripeCustomerId }: Subscriber,
  what: 'everything' | 'access' = 'everything',
): Promise<void> {
  const differences = await compareWithStripe(databases[0], one.stripe, {
    usersTable,
    stripeCustomerIds: [stripeCustomerId],
    what,
  })
  expect(differences).toEqual([])
  expect((await one.billing.receipts({ limit: 1000 })).filter(({ processedAt }) => processedAt === null)).toEqual([])
}

async function userRow(id: string): Promise<unknown> {
  const [row] = await databases[0].exec('select * from users where id = $1::text', [id])
  return row
}

/** The same order in each run. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item, index) => ({ item, place: (index * 7919 + 13) % 101 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

interface ReadWatch {
  readonly wrap: (gateway: StripeGateway) => StripeGateway
  /** The most reads of one subject that were under way at the same time. */
  mostAtOnce(): number
  total(): number
  reset(): void
}

function watchReads(): ReadWatch {
  const current = new Map<string, number>()
  let most = 0
  let total = 0
  return {
    wrap: (gateway) => ({
      ...gateway,
      readCustomer: async (id, depth) => {
        const count = (current.get(id) ?? 0) + 1
        current.set(id, count)
        most = Math.max(most, count)
        total += 1
        try {
          return await gateway.readCustomer(id, depth)
        } finally {
          current.set(id, (current.get(id) ?? 1) - 1)
        }
      },
    }),
    mostAtOnce: () => most,
    total: () => total,
    reset: () => {
      most = 0
      total = 0
    },
  }
}

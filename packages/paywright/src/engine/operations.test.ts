import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import { createRepairWorld, REPAIR_DATABASES, type RepairWorld } from '../testing/repair-world.js'
import type { Subscriber } from '../testing/stripe-story.js'
import { createTestBilling, WEBHOOK_SECRET } from '../testing/test-billing.js'

const DAY = 86_400

describe.each(REPAIR_DATABASES)('on %s', (kind) => {
  let world: RepairWorld
  let ada: Subscriber
  beforeAll(async () => {
    world = await createRepairWorld(kind)
    ada = await world.story.subscribe('ada')
    await deliverAll()
  })
  beforeEach(() => world.calm())
  afterAll(() => world.close())

  test('a replay of events reads Stripe again for their customers, whatever they say', async () => {
    const { bench, reads, database } = world
    const [receipt] = (await bench.billing.receipts()).filter(({ type }) => type === 'customer.subscription.created')
    await database.exec(`update paywright.subscriptions set status = 'unpaid'`, [])
    expect(await bench.billing.replay({ eventIds: [receipt?.eventId ?? ''] })).toBe(1)
    await bench.billing.work()
    expect(reads).toEqual([ada.stripeCustomerId])
    expect((await bench.billing.subscriptions.get({ customerId: 'ada' }))?.status).toBe('active')
    expect((await bench.billing.receipts()).filter(({ processedAt }) => processedAt === null)).toEqual([])
  })

  test('a replay by customer, type and time takes those that fit, and tells nothing twice', async () => {
    const { bench, reads, simulator } = world
    const keys: string[] = []
    const offs = [bench.billing.on('subscription.activated', ({ key }) => void keys.push(key))]
    const now = new Date((simulator.clock.now() + 1) * 1000)
    expect(await bench.billing.replay({ customerId: 'ada', type: 'customer.*', until: now })).toBeGreaterThan(1)
    expect(await bench.billing.replay({ customerId: 'ada', from: now })).toBe(0)
    await bench.billing.work()
    for (const off of offs) off()
    expect(reads).toEqual([ada.stripeCustomerId])
    expect(keys).toEqual([])
    await expect(bench.billing.replay({ customerId: 'nobody' })).rejects.toMatchObject({ code: 'customer_not_found' })
  })

  test('without a filter it is dead letters that are replayed', async () => {
    const { bench } = world
    expect(await bench.billing.replay()).toBe(0)
    expect(await bench.billing.replay({})).toBe(0)
  })

  test('health tells of what waits, how long it takes, and what came when', async () => {
    const { bench, between, story, simulator } = world
    await bench.billing.work()
    const calm = await bench.billing.health()
    expect(calm).toMatchObject({ ok: true, waiting: 0, oldestReceipt: null, lag: { p50: 0, p99: 0 }, deadLetters: 0 })
    const { stripeSubscriptionId } = ada
    await bench.stripe.subscriptions.update(stripeSubscriptionId, { cancel_at_period_end: true })
    between.read = () => Promise.reject(new BillingError('stripe_refused'))
    const [event] = (await story.takeEvents()).filter(({ type }) => type === 'customer.subscription.updated')
    if (event === undefined) throw new Error('There is no event.')
    const at = new Date(simulator.clock.now() * 1000)
    await bench.deliver({ ...event, api_version: '2020-01-01' })
    await simulator.clock.advance(600)
    const health = await bench.billing.health()
    expect(health).toMatchObject({ ok: true, waiting: 1, oldestReceivedAt: at })
    expect(health.oldestReceipt).toEqual({ eventId: event.id, type: event.type, receivedAt: at })
    expect(health.lag?.p99).toBe(600)
    expect(health.lastReceivedAt['customer.subscription.updated']).toEqual(at)
    world.calm()
    await bench.billing.work()
  })

  test('health tells which of the webhook secrets verified the last webhook, and holds none', async () => {
    const { simulator, database } = world
    const webhookSecrets = ['whsec_new', WEBHOOK_SECRET]
    const stripe = { secretKey: 'sk_test_paywright', apiBase: simulator.url, webhookSecrets }
    const rotating = createTestBilling({ simulator, database, options: { stripe } })
    const before = await rotating.billing.health()
    expect(before.lastWebhookSecret).toBe(2)
    expect(before.webhookSecrets[0]?.lastVerifiedAt).toBeNull()
    await simulator.clock.advance(10)
    await rotating.stripe.customers.update(ada.stripeCustomerId, { name: 'Ada' })
    const [event] = (await rotating.stripe.events.list({ limit: 1 })).data
    if (event === undefined) throw new Error('There is no event.')
    await rotating.deliver(event, { secret: 'whsec_new' })
    const after = await rotating.billing.health()
    expect(after.lastWebhookSecret).toBe(1)
    expect(after.webhookSecrets[0]?.lastVerifiedAt).toEqual(new Date(simulator.clock.now() * 1000))
    expect(JSON.stringify(after)).not.toContain('whsec')
    const stored = await database.exec('select to_jsonb(receipt)::text as json from paywright.receipts receipt', [])
    expect(JSON.stringify(stored)).not.toContain('whsec')
    // The secret that verified the newest is not among those of this process.
    expect((await world.bench.billing.health()).lastWebhookSecret).toBeNull()
  })

  test('prune deletes what is done with and old, and nothing that waits; the mirror stays', async () => {
    const { bench, simulator, between, story } = world
    await bench.billing.work()
    expect(await bench.billing.prune()).toEqual({ receipts: 0, messages: 0, isDone: true })
    await simulator.clock.advance(91 * DAY)
    await story.takeEvents()
    await bench.stripe.customers.update(ada.stripeCustomerId, { name: 'Augusta' })
    between.read = () => Promise.reject(new BillingError('stripe_refused'))
    for (const event of await story.takeEvents()) await bench.deliver({ ...event, api_version: '2020-01-01' })
    const report = await bench.billing.prune()
    expect(report).toMatchObject({ isDone: true })
    expect(report.receipts).toBeGreaterThan(5)
    expect(report.messages).toBeGreaterThan(2)
    expect((await bench.billing.receipts()).every(({ processedAt }) => processedAt === null)).toBe(true)
    expect(await bench.billing.receipts()).not.toEqual([])
    expect(await bench.billing.subscriptions.list({ customerId: 'ada' })).toHaveLength(1)
    world.calm()
    await simulator.clock.advance(3600)
    await bench.billing.work()
    expect((await bench.billing.health()).waiting).toBe(0)
  })

  test.each(['30d', '1h', 'soon'] as const)('prune refuses an age of %s', async (olderThan) => {
    const wish = { olderThan } as { olderThan: '30d' }
    await expect(world.bench.billing.prune(wish)).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  async function deliverAll(): Promise<void> {
    for (const event of await world.story.takeEvents()) await world.bench.deliver(event)
  }
})

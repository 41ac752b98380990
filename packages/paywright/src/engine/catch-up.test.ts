import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { createRepairWorld, REPAIR_DATABASES, type RepairWorld } from '../testing/repair-world.js'

const DAY = 86_400

describe.each(REPAIR_DATABASES)('catchUp on %s', (kind) => {
  let world: RepairWorld
  beforeAll(async () => {
    world = await createRepairWorld(kind)
  })
  afterEach(() => world.calm())
  afterAll(() => world.close())

  test('what happened while no webhook came is stored as its webhooks would have been, once', async () => {
    const { bench, story, database } = world
    const subscriber = await story.subscribe('ada')
    await bench.stripe.subscriptions.update(subscriber.stripeSubscriptionId, { cancel_at_period_end: true })
    const events = await story.takeEvents()
    // One of them did come.
    await bench.deliver(events.find(({ type }) => type === 'customer.created') ?? fail())
    const first = await bench.billing.catchUp()
    expect(first.read).toBeGreaterThan(10)
    expect(first.stored).toBe(first.read - 1)
    expect(first.lost).toBeNull()
    await bench.billing.work()
    expect(await compareWithStripe(database, bench.stripe)).toEqual([])
    expect((await bench.billing.access('ada')).plan).toBe('pro')
    expect(await bench.billing.catchUp()).toMatchObject({ stored: 0 })
    const types = (await bench.billing.receipts()).map(({ type }) => type)
    expect(types).toContain('customer.subscription.updated')
    expect(types, 'what is about nothing of ours is not kept').not.toContain('plan.created')
    expect(events.map(({ type }) => type)).toContain('plan.created')
  })

  test('it looks back to where the last one that came to its end began, and an hour more', async () => {
    const { bench, simulator } = world
    const began = simulator.clock.now()
    expect((await bench.billing.catchUp()).since).toEqual(new Date((began - 3600) * 1000))
    await simulator.clock.advance(2 * DAY)
    expect((await bench.billing.catchUp()).since).toEqual(new Date((began - 3600) * 1000))
    const { runs } = await bench.billing.health()
    expect(runs).toMatchObject([{ name: 'catch_up', completedAt: new Date((began + 2 * DAY) * 1000) }])
  })

  test('one that failed on the way counts for nothing, and the next begins where it did', async () => {
    const { bench, simulator } = world
    const before = await bench.billing.catchUp()
    const since = new Date((simulator.clock.now() - 3600) * 1000)
    await simulator.clock.advance(DAY)
    simulator.faults.rateLimit(100)
    await expect(bench.billing.catchUp()).rejects.toMatchObject({ code: 'stripe_rate_limited' })
    simulator.faults.clear()
    await simulator.clock.advance(DAY)
    const after = await bench.billing.catchUp()
    expect(after.since).toEqual(since)
    expect(after.since.getTime()).toBeGreaterThanOrEqual(before.since.getTime())
  })

  test('more than a page of events comes whole', async () => {
    const { bench, simulator, story } = world
    await bench.billing.catchUp()
    await simulator.clock.advance(2 * 3600)
    await story.takeEvents()
    for (let index = 0; index < 230; index += 1) await bench.stripe.customers.create({ name: `Customer ${index}` })
    const { stored } = await bench.billing.catchUp()
    expect(stored).toBe(230)
  })

  test('what is older than Stripe keeps is said to be lost', async () => {
    const { bench, simulator } = world
    const now = simulator.clock.now()
    const since = new Date((now - 40 * DAY) * 1000)
    const oldest = new Date((now - 30 * DAY) * 1000)
    const report = await bench.billing.catchUp({ since })
    expect(report).toMatchObject({ since: oldest, lost: { from: since, until: oldest } })
    expect(bench.log.entries.map(({ message }) => message)).toContain(
      'Stripe does not keep events for so long; run reconcile().',
    )
    await simulator.clock.advance(31 * DAY)
    expect((await bench.billing.catchUp()).lost).not.toBeNull()
  })
})

function fail(): never {
  throw new Error('There is no such event.')
}

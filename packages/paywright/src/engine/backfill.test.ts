import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import type { Database } from '../store/database.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { createRepairWorld, REPAIR_DATABASES, type RepairWorld } from '../testing/repair-world.js'
import { createTestBilling } from '../testing/test-billing.js'
import type { BackfillProgress } from './backfill.js'

/** A whole page of Stripe's list and a part of the second. */
const CUSTOMERS = 15

describe.each(REPAIR_DATABASES)('backfill on %s', (kind) => {
  let world: RepairWorld
  /** In the order of Stripe's list, the newest first. */
  const ids: string[] = []
  beforeAll(async () => {
    world = await createRepairWorld(kind)
    const { bench, story } = world
    ids.unshift((await story.subscribe('ada')).stripeCustomerId)
    for (let index = 1; index < CUSTOMERS; index += 1) {
      ids.unshift((await bench.stripe.customers.create({ name: `Customer ${index}` })).id)
    }
  })
  afterEach(() => world.calm())
  afterAll(() => world.close())

  test('an outage ends it with the place kept; the next one reads the rest alone and tells how far it is', async () => {
    const { bench, between, reads, database, simulator } = world
    const effects: string[] = []
    const offs = (['subscription.activated', 'invoice.paid', 'subscription.canceling'] as const).map((type) =>
      bench.billing.on(type, () => void effects.push(type)),
    )
    refuse(ids.slice(10), 'stripe_unavailable')
    await expect(bench.billing.backfill()).rejects.toMatchObject({ code: 'stripe_unavailable' })
    expect((await bench.billing.health()).runs).toMatchObject([{ done: 10, failed: 0, completedAt: null }])
    world.calm()
    const [product] = (await bench.stripe.products.list({ limit: 1 })).data
    await bench.stripe.products.update(product?.id ?? '', { name: 'Renamed unseen' })
    const told: BackfillProgress[] = []
    between.read = () => simulator.clock.advance(1)
    const onProgress = (progress: BackfillProgress): void => void told.push(progress)
    const report = await bench.billing.backfill({ onProgress, concurrency: 1 })
    expect(report).toEqual({ done: CUSTOMERS, failed: 0, isResumed: true, isComplete: true })
    expect(reads).toEqual(ids.slice(10))
    expect(told).toEqual([
      { resource: 'customers', done: CUSTOMERS, failed: 0, total: CUSTOMERS, perSecond: 1, secondsLeft: 0 },
    ])
    await bench.billing.work()
    expect(await compareWithStripe(database, bench.stripe)).toEqual([])
    expect((await bench.billing.access('ada')).plan).toBe('pro')
    expect(effects, 'what was there before is no news').toEqual([])
    const { id } = (await bench.stripe.subscriptions.list({ limit: 1 })).data[0] ?? { id: '' }
    await bench.stripe.subscriptions.update(id, { cancel_at_period_end: true })
    await bench.billing.backfill()
    await bench.billing.work()
    for (const off of offs) off()
    expect(effects, 'what has changed since is').toEqual(['subscription.canceling'])
  })

  test('after one that came to its end the next reads all again, and a customer that fails holds nobody up', async () => {
    const { bench, reads, simulator } = world
    const broken = ids.slice(5, 6)
    refuse(broken, 'stripe_refused')
    const told: BackfillProgress[] = []
    const report = await bench.billing.backfill({ onProgress: (progress) => void told.push(progress) })
    expect(report).toEqual({ done: CUSTOMERS, failed: 1, isResumed: false, isComplete: true })
    expect(reads).toHaveLength(CUSTOMERS)
    expect(told).toMatchObject([{ done: 10, failed: 1, total: CUSTOMERS }, { done: CUSTOMERS }])
    expect(told[0]?.secondsLeft).toBe(1)
    world.calm()
    expect((await bench.billing.health()).waiting).toBe(1)
    await simulator.clock.advance(3600)
    await bench.billing.work()
    expect(reads).toEqual(broken)
    expect((await bench.billing.health()).waiting).toBe(0)
  })

  test('what the listener throws ends it with the place kept; `restart` begins anew all the same', async () => {
    const { bench, reads } = world
    const onProgress = (): never => {
      throw new Error('The terminal is gone.')
    }
    await expect(bench.billing.backfill({ onProgress })).rejects.toThrow('The terminal is gone.')
    expect((await bench.billing.health()).runs).toMatchObject([{ done: 10, completedAt: null }])
    world.calm()
    await bench.billing.backfill({ restart: true })
    expect(reads).toHaveLength(CUSTOMERS)
    await expect(bench.billing.backfill({ concurrency: 0 })).rejects.toMatchObject({ code: 'configuration_invalid' })
  })

  test('one that was overtaken by a new one stops, and says so', async () => {
    const { bench, between, reads } = world
    between.read = async () => {
      between.read = async () => {}
      await bench.billing.backfill({ restart: true })
    }
    expect(await bench.billing.backfill({ restart: true, concurrency: 1 })).toMatchObject({ isComplete: false })
    expect((await bench.billing.health()).runs).toMatchObject([{ done: CUSTOMERS }])
    // The new one did not come to the customer whom the old one had in hand.
    expect(reads, 'after its first page').toHaveLength(CUSTOMERS - 1 + 10)
  })

  test('a customer whose wish the database refused is wished for again', async () => {
    const { simulator, database } = world
    let faults = 0
    const refusing: Database = {
      ...database,
      exec: async (text, params) => {
        const isWish = text.startsWith('insert into paywright.subjects') && params?.[2] === ids[7]
        if (!isWish || faults > 0) return database.exec(text, params)
        faults += 1
        throw new Error('canceling statement due to lock timeout')
      },
    }
    const { billing } = createTestBilling({ simulator, database: refusing })
    expect(await billing.backfill({ restart: true })).toMatchObject({ failed: 1, isComplete: true })
    expect((await billing.health()).waiting).toBe(1)
    await billing.work()
    expect((await billing.health()).waiting).toBe(0)
  })

  function refuse(stripeCustomerIds: readonly string[], code: 'stripe_unavailable' | 'stripe_refused'): void {
    world.between.read = async (id) => {
      if (stripeCustomerIds.includes(id)) throw new BillingError(code)
    }
  }
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DriftEffect } from '../domain/effects.js'
import { BillingError } from '../errors.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { createRepairWorld, REPAIR_DATABASES, type RepairWorld } from '../testing/repair-world.js'
import type { Subscriber } from '../testing/stripe-story.js'

describe.each(REPAIR_DATABASES)('reconcile on %s', (kind) => {
  let world: RepairWorld
  let ada: Subscriber
  const told: DriftEffect[] = []

  beforeAll(async () => {
    world = await createRepairWorld(kind)
    const { billing } = world.bench
    billing.on('drift.found', (effect) => void told.push(effect))
    billing.on('drift.repaired', (effect) => void told.push(effect))
    ada = await world.story.subscribe('ada')
    await world.story.subscribe('grace')
    await billing.backfill()
    await billing.work()
  })
  beforeEach(async () => {
    world.calm()
    await tell()
  })
  afterAll(() => world.close())

  test('where nothing differs nothing is changed, waited for or told', async () => {
    const { bench, waits } = world
    expect(await bench.billing.reconcile()).toEqual({
      customers: 2,
      waiting: 0,
      failed: 0,
      drift: {},
      found: [],
      orphans: { stripeCustomerIds: [], stripeSubscriptionIds: [] },
    })
    expect(waits).toEqual([])
    expect(await tell()).toEqual([])
  })

  test('what a lost webhook left behind is reported by kind, told, and repaired', async () => {
    const { bench, database } = world
    await bench.stripe.subscriptions.update(ada.stripeSubscriptionId, { cancel_at_period_end: true })
    await bench.stripe.customers.update(ada.stripeCustomerId, { email: 'new@customer.example' })
    const card = await bench.stripe.paymentMethods.attach('pm_card_mastercard', { customer: ada.stripeCustomerId })
    const { drift, found } = await bench.billing.reconcile()
    expect(drift).toEqual({
      customer: { missing: 0, extra: 0, different: 1 },
      subscription: { missing: 0, extra: 0, different: 1 },
      paymentMethod: { missing: 1, extra: 0, different: 0 },
    })
    const { stripeCustomerId } = ada
    expect(found).toMatchObject([
      {
        kind: 'customer',
        stripeCustomerId,
        isRepaired: true,
        fields: [{ name: 'email', stripe: 'new@customer.example' }],
      },
      { kind: 'subscription', id: ada.stripeSubscriptionId, isRepaired: true },
      { kind: 'paymentMethod', id: card.id, problem: 'missing', isRepaired: true },
    ])
    expect(await compareWithStripe(database, bench.stripe)).toEqual([])
    const effects = await tell()
    expect(effects.map(({ type }) => type)).toEqual(['drift.found', 'drift.repaired'])
    for (const effect of effects) {
      expect(effect).toMatchObject({ customerId: 'ada', stripeCustomerId, drift: [{ kind: 'customer' }, {}, {}] })
    }
    expect((await bench.billing.reconcile()).drift).toEqual({})
    expect(await tell()).toEqual([])
  })

  test('with `repair: false` it only answers', async () => {
    const { bench } = world
    await bench.stripe.customers.update(ada.stripeCustomerId, { name: 'Ada' })
    const looked = await bench.billing.reconcile({ repair: false })
    expect(looked.found).toMatchObject([{ kind: 'customer', isRepaired: false }])
    expect(await tell()).toEqual([])
    expect((await bench.billing.reconcile({ repair: false })).found).toHaveLength(1)
    expect((await bench.billing.reconcile()).found).toMatchObject([{ isRepaired: true }])
  })

  test('a change whose webhook is under way is no drift', async () => {
    const { bench, between, waits, story } = world
    await story.takeEvents()
    await bench.stripe.customers.update(ada.stripeCustomerId, { name: 'Augusta' })
    between.wait = async () => {
      for (const event of await story.takeEvents()) await bench.deliver(event)
      await bench.billing.work()
    }
    expect(await bench.billing.reconcile()).toMatchObject({ drift: {}, found: [], waiting: 0 })
    expect(waits).toContain(10_000)
    expect(await tell()).toEqual([])
  })

  test('a customer whose sync is due is passed over', async () => {
    const { bench, between, story, simulator } = world
    await story.takeEvents()
    await bench.stripe.customers.update(ada.stripeCustomerId, { name: 'Countess' })
    between.read = () => Promise.reject(new BillingError('stripe_unavailable'))
    for (const event of await story.takeEvents()) await bench.deliver({ ...event, api_version: '2020-01-01' })
    world.calm()
    expect(await bench.billing.reconcile()).toMatchObject({ customers: 2, waiting: 1, drift: {} })
    await simulator.clock.advance(3600)
    await bench.billing.work()
    expect(await bench.billing.reconcile()).toMatchObject({ waiting: 0, drift: {} })
  })

  test('a customer whom no webhook told of is found; one that belongs to nobody is an orphan, with its subscriptions', async () => {
    const { bench, story } = world
    const stranger = await story.subscribe('stranger')
    await bench.stripe.customers.update(stranger.stripeCustomerId, { metadata: { paywright_customer_id: '' } })
    const linus = await story.subscribe('linus')
    const { drift, orphans } = await bench.billing.reconcile()
    expect(drift.customer).toEqual({ missing: 2, extra: 0, different: 0 })
    expect(drift.subscription).toEqual({ missing: 2, extra: 0, different: 0 })
    const orphan = {
      stripeCustomerIds: [stranger.stripeCustomerId],
      stripeSubscriptionIds: [stranger.stripeSubscriptionId],
    }
    expect(orphans).toEqual(orphan)
    expect((await bench.billing.access('linus')).plan).toBe('pro')
    expect((await bench.billing.customers.get({ customerId: 'linus' }))?.stripeCustomerId).toBe(linus.stripeCustomerId)
    await bench.stripe.subscriptions.cancel(stranger.stripeSubscriptionId)
    expect((await bench.billing.reconcile()).orphans).toEqual({ ...orphan, stripeSubscriptionIds: [] })
  })

  test('a customer who was deleted unseen loses what they had', async () => {
    const { bench, story } = world
    const leaver = await story.subscribe('leaver')
    await bench.billing.reconcile()
    expect((await bench.billing.access('leaver')).plan).toBe('pro')
    await bench.stripe.customers.del(leaver.stripeCustomerId)
    expect((await bench.billing.reconcile()).found).toMatchObject([
      { kind: 'customer', id: leaver.stripeCustomerId, isRepaired: true, fields: [{ name: 'isDeleted' }] },
    ])
    expect((await bench.billing.access('leaver')).plan).toBe('free')
    expect((await bench.billing.reconcile()).found).toEqual([])
  })

  test('products and prices are compared and put right, too', async () => {
    const { bench, database } = world
    const [product] = (await bench.stripe.products.list({ limit: 1 })).data
    await bench.stripe.products.update(product?.id ?? '', { name: 'Renamed' })
    const { drift, found } = await bench.billing.reconcile()
    expect(drift).toEqual({ product: { missing: 0, extra: 0, different: 1 } })
    expect(found).toMatchObject([{ id: product?.id, stripeCustomerId: null, isRepaired: true }])
    expect((await tell()).map(({ type, stripeCustomerId }) => [type, stripeCustomerId])).toEqual([
      ['drift.found', null],
      ['drift.repaired', null],
    ])
    expect(await compareWithStripe(database, bench.stripe)).toEqual([])
  })

  test('what cannot be repaired is said to be found and not repaired, and the others go on', async () => {
    const { bench, between } = world
    await bench.stripe.customers.update(ada.stripeCustomerId, { name: 'Ada' })
    let looks = 0
    between.read = async (id) => {
      if (id !== ada.stripeCustomerId) return
      looks += 1
      if (looks > 2) throw new BillingError('stripe_refused')
    }
    const report = await bench.billing.reconcile()
    expect(report).toMatchObject({ failed: 1, found: [{ kind: 'customer', isRepaired: false }] })
    expect(await tell()).toMatchObject([{ type: 'drift.found' }])
    world.calm()
    await bench.billing.sync({ customerId: 'ada' })
  })

  test('a sample looks at so many stored customers, and at the newest ones of Stripe', async () => {
    const { bench, reads, story } = world
    await bench.billing.reconcile()
    reads.length = 0
    expect((await bench.billing.reconcile({ sample: 2 })).customers).toBe(2)
    expect(new Set(reads).size).toBe(2)
    const newest = await story.subscribe('newest')
    expect((await bench.billing.reconcile({ sample: 1 })).drift.customer?.missing).toBe(1)
    expect((await bench.billing.access('newest')).plan).toBe('pro')
    expect(newest.customerId).toBe('newest')
    const all = await bench.billing.reconcile({ sample: 1000 })
    expect(all.customers).toBe((await bench.billing.reconcile()).customers)
    for (const sample of [0, 1.5, 100_001]) {
      await expect(bench.billing.reconcile({ sample })).rejects.toMatchObject({ code: 'configuration_invalid' })
    }
  })

  test('where Stripe is down it says so', async () => {
    const { bench, simulator } = world
    simulator.faults.rateLimit(1000)
    await expect(bench.billing.reconcile()).rejects.toMatchObject({ code: 'stripe_rate_limited' })
    simulator.faults.clear()
  })

  async function tell(): Promise<readonly DriftEffect[]> {
    await world.bench.billing.work()
    return told.splice(0)
  }
})

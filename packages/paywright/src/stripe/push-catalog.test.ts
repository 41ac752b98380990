import type { Stripe } from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { planOfPrice, type PlanDefinitions } from '../domain/catalog.js'
import { createCatalog } from '../domain/testing/factories.js'
import type { PushReport } from '../engine/ports.js'
import { idOf } from './id-of.js'
import { simulateStripe, type SimulatedStripe } from './testing/simulated-stripe.js'

let world: SimulatedStripe
beforeEach(async () => {
  world = await simulateStripe()
})
afterEach(() => world.simulator.close())

const PLANS: PlanDefinitions = {
  free: { name: 'Free', features: {} },
  pro: {
    name: 'Pro',
    features: {},
    prices: { month: { amount: 2000, currency: 'usd' }, year: { amount: 20_000, currency: 'usd' } },
  },
  later: { name: 'Later', features: {}, prices: { month: { priceId: undefined } } },
}

function withMonth(amount: number, currency = 'usd'): PlanDefinitions {
  return { pro: { name: 'Pro', features: {}, prices: { month: { amount, currency } } } }
}

function push(definitions: PlanDefinitions): Promise<PushReport> {
  return world.gateway.pushCatalog(createCatalog(definitions))
}

async function priceUnder(lookupKey: string): Promise<Stripe.Price> {
  const { data } = await world.stripe.prices.list({ lookup_keys: [lookupKey] })
  const [price] = data
  if (price === undefined) throw new Error(`There is no price under ${lookupKey}.`)
  return price
}

test('a first push creates what costs something, and a second one finds it', async () => {
  const names = ['product pro', 'paywright_pro_month', 'paywright_pro_year']
  expect(await push(PLANS)).toEqual({ created: names, found: [], replaced: [] })
  expect(await push(PLANS)).toEqual({ created: [], found: names, replaced: [] })
  const { products, prices } = await world.gateway.readCatalog()
  expect(products).toMatchObject([{ name: 'Pro', isActive: true, metadata: { paywright_plan: 'pro' } }])
  expect(prices).toHaveLength(2)
  expect(await priceUnder('paywright_pro_year')).toMatchObject({
    unit_amount: 20_000,
    currency: 'usd',
    recurring: { interval: 'year', interval_count: 1 },
    metadata: { paywright_plan: 'pro', paywright_interval: 'year' },
  })
})

test('two pushes at once make one product and one price', async () => {
  await Promise.allSettled([push(withMonth(2000)), push(withMonth(2000))])
  await push(withMonth(2000))
  const { products, prices } = await world.gateway.readCatalog()
  expect([products.length, prices.length]).toEqual([1, 1])
})

test.each([
  [2500, 'usd'],
  [2000, 'eur'],
])(
  'another price in the code (%d %s) replaces the old one, which stays for those who pay it',
  async (amount, currency) => {
    await push(withMonth(2000))
    const old = await priceUnder('paywright_pro_month')
    expect(await push(withMonth(amount, currency))).toEqual({
      created: [],
      found: ['product pro'],
      replaced: ['paywright_pro_month'],
    })
    const next = await priceUnder('paywright_pro_month')
    expect(next).toMatchObject({ unit_amount: amount, currency, product: old.product })
    expect(next.id).not.toBe(old.id)
    const kept = await world.stripe.prices.retrieve(old.id)
    expect(kept).toMatchObject({ active: true, unit_amount: 2000, currency: 'usd', lookup_key: null })
    const { prices } = await world.gateway.readCatalog()
    const plans = prices.map((price) => planOfPrice(createCatalog(withMonth(amount, currency)), price))
    expect(plans).toEqual(['pro', 'pro'])
  },
)

test('back to an amount of before, and on again, is always what the code says', async () => {
  for (const amount of [2000, 2500, 2000, 2500]) {
    await push(withMonth(amount))
    expect((await priceUnder('paywright_pro_month')).unit_amount).toBe(amount)
  }
})

test('a price that was made by hand is found, and learns its plan', async () => {
  const product = await world.stripe.products.create({ name: 'By hand' })
  const made = await world.stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
    lookup_key: 'paywright_pro_month',
  })
  expect(await push(withMonth(2000))).toMatchObject({ created: [], replaced: [] })
  expect(await priceUnder('paywright_pro_month')).toMatchObject({ id: made.id, metadata: { paywright_plan: 'pro' } })
})

test('an archived price is replaced, and an archived product too', async () => {
  await push(withMonth(2000))
  const old = await priceUnder('paywright_pro_month')
  await world.stripe.prices.update(old.id, { active: false })
  expect(await push(withMonth(2000))).toMatchObject({ found: ['product pro'], replaced: ['paywright_pro_month'] })
  await world.stripe.products.update(idOf(old.product), { active: false })
  expect(await push(withMonth(2000))).toMatchObject({ created: ['product pro'], replaced: ['paywright_pro_month'] })
  const next = await priceUnder('paywright_pro_month')
  expect(next.active).toBe(true)
  expect(next.product).not.toBe(old.product)
})

test('a price id in the code must be one that can be bought', async () => {
  const product = await world.stripe.products.create({ name: 'Team' })
  const recurring = { interval: 'month' } as const
  const price = await world.stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 9900, recurring })
  const plans = (priceId: string): PlanDefinitions => ({
    team: { name: 'Team', features: {}, prices: { month: { priceId } } },
  })
  expect(await push(plans(price.id))).toEqual({ created: [], found: [price.id], replaced: [] })
  await expect(push(plans('price_never'))).rejects.toMatchObject({ code: 'price_not_pushed' })
  await world.stripe.prices.update(price.id, { active: false })
  await expect(push(plans(price.id))).rejects.toMatchObject({ code: 'price_not_pushed' })
})

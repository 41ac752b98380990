import { describe, expect, test } from 'vitest'
import {
  findPlan,
  planOfPrice,
  planOfPrices,
  planRank,
  toCatalog,
  unsetPrices,
  type PlanDefinitions,
} from './catalog.js'
import { createCatalog, createPrice } from './testing/factories.js'

describe('the catalogue', () => {
  test('keeps the order of the code, with the free plan as the default', () => {
    const catalog = createCatalog()
    expect(catalog.plans.map(({ key }) => key)).toEqual(['free', 'pro', 'team'])
    expect(catalog.defaultPlan).toBe('free')
    expect([planRank(catalog, 'free'), planRank(catalog, 'team'), planRank(catalog, null)]).toEqual([0, 2, -1])
  })

  test('has no default plan where every plan costs something', () => {
    const price = { amount: 100, currency: 'usd' }
    expect(createCatalog({ pro: { name: 'Pro', features: {}, prices: { month: price } } }).defaultPlan).toBeNull()
  })

  test('names each price by prefix, plan and interval', () => {
    const definitions = { pro: { name: 'Pro', features: {}, prices: { year: { amount: 100, currency: 'EUR' } } } }
    const result = toCatalog(definitions, { lookupPrefix: 'acme' })
    expect(result).toMatchObject({
      ok: true,
      catalog: { plans: [{ prices: [{ lookupKey: 'acme_pro_year', amount: 100, currency: 'eur' }] }] },
    })
  })

  test.each([undefined, ''])('tells of a price whose id is %j', (priceId) => {
    const catalog = createCatalog({ pro: { name: 'Pro', features: {}, prices: { month: { priceId } } } })
    expect(unsetPrices(catalog)).toEqual(['pro.month'])
    expect(findPlan(catalog, 'pro')?.prices).toEqual([{ source: 'unset', interval: 'month' }])
  })

  const price = (amount: number, currency = 'usd'): PlanDefinitions => ({
    pro: { name: 'Pro', features: {}, prices: { month: { amount, currency } } },
  })
  test.each<[string, PlanDefinitions, RegExp]>([
    ['no plans', {}, /no plans/],
    ['a key with a space', { 'pro plan': { name: 'Pro', features: {} } }, /"pro plan"/],
    ['a fraction of a cent', price(19.99), /19\.99/],
    ['a negative amount', price(-1), /-1/],
    ['a currency that is none', price(1, 'dollars'), /"dollars"/],
    ['a trial of no days', { pro: { name: 'Pro', features: {}, trialDays: 0 } }, /0 trial days/],
    ['a trial of three years', { pro: { name: 'Pro', features: {}, trialDays: 1095 } }, /1095 trial days/],
    [
      'one price id for two plans',
      {
        pro: { name: 'Pro', features: {}, prices: { month: { priceId: 'price_1' } } },
        team: { name: 'Team', features: {}, prices: { month: { priceId: 'price_1' } } },
      },
      /price_1/,
    ],
  ])('refuses %s', (_name, definitions, problem) => {
    expect(toCatalog(definitions)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(problem),
      remedy: expect.stringMatching(/./),
    })
  })
})

describe('the plan of a price', () => {
  const catalog = createCatalog()
  const metadata = { paywright_plan: 'pro' }

  test.each([
    ['its id in the code', createPrice({ stripePriceId: 'price_team', lookupKey: null }), 'team'],
    ['its id before all else', createPrice({ stripePriceId: 'price_team', metadata }), 'team'],
    ['its lookup key', createPrice({ lookupKey: 'paywright_pro_month' }), 'pro'],
    ['its metadata, once it lost the lookup key', createPrice({ lookupKey: null, metadata }), 'pro'],
    ['nothing', createPrice({ lookupKey: null }), null],
    ['a lookup key of an interval that is not sold', createPrice({ lookupKey: 'paywright_pro_year' }), null],
    ['a plan that the code has dropped', createPrice({ lookupKey: null, metadata: { paywright_plan: 'gold' } }), null],
  ])('is found by %s', (_name, price, plan) => {
    expect(planOfPrice(catalog, price)).toBe(plan)
  })

  test('of a subscription with several prices is the greatest, and the unknown one is named', () => {
    const pro = createPrice()
    const team = createPrice({ stripePriceId: 'price_team', lookupKey: null })
    const other = createPrice({ stripePriceId: 'price_other', lookupKey: null })
    expect(planOfPrices(catalog, [pro, team])).toEqual({ plan: 'team', unknownPriceId: null })
    expect(planOfPrices(catalog, [other, team, pro])).toEqual({ plan: 'team', unknownPriceId: 'price_other' })
    expect(planOfPrices(catalog, [other])).toEqual({ plan: null, unknownPriceId: 'price_other' })
    expect(planOfPrices(catalog, [])).toEqual({ plan: null, unknownPriceId: null })
  })
})

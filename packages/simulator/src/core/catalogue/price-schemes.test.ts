import { describe, expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench } from '../testing/bench.js'
import { amountOf, partsOf, priceIn, rateInWords } from './pricing.js'

type Price = Records['prices']

const monthly = { currency: 'usd', recurring: { interval: 'month' }, product_data: { name: 'Seats' } }
const tiers = [
  { up_to: 5, unit_amount: 700 },
  { up_to: 10, unit_amount_decimal: '650.5', flat_amount: 100 },
  { up_to: 'inf', unit_amount: 600 },
]
const graduated = { ...monthly, billing_scheme: 'tiered', tiers_mode: 'graduated', tiers }

function stored(bench: Bench, params: object): Price {
  return bench.get('prices', bench.run('prices.create', params).id)
}

describe('tiers', () => {
  test('are kept, and shown only when asked for', () => {
    const bench = new Bench()
    const shown = bench.run<Price>('prices.create', graduated)
    expect(shown).toMatchObject({
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      unit_amount: null,
      unit_amount_decimal: null,
    })
    expect(shown).not.toHaveProperty('tiers')
    expect(bench.get('prices', shown.id).tiers).toEqual([
      { flat_amount: null, flat_amount_decimal: null, unit_amount: 700, unit_amount_decimal: '700', up_to: 5 },
      { flat_amount: 100, flat_amount_decimal: '100', unit_amount: null, unit_amount_decimal: '650.5', up_to: 10 },
      { flat_amount: null, flat_amount_decimal: null, unit_amount: 600, unit_amount_decimal: '600', up_to: null },
    ])
    const subscription = bench.subscribe(bench.customer(), shown.id, { items: [{ price: shown.id, quantity: 6 }] })
    expect(subscription.items.data[0]?.price).not.toHaveProperty('tiers')
    expect(bench.lines(subscription.latest_invoice)).toEqual([
      [3500, '5 × Seats (Tier 1 at $7.00 / month)'],
      [650, '1 × Seats (Tier 2 at $6.505 / month)'],
      [100, '1 × Seats (Tier 2 flat fee at $1.00 / month)'],
    ])
    expect(bench.invoice(subscription.latest_invoice).total).toBe(4250)
    bench.run('subscriptions.update', { items: [{ id: subscription.items.data[0]?.id, quantity: 5 }] }, subscription.id)
    expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([-4250, 3500])
  })

  test('make parts that add up', () => {
    const bench = new Bench()
    const price = stored(bench, graduated)
    const parts = partsOf(price, 11)
    expect(parts.map(({ amount, quantity, tier, isFlat }) => [amount, quantity, tier, isFlat])).toEqual([
      [3500, '5', 1, false],
      [3252, '5', 2, false],
      [100, '1', 2, true],
      [600, '1', 3, false],
    ])
    expect(amountOf(price, 11)).toBe(7452)
    expect(parts.map((part) => rateInWords(price, part))).toEqual([
      'Tier 1 at $7.00 / month',
      'Tier 2 at $6.505 / month',
      'Tier 2 flat fee at $1.00 / month',
      'Tier 3 at $6.00 / month',
    ])
    const volume = stored(bench, { ...graduated, tiers_mode: 'volume' })
    expect(amountOf(volume, 11)).toBe(6600)
    expect(partsOf(volume, 11)).toEqual([
      { amount: 6600, quantity: '11', unitAmount: '600', tier: null, isFlat: false },
    ])
    expect(amountOf(volume, '7.5')).toBe(4879 + 100)
  })

  test.each([
    [{ ...graduated, tiers: tiers.slice(0, 2) }, undefined, 'tiers[1][up_to]'],
    [{ ...graduated, tiers: tiers.toReversed() }, undefined, 'tiers[0][up_to]'],
    [{ ...graduated, tiers: [tiers[1], tiers[0], tiers[2]] }, undefined, 'tiers[1][up_to]'],
    [{ ...graduated, tiers: [{ up_to: 'inf' }] }, 'parameter_missing', 'tiers[0][unit_amount]'],
    [{ ...graduated, tiers: [] }, 'parameter_missing', 'tiers'],
    [{ ...graduated, unit_amount: 100 }, undefined, 'unit_amount'],
    [{ ...graduated, transform_quantity: { divide_by: 10, round: 'up' } }, undefined, 'transform_quantity'],
    [{ ...monthly, tiers }, undefined, 'tiers'],
    [
      { ...graduated, currency_options: { eur: { tiers: [{ up_to: 'inf', unit_amount: -1 }] } } },
      'parameter_invalid_integer',
      'currency_options[eur][tiers][0][unit_amount]',
    ],
  ])('that make no sense are refused (%#)', (params, code, param) => {
    const refusal = new Bench().fail('prices.create', params)
    expect({ code: refusal.code, param: refusal.param, status: refusal.status }).toEqual({ code, param, status: 400 })
  })
})

describe('packs', () => {
  test.each([
    ['up', 101, 1000],
    ['up', 100, 500],
    ['down', 199, 500],
    ['down', 99, 0],
  ])('rounded %s: %i units', (round, quantity, amount) => {
    const packs = { divide_by: 100, round }
    const price = stored(new Bench(), { ...monthly, unit_amount: 500, transform_quantity: packs })
    expect(price.transform_quantity).toEqual(packs)
    expect(amountOf(price, quantity)).toBe(amount)
    expect(rateInWords(price)).toBe('at $5.00 per 100 / month')
  })

  test('hold at least one', () => {
    const params = { ...monthly, unit_amount: 1, transform_quantity: { divide_by: 0, round: 'up' } }
    expect(new Bench().fail('prices.create', params).param).toBe('transform_quantity[divide_by]')
  })
})

describe('currencies', () => {
  const inEuros = {
    ...monthly,
    unit_amount: 2000,
    currency_options: { eur: { unit_amount: 1800, tax_behavior: 'inclusive' } },
  }

  test('are kept beside the own one, and shown only when asked for', () => {
    const bench = new Bench()
    const shown = bench.run<Price>('prices.create', inEuros)
    expect(shown).not.toHaveProperty('currency_options')
    const price = bench.get('prices', shown.id)
    const amounts = (amount: number, tax: string): object => ({
      custom_unit_amount: null,
      tax_behavior: tax,
      unit_amount: amount,
      unit_amount_decimal: String(amount),
    })
    expect(price.currency_options).toEqual({ eur: amounts(1800, 'inclusive'), usd: amounts(2000, 'unspecified') })
    expect(priceIn(price, 'EUR')).toMatchObject({ currency: 'eur', unit_amount: 1800, tax_behavior: 'inclusive' })
    expect(priceIn(price, 'usd')).toBe(price)
    expect(priceIn(price, 'gbp')).toBeUndefined()
    bench.run('prices.update', { currency_options: { gbp: { unit_amount: 1500 } } }, price.id)
    expect(Object.keys(bench.get('prices', price.id).currency_options ?? {})).toEqual(['eur', 'usd', 'gbp'])
  })

  test('need an amount each', () => {
    const params = { ...inEuros, currency_options: { eur: {} } }
    expect(new Bench().fail('prices.create', params)).toMatchObject({
      code: 'parameter_missing',
      param: 'currency_options[eur][unit_amount]',
    })
  })
})

describe('amounts that the customer chooses', () => {
  test('lie within bounds', () => {
    const custom = { enabled: true, minimum: 500, preset: 1000 }
    const params = { currency: 'usd', product_data: { name: 'Gift' }, custom_unit_amount: custom }
    expect(new Bench().run('prices.create', params)).toMatchObject({
      custom_unit_amount: { maximum: null, minimum: 500, preset: 1000 },
      unit_amount: null,
      unit_amount_decimal: null,
    })
    for (const bounds of [{ preset: 1 }, { preset: 3, maximum: 2 }, { minimum: 3, maximum: 2 }]) {
      const refused = { ...params, custom_unit_amount: { enabled: true, minimum: 2, ...bounds } }
      expect(new Bench().fail('prices.create', refused).param).toBe('custom_unit_amount')
    }
    expect(new Bench().fail('prices.create', { ...params, unit_amount: 1 }).param).toBe('unit_amount')
    expect(new Bench().fail('prices.create', { ...params, recurring: { interval: 'month' } }).param).toBe(
      'custom_unit_amount',
    )
  })
})

describe('metered prices', () => {
  const metered = { ...monthly, unit_amount: 10 }
  const recurring = { interval: 'month', usage_type: 'metered' }

  test('count by a meter that is active', () => {
    const bench = new Bench()
    const meter = bench.run('meters.create', {
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    }).id
    const price = bench.run<Price>('prices.create', { ...metered, recurring: { ...recurring, meter } })
    expect(price.recurring).toMatchObject({ meter, usage_type: 'metered' })
    const listed = bench.run<{ data: Price[] }>('prices.list', { recurring: { meter } }).data
    expect(listed.map(({ id }) => id)).toEqual([price.id])
    const licensed = { ...metered, recurring: { interval: 'month', meter } }
    expect(bench.fail('prices.create', licensed).param).toBe('recurring[meter]')
    bench.run('meters.deactivate', {}, meter)
    expect(bench.fail('prices.create', { ...metered, recurring: { ...recurring, meter } }).message).toMatch('inactive')
  })
})

test('whether a price includes tax is said once', () => {
  const bench = new Bench()
  const { id } = bench.run('prices.create', { ...monthly, unit_amount: 1 })
  bench.run('prices.update', { tax_behavior: 'inclusive' }, id)
  expect(bench.fail('prices.update', { tax_behavior: 'exclusive' }, id).param).toBe('tax_behavior')
})

describe('plans', () => {
  const plan = { id: 'small-monthly', amount: 1900, currency: 'usd', interval: 'month', product: { name: 'Small' } }

  test('are prices with an id of their own', () => {
    const bench = new Bench()
    const made = bench.run('plans.create', { ...plan, nickname: 'S', transform_usage: { divide_by: 2, round: 'up' } })
    expect(made).toMatchObject({
      id: 'small-monthly',
      object: 'plan',
      amount: 1900,
      nickname: 'S',
      transform_usage: { divide_by: 2, round: 'up' },
    })
    expect(bench.takeEvents()).toEqual(['product.created', 'plan.created', 'price.created'])
    expect(bench.run('prices.retrieve', {}, 'small-monthly')).toMatchObject({ object: 'price', unit_amount: 1900 })
    expect(bench.fail('plans.create', plan).code).toBe('resource_already_exists')
    expect(bench.run('plans.update', { nickname: '', trial_period_days: 7 }, 'small-monthly')).toMatchObject({
      nickname: null,
      trial_period_days: 7,
    })
    expect(bench.takeEvents()).toEqual(['plan.updated', 'price.updated'])
    const once = bench.run('prices.create', { currency: 'usd', unit_amount: 1, product_data: { name: 'Once' } })
    const { data } = bench.run<{ data: { id: string }[] }>('plans.list')
    expect(data.map(({ id }) => id)).toEqual(['small-monthly'])
    expect(data.map(({ id }) => id)).not.toContain(once.id)
  })

  test('can be deleted under those who subscribe', () => {
    const bench = new Bench()
    bench.run('plans.create', plan)
    const subscription = bench.subscribe(bench.customer(), 'small-monthly')
    bench.takeEvents()
    const deleted = { id: 'small-monthly', object: 'plan', deleted: true }
    expect(bench.run('plans.delete', {}, 'small-monthly')).toEqual(deleted)
    expect(bench.takeEvents()).toEqual(['plan.deleted', 'price.deleted'])
    expect(bench.fail('plans.retrieve', {}, 'small-monthly').status).toBe(404)
    bench.advanceTo(bench.subscription(subscription.id).items.data[0]?.current_period_end ?? 0)
    expect(bench.subscription(subscription.id).status).toBe('active')
    bench.run(
      'subscriptions.update',
      { items: [{ id: subscription.items.data[0]?.id, price: bench.price() }] },
      subscription.id,
    )
    expect(bench.all('invoice_items').length).toBeGreaterThan(0)
  })
})

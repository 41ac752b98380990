import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000
const classic = { billing_mode: { type: 'classic' } }

describe('a start in the past', () => {
  test('bills each period since then, in flexible billing mode, and counts them from there', () => {
    const bench = new Bench()
    const start = at('2025-11-20')
    const subscription = bench.subscribe(bench.customer(), bench.price(), { backdate_start_date: start })
    expect(subscription).toMatchObject({ start_date: start, billing_cycle_anchor: start, created: START })
    expect(subscription.items.data).toMatchObject([
      { current_period_start: at('2025-12-20'), current_period_end: at('2026-01-20') },
    ])
    const lines = bench.invoice(subscription.latest_invoice).lines.data
    expect(lines.map(({ amount, period }) => [amount, period.start, period.end])).toEqual([
      [2000, start, at('2025-12-20')],
      [2000, at('2025-12-20'), at('2026-01-20')],
    ])
  })

  test.each([
    ['2026-02-15', 28, 14],
    ['2026-01-15', 31, 17],
  ])('from %s to the anchor on the 1st bills %i days of an imagined month, of which %i', (from, days, elapsed) => {
    const bench = new Bench()
    bench.now = at(from) + DAY
    const anchor = at(from) + elapsed * DAY
    const amount = days * 100
    const subscription = bench.subscribe(bench.customer(), bench.price({ amount }), {
      ...classic,
      backdate_start_date: at(from),
      billing_cycle_anchor: anchor,
    })
    expect(bench.invoice(subscription.latest_invoice).total).toBe(elapsed * 100)
  })

  test('is one line in classic billing mode: whole periods, and the part of the last that has gone by', () => {
    const bench = new Bench()
    bench.now = at('2026-04-15')
    const backdate_start_date = at('2026-02-05')
    const price = bench.price({ amount: 3000 })
    const subscription = bench.subscribe(bench.customer(), price, { ...classic, backdate_start_date })
    const lines = bench.invoice(subscription.latest_invoice).lines.data
    expect(lines.map(({ amount, period }) => [amount, period.start, period.end])).toEqual([
      [7000, backdate_start_date, at('2026-04-15')],
      [3000, at('2026-04-15'), at('2026-05-15')],
    ])
  })

  test('costs nothing without prorations', () => {
    const bench = new Bench()
    const start = at('2025-11-20')
    const params = { backdate_start_date: start, proration_behavior: 'none' }
    const subscription = bench.subscribe(bench.customer(), bench.price(), params)
    expect(subscription).toMatchObject({ start_date: start, billing_cycle_anchor: START })
    expect(bench.invoice(subscription.latest_invoice).total).toBe(2000)
    const future = {
      customer: subscription.customer,
      items: [{ price: bench.price() }],
      backdate_start_date: START + 1,
    }
    expect(bench.fail('subscriptions.create', future).param).toBe('backdate_start_date')
  })
})

describe('an anchor by the calendar', () => {
  test('is the next such day, and the time until then is billed', () => {
    const bench = new Bench()
    const config = { day_of_month: 31, hour: 12, minute: 0, second: 0 }
    const price = bench.price({ amount: 3100 })
    const subscription = bench.subscribe(bench.customer(), price, { billing_cycle_anchor_config: config })
    expect(subscription).toMatchObject({
      billing_cycle_anchor: at('2026-01-31'),
      billing_cycle_anchor_config: { ...config, month: null },
      items: { data: [{ current_period_end: at('2026-01-31') }] },
    })
    expect(bench.invoice(subscription.latest_invoice).total).toBe(1600)
    bench.advanceTo(at('2026-01-31'))
    expect(bench.subscription(subscription.id).items.data).toMatchObject([{ current_period_end: at('2026-02-28') }])
  })

  test('may be months ahead, and periods are counted back from it', () => {
    const bench = new Bench()
    const params = { billing_cycle_anchor_config: { day_of_month: 20, month: 6 } }
    const subscription = bench.subscribe(bench.customer(), bench.price(), params)
    expect(subscription.billing_cycle_anchor).toBe(at('2026-06-20'))
    expect(subscription.items.data).toMatchObject([{ current_period_end: at('2026-01-20') }])
  })

  test('is for months and years, and must exist', () => {
    const bench = new Bench()
    const customer = bench.customer()
    const create = (interval: string, config: object): string | undefined => {
      const items = [{ price: bench.price({ interval }) }]
      return bench.fail('subscriptions.create', { customer, items, billing_cycle_anchor_config: config }).param
    }
    expect(create('week', { day_of_month: 1 })).toBe('billing_cycle_anchor_config')
    expect(create('month', { day_of_month: 32 })).toBe('billing_cycle_anchor_config[day_of_month]')
    expect(create('year', { day_of_month: 30, month: 2 })).toBe('billing_cycle_anchor_config[day_of_month]')
    expect(create('month', { day_of_month: 1, hour: 24 })).toBe('billing_cycle_anchor_config[hour]')
  })
})

test('a trial may end before the anchor, and the time between is billed when it does', () => {
  const bench = new Bench()
  const params = { trial_end: at('2026-01-25'), billing_cycle_anchor: at('2026-02-01') }
  const { id } = bench.subscribe(bench.customer(), bench.price({ amount: 3100 }), params)
  bench.advanceTo(at('2026-01-25') + HOUR)
  const { latest_invoice: invoice, items } = bench.subscription(id)
  expect(items.data).toMatchObject([{ current_period_start: at('2026-01-25'), current_period_end: at('2026-02-01') }])
  expect(bench.invoice(invoice)).toMatchObject({ total: 700, status: 'paid' })
})

test('an anchor is neither in the past, nor in the trial, nor further than a period ahead', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const items = [{ price: bench.price() }]
  const refusal = (params: object): string => bench.fail('subscriptions.create', { customer, items, ...params }).message
  expect(refusal({ billing_cycle_anchor: START - 1 })).toContain('in the future')
  expect(refusal({ billing_cycle_anchor: START + DAY, trial_period_days: 7 })).toContain('trial')
  expect(refusal({ billing_cycle_anchor: at('2026-02-15') + 1 })).toContain('next natural billing date')
})

test('a trial may leave the anchor where it is', () => {
  const bench = new Bench()
  const trial_settings = {
    end_behavior: { missing_payment_method: 'create_invoice', billing_cycle_anchor: 'unchanged' },
  }
  const params = { trial_end: at('2026-01-25'), trial_settings }
  const { id, billing_cycle_anchor: anchor } = bench.subscribe(bench.customer(), bench.price({ amount: 3100 }), params)
  expect(anchor).toBe(START)
  bench.advanceTo(at('2026-01-25'))
  expect(bench.subscription(id).items.data).toMatchObject([{ current_period_end: at('2026-02-15') }])
  expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(2100)
})

describe('items of several intervals', () => {
  function mixed(): { bench: Bench; id: string } {
    const bench = new Bench()
    const items = [
      { price: bench.price() },
      { price: bench.price({ amount: 9000, interval: 'year', name: 'Support' }) },
    ]
    return { bench, id: bench.run('subscriptions.create', { customer: bench.customer(), items }).id }
  }

  test('each have their own period, and renew at their own time', () => {
    const { bench, id } = mixed()
    expect(bench.subscription(id).items.data).toMatchObject([
      { current_period_end: at('2026-02-15') },
      { current_period_end: at('2027-01-15') },
    ])
    bench.advanceTo(at('2026-02-15'))
    expect(bench.lines(bench.subscription(id).latest_invoice)).toEqual([[2000, '1 × Pro (at $20.00 / month)']])
    bench.advanceTo(at('2027-01-15'))
    expect(bench.lines(bench.subscription(id).latest_invoice)).toEqual([
      [9000, '1 × Support (at $90.00 / year)'],
      [2000, '1 × Pro (at $20.00 / month)'],
    ])
  })

  test('end with the last period, or with the first, as is asked', () => {
    const { bench, id } = mixed()
    const ends = (params: object): number | null => {
      bench.run('subscriptions.update', params, id)
      return bench.subscription(id).cancel_at
    }
    expect(ends({ cancel_at_period_end: true })).toBe(at('2027-01-15'))
    expect(ends({ cancel_at: 'max_period_end' })).toBe(at('2027-01-15'))
    expect(ends({ cancel_at: 'min_period_end' })).toBe(at('2026-02-15'))
    expect(bench.subscription(id).items.data).toMatchObject([
      { current_period_end: at('2026-02-15') },
      { current_period_end: at('2026-02-15') },
    ])
  })

  test('are refused in classic billing mode', () => {
    const bench = new Bench()
    const items = [{ price: bench.price() }, { price: bench.price({ interval: 'year' }) }]
    const params = { customer: bench.customer(), items, ...classic }
    expect(bench.fail('subscriptions.create', params).message).toContain('recurring.interval')
  })
})

test('what only platforms may do, and what does not exist, is refused', () => {
  const bench = new Bench()
  const create = (params: object): object =>
    bench.fail('subscriptions.create', { customer: bench.customer(), items: [{ price: bench.price() }], ...params })
  expect(create({ application_fee_percent: 5 })).toMatchObject({ param: 'application_fee_percent' })
  expect(create({ on_behalf_of: 'acct_1' })).toMatchObject({ code: 'resource_missing', param: 'on_behalf_of' })
  expect(create({ transfer_data: { destination: 'acct_1' } })).toMatchObject({ param: 'transfer_data[destination]' })
  expect(create({ default_source: 'src_1' })).toMatchObject({ code: 'resource_missing', param: 'default_source' })
  expect(create({ default_tax_rates: ['txr_1'] })).toMatchObject({ param: 'default_tax_rates[0]' })
  expect(create({ payment_behavior: 'pending_if_incomplete' })).toMatchObject({ param: 'payment_behavior' })
  expect(create({ days_until_due: 3 })).toMatchObject({ param: 'days_until_due' })
  expect(create({ items: [{ price: bench.price(), current_trial: { trial_offer: 'to_1' } }] })).toMatchObject({
    param: 'items[0][current_trial][trial_offer]',
  })
})

test('one-time prices can be described in place, for a period of their own', () => {
  const bench = new Bench()
  const product = bench.run('products.create', { name: 'Setup' }).id
  const add_invoice_items = [
    {
      price_data: { currency: 'usd', product, unit_amount: 500 },
      quantity: 2,
      period: { start: { type: 'now' }, end: { type: 'timestamp', timestamp: START + DAY } },
    },
  ]
  const { latest_invoice: invoice } = bench.subscribe(bench.customer(), bench.price(), { add_invoice_items })
  const [line] = bench.invoice(invoice).lines.data
  expect(line).toMatchObject({ amount: 1000, description: 'Setup', period: { start: START, end: START + DAY } })
})

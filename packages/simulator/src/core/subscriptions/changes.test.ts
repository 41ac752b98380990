import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000
const FEBRUARY = at('2026-02-15')
const classic = { billing_mode: { type: 'classic' } }
const flexible = { billing_mode: { type: 'flexible' } }

function pending(bench: Bench): number[] {
  return bench
    .all('invoice_items')
    .filter(({ invoice }) => invoice === null)
    .map(({ amount }) => amount)
}

describe('an end inside the period', () => {
  function ending(params: object = {}): { bench: Bench; id: string } {
    const bench = new Bench()
    const { id } = bench.subscribe(bench.customer(), bench.price({ amount: 3100 }))
    bench.run('subscriptions.update', { cancel_at: at('2026-01-25'), ...params }, id)
    return { bench, id }
  }

  test('shortens the period and credits what is cut off', () => {
    const { bench, id } = ending()
    expect(bench.subscription(id).items.data).toMatchObject([
      { current_period_start: START, current_period_end: at('2026-01-25') },
    ])
    expect(pending(bench)).toEqual([-2100])
    bench.advanceTo(at('2026-01-25'))
    expect(bench.subscription(id)).toMatchObject({ status: 'canceled', ended_at: at('2026-01-25') })
  })

  test('credits nothing without prorations', () => {
    const { bench } = ending({ proration_behavior: 'none' })
    expect(pending(bench)).toEqual([])
  })

  test('can be moved and taken back, and the credit with it', () => {
    const { bench, id } = ending()
    bench.run('subscriptions.update', { cancel_at: at('2026-02-05') }, id)
    bench.run('subscriptions.update', { cancel_at: '' }, id)
    expect(pending(bench)).toEqual([-2100, 1100, 1000])
    const after = bench.subscription(id)
    expect(after).toMatchObject({ cancel_at: null, canceled_at: null })
    expect(after.items.data).toMatchObject([{ current_period_end: FEBRUARY }])
    const [item] = after.items.data
    bench.run('subscriptions.update', { items: [{ id: item?.id, quantity: 2 }] }, id)
    expect(pending(bench).slice(3)).toEqual([-1000, -1100, -1000, 6200])
  })

  test('leaves a trial as long as it was, but for classic billing mode', () => {
    const bench = new Bench()
    const trial = (mode: object): number | null => {
      const params = { trial_end: at('2026-01-30'), cancel_at: at('2026-01-25'), ...mode }
      return bench.subscribe(bench.customer(), bench.price(), params).trial_end
    }
    expect(trial(flexible)).toBe(at('2026-01-30'))
    expect(trial(classic)).toBe(at('2026-01-25'))
  })
})

describe('what an item with a discount is credited', () => {
  function removed(mode: object, coupon: object): number[] {
    const bench = new Bench()
    const discount = bench.run('coupons.create', { duration: 'forever', ...coupon }).id
    const items = [{ price: bench.price({ amount: 1000 }) }, { price: bench.price({ amount: 2000, name: 'Large' }) }]
    const params = { customer: bench.customer(), items, discounts: [{ coupon: discount }], ...mode }
    const { id } = bench.run('subscriptions.create', params)
    const [small] = bench.subscription(id).items.data
    bench.advanceTo(START + (FEBRUARY - START) / 2)
    bench.run('subscriptions.update', { items: [{ id: small?.id, deleted: true }] }, id)
    return pending(bench)
  }

  test('is its share of what was paid, in flexible billing mode', () => {
    expect(removed(flexible, { amount_off: 500, currency: 'usd' })).toEqual([-417])
    expect(removed(flexible, { percent_off: 50 })).toEqual([-250])
  })

  test('is its price with the whole discount, in classic billing mode', () => {
    expect(removed(classic, { amount_off: 500, currency: 'usd' })).toEqual([-250])
  })

  test('is what it was debited with the discount', () => {
    const bench = new Bench()
    const coupon = bench.run('coupons.create', { duration: 'forever', percent_off: 50 }).id
    const { id } = bench.subscribe(bench.customer(), bench.price({ amount: 1000 }), { discounts: [{ coupon }] })
    const [item] = bench.subscription(id).items.data
    bench.advanceTo(START + (FEBRUARY - START) / 2)
    bench.run('subscriptions.update', { items: [{ id: item?.id, quantity: 3 }] }, id)
    expect(pending(bench)).toEqual([-250, 750])
    bench.run('subscriptions.update', { items: [{ id: item?.id, quantity: 1 }] }, id)
    expect(pending(bench)).toEqual([-250, 750, -750, 250])
  })
})

describe('discounts', () => {
  test('are replaced by a list, kept by an empty one, and ended by an empty value', () => {
    const bench = new Bench()
    const coupon = (): string => bench.run('coupons.create', { duration: 'forever', percent_off: 10 }).id
    const { id, discounts: first } = bench.subscribe(bench.customer(), bench.price(), {
      discounts: [{ coupon: coupon() }],
    })
    expect(first).toHaveLength(1)
    bench.takeEvents()
    bench.run('subscriptions.update', { discounts: [] }, id)
    expect(bench.subscription(id).discounts).toEqual(first)
    bench.run('subscriptions.update', { discounts: [{ coupon: coupon() }] }, id)
    expect(bench.subscription(id).discounts).not.toEqual(first)
    expect(bench.takeEvents()).toEqual(
      expect.arrayContaining([
        'customer.discount.created',
        'customer.discount.deleted',
        'customer.subscription.updated',
      ]),
    )
    bench.run('subscriptions.update', { discounts: '' }, id)
    expect(bench.subscription(id).discounts).toEqual([])
  })

  test('can be on one item', () => {
    const bench = new Bench()
    const coupon = bench.run('coupons.create', { duration: 'forever', percent_off: 25 }).id
    const items = [{ price: bench.price(), discounts: [{ coupon }] }, { price: bench.price({ name: 'Large' }) }]
    const { id } = bench.run('subscriptions.create', { customer: bench.customer(), items })
    expect(bench.subscription(id).items.data.map(({ discounts }) => discounts.length)).toEqual([1, 0])
    expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(3500)
  })
})

test('from free to paid starts the cycle anew in classic billing mode only', () => {
  const anchor = (mode: object): number => {
    const bench = new Bench()
    const { id } = bench.subscribe(bench.customer(), bench.price({ amount: 0, name: 'Free' }), mode)
    const [item] = bench.subscription(id).items.data
    bench.advanceTo(START + 10 * DAY)
    bench.run('subscriptions.update', { items: [{ id: item?.id, price: bench.price() }] }, id)
    return bench.subscription(id).billing_cycle_anchor
  }
  expect(anchor(classic)).toBe(START + 10 * DAY)
  expect(anchor(flexible)).toBe(START)
})

test('collection can be changed from charging to sending and back', () => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(), bench.price())
  expect(bench.fail('subscriptions.update', { collection_method: 'send_invoice' }, id).param).toBe('days_until_due')
  bench.run('subscriptions.update', { collection_method: 'send_invoice', days_until_due: 7 }, id)
  bench.advanceTo(FEBRUARY + HOUR)
  expect(bench.invoice(bench.subscription(id).latest_invoice)).toMatchObject({
    collection_method: 'send_invoice',
    status: 'open',
  })
  bench.run('subscriptions.update', { collection_method: 'charge_automatically' }, id)
  expect(bench.subscription(id)).toMatchObject({ collection_method: 'charge_automatically', days_until_due: null })
})

test('what is pending can be billed more often than the subscription renews', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const pending_invoice_item_interval = { interval: 'week' }
  const { id } = bench.subscribe(customer, bench.price(), { pending_invoice_item_interval })
  expect(bench.subscription(id).next_pending_invoice_item_invoice).toBe(START + 7 * DAY)
  bench.run('invoiceitems.create', { customer, amount: 700, currency: 'usd', subscription: id })
  bench.advanceTo(START + 7 * DAY + HOUR)
  expect(bench.all('invoices').map(({ total }) => total)).toEqual([2000, 700])
  bench.advanceTo(START + 14 * DAY + HOUR)
  expect(bench.all('invoices')).toHaveLength(2)
  bench.run('subscriptions.update', { pending_invoice_item_interval: '' }, id)
  expect(bench.subscription(id)).toMatchObject({
    next_pending_invoice_item_invoice: null,
    pending_invoice_item_interval: null,
  })
})

test('canceled at once, a subscription takes its pending prorations with it unless they are to be billed', () => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(), bench.price())
  const [item] = bench.subscription(id).items.data
  bench.advanceTo(START + 10 * DAY)
  bench.run('subscriptions.update', { items: [{ id: item?.id, quantity: 2 }] }, id)
  const other = bench.fork()
  bench.run('subscriptions.cancel', {}, id)
  expect(pending(bench)).toEqual([])
  other.run('subscriptions.cancel', { prorate: true }, id)
  expect(pending(other).length).toBe(3)
})

test('a trial given by the price, also later, is as long as the price says', () => {
  const bench = new Bench()
  const product = bench.run('products.create', { name: 'Pro' }).id
  const recurring = { interval: 'month', trial_period_days: 5 }
  const price = bench.run('prices.create', { product, currency: 'usd', unit_amount: 2000, recurring }).id
  const { id, trial_end: none } = bench.subscribe(bench.customer(), price)
  expect(none).toBeNull()
  bench.run('subscriptions.update', { trial_from_plan: true }, id)
  expect(bench.subscription(id)).toMatchObject({ status: 'trialing', trial_end: START + 5 * DAY })
})

describe('a threshold', () => {
  function metered(params: object, item: object = {}): { bench: Bench; id: string; use: (value: number) => void } {
    const bench = new Bench()
    const customer = bench.customer()
    const event_name = 'calls'
    const meter = bench.run('meters.create', {
      display_name: 'Calls',
      event_name,
      default_aggregation: { formula: 'sum' },
    }).id
    const product = bench.run('products.create', { name: 'API' }).id
    const recurring = { interval: 'month', usage_type: 'metered', meter }
    const price = bench.run('prices.create', { product, currency: 'usd', unit_amount: 10, recurring }).id
    const { id } = bench.run('subscriptions.create', { customer, items: [{ price, ...item }], ...params })
    const use = (value: number): void => {
      bench.run('meter_events.create', { event_name, payload: { stripe_customer_id: customer, value: String(value) } })
    }
    return { bench, id, use }
  }

  test('of an amount bills what was used when it is reached, and only once', () => {
    const { bench, id, use } = metered({ billing_thresholds: { amount_gte: 1000 } })
    use(99)
    expect(bench.all('invoices')).toEqual([])
    use(1)
    const { latest_invoice: invoice } = bench.subscription(id)
    use(50)
    bench.advanceTo(START + HOUR)
    expect(bench.invoice(invoice)).toMatchObject({
      billing_reason: 'subscription_threshold',
      status: 'paid',
      total: 1000,
    })
    expect(bench.all('invoices')).toHaveLength(1)
    bench.advanceTo(FEBRUARY + HOUR)
    expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(500)
  })

  test('of usage is on an item', () => {
    const { bench, id, use } = metered({}, { billing_thresholds: { usage_gte: 30 } })
    use(29)
    use(1)
    expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(300)
  })

  test('can be taken away, and must be worth charging', () => {
    const { bench, id } = metered({ billing_thresholds: { amount_gte: 1000 } })
    const low = { billing_thresholds: { amount_gte: 10 } }
    expect(bench.fail('subscriptions.update', low, id).param).toBe('billing_thresholds[amount_gte]')
    bench.run('subscriptions.update', { billing_thresholds: '' }, id)
    expect(bench.subscription(id).billing_thresholds).toBeNull()
  })
})

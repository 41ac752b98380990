import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'

const MONTH_END = Date.parse('2026-02-15T12:00:00Z') / 1000

let bench: Bench
let customer: string
let meter: string

beforeEach(() => {
  bench = new Bench()
  customer = bench.customer()
  meter = createMeter()
})

function createMeter(params: object = {}): string {
  return bench.run('meters.create', {
    default_aggregation: { formula: 'sum' },
    display_name: 'API calls',
    event_name: 'api_call',
    ...params,
  }).id
}

function meteredPrice(params: object = {}): string {
  const product = bench.run('products.create', { name: 'API calls' }).id
  const recurring = { interval: 'month', usage_type: 'metered', meter }
  return bench.run('prices.create', { product, currency: 'usd', unit_amount_decimal: '0.5', recurring, ...params }).id
}

type TierTerms = readonly [number | 'inf', number, number?]

/** Tiers as `[up_to, unit_amount, flat_amount]`. */
function byTiers(mode: string, terms: readonly TierTerms[]): object {
  const tiers = terms.map(([last, unit, flat]) => ({
    up_to: last,
    unit_amount: unit,
    ...(flat !== undefined && { flat_amount: flat }),
  }))
  return { billing_scheme: 'tiered', tiers_mode: mode, tiers }
}

/** The example of Stripe's page on tiers. https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing */
const flats: readonly TierTerms[] = [
  [5, 500, 1000],
  [10, 400, 2000],
  [15, 300, 3000],
  [20, 200, 4000],
  ['inf', 100, 5000],
]

function use(value: string, params: object = {}): void {
  bench.run('meter_events.create', {
    event_name: 'api_call',
    payload: { stripe_customer_id: customer, value },
    ...params,
  })
}

describe('billing in arrears', () => {
  it('starts without an invoice and bills the elapsed period with the renewal', () => {
    const { id, latest_invoice: first, status } = bench.subscribe(customer, meteredPrice())
    expect([status, first]).toEqual(['active', null])
    bench.advanceTo(START + DAY)
    use('1000')
    bench.advanceTo(START + 2 * DAY)
    use('501')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const invoice = bench.invoice(bench.subscription(id).latest_invoice)
    expect(bench.lines(invoice.id)).toEqual([[750, '1501 × API calls (at $0.005 / month)']])
    expect(invoice.lines.data[0]).toMatchObject({
      period: { start: START, end: MONTH_END },
      quantity: 1501,
      quantity_decimal: '1501',
    })
    expect([invoice.status, invoice.amount_paid]).toEqual(['paid', 750])
  })

  it('bills what is in advance and what was used on one invoice', () => {
    const { id } = bench.run('subscriptions.create', {
      customer,
      items: [{ price: bench.price() }, { price: meteredPrice() }],
    })
    use('200')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const invoice = bench.invoice(bench.subscription(id).latest_invoice)
    const periods = invoice.lines.data.map(({ amount, period }) => [amount, period.start])
    expect(periods).toContainEqual([2000, MONTH_END])
    expect(periods).toContainEqual([100, START])
    expect(invoice.total).toBe(2100)
  })

  it('shows a line for nothing used, and nothing is due', () => {
    const { id } = bench.subscribe(customer, meteredPrice())
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const invoice = bench.invoice(bench.subscription(id).latest_invoice)
    expect(bench.lines(invoice.id)).toEqual([[0, '0 × API calls (at $0.005 / month)']])
    expect(invoice.status).toBe('paid')
  })

  it('takes in late usage while the invoice is a draft, and none after', () => {
    const { id } = bench.subscribe(customer, meteredPrice())
    use('100')
    bench.advanceTo(MONTH_END + 60)
    use('900', { timestamp: MONTH_END - 60 })
    use('7', { timestamp: MONTH_END })
    bench.advanceTo(MONTH_END + 2 * HOUR)
    use('5000', { timestamp: MONTH_END - 30 })
    const { latest_invoice: invoice } = bench.subscription(id)
    expect(bench.lines(invoice)).toEqual([[500, '1000 × API calls (at $0.005 / month)']])
  })

  it('never bills less than nothing', () => {
    const { id } = bench.subscribe(customer, meteredPrice())
    use('10')
    use('-25')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    expect(bench.lines(bench.subscription(id).latest_invoice)).toEqual([[0, '0 × API calls (at $0.005 / month)']])
  })

  it('makes a line of each tier, also of those filled late', () => {
    const tiers = [
      { up_to: 5, unit_amount: 700 },
      { up_to: 10, unit_amount: 650 },
      { up_to: 'inf', unit_amount: 600 },
    ]
    const price = meteredPrice({
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers,
      unit_amount_decimal: undefined,
    })
    const { id } = bench.subscribe(customer, price)
    use('4')
    bench.advanceTo(MONTH_END + 60)
    use('2', { timestamp: MONTH_END - 60 })
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const invoice = bench.invoice(bench.subscription(id).latest_invoice)
    expect(invoice.lines.data.map(({ amount, quantity }) => [amount, quantity])).toEqual([
      [3500, 5],
      [650, 1],
    ])
    expect(invoice.total).toBe(4150)
  })

  it.each<[string, object, string, number]>([
    ['per unit, finer than a cent', { unit_amount_decimal: '0.5' }, '3', 1],
    ['in packs, rounded up', { unit_amount: 500, transform_quantity: { divide_by: 10, round: 'up' } }, '21', 1500],
    ['in packs, rounded down', { unit_amount: 500, transform_quantity: { divide_by: 10, round: 'down' } }, '29', 1000],
    [
      'by volume',
      byTiers('volume', [
        [5, 700],
        [10, 650],
        ['inf', 600],
      ]),
      '25',
      15_000,
    ],
    [
      'graduated',
      byTiers('graduated', [
        [5, 700],
        [10, 650],
        ['inf', 600],
      ]),
      '25',
      15_750,
    ],
    ['by volume with flat amounts', byTiers('volume', flats), '12', 6600],
    ['graduated with flat amounts', byTiers('graduated', flats), '12', 11_100],
    ['by volume with nothing used', byTiers('volume', flats), '0', 1000],
    ['graduated with nothing used', byTiers('graduated', flats), '0', 1000],
  ])('bills %s', (_, scheme, value, expected) => {
    const { id } = bench.subscribe(customer, meteredPrice({ unit_amount_decimal: undefined, ...scheme }))
    use(value)
    bench.advanceTo(MONTH_END + 2 * HOUR)
    expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(expected)
  })

  it('leaves the usage of a trial free', () => {
    const { id } = bench.subscribe(customer, meteredPrice(), { trial_period_days: 7 })
    use('1000')
    bench.advanceTo(START + 7 * DAY + 2 * HOUR)
    expect(bench.all('invoices').map(({ total }) => total)).not.toContain(500)
    use('10')
    bench.advanceTo(Date.parse('2026-02-22T15:00:00Z') / 1000)
    expect(bench.lines(bench.subscription(id).latest_invoice)).toEqual([[5, '10 × API calls (at $0.005 / month)']])
  })

  it('leaves the usage of a pause free', () => {
    const { id } = bench.subscribe(customer, meteredPrice({ unit_amount_decimal: '100' }))
    use('3')
    bench.advanceTo(START + DAY)
    bench.run('subscriptions.pause', { type: 'subscription' }, id)
    bench.advanceTo(START + 2 * DAY)
    use('50')
    bench.run('subscriptions.resume', { billing_cycle_anchor: { type: 'unchanged' } }, id)
    use('4')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const invoice = bench.invoice(bench.subscription(id).latest_invoice)
    expect(invoice.lines.data.map(({ amount }) => amount).toSorted((left, right) => left - right)).toEqual([300, 400])
  })

  it('previews what the renewal will bill', () => {
    const { id: subscription } = bench.subscribe(customer, meteredPrice())
    use('1501')
    const preview = bench.run<{ total: number; lines: { data: { description: string }[] } }>(
      'invoices.create_preview',
      {
        subscription,
      },
    )
    expect(preview.total).toBe(750)
    expect(preview.lines.data.map(({ description }) => description)).toEqual(['1501 × API calls (at $0.005 / month)'])
  })
})

describe('when a subscription ends', () => {
  it('bills what was used when it ends with its period', () => {
    const { id } = bench.subscribe(customer, meteredPrice())
    bench.run('subscriptions.update', { cancel_at_period_end: true }, id)
    use('1000')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const { status, latest_invoice: invoice } = bench.subscription(id)
    expect([status, bench.invoice(invoice).amount_paid]).toEqual(['canceled', 500])
  })

  it('bills what was used at once when asked to', () => {
    const { id } = bench.subscribe(customer, meteredPrice())
    bench.advanceTo(START + DAY)
    use('1000')
    bench.run('subscriptions.cancel', { invoice_now: true }, id)
    expect(bench.invoice(bench.subscription(id).latest_invoice).amount_paid).toBe(500)
  })

  it('forgets what was used when it is canceled without a word', () => {
    const { id } = bench.subscribe(customer, meteredPrice())
    use('1000')
    bench.advanceTo(START + DAY)
    bench.run('subscriptions.cancel', {}, id)
    expect(bench.subscription(id).latest_invoice).toBeNull()
    expect(bench.all('invoice_items')).toEqual([])
  })
})

describe('when an item changes', () => {
  const swap = (id: string, price: string, params: object = {}): void => {
    const [item] = bench.subscription(id).items.data
    bench.run('subscriptions.update', { items: [{ id: item?.id, price }], ...params }, id)
  }

  it('bills usage at the price under which it was reported', () => {
    const { id } = bench.subscribe(customer, meteredPrice())
    bench.advanceTo(START + DAY)
    use('1000')
    swap(id, meteredPrice({ unit_amount_decimal: '2' }))
    use('10')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    expect(bench.lines(bench.subscription(id).latest_invoice)).toEqual([
      [500, '1000 × API calls (at $0.005 / month)'],
      [20, '10 × API calls (at $0.02 / month)'],
    ])
  })

  it('loses nothing of what was used before a change that is never paid for', () => {
    const { id } = bench.subscribe(customer, meteredPrice({ unit_amount_decimal: '100' }))
    use('10')
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    const change = { payment_behavior: 'pending_if_incomplete', proration_behavior: 'always_invoice' }
    swap(id, meteredPrice({ unit_amount_decimal: '200' }), change)
    expect(bench.subscription(id).pending_update).not.toBeNull()
    bench.advanceTo(START + 2 * DAY)
    expect(bench.subscription(id).pending_update).toBeNull()
    bench.giveCard(customer, 'pm_card_visa')
    use('1')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    expect(bench.invoice(bench.subscription(id).latest_invoice).amount_paid).toBe(1100)
  })

  it('counts at the new price once a change is paid for', () => {
    const { id } = bench.subscribe(customer, meteredPrice({ unit_amount_decimal: '100' }))
    use('10')
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    const change = { payment_behavior: 'pending_if_incomplete', proration_behavior: 'always_invoice' }
    swap(id, meteredPrice({ unit_amount_decimal: '200' }), change)
    const { latest_invoice: pending } = bench.subscription(id)
    bench.giveCard(customer, 'pm_card_visa')
    bench.run('invoices.pay', {}, pending ?? '')
    expect([bench.invoice(pending).amount_paid, bench.subscription(id).pending_update]).toEqual([1000, null])
    use('1')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    expect(bench.invoice(bench.subscription(id).latest_invoice).amount_paid).toBe(200)
  })

  it.each([
    ['in classic billing mode', { billing_mode: { type: 'classic' } }, {}],
    ['without proration', {}, { proration_behavior: 'none' }],
  ])('loses usage from before the change %s', (_, creation, change) => {
    const { id } = bench.subscribe(customer, meteredPrice(), creation)
    use('1000')
    bench.advanceTo(START + DAY)
    swap(id, meteredPrice({ unit_amount_decimal: '2' }), change)
    use('10')
    bench.advanceTo(MONTH_END + 2 * HOUR)
    expect(bench.lines(bench.subscription(id).latest_invoice)).toEqual([[20, '10 × API calls (at $0.02 / month)']])
  })
})

it('previews to the cent what comes, with tiers and credits', () => {
  const tiers = [
    { up_to: 10, unit_amount_decimal: '70.5' },
    { up_to: 'inf', unit_amount: 20, flat_amount: 5 },
  ]
  const scheme = { billing_scheme: 'tiered', tiers, unit_amount_decimal: undefined }
  const used = fc.array(fc.tuple(fc.integer({ min: -5, max: 40 }), fc.nat({ max: 25 })), { maxLength: 6 })
  const origin = bench
  fc.assert(
    fc.property(used, fc.nat({ max: 3000 }), fc.constantFrom('graduated', 'volume'), (usage, granted, mode) => {
      bench = origin.fork()
      const { id: subscription } = bench.subscribe(customer, meteredPrice({ ...scheme, tiers_mode: mode }))
      if (granted > 0) {
        bench.run('credit_grants.create', {
          customer,
          amount: { type: 'monetary', monetary: { currency: 'usd', value: granted } },
          applicability_config: { scope: { price_type: 'metered' } },
        })
      }
      for (const [value, days] of usage.toSorted((left, right) => left[1] - right[1])) {
        bench.advanceTo(START + days * DAY)
        use(String(value))
      }
      const preview = bench.run<Preview>('invoices.create_preview', { subscription })
      bench.advanceTo(MONTH_END + 2 * HOUR)
      const invoice = bench.invoice(bench.subscription(subscription).latest_invoice)
      expect(preview.lines.data.map(({ amount, description }) => [amount, description])).toEqual(
        bench.lines(invoice.id),
      )
      expect([preview.subtotal, preview.total, preview.amount_due]).toEqual([
        invoice.subtotal,
        invoice.total,
        invoice.amount_due,
      ])
    }),
    { numRuns: 25 },
  )
})

interface Preview {
  readonly subtotal: number
  readonly total: number
  readonly amount_due: number
  readonly lines: { readonly data: readonly { readonly amount: number; readonly description: string }[] }
}

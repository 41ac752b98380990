import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench } from '../testing/bench.js'

const PRICES = [
  { unit_amount: 999, recurring: { interval: 'month' } },
  { unit_amount: 2000, recurring: { interval: 'month' } },
  { unit_amount: 1500 },
  { unit_amount: 333 },
]

const COUPONS = [
  { percent_off: 15, duration: 'forever' },
  { percent_off: 33.3, duration: 'once' },
  { amount_off: 250, currency: 'usd', duration: 'forever' },
]

const RATES = [
  { percentage: 19, inclusive: true },
  { percentage: 7.5, inclusive: false },
]

const orders = fc.record({
  recurring: fc.subarray([0, 1], { minLength: 0 }),
  oneTime: fc.subarray([2, 3]),
  quantity: fc.integer({ min: 1, max: 5 }),
  coupon: fc.option(fc.nat(2)),
  rate: fc.option(fc.nat(1)),
  isTaxedAutomatically: fc.boolean(),
  balance: fc.constantFrom(0, 0, -700),
  trial: fc.constantFrom(0, 0, 7),
})

test('what a Checkout session shows is what is charged', () => {
  fc.assert(
    fc.property(orders, (order) => {
      const bench = new Bench()
      const customer = bench.customer('pm_card_visa', {
        address: { country: 'DE', line1: '1 Weg' },
        balance: order.balance,
      })
      const indexes = [...order.recurring, ...order.oneTime]
      fc.pre(indexes.length > 0)
      const isSubscription = order.recurring.length > 0
      const rates =
        order.rate === null ? [] : [bench.run('tax_rates.create', { display_name: 'Tax', ...RATES[order.rate] }).id]
      const items = indexes.map((index) => {
        const product = bench.run('products.create', { name: `P${index}` }).id
        const { id } = bench.run('prices.create', { currency: 'usd', product, ...PRICES[index] })
        return { price: id, quantity: order.quantity, ...(rates.length > 0 && { tax_rates: rates }) }
      })
      const discounts =
        order.coupon === null ? [] : [{ coupon: bench.run('coupons.create', COUPONS[order.coupon] ?? {}).id }]
      const session = bench.run<Records['checkout_sessions']>('checkout_sessions.create', {
        mode: isSubscription ? 'subscription' : 'payment',
        customer,
        line_items: items,
        success_url: 'https://a.example',
        ...(discounts.length > 0 && { discounts }),
        ...(order.isTaxedAutomatically && { automatic_tax: { enabled: true } }),
        ...(isSubscription && order.trial > 0 && { subscription_data: { trial_period_days: order.trial } }),
      })
      const { amount_discount: off = 0, amount_tax: tax = 0 } = session.total_details ?? {}
      const isExclusive = session.amount_total === (session.amount_subtotal ?? 0) - off + tax
      expect(isExclusive || session.amount_total === (session.amount_subtotal ?? 0) - off).toBe(true)
      const page = bench.run<{ total_summary: { due: number } }>('payment_pages.retrieve', {}, session.id)
      bench.run(
        'payment_pages.confirm',
        { payment_method: 'pm_card_visa', expected_amount: page.total_summary.due },
        session.id,
      )
      expect(bench.get('checkout_sessions', session.id).status).toBe('complete')
      const charged = bench.all('charges').reduce((sum, { amount }) => sum + amount, 0)
      expect(charged).toBe(page.total_summary.due)
      const invoices = bench.all('invoices')
      expect(invoices.map(({ total }) => total)).toEqual(isSubscription ? [session.amount_total] : [])
      const credited = order.balance - bench.get('customers', customer).balance
      expect(charged - credited).toBe(isSubscription ? session.amount_total : charged - credited)
    }),
    { numRuns: 60 },
  )
})

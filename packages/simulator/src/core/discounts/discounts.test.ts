import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY } from '../testing/bench.js'

type Invoice = Records['invoices']

function coupon(bench: Bench, params: object): string {
  return bench.run('coupons.create', params).id
}

/** What the invoices of a subscription came to, oldest first. */
function totals(bench: Bench, subscription: string): number[] {
  return bench
    .all('invoices')
    .filter((invoice) => invoice.parent?.subscription_details?.subscription === subscription)
    .map((invoice) => invoice.total)
}

test.each([
  ['once', { duration: 'once' }, [1500, 2000, 2000, 2000, 2000]],
  ['repeating', { duration: 'repeating', duration_in_months: 3 }, [1500, 1500, 1500, 2000, 2000]],
  ['forever', { duration: 'forever' }, [1500, 1500, 1500, 1500, 1500]],
])('a coupon that lasts %s', (_name, duration, expected) => {
  const bench = new Bench()
  const discounts = [{ coupon: coupon(bench, { percent_off: 25, ...duration }) }]
  const { id } = bench.subscribe(bench.customer(), bench.price(), { discounts })
  bench.advanceTo(bench.now + 125 * DAY)
  expect(totals(bench, id)).toEqual(expected)
})

test('a coupon for one invoice leaves the subscription and is announced as gone', () => {
  const bench = new Bench()
  const code = coupon(bench, { amount_off: 500, currency: 'usd', duration: 'once' })
  const customer = bench.customer()
  bench.takeEvents()
  const { id, discounts } = bench.subscribe(customer, bench.price(), { discounts: [{ coupon: code }] })
  expect(discounts).toEqual([])
  expect(bench.subscription(id).discounts).toEqual([])
  const events = bench.takeEvents().filter((type) => type.startsWith('customer.discount'))
  expect(events).toEqual(['customer.discount.created', 'customer.discount.deleted'])
  const [discount] = bench.all('discounts')
  expect(discount).toMatchObject({ object: 'discount', source: { coupon: code, type: 'coupon' }, subscription: id })
  expect(bench.get('coupons', code).times_redeemed).toBe(1)
  expect(bench.invoice(bench.subscription(id).latest_invoice)).toMatchObject({
    discounts: [discount?.id],
    subtotal: 2000,
    total: 1500,
    amount_paid: 1500,
    total_discount_amounts: [{ amount: 500, discount: discount?.id }],
  })
})

test('a discount that ends with a period is not on the next invoice, though that comes first in the same second', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const params = { percent_off: 25, duration: 'repeating', duration_in_months: 1 }
  bench.run('customers.update', { coupon: coupon(bench, params) }, customer)
  bench.advanceTo(bench.now + 40 * DAY)
  expect(totals(bench, id)).toEqual([2000, 2000])
  expect(bench.get('customers', customer).discount).toBeNull()
})

test('a trial uses no coupon up', () => {
  const bench = new Bench()
  const discounts = [{ coupon: coupon(bench, { percent_off: 50, duration: 'once' }) }]
  const { id } = bench.subscribe(bench.customer(), bench.price(), { discounts, trial_period_days: 7 })
  bench.advanceTo(bench.now + 50 * DAY)
  expect(totals(bench, id)).toEqual([0, 1000, 2000])
})

test('discounts stack in their order, and those of an item come first', () => {
  const bench = new Bench()
  const half = coupon(bench, { percent_off: 50, duration: 'forever' })
  const five = coupon(bench, { amount_off: 500, currency: 'usd', duration: 'forever' })
  const tenth = coupon(bench, { percent_off: 10, duration: 'forever' })
  const items = [{ price: bench.price(), discounts: [{ coupon: tenth }] }]
  const customer = bench.customer()
  const discounts = [{ coupon: five }, { coupon: half }]
  const subscription = bench.run<Records['subscriptions']>('subscriptions.create', { customer, items, discounts })
  const invoice = bench.invoice(subscription.latest_invoice)
  // 2000, less a tenth, less 500, and half of the rest.
  expect(invoice).toMatchObject({ subtotal: 1800, total: 650 })
  expect(invoice.lines.data[0]?.discount_amounts?.map(({ amount }) => amount)).toEqual([200, 500, 650])
  expect(invoice.total_discount_amounts?.map(({ amount }) => amount).toSorted()).toEqual([200, 500, 650])
})

test('a coupon for some products leaves the others alone', () => {
  const bench = new Bench()
  const [pro, extra] = [bench.price(), bench.price({ amount: 1000, name: 'Extra' })]
  const { product } = bench.get('prices', extra)
  const discounts = [{ coupon: coupon(bench, { percent_off: 100, applies_to: { products: [product] } }) }]
  const params = { customer: bench.customer(), items: [{ price: pro }, { price: extra }], discounts }
  const { latest_invoice: latest } = bench.run<Records['subscriptions']>('subscriptions.create', params)
  expect(bench.invoice(latest).total).toBe(2000)
})

test('discounts of an invoice and of its items', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const half = coupon(bench, { percent_off: 50, duration: 'once' })
  const five = coupon(bench, { amount_off: 500, currency: 'usd', duration: 'once' })
  const invoice = bench.run('invoices.create', { customer, discounts: [{ coupon: five }] })
  bench.run('invoiceitems.create', { invoice: invoice.id, amount: 1000, currency: 'usd' })
  bench.run('invoiceitems.create', { invoice: invoice.id, amount: 4000, discounts: [{ coupon: half }] })
  bench.run('invoiceitems.create', { invoice: invoice.id, amount: -300, currency: 'usd' })
  expect(bench.invoice(invoice.id)).toMatchObject({ subtotal: 2700, total: 2200 })
  const shares = bench.invoice(invoice.id).lines.data.map((line) => line.discount_amounts?.map(({ amount }) => amount))
  expect(shares).toEqual([[166], [2000, 334], []])
  bench.run('invoices.update', { discounts: '' }, invoice.id)
  expect(bench.invoice(invoice.id)).toMatchObject({ discounts: [], total: 2700 })
})

test('a discount that is deleted counts no more', () => {
  const bench = new Bench()
  const discounts = [{ coupon: coupon(bench, { percent_off: 25, duration: 'forever' }) }]
  const { id } = bench.subscribe(bench.customer(), bench.price(), { discounts })
  const removed = bench.run<object>('subscriptions.delete_discount', {}, { subscription: id })
  expect(removed).toMatchObject({ object: 'discount', deleted: true, subscription: id })
  expect(removed).not.toHaveProperty('end')
  bench.advanceTo(bench.now + 40 * DAY)
  expect(totals(bench, id)).toEqual([1500, 2000])
})

test.each([
  ['an unknown coupon', [{ coupon: 'nope' }], 'resource_missing', 'discounts[0][coupon]'],
  ['an unknown promotion code', [{ promotion_code: 'promo_x' }], 'resource_missing', 'discounts[0][promotion_code]'],
  ['an unknown discount', [{ discount: 'di_x' }], 'resource_missing', 'discounts[0][discount]'],
  ['nothing named', [{}], 'parameter_missing', 'discounts[0][coupon]'],
])('%s is refused', (_name, discounts, code, param) => {
  const bench = new Bench()
  const customer = bench.customer()
  expect(bench.fail('invoices.create', { customer, discounts })).toMatchObject({ status: 400, code, param })
})

test('a coupon in another currency is refused, and so is one that is used up', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const euros = coupon(bench, { amount_off: 500, currency: 'eur' })
  expect(bench.fail('invoices.create', { customer, currency: 'usd', discounts: [{ coupon: euros }] }).status).toBe(400)
  const scarce = [{ coupon: coupon(bench, { percent_off: 5, max_redemptions: 1 }) }]
  bench.run<Invoice>('invoices.create', { customer, discounts: scarce })
  expect(bench.fail('invoices.create', { customer, discounts: scarce }).code).toBe('coupon_expired')
})

test('a code with a minimum is for a first payment: not for items, changes and phases to come', () => {
  const bench = new Bench()
  const promotion = { type: 'coupon', coupon: coupon(bench, { percent_off: 50, duration: 'forever' }) }
  const restrictions = { minimum_amount: 1500, minimum_amount_currency: 'usd' }
  const { id: promotion_code } = bench.run('promotion_codes.create', { promotion, code: 'BIG', restrictions })
  const discounts = [{ promotion_code }]
  const customer = bench.customer()
  const price = bench.price()
  const { id } = bench.subscribe(customer, price, { discounts })
  expect(totals(bench, id)).toEqual([1000])
  const message = expect.stringContaining('minimum amount')
  expect(bench.fail('subscriptions.update', { discounts }, id)).toMatchObject({ message })
  const items = [{ price, discounts }]
  expect(bench.fail('subscriptions.create', { customer, items })).toMatchObject({ message })
  const phase = { items: [{ price }], duration: { interval: 'month', interval_count: 1 } }
  const schedule = (phases: object[]): object => ({ customer, start_date: 'now', phases })
  expect(bench.fail('subscription_schedules.create', schedule([phase, { ...phase, discounts }]))).toMatchObject({
    message,
    param: 'phases[1][discounts][0][promotion_code]',
  })
  expect(bench.try('subscription_schedules.create', schedule([{ ...phase, discounts }, phase]))).toBeDefined()
})

test('a phase names a coupon that there is', () => {
  const bench = new Bench()
  const phase = { items: [{ price: bench.price() }], duration: { interval: 'month', interval_count: 1 } }
  const phases = [phase, { ...phase, discounts: [{ coupon: 'nope' }] }]
  expect(
    bench.fail('subscription_schedules.create', { customer: bench.customer(), start_date: 'now', phases }),
  ).toMatchObject({ code: 'resource_missing', param: 'phases[1][discounts][0][coupon]' })
})

test('a phase begins without a coupon that has expired by then, and time goes on', () => {
  const bench = new Bench()
  const price = bench.price()
  const late = { coupon: coupon(bench, { percent_off: 50, duration: 'forever', redeem_by: bench.now + 5 * DAY }) }
  const good = { coupon: coupon(bench, { percent_off: 10, duration: 'forever' }) }
  const phase = { items: [{ price }], duration: { interval: 'month', interval_count: 1 } }
  const later = { ...phase, items: [{ price, discounts: [late] }], discounts: [late, good] }
  const { id } = bench.run('subscription_schedules.create', {
    customer: bench.customer(),
    start_date: 'now',
    phases: [phase, later],
  })
  bench.advanceTo(bench.now + 40 * DAY)
  expect(totals(bench, bench.get('subscription_schedules', id).subscription ?? '')).toEqual([2000, 1800])
})

import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { Bench, DAY } from '../testing/bench.js'

function withCoupons(): { bench: Bench; fifth: string; third: string } {
  const bench = new Bench()
  const coupon = (percent: number): string =>
    bench.run('coupons.create', { percent_off: percent, duration: 'forever' }).id
  return { bench, fifth: coupon(20), third: coupon(30) }
}

test('a customer made with a coupon has a discount on all that is billed', () => {
  const { bench, fifth } = withCoupons()
  bench.takeEvents()
  const customer = bench.run<Stripe.Customer>('customers.create', { coupon: fifth, payment_method: 'pm_card_visa' })
  expect(customer.discount).toMatchObject({ customer: customer.id, source: { coupon: fifth }, end: null })
  expect(bench.takeEvents()).toContain('customer.discount.created')
  const preview = bench.run<Stripe.Invoice>('invoices.create_preview', {
    customer: customer.id,
    subscription_details: { items: [{ price: bench.price() }] },
  })
  expect(preview.total).toBe(1600)
})

test('another coupon takes the place of the first, and an empty text takes it away', () => {
  const { bench, fifth, third } = withCoupons()
  const { id } = bench.run('customers.create', { coupon: fifth })
  bench.takeEvents()
  const changed = bench.run<Stripe.Customer>('customers.update', { coupon: third }, id)
  expect(changed.discount).toMatchObject({ source: { coupon: third } })
  expect(bench.takeEvents().filter((type) => type.startsWith('customer.discount'))).toEqual([
    'customer.discount.updated',
  ])
  expect(bench.run<Stripe.Customer>('customers.update', { coupon: '' }, id).discount).toBeNull()
  expect(bench.takeEvents()).toContain('customer.discount.deleted')
})

test('the discount that was replaced does not end later what took its place', () => {
  const { bench, third } = withCoupons()
  const { id: months } = bench.run('coupons.create', { percent_off: 5, duration: 'repeating', duration_in_months: 1 })
  const { id } = bench.run('customers.create', { coupon: months })
  bench.run('customers.update', { coupon: third }, id)
  bench.advanceTo(bench.now + 40 * DAY)
  expect(bench.run<Stripe.Customer>('customers.retrieve', {}, id).discount).toMatchObject({ source: { coupon: third } })
})

test('a coupon that is not there is refused, and nothing is made', () => {
  const { bench } = withCoupons()
  expect(bench.fail('customers.create', { coupon: 'none' })).toMatchObject({ code: 'resource_missing' })
  expect(bench.takeEvents()).not.toContain('customer.created')
})

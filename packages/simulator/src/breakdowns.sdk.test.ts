import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from './index.js'
import { startWithSdk } from './testing/sdk.js'

let simulator: Simulator
let stripe: Stripe
let sold: { readonly line_items: { price: string; quantity: number }[]; readonly discounts: { coupon: string }[] }
let rate: Stripe.TaxRate
let coupon: Stripe.Coupon

beforeAll(async () => {
  ;({ simulator, stripe } = await startWithSdk())
  const recurring = { interval: 'month' as const }
  const pro = { currency: 'usd', unit_amount: 1000, recurring, product_data: { name: 'Pro' } }
  const setup = { currency: 'usd', unit_amount: 5000, product_data: { name: 'Setup' } }
  const prices = [await stripe.prices.create(pro), await stripe.prices.create(setup)]
  coupon = await stripe.coupons.create({ percent_off: 10, duration: 'once' })
  rate = await stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 20 })
  sold = { line_items: prices.map(({ id }) => ({ price: id, quantity: 1 })), discounts: [{ coupon: coupon.id }] }
})

afterAll(() => simulator.close())

test('a Checkout session tells what was taken off and put on, in all and of each item', async () => {
  const session = await stripe.checkout.sessions.create({
    ...sold,
    line_items: sold.line_items.map((item) => ({ ...item, tax_rates: [rate.id] })),
    mode: 'subscription',
    success_url: 'https://a.example/ok',
    expand: ['total_details.breakdown', 'line_items.data.discounts', 'line_items.data.taxes'],
  })
  const { amount_discount: off, amount_tax: tax, breakdown } = session.total_details ?? {}
  expect([off, tax]).toEqual([600, 1080])
  expect(breakdown?.discounts).toMatchObject([
    { amount: 600, discount: { object: 'discount', checkout_session: session.id, source: { coupon: coupon.id } } },
  ])
  expect(breakdown?.taxes).toEqual([{ amount: 1080, rate, taxability_reason: null, taxable_amount: 5400 }])
  const { data = [] } = session.line_items ?? {}
  expect(data.map((item) => item.discounts?.map(({ amount }) => amount))).toEqual([[100], [500]])
  expect(data.map((item) => item.taxes?.map(({ amount }) => amount))).toEqual([[180], [900]])
  const plain = await stripe.checkout.sessions.retrieve(session.id)
  expect(plain.total_details).not.toHaveProperty('breakdown')
  const items = await stripe.checkout.sessions.listLineItems(session.id, { expand: ['data.taxes'] })
  expect(items.data[0]?.taxes?.[0]?.rate.id).toBe(rate.id)
  expect(items.data[0]).not.toHaveProperty('discounts')
})

test('a session without discounts and taxes has an empty breakdown', async () => {
  const session = await stripe.checkout.sessions.create({
    line_items: sold.line_items,
    mode: 'subscription',
    success_url: 'https://a.example/ok',
    expand: ['total_details.breakdown'],
  })
  expect(session.total_details?.breakdown).toEqual({ discounts: [], taxes: [] })
})

test('a quote tells it of what is due at once and of every period', async () => {
  const quote = await stripe.quotes.create({
    ...sold,
    default_tax_rates: [rate.id],
    expand: [
      'total_details.breakdown',
      'computed.upfront.total_details.breakdown',
      'computed.recurring.total_details.breakdown',
      'line_items.data.taxes',
    ],
  })
  const amounts = (breakdown: Stripe.Quote.TotalDetails.Breakdown | undefined): readonly number[][] => [
    (breakdown?.discounts ?? []).map(({ amount }) => amount),
    (breakdown?.taxes ?? []).map(({ amount }) => amount),
  ]
  expect(amounts(quote.total_details.breakdown)).toEqual([[600], [1080]])
  expect(quote.computed.upfront.total_details.breakdown).toEqual(quote.total_details.breakdown)
  // A coupon that is used once takes nothing off what recurs.
  expect(amounts(quote.computed.recurring?.total_details.breakdown)).toEqual([[], [200]])
  expect(quote.line_items?.data.map((item) => item.taxes?.[0]?.amount)).toEqual([180, 900])
})

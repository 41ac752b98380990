import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'

let simulator: Simulator
let stripe: Stripe
let subscription: Stripe.Subscription
let invoiceId: string

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
  })
  await stripe.coupons.create({ id: 'half', percent_off: 50, duration: 'forever' })
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    discounts: [{ coupon: 'half' }],
  })
  invoiceId = (await stripe.invoices.list({ customer: customer.id })).data[0]?.id ?? ''
})

afterAll(() => simulator.close())

/** What a client of another age gets. The SDK's types are those of today, so the shape is looked up as it comes. */
async function get(path: string, version: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${simulator.secretKey}`, 'stripe-version': version }
  const response = await fetch(`${simulator.url}${path}`, { headers })
  return (await response.json()) as Record<string, unknown>
}

test('before basil the period was the subscription’s', async () => {
  const [item] = subscription.items.data
  const period = { current_period_start: item?.current_period_start, current_period_end: item?.current_period_end }
  const then = await get(`/v1/subscriptions/${subscription.id}`, '2025-02-24.acacia')
  expect(then).toMatchObject(period)
  const { data } = then['items'] as { data: readonly object[] }
  expect(Object.keys(data[0] ?? {})).not.toContain('current_period_end')
  expect(await get(`/v1/subscriptions/${subscription.id}`, '2025-03-31.basil')).not.toHaveProperty('current_period_end')
})

test('before basil an invoice named its subscription and its payment, which could be expanded', async () => {
  const path = `/v1/invoices/${invoiceId}`
  const then = await get(`${path}?expand[]=payment_intent&expand[]=subscription`, '2023-10-16')
  expect(then).toMatchObject({
    paid: true,
    payment_intent: { object: 'payment_intent', invoice: then['id'], amount: 1000 },
    subscription: { id: subscription.id, current_period_end: expect.any(Number) },
    discount: { object: 'discount', coupon: { id: 'half', object: 'coupon' } },
    total_tax_amounts: [],
  })
  expect(then).toHaveProperty('parent.type', 'subscription_details')
  expect(await get(`${path}?expand[]=payment_intent`, '2025-03-31.basil')).toMatchObject({
    error: { message: 'This property cannot be expanded (payment_intent).' },
  })
})

test('before basil a line had its price in it', async () => {
  const { data } = await get(`/v1/invoices/${invoiceId}/lines`, '2023-10-16')
  expect(data).toMatchObject([
    {
      type: 'subscription',
      proration: false,
      subscription: subscription.id,
      price: { object: 'price', unit_amount: 2000 },
      plan: { object: 'plan', amount: 2000 },
    },
  ])
})

test('expanded by way of the subscription, the invoice has its payment, too', async () => {
  const path = `/v1/subscriptions/${subscription.id}?expand[]=latest_invoice.payment_intent`
  expect(await get(path, '2022-11-15')).toMatchObject({
    latest_invoice: { object: 'invoice', payment_intent: { object: 'payment_intent', status: 'succeeded' } },
  })
})

test('before clover a discount and a promotion code had the coupon in them', async () => {
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: 'half' }, code: 'HALF' })
  const then = await get(`/v1/promotion_codes/${code.id}`, '2025-08-27.basil')
  expect(then).toMatchObject({ code: 'HALF', coupon: { id: 'half', percent_off: 50 } })
  expect(then).not.toHaveProperty('promotion')
  const expanded = await get(`/v1/subscriptions/${subscription.id}?expand[]=discounts`, '2025-08-27.basil')
  expect(expanded['discounts']).toMatchObject([{ coupon: { id: 'half' } }])
  expect(await get(`/v1/promotion_codes/${code.id}`, '2025-09-30.clover')).toMatchObject({
    promotion: { coupon: 'half' },
  })
})

test('before 2022-11-15 a payment had its charges in it, and a charge its refunds', async () => {
  const paid = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: 'https://app.example',
  })
  await stripe.refunds.create({ payment_intent: paid.id, amount: 300 })
  const charges = { data: [{ id: paid.latest_charge, refunds: { data: [{ amount: 300 }] } }] }
  expect(await get(`/v1/payment_intents/${paid.id}`, '2020-08-27')).toMatchObject({ charges })
  expect(await get(`/v1/payment_intents/${paid.id}`, '2022-11-15')).not.toHaveProperty('charges')
})

test('a version that never was is refused', async () => {
  expect(await get('/v1/customers', '2024-01-01')).toMatchObject({
    error: { message: 'Invalid Stripe API version: 2024-01-01' },
  })
})

test('before basil the upcoming invoice had an address of its own', async () => {
  const query = `subscription=${subscription.id}&subscription_items[0][id]=${subscription.items.data[0]?.id}`
  const path = `/v1/invoices/upcoming?${query}&subscription_items[0][quantity]=3&subscription_proration_behavior=none`
  expect(await get(path, '2025-02-24.acacia')).toMatchObject({
    object: 'invoice',
    billing_reason: 'upcoming',
    subscription: subscription.id,
    total: 3000,
  })
  expect(await get(path, '2025-03-31.basil')).toHaveProperty('error')
})

import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './index.js'

const DAY = 86_400
const NOW = Date.parse('2026-01-15T12:00:00Z') / 1000

let simulator: Simulator
let stripe: Stripe
let price: string
beforeAll(async () => {
  simulator = await createSimulator({ now: NOW })
  const { host, port } = simulator
  stripe = new Stripe('sk_test_subscriptions', { host, port, protocol: 'http', maxNetworkRetries: 0 })
  price = await newPrice('Pro', 3100)
})
afterAll(() => simulator.close())

function idOf(value: string | { readonly id: string } | null): string {
  return typeof value === 'string' ? value : (value?.id ?? '')
}

async function newPrice(name: string, amount: number): Promise<string> {
  const recurring = { interval: 'month' }
  const made = await stripe.prices.create({ currency: 'usd', unit_amount: amount, recurring, product_data: { name } })
  return made.id
}

async function newCustomer(params: Stripe.CustomerCreateParams = {}): Promise<string> {
  const invoice_settings = { default_payment_method: 'pm_card_visa' }
  const made = await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings, ...params })
  return made.id
}

async function subscribe(params: Stripe.SubscriptionCreateParams = {}): Promise<Stripe.Subscription> {
  return stripe.subscriptions.create({ customer: await newCustomer(), items: [{ price }], ...params })
}

test('what a subscription is asked for is what it says', async () => {
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
  const subscription = await subscribe({
    items: [{ price, quantity: 2, metadata: { seat: 'yes' }, tax_rates: [rate.id] }],
    billing_thresholds: { amount_gte: 5000 },
    collection_method: 'send_invoice',
    days_until_due: 14,
    default_tax_rates: [rate.id],
    description: 'For the team',
    discounts: [{ coupon: coupon.id }],
    invoice_settings: { description: 'Thanks', custom_fields: [{ name: 'PO', value: '7' }] },
    metadata: { team: 'a' },
    payment_settings: { payment_method_types: ['card'], save_default_payment_method: 'on_subscription' },
    pending_invoice_item_interval: { interval: 'week' },
    trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
  })
  expect(subscription).toMatchObject({
    billing_thresholds: { amount_gte: 5000, reset_billing_cycle_anchor: false },
    collection_method: 'send_invoice',
    days_until_due: 14,
    default_tax_rates: [{ id: rate.id, object: 'tax_rate' }],
    description: 'For the team',
    discounts: [expect.stringMatching(/^di_/)],
    invoice_settings: { description: 'Thanks', custom_fields: [{ name: 'PO', value: '7' }] },
    items: { data: [{ quantity: 2, metadata: { seat: 'yes' }, tax_rates: [{ id: rate.id }] }] },
    metadata: { team: 'a' },
    payment_settings: { payment_method_types: ['card'], save_default_payment_method: 'on_subscription' },
    pending_invoice_item_interval: { interval: 'week', interval_count: 1 },
    status: 'active',
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'pause' } },
  })
  const expanded = await stripe.subscriptions.retrieve(subscription.id, { expand: ['discounts', 'customer'] })
  expect(expanded.discounts).toMatchObject([{ object: 'discount', source: { coupon: coupon.id } }])
})

test('a subscription is paused, resumed and migrated', async () => {
  const { id } = await subscribe({ billing_mode: { type: 'classic' } })
  await expect(stripe.subscriptions.pause(id)).rejects.toMatchObject({ type: 'StripeInvalidRequestError' })
  const migrated = await stripe.subscriptions.migrate(id, { billing_mode: { type: 'flexible' } })
  expect(migrated.billing_mode.type).toBe('flexible')
  const paused = await stripe.subscriptions.pause(id, { bill_for: { unused_time_from: { type: 'none' } } })
  expect(paused.status_details?.paused.subscription.type).toBe('pause_requested')
  const resumed = await stripe.subscriptions.resume(id, { billing_cycle_anchor: { type: 'now' } })
  expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: NOW })
  const { data } = await stripe.subscriptions.list({ status: 'paused' })
  expect(data.map((subscription) => subscription.id)).not.toContain(id)
})

test('items come and go', async () => {
  const { id } = await subscribe()
  const added = await stripe.subscriptionItems.create({
    subscription: id,
    price: await newPrice('Extra', 500),
    quantity: 2,
  })
  expect(await stripe.subscriptionItems.retrieve(added.id)).toMatchObject({ id: added.id, quantity: 2 })
  const changed = await stripe.subscriptionItems.update(added.id, { quantity: 3, proration_behavior: 'none' })
  expect(changed.quantity).toBe(3)
  const { data } = await stripe.subscriptionItems.list({ subscription: id })
  expect(data).toHaveLength(2)
  expect(await stripe.subscriptionItems.del(added.id)).toMatchObject({ id: added.id, deleted: true })
})

test('a schedule is made, changed, listed, released and canceled', async () => {
  const subscription = await subscribe()
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const [phase] = schedule.phases
  const basic = await newPrice('Basic', 900)
  const current = {
    items: [{ price, quantity: 1 }],
    start_date: phase?.start_date ?? 0,
    end_date: phase?.end_date ?? 0,
  }
  const updated = await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'cancel',
    phases: [current, { items: [{ price: basic }], duration: { interval: 'month', interval_count: 2 } }],
  })
  expect(updated.phases).toMatchObject([
    { end_date: phase?.end_date },
    { items: [{ price: basic }], start_date: phase?.end_date },
  ])
  const { cancel_at: end } = await stripe.subscriptions.retrieve(subscription.id)
  expect(end).toBe(updated.phases[1]?.end_date)
  const { data } = await stripe.subscriptionSchedules.list({ customer: idOf(schedule.customer) })
  expect(data.map(({ id }) => id)).toEqual([schedule.id])
  const released = await stripe.subscriptionSchedules.release(schedule.id, { preserve_cancel_date: true })
  expect(released).toMatchObject({ status: 'released', released_subscription: subscription.id, subscription: null })
  expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ cancel_at: end, schedule: null })

  const later = await stripe.subscriptionSchedules.create({
    customer: await newCustomer(),
    start_date: NOW + DAY,
    phases: [{ items: [{ price }] }],
    default_settings: { collection_method: 'send_invoice', invoice_settings: { days_until_due: 5 } },
  })
  expect(await stripe.subscriptionSchedules.retrieve(later.id)).toMatchObject({ status: 'not_started' })
  expect(await stripe.subscriptionSchedules.cancel(later.id)).toMatchObject({ status: 'canceled' })
})

test('a schedule takes a subscription through its phases on a test clock', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: NOW })
  const customer = await newCustomer({ test_clock: clock.id })
  const [first, second] = [await newPrice('Starter', 1000), await newPrice('Grown', 4000)]
  const schedule = await stripe.subscriptionSchedules.create({
    customer,
    start_date: 'now',
    phases: [{ items: [{ price: first }] }, { items: [{ price: second }], duration: { interval: 'year' } }],
  })
  const subscription = idOf(schedule.subscription)
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: NOW + 32 * DAY })
  expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({ status: 'ready' })
  const { data } = await stripe.invoices.list({ subscription })
  expect(data.map(({ amount_paid: paid, status }) => [paid, status])).toEqual([
    [4000, 'paid'],
    [1000, 'paid'],
  ])
  expect(await stripe.testHelpers.testClocks.del(clock.id)).toMatchObject({ deleted: true })
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ deleted: true })
  expect(await stripe.subscriptions.retrieve(subscription)).toMatchObject({ status: 'canceled' })
})

test('a discount is taken off', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
  const { id } = await subscribe({ discounts: [{ coupon: coupon.id }] })
  expect(await stripe.subscriptions.deleteDiscount(id)).toMatchObject({ object: 'discount', deleted: true })
  expect((await stripe.subscriptions.retrieve(id)).discounts).toEqual([])
})

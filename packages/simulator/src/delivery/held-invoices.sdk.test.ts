import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'
import { startReceiver, type Receiver } from '../testing/receiver.js'
import { RETRY_AFTER } from './deliveries.js'

const SECRET = 'whsec_test'
const START = Date.parse('2026-01-15T12:00:00Z') / 1000
const RENEWAL = Date.parse('2026-02-15T12:00:00Z') / 1000
const HOUR = 3600

let simulator: Simulator
let receiver: Receiver
let stripe: Stripe

beforeEach(async () => {
  receiver = await startReceiver(SECRET, () => simulator.clock.now())
  simulator = await createSimulator({ now: START, webhooks: [{ url: receiver.url, secret: SECRET }] })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
  })
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  await simulator.clock.advanceTo(RENEWAL - 1)
})

afterEach(async () => {
  await simulator.close()
  await receiver.close()
})

/** What has become of the renewal's invoice so long after it was written. */
async function statusAfter(seconds: number): Promise<Stripe.Invoice.Status | null | undefined> {
  await simulator.clock.advanceTo(RENEWAL + seconds)
  return (await stripe.invoices.list({ limit: 1 })).data[0]?.status
}

test('a renewal whose invoice.created is taken in is final after an hour', async () => {
  expect(await statusAfter(HOUR - 1)).toBe('draft')
  expect(await statusAfter(HOUR)).toBe('paid')
})

test('a renewal waits for a receiver that fails until an hour after it has taken the event in', async () => {
  receiver.answer = 500
  const [first = 0, second = 0] = RETRY_AFTER
  expect(await statusAfter(first)).toBe('draft')
  receiver.answer = 200
  expect(await statusAfter(first + second + HOUR - 1)).toBe('draft')
  expect(await statusAfter(first + second + HOUR)).toBe('paid')
})

test('a renewal does not wait longer than 72 hours', async () => {
  receiver.answer = 500
  expect(await statusAfter(72 * HOUR - 1)).toBe('draft')
  expect(await statusAfter(72 * HOUR)).toBe('paid')
})

test('a renewal does not wait for a receiver that is switched off', async () => {
  receiver.answer = 500
  expect(await statusAfter(2 * HOUR)).toBe('draft')
  const [endpoint] = (await stripe.webhookEndpoints.list()).data
  await stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true })
  expect(await statusAfter(3 * HOUR)).toBe('paid')
})

test('an invoice says since when the receivers know of it', async () => {
  receiver.answer = 500
  const [first = 0] = RETRY_AFTER
  await statusAfter(first - 1)
  const newest = async (): Promise<number | null | undefined> =>
    (await stripe.invoices.list({ limit: 1 })).data[0]?.webhooks_delivered_at
  expect(await newest()).toBeNull()
  receiver.answer = 200
  await statusAfter(first)
  expect(await newest()).toBe(RENEWAL + first)
})

test('an invoice that no receiver took in says when its time was over', async () => {
  receiver.answer = 500
  expect(await statusAfter(72 * HOUR)).toBe('paid')
  expect((await stripe.invoices.list({ limit: 1 })).data[0]?.webhooks_delivered_at).toBe(RENEWAL + 72 * HOUR)
})

test('an invoice of which nobody is told waits for nobody', async () => {
  const [endpoint] = (await stripe.webhookEndpoints.list()).data
  await stripe.webhookEndpoints.update(endpoint?.id ?? '', { enabled_events: ['invoice.paid'] })
  await statusAfter(1)
  expect((await stripe.invoices.list({ limit: 1 })).data[0]?.webhooks_delivered_at).toBe(RENEWAL)
})

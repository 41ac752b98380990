import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'
import { startReceiver, type Receiver } from '../testing/receiver.js'
import { RETRY_AFTER } from './deliveries.js'

const SECRET = 'whsec_test'
const START = 1_800_000_000

let simulator: Simulator
let receiver: Receiver
let stripe: Stripe

beforeEach(async () => {
  receiver = await startReceiver(SECRET, () => simulator.clock.now())
  simulator = await createSimulator({
    now: START,
    webhooks: [{ url: receiver.url, secret: SECRET }],
    deliveryMode: 'manual',
  })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterEach(async () => {
  await simulator.close()
  await receiver.close()
  expect(receiver.refusals).toEqual([])
})

function typesReceived(): string[] {
  return receiver.events.map(({ type }) => type)
}

test('events arrive signed, in order, as the event list has them', async () => {
  await stripe.customers.create({ name: 'Ada' })
  await stripe.products.create({ name: 'Pro' })
  expect(receiver.events).toEqual([])
  await simulator.deliveries.drain()
  expect(typesReceived()).toEqual(['customer.created', 'product.created'])
  const [event] = receiver.events
  const listed = await stripe.events.retrieve(event?.id ?? '')
  expect({ ...event, pending_webhooks: 0 }).toEqual(JSON.parse(JSON.stringify(listed)))
})

test('pending_webhooks counts the endpoints that have not answered', async () => {
  await stripe.customers.create({ name: 'Ada' })
  const pending = async (): Promise<number | undefined> => (await stripe.events.list()).data[0]?.pending_webhooks
  expect(await pending()).toBe(1)
  expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(1)
  await simulator.deliveries.drain()
  expect(receiver.events[0]?.pending_webhooks).toBe(1)
  expect(await pending()).toBe(0)
})

test('a failed delivery is tried again on the simulator’s clock, then given up', async () => {
  receiver.answer = 500
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  let at = START
  for (const wait of RETRY_AFTER) {
    at += wait
    await simulator.clock.advanceTo(at - 1)
    await simulator.deliveries.drain()
    const before = receiver.events.length
    await simulator.clock.advanceTo(at)
    await simulator.deliveries.drain()
    expect(receiver.events).toHaveLength(before + 1)
  }
  expect(receiver.signatures.at(-1)).toContain(`t=${at},`)
  const [delivery] = simulator.deliveries.list()
  expect(delivery).toMatchObject({ status: 'failed', nextAttemptAt: null, eventType: 'customer.created' })
  expect(delivery?.attempts.map(({ status, response }) => [status, response])).toEqual(
    Array.from({ length: 4 }, () => [500, 'noted']),
  )
  expect((await stripe.events.list()).data[0]?.pending_webhooks).toBe(1)
})

test('an endpoint that recovers gets the event once', async () => {
  receiver.answer = 503
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  receiver.answer = 204
  await simulator.clock.advance(RETRY_AFTER[0] ?? 0)
  await simulator.deliveries.drain()
  await simulator.clock.advance(24 * 3600)
  await simulator.deliveries.drain()
  expect(simulator.deliveries.list()).toMatchObject([
    { status: 'succeeded', attempts: [{ status: 503 }, { status: 204 }] },
  ])
})

test('a redirect is a failure, and so is nobody at home', async () => {
  receiver.answer = 302
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  await receiver.close()
  await simulator.clock.advance(RETRY_AFTER[0] ?? 0)
  await simulator.deliveries.drain()
  const [delivery] = simulator.deliveries.list()
  expect(delivery?.status).toBe('pending')
  expect(delivery?.attempts.map(({ status }) => status)).toEqual([302, null])
  expect(delivery?.attempts[1]?.response).toMatch(/ECONNREFUSED|closed/)
})

test('an event sent again arrives again', async () => {
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  await simulator.deliveries.resend(receiver.events[0]?.id ?? '')
  expect(receiver.events).toHaveLength(2)
  expect(receiver.events[1]?.id).toBe(receiver.events[0]?.id)
  expect(simulator.deliveries.list({ status: 'succeeded' })).toHaveLength(2)
})

test('an endpoint gets only the types it asked for, and none once it is disabled', async () => {
  const [endpoint] = (await stripe.webhookEndpoints.list()).data
  await stripe.webhookEndpoints.update(endpoint?.id ?? '', { enabled_events: ['product.created'] })
  await stripe.customers.create({ name: 'Ada' })
  await stripe.products.create({ name: 'Pro' })
  await stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true })
  await stripe.products.create({ name: 'Unseen' })
  expect(simulator.deliveries.list()).toHaveLength(1)
  await simulator.deliveries.drain()
  expect(receiver.events).toEqual([])
  expect(simulator.deliveries.list()).toMatchObject([{ status: 'canceled', eventType: 'product.created' }])
})

test('immediate deliveries need nobody to ask for them, and come in the order of time', async () => {
  await simulator.close()
  simulator = await createSimulator({ now: START, webhooks: [{ url: receiver.url, secret: SECRET }] })
  const { host, port } = simulator
  const own = new Stripe(simulator.secretKey, { host, port, protocol: 'http' })
  await own.customers.create({ name: 'Ada' })
  await vi.waitFor(() => expect(typesReceived()).toEqual(['customer.created']))
  await own.products.create({ name: 'Pro' })
  await simulator.clock.advance(1)
  expect(typesReceived()).toEqual(['customer.created', 'product.created'])
})

test.each([
  ['drop', 0],
  ['duplicate', 2],
] as const)('with the fault %s each event arrives %i times', async (fault, times) => {
  simulator.faults.deliveries({ [fault]: 1 })
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  expect(receiver.events).toHaveLength(times)
})

test('with the fault delay an event comes when its time has come', async () => {
  simulator.faults.deliveries({ delay: 1 })
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  expect(receiver.events).toHaveLength(0)
  await simulator.clock.advance(3600)
  await simulator.deliveries.drain()
  expect(receiver.events).toHaveLength(1)
})

test('with the fault reorder the order differs, in the same way in every run', async () => {
  const orders: string[][] = []
  for (let run = 0; run < 2; run++) {
    const other = await createSimulator({
      now: START,
      seed: 7,
      webhooks: [{ url: receiver.url, secret: SECRET }],
      deliveryMode: 'manual',
    })
    const { host, port } = other
    const own = new Stripe(other.secretKey, { host, port, protocol: 'http' })
    other.faults.deliveries({ reorder: 0.5 })
    for (let count = 0; count < 12; count++) await own.customers.create({ name: `Customer ${count}` })
    receiver.events.length = 0
    await other.deliveries.drain()
    orders.push(receiver.events.map(({ data }) => String((data.object as Stripe.Customer).name)))
    await other.close()
  }
  expect(orders[0]).toHaveLength(12)
  expect(orders[0]).not.toEqual([...Array(12).keys()].map((count) => `Customer ${count}`))
  expect(orders[1]).toEqual(orders[0])
})

test('with the fault burst events wait for the full minute, and come in one second', async () => {
  simulator.faults.deliveries({ burst: 1 })
  await stripe.customers.create({ name: 'Ada' })
  await simulator.clock.advance(20)
  await stripe.customers.create({ name: 'Bo' })
  await simulator.deliveries.drain()
  expect(receiver.signatures).toEqual([])
  await simulator.clock.advance(60)
  await simulator.deliveries.drain()
  expect(new Set(receiver.signatures.map((signature) => signature.split(',')[0])).size).toBe(1)
  expect(receiver.events).toHaveLength(2)
})

test('with the fault stale a receiver that looks at the age refuses the signature', async () => {
  simulator.faults.deliveries({ stale: 1 })
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  expect(receiver.refusals.splice(0)).toEqual([expect.stringContaining('Timestamp outside the tolerance zone')])
  simulator.faults.clear()
  await simulator.clock.advance(RETRY_AFTER[0] ?? 0)
  await simulator.deliveries.drain()
  expect(typesReceived()).toEqual(['customer.created'])
})

test('an endpoint that is pinned to an earlier version gets events in its form', async () => {
  const pinned = await stripe.webhookEndpoints.create({
    url: receiver.url,
    enabled_events: ['promotion_code.created'],
    api_version: '2023-10-16',
  })
  await fetch(`${simulator.url}/_sim/webhook_endpoints/${pinned.id}/roll_secret`, {
    method: 'POST',
    body: JSON.stringify({ secret: SECRET, overlap: 0 }),
  })
  await stripe.coupons.create({ id: 'half', percent_off: 50, duration: 'once' })
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: 'half' }, code: 'HALF' })
  await simulator.deliveries.drain()
  const bodies = receiver.events.filter(({ type }) => type === 'promotion_code.created')
  expect(new Set(bodies.map((body) => body.api_version))).toEqual(new Set(['2023-10-16', '2026-10-28.endive']))
  const then = bodies.find((body) => body.api_version === '2023-10-16')
  expect(then?.data.object).toMatchObject({ coupon: { id: 'half', percent_off: 50 } })
})

test('an endpoint that nothing reaches for three days is disabled, and enabled again it starts anew', async () => {
  receiver.answer = 500
  const [endpoint] = (await stripe.webhookEndpoints.list()).data
  const status = async (): Promise<string> => (await stripe.webhookEndpoints.retrieve(endpoint?.id ?? '')).status
  for (let day = 0; day < 3; day++) {
    await stripe.customers.create({ name: 'Ada' })
    await simulator.deliveries.drain()
    expect(await status()).toBe('enabled')
    await simulator.clock.advance(24 * 3600)
  }
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  expect(await status()).toBe('disabled')
  await stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: false })
  await stripe.customers.create({ name: 'Ada' })
  await simulator.deliveries.drain()
  expect(await status()).toBe('enabled')
})

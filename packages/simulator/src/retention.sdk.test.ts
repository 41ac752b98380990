import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './index.js'

const DAY = 86_400
const START = 1_800_000_000

let simulator: Simulator
let stripe: Stripe

beforeEach(async () => {
  simulator = await createSimulator({
    now: START,
    deliveryMode: 'manual',
    webhooks: [{ url: 'http://127.0.0.1:9/hook' }],
  })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterEach(() => simulator.close())

test('events of more than 30 days ago are forgotten, and what was delivered of them with them', async () => {
  for (let count = 0; count < 4; count++) await stripe.products.create({ name: `Old ${count}` })
  const [old] = (await stripe.events.list({ limit: 1 })).data
  await simulator.clock.advance(30 * DAY)
  expect((await stripe.events.retrieve(old?.id ?? '')).type).toBe('product.created')
  await simulator.clock.advance(1)
  await expect(stripe.events.retrieve(old?.id ?? '')).rejects.toMatchObject({ code: 'resource_missing' })
  expect((await stripe.events.list()).data).toEqual([])
  for (let count = 0; count < 4; count++) await stripe.products.create({ name: `New ${count}` })
  expect(simulator.world.count('events')).toBe(4)
  expect(simulator.world.count('deliveries')).toBe(4)
})

test('events of a test clock that is set to the past stay', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: START - 400 * DAY })
  await stripe.customers.create({ name: 'Ada', test_clock: clock.id })
  await stripe.products.create({ name: 'Now' })
  const types = (await stripe.events.list()).data.map(({ type }) => type)
  expect(types).toContain('customer.created')
  expect(JSON.stringify((await stripe.events.list()).data)).not.toContain('recorded')
})

test('a key of idempotency whose day is over goes when new ones come', async () => {
  for (let count = 0; count < 3; count++) await stripe.products.create({ name: `Old ${count}` })
  await simulator.clock.advance(DAY + 1)
  for (let count = 0; count < 3; count++) await stripe.products.create({ name: `New ${count}` })
  expect(simulator.world.count('idempotency_keys')).toBe(3)
})

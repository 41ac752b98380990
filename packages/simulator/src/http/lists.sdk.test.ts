import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'

let simulator: Simulator
let stripe: Stripe
const ids: string[] = []

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  for (let count = 0; count < 25; count++) {
    ids.unshift((await stripe.customers.create({ name: `Customer ${count}` })).id)
    await simulator.clock.advance(60)
  }
})

afterAll(() => simulator.close())

function idsOf({ data }: { data: readonly { id: string }[] }): string[] {
  return data.map(({ id }) => id)
}

test('ten at first, the newest first', async () => {
  const page = await stripe.customers.list()
  expect(idsOf(page)).toEqual(ids.slice(0, 10))
  expect(page).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' })
})

test('after and before a cursor', async () => {
  const after = await stripe.customers.list({ limit: 3, starting_after: ids[9] ?? '' })
  expect(idsOf(after)).toEqual(ids.slice(10, 13))
  const before = await stripe.customers.list({ limit: 3, ending_before: ids[9] ?? '' })
  expect(idsOf(before)).toEqual(ids.slice(6, 9))
  expect(before.has_more).toBe(true)
  expect(await stripe.customers.list({ ending_before: ids[2] ?? '' })).toMatchObject({ has_more: false })
})

test('the SDK pages through all of it', async () => {
  const seen: string[] = []
  for await (const customer of stripe.customers.list({ limit: 7 })) seen.push(customer.id)
  expect(seen).toEqual(ids)
})

test('by time of creation', async () => {
  const created = { gte: 1_800_000_000 + 60, lt: 1_800_000_000 + 180 }
  expect(idsOf(await stripe.customers.list({ created }))).toEqual(ids.slice(22, 24))
})

test('an unknown cursor is refused', async () => {
  await expect(stripe.customers.list({ starting_after: 'cus_none' })).rejects.toMatchObject({
    statusCode: 400,
    code: 'resource_missing',
    param: 'starting_after',
  })
})

test('events by type, by several types, and one by one', async () => {
  await stripe.products.create({ name: 'Pro' })
  expect((await stripe.events.list({ type: 'product.created' })).data).toHaveLength(1)
  const both = await stripe.events.list({ types: ['product.created', 'customer.created'], limit: 100 })
  expect(both.data).toHaveLength(26)
  expect((await stripe.events.list({ type: 'customer.*', limit: 100 })).data).toHaveLength(25)
  const [event] = both.data
  expect(await stripe.events.retrieve(event?.id ?? '')).toMatchObject({
    type: 'product.created',
    api_version: Stripe.API_VERSION,
  })
  expect(event?.request).toMatchObject({
    id: expect.stringMatching(/^req_/),
    idempotency_key: expect.stringMatching(/^stripe-node-retry-/),
  })
})

test('events are kept for thirty days', async () => {
  const [oldest] = (await stripe.events.list({ created: { lte: 1_800_000_000 } })).data
  expect(oldest?.type).toBe('customer.created')
  await simulator.clock.advance(30 * 24 * 3600)
  expect((await stripe.events.list({ type: 'customer.created' })).data).toEqual([])
})

test('events are in the order in which they happened, whatever a test clock says', async () => {
  const past = await stripe.testHelpers.testClocks.create({ frozen_time: simulator.clock.now() - 86_400 })
  const [last = { id: '' }] = (await stripe.events.list({ limit: 1 })).data
  const { id } = await stripe.customers.create({ test_clock: past.id })
  const since = await stripe.events.list({ ending_before: last.id })
  expect(since.data).toMatchObject([{ type: 'customer.created', data: { object: { id } } }])
  const earlier = { created: { lt: simulator.clock.now() - 3600 }, type: 'customer.created' }
  expect((await stripe.events.list(earlier)).data).toMatchObject([{ data: { object: { id } } }])
})

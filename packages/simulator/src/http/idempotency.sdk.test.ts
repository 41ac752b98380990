import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'

let simulator: Simulator
let stripe: Stripe

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterEach(() => simulator.close())

const key = { idempotencyKey: 'signup-1' }

test('the same request again gets the first answer and does nothing', async () => {
  const first = await stripe.customers.create({ name: 'Ada', expand: ['tax_ids'] }, key)
  await stripe.customers.update(first.id, { name: 'Changed' })
  const second = await stripe.customers.create({ name: 'Ada', expand: ['tax_ids'] }, key)
  expect(second).toEqual(first)
  expect(second.lastResponse.headers).toMatchObject({
    'idempotent-replayed': 'true',
    'original-request': first.lastResponse.requestId,
    'idempotency-key': 'signup-1',
  })
  expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
  expect((await stripe.customers.list()).data).toHaveLength(1)
})

test('a refusal that came from carrying the request out is replayed, too', async () => {
  const create = (): Promise<unknown> =>
    stripe.prices.create({ currency: 'usd', unit_amount: 1, product: 'prod_none' }, key)
  await expect(create()).rejects.toMatchObject({ code: 'resource_missing' })
  await stripe.products.create({ id: 'prod_none', name: 'Now it is there' })
  await expect(create()).rejects.toMatchObject({ code: 'resource_missing', headers: { 'idempotent-replayed': 'true' } })
})

test('a request that failed validation leaves the key free', async () => {
  await expect(stripe.customers.create({ foo: 1 } as Stripe.CustomerCreateParams, key)).rejects.toMatchObject({
    code: 'parameter_unknown',
  })
  expect((await stripe.customers.create({ name: 'Ada' }, key)).name).toBe('Ada')
})

test('the key of another request is refused', async () => {
  await stripe.customers.create({ name: 'Ada' }, key)
  const other = stripe.customers.create({ name: 'Grace' }, key)
  await expect(other).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  await expect(other).rejects.toMatchObject({ statusCode: 400, message: expect.stringContaining('same parameters') })
  const elsewhere = stripe.products.create({ name: 'Ada' }, key)
  await expect(elsewhere).rejects.toMatchObject({
    rawType: 'idempotency_error',
    message: expect.stringContaining("('/v1/products' vs '/v1/customers')"),
  })
})

test('parameters are the same in whatever order they come', async () => {
  const first = await stripe.customers.create(
    { name: 'Ada', email: 'ada@example.com', metadata: { a: '1', b: '2' } },
    key,
  )
  const again = { metadata: { b: '2', a: '1' }, email: 'ada@example.com', name: 'Ada' }
  expect((await stripe.customers.create(again, key)).id).toBe(first.id)
  const swapped = { ...again, metadata: { b: '1', a: '2' } }
  await expect(stripe.customers.create(swapped, key)).rejects.toMatchObject({ rawType: 'idempotency_error' })
})

test('after a day on the simulator’s clock the key is new', async () => {
  const first = await stripe.customers.create({ name: 'Ada' }, key)
  await simulator.clock.advance(24 * 3600)
  expect((await stripe.customers.create({ name: 'Ada' }, key)).id).toBe(first.id)
  await simulator.clock.advance(1)
  expect((await stripe.customers.create({ name: 'Ada' }, key)).id).not.toBe(first.id)
})

test('version 2 keeps its keys for a month', async () => {
  await stripe.billing.meters.create({
    default_aggregation: { formula: 'sum' },
    display_name: 'Requests',
    event_name: 'requests',
  })
  const customer = await stripe.customers.create()
  const use = { event_name: 'requests', payload: { stripe_customer_id: customer.id, value: '1' } }
  const first = await stripe.v2.billing.meterEvents.create(use, key)
  await simulator.clock.advance(29 * 24 * 3600)
  expect((await stripe.v2.billing.meterEvents.create(use, key)).identifier).toBe(first.identifier)
  await simulator.clock.advance(2 * 24 * 3600)
  expect((await stripe.v2.billing.meterEvents.create(use, key)).identifier).not.toBe(first.identifier)
})

test('keys count within an account', async () => {
  const here = await stripe.customers.create({ name: 'Ada' }, key)
  const there = await stripe.customers.create({ name: 'Ada' }, { ...key, stripeAccount: 'acct_connected1' })
  expect(there.id).not.toBe(here.id)
})

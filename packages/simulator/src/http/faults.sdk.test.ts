import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'

let simulator: Simulator

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
})

afterEach(() => simulator.close())

function connected(maxNetworkRetries: number): Stripe {
  const { host, port, secretKey } = simulator
  return new Stripe(secretKey, { host, port, protocol: 'http', maxNetworkRetries })
}

async function customers(): Promise<number> {
  return (await connected(0).customers.list()).data.length
}

test('a request that failed was carried out, and its failure is what the key answers from then on', async () => {
  const stripe = connected(0)
  simulator.faults.api({ failing: 1 })
  const create = (): Promise<Stripe.Customer> => stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'once' })
  await expect(create()).rejects.toMatchObject({ statusCode: 500, rawType: 'api_error' })
  await expect(create()).rejects.toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } })
  expect(await customers()).toBe(1)
})

test('an answer that is lost is had by asking again, and nothing is done twice', async () => {
  simulator.faults.api({ lost: 1 })
  const { id } = await connected(1).customers.create({ name: 'Ada' })
  expect((await connected(0).customers.list()).data.map((customer) => customer.id)).toEqual([id])
})

test('more requests in a second than are allowed are refused until the fault is cleared', async () => {
  const stripe = connected(0)
  simulator.faults.api({ requestsPerSecond: 1 })
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => stripe.customers.list()))
  const refused = answers.filter(({ status }) => status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]).toMatchObject({ reason: { statusCode: 429, code: 'rate_limit' } })
  simulator.faults.clear()
  expect(await customers()).toBe(0)
})

test('the log has the parameters without the digits of the card, and why a request was refused', async () => {
  const stripe = connected(0)
  const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' }
  await stripe.paymentMethods.create({ type: 'card', card })
  await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({ code: 'resource_missing' })
  const [refused, made] = simulator.requestLog()
  expect(refused).toMatchObject({ message: "No such customer: 'cus_none'", param: 'id', params: {} })
  expect(made?.params).toEqual({
    type: 'card',
    card: { number: '************4242', exp_month: '12', exp_year: '2034', cvc: '***' },
  })
})

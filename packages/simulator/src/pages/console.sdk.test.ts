import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'

let simulator: Simulator
let stripe: Stripe

beforeAll(async () => {
  simulator = await createSimulator({
    now: 1_800_000_000,
    deliveryMode: 'manual',
    webhooks: [{ url: 'http://127.0.0.1:9/hook' }],
  })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterAll(() => simulator.close())

async function console(): Promise<string> {
  return (await fetch(`${simulator.url}/`)).text()
}

function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
    redirect: 'manual',
  })
}

test('an empty world says how to fill it', async () => {
  expect(await console()).toContain('Make one with stripe.customers.create()')
})

test('customers, events and requests are there, escaped', async () => {
  const { id } = await stripe.customers.create({ name: '<b>Ada</b>', email: 'ada@example.com' })
  const text = await console()
  expect(text).toContain(id)
  expect(text).toContain('&lt;b&gt;Ada&lt;/b&gt;')
  expect(text).toContain('customer.created')
  expect(text).toContain('POST /v1/customers')
})

test('a button lets time pass', async () => {
  const before = simulator.clock.now()
  const response = await post('/console/advance', { step: 'day' })
  expect(response.status).toBe(303)
  expect(simulator.clock.now()).toBe(before + 86_400)
})

test('an event is sent again', async () => {
  const [event] = (await stripe.events.list({ limit: 1 })).data
  await post('/console/resend', { event: event?.id ?? '' })
  expect(simulator.deliveries.list({ event: event?.id ?? '' })).toHaveLength(2)
  expect(await console()).toContain('no answer')
})

test('a page of another site changes nothing', async () => {
  const before = simulator.clock.now()
  const headers = { origin: 'https://elsewhere.example' }
  expect((await post('/console/advance', { step: 'day' }, headers)).status).toBe(403)
  expect((await post('/_sim/clock/advance', {}, headers)).status).toBe(403)
  expect(simulator.clock.now()).toBe(before)
})

test('what is nowhere is a page that says so', async () => {
  const response = await fetch(`${simulator.url}/nowhere`)
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('This page does not exist')
})

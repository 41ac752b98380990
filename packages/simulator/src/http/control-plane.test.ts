import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from '../index.js'
import { startWithSdk } from '../testing/sdk.js'

let simulator: Simulator
let stripe: Stripe

beforeAll(async () => {
  ;({ simulator, stripe } = await startWithSdk({ webhooks: [{ url: 'http://127.0.0.1:9/hook' }] }))
})

afterAll(() => simulator.close())

async function get(path: string): Promise<unknown> {
  return (await fetch(`${simulator.url}${path}`)).json()
}

async function post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${simulator.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}

test('the clock is read and moved', async () => {
  const { now } = (await get('/_sim/clock')) as { now: number }
  expect((await post('/_sim/clock/advance', { seconds: 60 })).body).toMatchObject({ now: now + 60, mode: 'frozen' })
  expect((await post('/_sim/clock/advance', { to: now + 100 })).body).toMatchObject({ now: now + 100 })
  expect(simulator.clock.now()).toBe(now + 100)
})

test('the clock goes to the next billing event', async () => {
  expect(await post('/_sim/clock/advance', { until: 'next_billing_event' })).toMatchObject({ status: 400 })
  const product = await stripe.products.create({ name: 'Pro' })
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
  })
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  const { body } = await post('/_sim/clock/advance', { until: 'next_billing_event' })
  expect(body).toMatchObject({ now: subscription.items.data[0]?.current_period_end })
  expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(2)
})

test.each([
  ['/_sim/clock/advance', {}, 'Say how far'],
  ['/_sim/clock/advance', { seconds: -1 }, 'Say how far'],
  ['/_sim/clock/advance', [], 'The body must be a JSON object.'],
  ['/_sim/state', {}, 'Send what GET /_sim/state answered'],
  ['/_sim/faults', { deliveries: { drop: 2 } }, 'deliveries.drop'],
  ['/_sim/faults', { deliveries: { explode: 1 } }, 'deliveries.explode'],
  ['/_sim/settings', { deliveryMode: 'never' }, 'deliveryMode is'],
  ['/_sim/settings', { account: { nonsense: 1 } }, 'account.nonsense is no setting.'],
  ['/_sim/settings', { account: { finalizationDelay: 'soon' } }, 'account.finalizationDelay must be a number.'],
])('POST %s %j says what would be right', async (path, body, message) => {
  const answer = await post(path, body)
  expect(answer.status).toBe(400)
  expect(JSON.stringify(answer.body)).toContain(message)
})

test('state is saved and put back', async () => {
  const saved = await get('/_sim/state')
  const customer = await stripe.customers.create({})
  expect((await post('/_sim/state', saved)).status).toBe(200)
  await expect(stripe.customers.retrieve(customer.id)).rejects.toMatchObject({ code: 'resource_missing' })
})

test('faults, settings, requests and deliveries', async () => {
  expect((await post('/_sim/faults', { rateLimited: 1 })).body).toMatchObject({
    rateLimited: 1,
    deliveries: { drop: 0 },
  })
  await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 429 })
  expect((await post('/_sim/settings', { account: { finalizationDelay: 60 } })).body).toMatchObject({
    deliveryMode: 'manual',
    account: { finalizationDelay: 60 },
  })
  expect(await get('/_sim/requests?limit=1')).toMatchObject({ data: [{ path: '/v1/customers', status: 429 }] })
  const product = await stripe.products.create({ name: 'Seen' })
  const [event] = (await stripe.events.list({ type: 'product.created', limit: 1 })).data
  expect(event?.data.object).toMatchObject({ id: product.id })
  expect(await get(`/_sim/deliveries?event=${event?.id}`)).toMatchObject({
    data: [{ status: 'pending', eventType: 'product.created' }],
  })
  await post('/_sim/deliveries/drain', {})
  expect(await get(`/_sim/deliveries?event=${event?.id}`)).toMatchObject({ data: [{ attempts: [{ status: null }] }] })
  expect((await post(`/_sim/events/${event?.id}/resend`, {})).body).toMatchObject({ data: [{ event: event?.id }] })
  expect((await post('/_sim/events/evt_none/resend', {})).status).toBe(404)
})

test('a scenario gives a world with a subscription in each state', async () => {
  expect(await get('/_sim/scenarios')).toMatchObject({ data: [{ name: 'catalogue' }, { name: 'subscribers' }, {}] })
  const { status, body } = await post('/_sim/scenarios/subscribers', {})
  expect(status).toBe(200)
  const made = body as Record<string, string>
  const states = ['active', 'trialing', 'past_due', 'incomplete', 'canceled'] as const
  const found = await Promise.all(states.map((state) => stripe.subscriptions.retrieve(made[state] ?? '')))
  expect(found.map((subscription) => subscription.status)).toEqual(states)
  expect(await post('/_sim/scenarios/none', {})).toMatchObject({ status: 400 })
})

test('snapshots by name are put back, each as often as one likes', async () => {
  await post('/_sim/snapshots/before', {})
  for (let time = 0; time < 2; time++) {
    const customer = await stripe.customers.create({})
    expect((await post('/_sim/snapshots/before/restore', {})).status).toBe(200)
    await expect(stripe.customers.retrieve(customer.id)).rejects.toMatchObject({ code: 'resource_missing' })
  }
  expect(await get('/_sim/snapshots')).toEqual({ data: ['before'] })
  expect(await post('/_sim/snapshots/none/restore', {})).toMatchObject({ status: 400 })
})

test('a fork has a port of its own, and goes with the simulator it came from', async () => {
  const customer = await stripe.customers.create({ name: 'Both' })
  const { body } = await post('/_sim/forks', {})
  const { url, port } = body as { url: string; port: number }
  const forked = new Stripe('sk_test_fork', { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 })
  await forked.customers.update(customer.id, { name: 'Fork' })
  expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({ name: 'Both' })
  expect(await get('/_sim/forks')).toEqual({ data: [{ url, port }] })
  await fetch(`${simulator.url}/_sim/forks/${port}`, { method: 'DELETE' })
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('an unknown route names where to look', async () => {
  expect(await get('/_sim/nothing')).toMatchObject({ error: { message: expect.stringContaining('GET /_sim lists') } })
})

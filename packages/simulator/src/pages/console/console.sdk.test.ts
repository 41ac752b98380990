import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from '../../index.js'
import { startWithSdk } from '../../testing/sdk.js'

let simulator: Simulator
let stripe: Stripe

beforeAll(async () => {
  ;({ simulator, stripe } = await startWithSdk({ webhooks: [{ url: 'http://127.0.0.1:9/hook' }] }))
})

afterAll(() => simulator.close())

async function page(path: string): Promise<string> {
  return (await fetch(`${simulator.url}${path}`)).text()
}

function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
    redirect: 'manual',
  })
}

test.each([
  ['customers', 'Make one with stripe.customers.create()'],
  ['subscriptions', 'Make one with stripe.subscriptions.create()'],
  ['invoices', 'A subscription makes one for each of its periods'],
  ['events', 'Everything that changes leaves one'],
  ['requests', 'Each one to the API is listed'],
  ['clocks', 'Make one with stripe.testHelpers.testClocks.create()'],
])('without %s the page says how to fill it', async (section, words) => {
  expect(await page(`/console/${section}`)).toContain(words)
})

test('a customer is found by e-mail and shown, escaped', async () => {
  const { id } = await stripe.customers.create({ name: '<b>Ada</b>', email: 'ada@example.com' })
  await stripe.customers.create({ name: 'Bo', email: 'bo@example.com' })
  const found = await page('/console/customers?email=ada@example.com')
  expect(found).toContain('&lt;b&gt;Ada&lt;/b&gt;')
  expect(found).not.toContain('bo@example.com')
  const detail = await page(`/console/customers/${id}`)
  expect(detail).toContain('customer.created')
  expect(detail).not.toContain('<b>Ada')
})

test('the timeline of a subscription has all that was caused by it, and by what', async () => {
  const made = simulator.seed('subscribers')
  const detail = await page(`/console/subscriptions/${made['past_due']}`)
  for (const type of ['customer.subscription.created', 'invoice.payment_failed', 'customer.subscription.updated']) {
    expect(detail).toContain(`<code>${type}</code>`)
  }
  expect(detail).toContain('by the simulator itself')
  expect(detail).toContain('What it was before')
  const listed = await page('/console/subscriptions?status=past_due')
  expect(listed).toContain(made['past_due'])
  expect(listed).not.toContain(made['active'])
  const invoices = await page('/console/invoices?status=open')
  expect(invoices).toContain('$20.00')
})

test('an event has its payload, its deliveries and the request it came from', async () => {
  const { id } = await stripe.products.create({ name: 'Seen' })
  const [event] = (await stripe.events.list({ type: 'product.created', limit: 1 })).data
  const detail = await page(`/console/events/${event?.id}`)
  expect(detail).toContain(`&quot;id&quot;: &quot;${id}&quot;`)
  expect(detail).toContain('http://127.0.0.1:9/hook')
  const request = /\/console\/requests\/(req_\w+)/.exec(detail)?.[1] ?? ''
  expect(await page(`/console/requests/${request}`)).toContain('&quot;name&quot;: &quot;Seen&quot;')
})

test('a refused request says why, and is among the refused', async () => {
  await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({ code: 'resource_missing' })
  const refused = await page('/console/requests?outcome=refused')
  expect(refused).toContain('GET /v1/customers/cus_none')
  expect(refused).not.toContain('POST /v1/products')
})

test('a button lets time pass and leads back', async () => {
  const before = simulator.clock.now()
  const response = await post('/console/advance', { step: 'day', back: '/console/events' })
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('/console/events')
  expect(simulator.clock.now()).toBe(before + 86_400)
  expect((await post('/console/advance', { step: 'none', back: '//elsewhere' })).headers.get('location')).toBe('/')
  expect(simulator.clock.now()).toBe(before + 86_400)
})

test('a test clock has its own buttons', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: 1_900_000_000, name: 'Mine' })
  expect(await page('/console/clocks')).toContain('Mine')
  await post(`/console/clocks/${clock.id}/advance`, { step: 'week' })
  const { frozen_time: time } = await stripe.testHelpers.testClocks.retrieve(clock.id)
  expect(time).toBe(1_900_000_000 + 7 * 86_400)
})

test('an event is sent again', async () => {
  const [event] = (await stripe.events.list({ limit: 1 })).data
  await post('/console/resend', { event: event?.id ?? '' })
  expect(simulator.deliveries.list({ event: event?.id ?? '' })).toHaveLength(2)
  expect(await page(`/console/events/${event?.id}`)).toContain('no answer')
})

test('an id leads to its page', async () => {
  const [event] = (await stripe.events.list({ limit: 1 })).data
  const response = await fetch(`${simulator.url}/console/find?id=${event?.id}`, { redirect: 'manual' })
  expect(response.headers.get('location')).toBe(`/console/events/${event?.id}`)
  for (const id of ['', 'nonsense', 'pm_1', 'cus_../x']) {
    expect((await fetch(`${simulator.url}/console/find?id=${id}`)).status).toBe(404)
  }
  expect((await fetch(`${simulator.url}/console/customers/cus_none`)).status).toBe(404)
})

test('more than a page is had by going on', async () => {
  for (let count = 0; count < 30; count++) await stripe.products.create({ name: `Product ${count}` })
  const first = await page('/console/events?type=product.created')
  const older = /href="(\/console\/events\?[^"]*after=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = await page(older)
  expect(second).toContain('product.created')
  const ids = (text: string): string[] => [...text.matchAll(/\/console\/events\/(evt_\w+)/g)].map(([, id]) => id ?? '')
  expect(ids(second).some((id) => ids(first).includes(id))).toBe(false)
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

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGateway } from './gateway.js'
import { NOW, simulateStripe, type SimulatedStripe } from './testing/simulated-stripe.js'
import { scriptServer } from './testing/scripted-server.js'

let world: SimulatedStripe
const ids: string[] = []

beforeAll(async () => {
  world = await simulateStripe()
  for (let index = 0; index < 105; index += 1) {
    ids.unshift((await world.stripe.customers.create({ name: `Customer ${index}` })).id)
  }
})
afterAll(() => world.simulator.close())

test('customers come page by page, the newest first', async () => {
  const first = await world.gateway.listCustomers({ after: null })
  expect(first.stripeCustomerIds).toEqual(ids.slice(0, 100))
  expect(await world.gateway.listCustomers({ after: first.next })).toEqual({
    stripeCustomerIds: ids.slice(100),
    next: null,
  })
})

test('where Stripe does not know the last customer of a page any more the list goes on at their second', async () => {
  const asked: string[] = []
  const apiBase = await scriptServer(({ url }) => {
    asked.push(url)
    if (url.includes('starting_after')) {
      return {
        status: 400,
        body: { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such customer' } },
      }
    }
    return {
      status: 200,
      body: { object: 'list', data: [{ id: 'cus_old', object: 'customer', created: 5 }], has_more: false },
    }
  })
  const gateway = createGateway({ secretKey: 'sk_test_1', apiBase, webhookSecrets: [] })
  expect(await gateway.listCustomers({ after: 'cus_gone@7' })).toEqual({ stripeCustomerIds: ['cus_old'], next: null })
  expect(asked.map((url) => decodeURIComponent(url))).toEqual([
    '/v1/customers?starting_after=cus_gone&limit=100',
    '/v1/customers?created[lte]=7&limit=100',
  ])
})

test('events come in the form of stored webhooks, but verified by no secret', async () => {
  const { events, next } = await world.gateway.listEvents({ since: NOW, after: null })
  expect(events).toHaveLength(100)
  expect(events[0]).toMatchObject({
    type: 'customer.created',
    subject: ids[0],
    objectId: ids[0],
    livemode: false,
    account: null,
    createdAt: NOW,
    secretFingerprint: null,
  })
  const sent = await world.stripe.events.retrieve(events[0]?.eventId ?? '')
  expect(JSON.parse(events[0]?.payload ?? '')).toEqual(JSON.parse(JSON.stringify(sent)))
  const rest = await world.gateway.listEvents({ since: NOW, after: next })
  expect(rest.events.length).toBeGreaterThanOrEqual(5)
  expect(rest.events.map(({ eventId }) => eventId)).not.toContain(events[0]?.eventId)
})

test('events before the given second are not listed', async () => {
  await world.simulator.clock.advance(50)
  const late = await world.stripe.customers.create({})
  const { events } = await world.gateway.listEvents({ since: NOW + 1, after: null })
  expect(events.map(({ subject }) => subject)).toEqual([late.id])
})

test('fingerprints tell secrets apart and hold none', () => {
  const options = { secretKey: 'sk_test_1', webhookSecrets: ['whsec_one', 'whsec_two'] }
  const { secretFingerprints } = createGateway(options)
  expect(new Set(secretFingerprints).size).toBe(2)
  for (const fingerprint of secretFingerprints) expect(fingerprint).toMatch(/^[0-9a-f]{12}$/)
  expect(createGateway(options).secretFingerprints).toEqual(secretFingerprints)
})

test('where the last customer of a page was deleted the pages that follow still hold all of the rest', async () => {
  const { next } = await world.gateway.listCustomers({ after: null })
  const [last] = next?.split('@') ?? []
  await world.stripe.customers.del(last ?? '')
  const seen: string[] = []
  for (let after = next; after !== null && seen.length < 300;) {
    const page = await world.gateway.listCustomers({ after })
    seen.push(...page.stripeCustomerIds)
    after = page.next
  }
  expect(seen).toEqual(expect.arrayContaining(ids.slice(100)))
  expect(seen).not.toContain(last)
})

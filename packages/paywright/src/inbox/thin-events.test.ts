import { createServer, type Server } from 'node:http'
import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toNodeListener } from '../http/adapters/node.js'
import type { Database } from '../store/database.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { memoryDatabase } from '../testing/database.js'
import { createStripeStory } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

let simulator: Simulator
let database: Database
let app: TestBilling
let server: Server

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000, deliveryMode: 'manual' })
  database = await memoryDatabase()
  const setUp = createTestBilling({ simulator, database })
  await setUp.billing.catalog.push()
  server = createServer((request, response) => toNodeListener(app.billing.handler)(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const destination = await setUp.stripe.v2.core.eventDestinations.create({
    name: 'All that is thin',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: ['*'],
    webhook_endpoint: { url: `http://127.0.0.1:${port}/api/billing/webhook` },
    include: ['webhook_endpoint.signing_secret'],
  })
  const secret = destination.webhook_endpoint?.signing_secret ?? ''
  const stripe = { secretKey: 'sk_test_paywright', webhookSecrets: [secret], apiBase: simulator.url }
  app = createTestBilling({ simulator, database, options: { stripe } })
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await database.close()
  await simulator.close()
})

test('an endpoint of thin events is answered, and what they say of a customer is read', async () => {
  await createStripeStory(app.stripe).subscribe('ada')
  await simulator.deliveries.drain()
  const attempts = simulator.deliveries.list().flatMap((delivery) => delivery.attempts)
  expect(attempts.length).toBeGreaterThan(5)
  expect(attempts.filter(({ status }) => status !== 200)).toEqual([])
  await app.billing.work()
  const receipts = await app.billing.receipts()
  expect(receipts.map(({ type }) => type)).toContain('v1.customer.created')
  expect(receipts.filter(({ processedAt }) => processedAt === null)).toEqual([])
  expect(await compareWithStripe(database, app.stripe, { what: 'access' })).toEqual([])
  expect((await app.billing.access('ada')).plan).toBe('pro')
})

test('one that comes a second time is nothing new, and changes without a payload are seen', async () => {
  const { data } = await app.stripe.customers.list()
  const [customer] = data
  if (customer === undefined) throw new Error('There is no customer.')
  await app.stripe.customers.update(customer.id, { name: 'Ada Lovelace' })
  await simulator.deliveries.drain()
  await app.billing.work()
  expect(await compareWithStripe(database, app.stripe, { what: 'access' })).toEqual([])
  const before = (await app.billing.receipts()).length
  const again = simulator.deliveries.list().findLast(({ eventType }) => eventType === 'v1.customer.updated')
  if (again === undefined) throw new Error('It was not delivered.')
  await simulator.deliveries.resend(again.event)
  await simulator.deliveries.drain()
  expect((await app.billing.receipts()).length).toBe(before)
})

test('usage that nobody asked for is told of, and is about nothing that is mirrored', async () => {
  const usage = { event_name: 'unknown', payload: { stripe_customer_id: 'cus_nobody', value: '1' } }
  await app.stripe.billing.meterEvents.create(usage)
  await simulator.deliveries.drain()
  const receipts = await app.billing.receipts()
  const receipt = receipts.find(({ type }) => type === 'v1.billing.meter.no_meter_found')
  expect(receipt).toMatchObject({ subject: null, processedAt: simulator.clock.now() })
})

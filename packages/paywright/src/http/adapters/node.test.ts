import { createServer, type Server } from 'node:http'
import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../store/database.js'
import { compareWithStripe } from '../../testing/compare-with-stripe.js'
import { memoryDatabase } from '../../testing/database.js'
import { subscribe, useFailingCard } from '../../testing/journey.js'
import { createTestBilling, WEBHOOK_SECRET, type TestBilling } from '../../testing/test-billing.js'
import { toNodeListener } from './node.js'

let server: Server
let origin: string
let simulator: Simulator
let database: Database
let app: TestBilling

beforeAll(async () => {
  server = createServer(toNodeListener((request) => app.billing.handler(request)))
  origin = await listen(server)
  const webhooks = [{ url: `${origin}/api/billing/webhook`, secret: WEBHOOK_SECRET }]
  simulator = await createSimulator({ now: 1_800_000_000, webhooks, deliveryMode: 'manual' })
  database = await memoryDatabase()
  app = createTestBilling({ simulator, database })
  await app.billing.catalog.push()
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await database.close()
  await simulator.close()
})

function listen(listening: Server): Promise<string> {
  return new Promise((resolve) => {
    listening.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`)
    })
  })
}

test('an answer comes back over the wire with its status, headers and body', async () => {
  const response = await fetch(`${origin}/api/billing/plans`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('application/json')
  expect(await response.json()).toMatchObject({ plans: [{ key: 'free' }, { key: 'pro' }, { key: 'team' }] })
  expect((await fetch(`${origin}/api/billing/state`)).status).toBe(401)
})

test('a path with two slashes names no other host', async () => {
  expect((await fetch(`${origin}//evil.example/api/billing/plans`)).status).toBe(404)
})

test('signed webhooks of Stripe arrive as they were sent, and the mirror follows', async () => {
  await subscribe(app, 'delivered')
  await simulator.deliveries.drain()
  const statuses = simulator.deliveries.list().map(({ status }) => status)
  expect(statuses.length).toBeGreaterThan(5)
  expect(new Set(statuses)).toEqual(new Set(['succeeded']))
  expect(await compareWithStripe(database, app.stripe)).toEqual([])
})

test.each([
  ['twice', { duplicate: 1 }],
  ['out of order', { reorder: 1 }],
  ['late', { delay: 1 }],
  ['anyhow', { duplicate: 0.5, reorder: 0.5, delay: 0.5, drop: 0.3 }],
])('webhooks that come %s lead to the same', async (name, faults) => {
  simulator.faults.deliveries(faults)
  const customerId = `faulty-${name.replaceAll(' ', '-')}`
  await subscribe(app, customerId)
  const customer = await app.billing.customers.get({ customerId })
  await useFailingCard(app, customer?.stripeCustomerId ?? '')
  await simulator.clock.advance(32 * 86_400)
  await simulator.deliveries.drain()
  simulator.faults.clear()
  // One event that arrives is enough, whatever was lost before it.
  await app.stripe.customers.update(customer?.stripeCustomerId ?? '', { name: 'Ada' })
  await simulator.clock.advance(3600)
  await simulator.deliveries.drain()
  const options = { stripeCustomerIds: [customer?.stripeCustomerId ?? ''], what: 'access' } as const
  expect(await compareWithStripe(database, app.stripe, options)).toEqual([])
  expect(await app.billing.access(customerId)).toMatchObject({ plan: 'pro', reason: 'grace_period' })
})

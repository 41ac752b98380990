import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../store/database.js'
import { memoryDatabase } from '../testing/database.js'
import { errorOf } from '../testing/journey.js'
import { createTestBilling, TEST_ORIGIN, type TestBilling } from '../testing/test-billing.js'

let simulator: Simulator
let database: Database
let app: TestBilling

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  app = createTestBilling({ simulator, database, options: { workSecret: 'open sesame' } })
})

afterAll(async () => {
  await database.close()
  await simulator.close()
})

describe('the handler', () => {
  test.each(['/nothing', '/state/more', '/__proto__', '/constructor', ''])('has no route %j', async (path) => {
    expect(await errorOf(await app.ask(path, { as: 'c' }))).toMatchObject({ status: 404, code: 'not_found' })
  })

  test('answers only below its base path', async () => {
    const response = await app.billing.handler(new Request(`${TEST_ORIGIN}/other/api/billing/plans`))
    expect(response.status).toBe(404)
    expect((await app.ask('/plans/')).status).toBe(200)
  })

  test('names the methods of a route that has others', async () => {
    const response = await app.ask('/checkout', { as: 'c', method: 'GET' })
    expect(response.headers.get('allow')).toBe('POST')
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' })
    expect((await app.ask('/state', { as: 'c', method: 'DELETE' })).status).toBe(405)
  })

  test('says nothing of what went wrong inside, and logs it without secrets', async () => {
    const fault = new Error('connect postgres://admin:hunter2@db/app with sk_test_abc')
    const failing = createTestBilling({ simulator, database, options: { identify: () => Promise.reject(fault) } })
    const response = await failing.ask('/state', { as: 'c' })
    const error = await errorOf(response)
    expect(error).toMatchObject({ status: 500, code: 'internal_error' })
    expect(error.text).not.toContain('postgres')
    const log = JSON.stringify(failing.log.entries)
    expect(log).toContain('connect')
    expect(log).not.toContain('hunter2')
    expect(log).not.toContain('sk_test_abc')
  })

  test('refuses an identity without an id, rather than mixing customers up', async () => {
    const nameless = createTestBilling({ simulator, database, options: { identify: () => ({ id: '' }) } })
    expect(await errorOf(await nameless.ask('/state'))).toMatchObject({ status: 500, code: 'configuration_invalid' })
  })
})

describe('/work and /health', () => {
  const authorization = 'Bearer open sesame'

  test('work for the bearer of the secret alone', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'open sesame' }]) {
      const error = await errorOf(await app.ask('/work', { method: 'POST', headers }))
      expect(error).toMatchObject({ status: 401, code: 'work_unauthorized' })
    }
    for (const method of ['GET', 'POST']) {
      const response = await app.ask('/work', { method, headers: { authorization } })
      expect(await response.json()).toMatchObject({ failed: 0, isDrained: true })
    }
  })

  test('there is no work route without a secret', async () => {
    const closed = createTestBilling({ simulator, database })
    const response = await closed.ask('/work', { method: 'POST', headers: { authorization: 'Bearer null' } })
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'not_found' })
  })

  test('does the work that waits', async () => {
    const { stripeCustomerId } = await app.billing.customers.ensure({ customerId: 'waiting' })
    await app.stripe.customers.update(stripeCustomerId ?? '', { name: 'Changed before anything was known' })
    const { data } = await app.stripe.events.list({ type: 'customer.updated' })
    const blind = createTestBilling({
      simulator,
      database,
      seams: { wrapGateway: (gateway) => ({ ...gateway, readCustomer: () => Promise.reject(new Error('no answer')) }) },
    })
    for (const event of data) await blind.deliver(event)
    await simulator.clock.advance(60)
    const response = await app.ask('/work', { method: 'POST', headers: { authorization } })
    expect(await response.json()).toMatchObject({ synced: 1, isDrained: true })
  })

  test('health shows its numbers to the bearer of the secret', async () => {
    expect(await (await app.ask('/health')).json()).toEqual({ ok: true })
    expect(await (await app.ask('/health', { headers: { authorization } })).json()).toMatchObject({
      ok: true,
      waiting: 0,
      oldestReceivedAt: null,
      outbox: 0,
      deadLetters: 0,
      lastWebhookSecret: 1,
    })
  })
})

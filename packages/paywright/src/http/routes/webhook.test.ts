import { createSimulator, type Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../inbox/policy.js'
import type { Database } from '../../store/database.js'
import { BillingError } from '../../errors.js'
import { compareWithStripe } from '../../testing/compare-with-stripe.js'
import { memoryDatabase } from '../../testing/database.js'
import { errorOf, subscribe } from '../../testing/journey.js'
import { createTestBilling, TEST_ORIGIN, WEBHOOK_SECRET, type TestBilling } from '../../testing/test-billing.js'

let simulator: Simulator
let database: Database
let app: TestBilling

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  app = createTestBilling({ simulator, database })
  await app.billing.catalog.push()
})

afterAll(async () => {
  await app.billing.work()
  // Not all webhooks are delivered here.
  expect(await compareWithStripe(database, app.stripe, { what: 'access' })).toEqual([])
  await database.close()
  await simulator.close()
})

/** An event that has happened at Stripe and was not delivered. */
async function newEvent(): Promise<Stripe.Event> {
  const customer = await app.stripe.customers.create({ email: 'ada@customer.example' })
  const { data } = await app.stripe.events.list({ type: 'customer.created', limit: 10 })
  const event = data.find(({ data: { object } }) => 'id' in object && object.id === customer.id)
  if (event === undefined) throw new Error(`There is no event about ${customer.id}.`)
  return event
}

/** An event about a customer of whom nothing is known, so that Stripe has to be read. */
async function newChange(): Promise<Stripe.Event> {
  const customer = await app.stripe.customers.create({ email: 'grace@customer.example' })
  await app.stripe.customers.update(customer.id, { name: 'Grace' })
  const [event] = (await app.stripe.events.list({ type: 'customer.updated', limit: 1 })).data
  if (event === undefined) throw new Error(`There is no event about ${customer.id}.`)
  return event
}

async function storedTypes(eventId: string): Promise<readonly string[]> {
  const receipts = await app.billing.receipts({ limit: 1000 })
  return receipts.filter((receipt) => receipt.eventId === eventId).map(({ type }) => type)
}

function post(body: string | ReadableStream, headers: Record<string, string> = {}): Promise<Response> {
  const init = { method: 'POST', headers, body, ...(typeof body !== 'string' && { duplex: 'half' as const }) }
  return app.billing.handler(new Request(`${TEST_ORIGIN}/api/billing/webhook`, init))
}

describe('POST /webhook', () => {
  test('stores an event, processes it and says so', async () => {
    const event = await newEvent()
    const response = await app.deliver(event)
    expect(response.status).toBe(200)
    const receipt = (await app.billing.receipts()).find(({ eventId }) => eventId === event.id)
    expect(receipt).toMatchObject({ type: 'customer.created', processedAt: simulator.clock.now() })
  })

  test('refuses a delivery without a signature', async () => {
    const event = await newEvent()
    expect(await errorOf(await post(JSON.stringify(event)))).toMatchObject({
      status: 400,
      code: 'webhook_signature_missing',
    })
    expect(await storedTypes(event.id)).toEqual([])
    await app.deliver(event)
  })

  test('refuses one that another secret signed', async () => {
    const event = await newEvent()
    const error = await errorOf(await app.deliver(event, { secret: 'whsec_other' }))
    expect(error).toMatchObject({ status: 400, code: 'webhook_signature_invalid' })
    expect(await storedTypes(event.id)).toEqual([])
    await app.deliver(event)
  })

  test('refuses one that was signed more than five minutes ago', async () => {
    const event = await newEvent()
    const now = simulator.clock.now()
    expect((await app.deliver(event, { timestamp: now - 299 })).status).toBe(200)
    const error = await errorOf(await app.deliver(event, { timestamp: now - 301 }))
    expect(error).toMatchObject({ status: 400, code: 'webhook_timestamp_stale' })
  })

  test('refuses a body that was changed on the way', async () => {
    const event = await newEvent()
    const payload = JSON.stringify(event)
    const timestamp = simulator.clock.now()
    const signature = app.stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET, timestamp })
    const response = await post(`${payload} `, { 'stripe-signature': signature })
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'webhook_signature_invalid' })
    await app.deliver(event)
  })

  test('accepts each of several secrets, while one is being replaced', async () => {
    const rotating = createTestBilling({
      simulator,
      database,
      options: {
        stripe: { secretKey: 'sk_test_paywright', webhookSecrets: ['whsec_new', 'whsec_old'], apiBase: simulator.url },
      },
    })
    expect((await rotating.deliver(await newEvent(), { secret: 'whsec_old' })).status).toBe(200)
    expect((await rotating.deliver(await newEvent(), { secret: 'whsec_new' })).status).toBe(200)
    expect((await rotating.deliver(await newEvent())).status).toBe(400)
    for (const event of (await app.stripe.events.list({ limit: 3 })).data) await app.deliver(event)
  })

  test('refuses a live event while the key is a test key, and does not store it', async () => {
    const event = { ...(await newEvent()), id: 'evt_live', livemode: true }
    expect(await errorOf(await app.deliver(event))).toMatchObject({ status: 400, code: 'webhook_livemode_mismatch' })
    expect(await storedTypes('evt_live')).toEqual([])
    await app.deliver({ ...event, id: 'evt_was_live', livemode: false })
  })

  test('stores an event of a type that nobody knows', async () => {
    const event = { ...(await newEvent()), id: 'evt_new_type', type: 'invented.today' }
    // Stripe's types list the types of today only, and a type of tomorrow is what this is about.
    expect((await app.deliver(event as Stripe.Event)).status).toBe(200)
    expect(await storedTypes('evt_new_type')).toEqual(['invented.today'])
    await app.deliver({ ...event, id: 'evt_known_type', type: 'customer.created' } as Stripe.Event)
  })

  test('refuses an empty body', async () => {
    const timestamp = simulator.clock.now()
    const signature = app.stripe.webhooks.generateTestHeaderString({ payload: '', secret: WEBHOOK_SECRET, timestamp })
    expect((await post('', { 'stripe-signature': signature })).status).toBe(400)
    expect((await post('')).status).toBe(400)
  })

  test('refuses a body over 1 MB, whether its length is announced or not', async () => {
    const large = 'x'.repeat(1_048_577)
    expect(await errorOf(await post(large, { 'content-length': '1048577' }))).toMatchObject({ status: 413 })
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) })
    expect(await errorOf(await post(endless))).toMatchObject({ status: 413, code: 'body_too_large' })
  })

  test('refuses a body whose sender hangs up half-way, which is no fault of ours', async () => {
    const torn = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"id":'))
        controller.error(new Error('The connection was reset.'))
      },
    })
    expect(await errorOf(await post(torn))).toMatchObject({ status: 400, code: 'body_invalid' })
  })

  test('acts once on an event that is delivered twice', async () => {
    const seen: string[] = []
    const stop = app.billing.on('subscription.activated', ({ key }) => void seen.push(key))
    await subscribe(app, 'twice')
    const { data } = await app.stripe.events.list({ limit: 100 })
    const created = data.find(({ type }) => type === 'customer.subscription.created')
    if (created === undefined) throw new Error('There is no such event.')
    expect((await app.deliver(created)).status).toBe(200)
    expect((await app.deliver(created)).status).toBe(200)
    stop()
    expect(seen).toHaveLength(1)
    expect(await storedTypes(created.id)).toHaveLength(1)
  })
})

/** The database of the app, until it cannot be reached. */
function breakable(whole: Database) {
  const state = { isDown: false }
  const check = (): void => {
    if (state.isDown) throw new BillingError('database_unavailable')
  }
  const broken: Database = {
    exec: async (text, params) => {
      check()
      return whole.exec(text, params)
    },
    transaction: async (work) => {
      check()
      return whole.transaction(work)
    },
    close: () => Promise.resolve(),
  }
  return { state, broken }
}

describe('POST /webhook while things fail', () => {
  test('answers 5xx while the database is down, so that Stripe sends the event again and nothing is lost', async () => {
    const { state, broken } = breakable(database)
    const failing = createTestBilling({ simulator, database: broken })
    const event = await newEvent()
    await failing.deliver(await newEvent())
    state.isDown = true
    expect(await errorOf(await failing.deliver(event))).toMatchObject({ status: 503, code: 'database_unavailable' })
    state.isDown = false
    expect((await failing.deliver(event)).status).toBe(200)
    expect(await storedTypes(event.id)).toHaveLength(1)
  })

  test('answers 503 and when to come back while too many wait to be stored, and stores it the next time', async () => {
    const event = await newEvent()
    const receive = { ...DEFAULT_POLICY.receive, mostWaiting: 0 }
    const full = createTestBilling({ simulator, database, seams: { policy: { receive } } })
    const refusal = await full.deliver(event)
    expect(refusal.headers.get('retry-after')).toBe('5')
    expect(await errorOf(refusal)).toMatchObject({ status: 503, code: 'overloaded' })
    expect(await storedTypes(event.id)).toEqual([])
    expect((await app.deliver(event)).status).toBe(200)
    expect(await storedTypes(event.id)).toHaveLength(1)
  })

  test('asks the database nothing for a forged delivery', async () => {
    const { state, broken } = breakable(database)
    state.isDown = true
    const forged = createTestBilling({ simulator, database: broken })
    const event = await newEvent()
    const answer = await forged.deliver(event, { secret: 'whsec_somebody_else' })
    expect(await errorOf(answer)).toMatchObject({ status: 400, code: 'webhook_signature_invalid' })
    expect((await app.deliver(event)).status).toBe(200)
  })

  test('answers 2xx once the receipt is stored, though Stripe cannot be read, and reads it later', async () => {
    const event = await newChange()
    const blind = createTestBilling({
      simulator,
      database,
      seams: { wrapGateway: (gateway) => ({ ...gateway, readCustomer: () => Promise.reject(new Error('no answer')) }) },
    })
    expect((await blind.deliver(event)).status).toBe(200)
    const [waiting] = (await app.billing.receipts()).filter(({ eventId }) => eventId === event.id)
    expect(waiting).toMatchObject({ processedAt: null, attempts: 1 })
    expect(waiting?.lastError).toContain('no answer')
    await simulator.clock.advance(60)
    await app.billing.work()
    const [done] = (await app.billing.receipts()).filter(({ eventId }) => eventId === event.id)
    expect(done).toMatchObject({ processedAt: simulator.clock.now(), lastError: null })
  })

  test('calls a handler that throws again, and sets the effect aside where it never returns', async () => {
    const shaky = createTestBilling({ simulator, database, seams: { policy: { maxAttempts: 3 } } })
    const state = { calls: 0, isBroken: true }
    shaky.billing.on('subscription.activated', () => {
      state.calls += 1
      if (state.isBroken) throw new Error('the handler is broken')
    })
    await subscribe(shaky, 'shaky')
    for (let pass = 0; pass < 4; pass++) {
      await shaky.billing.work()
      await simulator.clock.advance(3600)
    }
    expect(state.calls).toBe(3)
    const letters = await shaky.billing.deadLetters()
    expect(letters).toMatchObject([{ kind: 'effect', attempts: 3 }])
    expect(letters[0]?.error).toContain('the handler is broken')
    expect(await shaky.billing.health()).toMatchObject({ ok: false, deadLetters: 1 })

    state.isBroken = false
    expect(await shaky.billing.replay()).toBe(1)
    await shaky.billing.work()
    expect(state.calls).toBe(4)
    expect(await shaky.billing.deadLetters()).toEqual([])
  })

  test('hands the work to waitUntil where the platform has one', async () => {
    const handed: Promise<unknown>[] = []
    const serverless = createTestBilling({
      simulator,
      database,
      options: { waitUntil: (work) => void handed.push(work) },
    })
    const event = await newEvent()
    expect((await serverless.deliver(event)).status).toBe(200)
    expect(handed).toHaveLength(1)
    await Promise.all(handed)
    const [receipt] = (await app.billing.receipts()).filter(({ eventId }) => eventId === event.id)
    expect(receipt?.processedAt).toBe(simulator.clock.now())
  })
})

import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../store/database.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { memoryDatabase } from '../testing/database.js'
import { createStripeStory, type StripeStory } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling, WEBHOOK_SECRET } from '../testing/test-billing.js'
import { openLine, type Trouble, type TroubledLine } from '../testing/troubled-line.js'
import { DEFAULT_POLICY } from './policy.js'

const HOUR = 3600
const DAY = 24 * HOUR
const BACKOFF = DEFAULT_POLICY.longestOutageRetrySeconds

let simulator: Simulator
let line: TroubledLine
let database: Database
let app: TestBilling
/** A process that does not wait long for an answer. */
let hasty: TestBilling
let story: StripeStory

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  line = await openLine({ target: simulator.url })
  database = await memoryDatabase()
  const stripe = { secretKey: 'sk_test_paywright', webhookSecrets: [WEBHOOK_SECRET], apiBase: line.url }
  const seams = { networkRetries: 0 }
  app = createTestBilling({ simulator, database, options: { stripe }, seams })
  const options = { stripe: { ...stripe, timeoutMilliseconds: 100 } }
  hasty = createTestBilling({ simulator, database, options, seams })
  await app.billing.catalog.push()
  story = createStripeStory(app.stripe)
  await story.takeEvents()
})
afterEach(async () => {
  await line.become({ kind: 'none' })
  await app.billing.replay()
  await app.billing.work()
})
afterAll(async () => {
  await line.close()
  await database.close()
  await simulator.close()
})

const TROUBLES: readonly (readonly [string, Trouble])[] = [
  ['refuses connections', { kind: 'refused' }],
  ['answers 500', { kind: 'failing' }],
  ['answers 429', { kind: 'limited', headers: { 'retry-after': '10', 'stripe-rate-limited-reason': 'global-rate' } }],
  ['does not answer in time', { kind: 'silent' }],
  ['breaks off its answers', { kind: 'torn' }],
]

describe('for an hour Stripe', () => {
  test.each(TROUBLES)(
    '%s: nothing is lost, nothing is given up, and all is in sync one backoff later',
    async (name, trouble) => {
      const customerId = name.replaceAll(' ', '.')
      const { stripeCustomerId, stripeSubscriptionId } = await story.subscribe(customerId)
      await app.stripe.subscriptions.update(stripeSubscriptionId, { cancel_at_period_end: true })
      await line.become(trouble)
      const process = trouble.kind === 'silent' ? hasty : app
      await deliverUnproven(process)
      for (let passed = 0; passed < HOUR; passed += BACKOFF) {
        await simulator.clock.advance(BACKOFF)
        await process.billing.work()
      }
      expect((await app.billing.receipts()).find(({ subject }) => subject === stripeCustomerId)).toMatchObject({
        processedAt: null,
        lastError: expect.stringContaining(trouble.kind === 'limited' ? 'fewer requests' : 'could not be reached'),
      })
      expect(await app.billing.deadLetters()).toEqual([])
      await line.become({ kind: 'none' })
      await simulator.clock.advance(BACKOFF)
      await app.billing.work()
      expect(await compareWithStripe(database, app.stripe)).toEqual([])
      expect((await app.billing.access(customerId)).plan).toBe('pro')
      expect((await app.billing.receipts()).filter(({ processedAt }) => processedAt === null)).toEqual([])
    },
  )
})

test('what still fails after a week is set aside, and comes back when it is replayed', async () => {
  await story.subscribe('patient')
  await line.become({ kind: 'refused' })
  await deliverUnproven()
  for (let passed = 0; passed < 7 * DAY - HOUR; passed += 6 * HOUR) {
    expect(await app.billing.deadLetters()).toEqual([])
    await simulator.clock.advance(6 * HOUR)
    await app.billing.work()
  }
  await simulator.clock.advance(DAY)
  await app.billing.work()
  expect(await app.billing.deadLetters()).toMatchObject([
    { kind: 'subject', error: expect.stringContaining('reached') },
  ])
  expect(await app.billing.replay()).toBe(1)
  await app.billing.work()
  expect(await app.billing.deadLetters(), 'it has a week again').toEqual([])
  await line.become({ kind: 'none' })
  await simulator.clock.advance(BACKOFF)
  await app.billing.work()
  expect(await compareWithStripe(database, app.stripe)).toEqual([])
})

test('attempts that an outage has cost are not held against what fails of itself afterwards', async () => {
  const { stripeCustomerId } = await story.subscribe('unlucky')
  await line.become({ kind: 'failing' })
  await deliverUnproven()
  for (let count = 0; count < 2 * DEFAULT_POLICY.maxAttempts; count += 1) {
    await simulator.clock.advance(BACKOFF)
    await app.billing.work()
  }
  const rows = await database.exec('select attempts from paywright.subjects where subject = $1::text', [
    stripeCustomerId,
  ])
  expect(rows).toEqual([{ attempts: 0 }])
  expect(await app.billing.deadLetters()).toEqual([])
})

test('the wait grows with the time that has passed, so that a moment of trouble costs a moment', async () => {
  const { stripeCustomerId } = await story.subscribe('moment')
  await line.become({ kind: 'failing' })
  const began = simulator.clock.now()
  await deliverUnproven()
  const waits: number[] = []
  while (simulator.clock.now() < began + HOUR) {
    const [row] = await database.exec(
      'select extract(epoch from due_at)::integer as due from paywright.subjects where subject = $1::text',
      [stripeCustomerId],
    )
    const wait = Number(row?.['due']) - simulator.clock.now()
    waits.push(wait)
    await simulator.clock.advance(wait)
    await app.billing.work()
  }
  expect(waits[0]).toBeLessThanOrEqual(DEFAULT_POLICY.firstRetrySeconds)
  expect(Math.max(...waits)).toBeLessThanOrEqual(BACKOFF)
  expect(Math.max(...waits)).toBeGreaterThanOrEqual(BACKOFF / 2)
  expect(waits.length).toBeLessThan(40)
})

/** What has happened without the beginning, so that no payload is known to be the newest and Stripe has to be read. */
async function deliverUnproven(process = app): Promise<void> {
  const events = (await story.takeEvents()).filter(({ type }) => type !== 'customer.created')
  for (const event of events) expect((await process.deliver(event)).status).toBe(200)
}

import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { StripeGateway } from '../../engine/ports.js'
import { wait as waitFor } from '../../inbox/wait.js'
import type { Database } from '../../store/database.js'
import { compareWithStripe } from '../../testing/compare-with-stripe.js'
import { memoryDatabase } from '../../testing/database.js'
import { createTestBilling, type TestBilling } from '../../testing/test-billing.js'

let simulator: Simulator
let database: Database
let app: TestBilling

/** Ends when Stripe may answer. */
let stripeMayAnswer: Promise<void> = Promise.resolve()

function slowly(gateway: StripeGateway): StripeGateway {
  return {
    ...gateway,
    readCustomer: async (...asked) => {
      await stripeMayAnswer
      return gateway.readCustomer(...asked)
    },
  }
}

/** The route stops waiting for its work at some time; here never, so that it is seen to wait. */
function waitOnlyShortly(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return milliseconds > LONGEST_WAIT ? new Promise(() => undefined) : waitFor(milliseconds, signal)
}

const LONGEST_WAIT = 5000

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  app = createTestBilling({ simulator, database, seams: { wrapGateway: slowly, wait: waitOnlyShortly } })
  await app.billing.catalog.push()
})

afterAll(async () => {
  await app.billing.stop()
  await database.close()
  await simulator.close()
})

test('with a worker in the process a delivery is answered once it is stored, and worked on by the worker', async () => {
  // The second event is about a customer of whom nothing is known, so Stripe has to be read.
  const customer = await app.stripe.customers.create({ email: 'grace@customer.example' })
  await app.stripe.customers.update(customer.id, { name: 'Grace' })
  const [event] = (await app.stripe.events.list({ type: 'customer.updated', limit: 1 })).data
  if (event === undefined) throw new Error('There is no event.')
  const { promise, resolve } = newPromise()
  stripeMayAnswer = promise
  app.billing.start()

  expect((await app.deliver(event)).status).toBe(200)
  expect(await app.billing.receipts()).toMatchObject([{ eventId: event.id, processedAt: null }])
  resolve()
  await vi.waitFor(async () => {
    expect(await app.billing.receipts()).toMatchObject([{ processedAt: simulator.clock.now() }])
  })
  expect(await compareWithStripe(database, app.stripe)).toEqual([])
})

test('without one it is worked on before the answer', async () => {
  await app.billing.stop()
  await app.stripe.customers.create({ email: 'ada@customer.example' })
  const [event] = (await app.stripe.events.list({ type: 'customer.created', limit: 1 })).data
  if (event === undefined) throw new Error('There is no event.')
  expect((await app.deliver(event)).status).toBe(200)
  const receipts = await app.billing.receipts()
  expect(receipts.find(({ eventId }) => eventId === event.id)).toMatchObject({ processedAt: simulator.clock.now() })
})

function newPromise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

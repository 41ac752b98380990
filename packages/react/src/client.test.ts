import { createSimulator, type Simulator } from '@paywright/simulator'
import type { Database } from 'paywright'
import { createTestBilling, memoryDatabase, type TestBilling } from 'paywright/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBillingClient, type BillingClient } from './client.js'

let simulator: Simulator
let database: Database
let app: TestBilling
let customers = 0

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  app = createTestBilling({ simulator, database })
  await app.billing.migrate()
  await app.billing.catalog.push()
})

afterAll(async () => {
  await database.close()
  await simulator.close()
})

interface Visit {
  readonly client: BillingClient
  /** What was asked of the server, in order. */
  readonly asked: string[]
  /** Where the page went. */
  readonly visited: string[]
}

const BASE = '/api/billing'

function pathOf(input: string | URL | Request): string {
  return (input instanceof Request ? input.url : input.toString()).slice(BASE.length)
}

/** The client in the browser of a customer, or of a visitor who has not signed in, in front of the real handler. */
function visit(as?: string): Visit {
  const asked: string[] = []
  const visited: string[] = []
  const request = (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const path = pathOf(input)
    asked.push(path)
    const { method, body } = init
    return app.ask(path, {
      ...(as !== undefined && { as }),
      ...(method !== undefined && { method }),
      ...(typeof body === 'string' && { body }),
    })
  }
  return { client: createBillingClient({ fetch: request, navigate: (url) => visited.push(url) }), asked, visited }
}

const newCustomer = (): string => `customer-${++customers}`

async function newSubscriber(): Promise<string> {
  const id = newCustomer()
  await app.ask('/checkout', { as: id, body: { plan: 'pro', interval: 'month' } })
  const { data } = await app.stripe.customers.list({ email: `${id}@customer.example` })
  const { data: prices } = await app.stripe.prices.list()
  const price = prices.find(({ unit_amount: amount }) => amount === 2000)
  if (data[0] === undefined || price === undefined) throw new Error('The checkout made no customer, or has no price.')
  const card = await app.stripe.paymentMethods.attach('pm_card_visa', { customer: data[0].id })
  const items = [{ price: price.id }]
  await app.stripe.subscriptions.create({ customer: data[0].id, default_payment_method: card.id, items })
  await app.deliverAll()
  return id
}

test('reads where the customer stands, and tells those who listen', async () => {
  const { client } = visit(newCustomer())
  const seen: string[] = []
  const stop = client.subscribe(() => seen.push(client.snapshot().status))
  expect(client.snapshot()).toMatchObject({ status: 'loading', state: null })
  await client.refresh()
  expect(client.snapshot()).toMatchObject({ status: 'ready', state: { plan: { key: 'free' } }, loadError: null })
  stop()
  await client.refresh()
  expect(seen).toEqual(['ready'])
})

test('says to somebody who has not signed in what to do', async () => {
  const { client } = visit()
  await client.refresh()
  expect(client.snapshot()).toMatchObject({
    status: 'error',
    loadError: { code: 'not_signed_in', message: 'You are not signed in.', hint: 'Sign in and try again.' },
  })
})

test('reads the plans', async () => {
  const { client } = visit()
  await client.loadPlans()
  expect(client.snapshot().plans?.plans.map(({ name }) => name)).toEqual(['Free', 'Pro', 'Team'])
})

test('a double click asks once, and leads to the page where it is paid', async () => {
  const { client, asked, visited } = visit(newCustomer())
  const wish = { plan: 'pro', interval: 'month', successPath: '/app' }
  const clicks = [client.checkout(wish), client.checkout(wish), client.portal(), client.cancel()]
  expect(client.snapshot().pending).toEqual({ action: 'checkout', detail: 'pro:month' })
  await Promise.all(clicks)
  expect(asked).toEqual(['/checkout'])
  expect(visited).toEqual([expect.stringContaining(`${simulator.url}/c/pay/cs_test_`)])
  expect(client.snapshot()).toMatchObject({ pending: null, actionError: null })
})

test('a refusal is kept for its button in the words of a customer, until something else is done', async () => {
  const { client, visited } = visit(await newSubscriber())
  await client.checkout({ plan: 'pro', interval: 'month' })
  expect(visited).toEqual([])
  expect(client.snapshot()).toMatchObject({
    pending: null,
    actionError: {
      action: 'checkout',
      detail: 'pro:month',
      code: 'already_subscribed',
      message: 'You already have a plan.',
    },
  })
  client.dismiss()
  expect(client.snapshot().actionError).toBeNull()
  await client.checkout({ plan: 'pro', interval: 'month' })
  await client.portal()
  expect(client.snapshot().actionError).toBeNull()
})

test('a refusal that has no words for customers keeps those of the server', async () => {
  const { client } = visit(newCustomer())
  await client.checkout({ plan: 'gold', interval: 'month' })
  expect(client.snapshot().actionError).toMatchObject({
    code: 'plan_unknown',
    message: expect.stringContaining('no such plan'),
  })
})

test('cancels and resumes, and knows the new state at once', async () => {
  const { client } = visit(await newSubscriber())
  await client.refresh()
  const end = client.snapshot().state?.subscription?.currentPeriodEnd
  expect(end).toBeTypeOf('string')
  await client.cancel()
  expect(client.snapshot().state?.subscription?.endsAt).toBe(end)
  await client.resume()
  expect(client.snapshot().state?.subscription?.endsAt).toBeNull()
})

test('opens the portal for those who have been to checkout', async () => {
  const { client, visited } = visit(newCustomer())
  await client.portal()
  expect(client.snapshot().actionError).toMatchObject({ action: 'portal', hint: 'Choose a plan first.' })
  const subscriber = visit(await newSubscriber())
  await subscriber.client.portal({ flow: 'payment_method_update', returnPath: '/billing' })
  expect([...visited, ...subscriber.visited]).toEqual([expect.stringContaining(`${simulator.url}/p/session/`)])
})

/** A network that answers what it is told, and then what the real handler answers. */
function behind(answers: readonly (() => Promise<Response>)[], as: string): BillingClient {
  const waiting = [...answers]
  const request = async (input: string | URL | Request): Promise<Response> => {
    const answer = waiting.shift()
    return answer === undefined ? app.ask(pathOf(input), { as }) : answer()
  }
  return createBillingClient({ fetch: request, navigate: () => undefined })
}

const offline = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'))
const proxyError = (): Promise<Response> => Promise.resolve(new Response('<h1>502</h1>', { status: 502 }))

test('says that the network is gone, and works again when it is back', async () => {
  const client = behind([offline, offline, proxyError], newCustomer())
  await client.checkout({ plan: 'pro', interval: 'month' })
  expect(client.snapshot()).toMatchObject({ pending: null, actionError: { code: 'network' } })
  await client.refresh()
  expect(client.snapshot()).toMatchObject({ status: 'error', loadError: { code: 'network' } })
  await client.refresh()
  expect(client.snapshot()).toMatchObject({ status: 'error', loadError: { code: 'unreadable' } })
  await client.refresh()
  expect(client.snapshot()).toMatchObject({ status: 'ready', loadError: null })
})

test('keeps what it knew when it cannot be read again', async () => {
  const id = newCustomer()
  const known = () => app.ask('/state', { as: id })
  const client = behind([known, offline], id)
  await client.refresh()
  await client.refresh()
  expect(client.snapshot()).toMatchObject({
    status: 'ready',
    state: { customerId: id },
    loadError: { code: 'network' },
  })
})

import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'

let simulator: Simulator

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
})

afterAll(() => simulator.close())

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, { headers })
}

function sdk(key: string, options: Partial<Stripe.StripeConfig> = {}): Stripe {
  const { host, port } = simulator
  return new Stripe(key, { host, port, protocol: 'http', maxNetworkRetries: 0, ...options })
}

const bearer = { authorization: 'Bearer sk_test_x' }

test.each([
  ['no key', {}, 'You did not provide an API key.'],
  ['an empty key', { authorization: 'Bearer ' }, 'You did not provide an API key.'],
  ['another scheme', { authorization: 'Digest x' }, 'You did not provide an API key.'],
  ['something that is no key', { authorization: 'Bearer hello_world_12' }, 'Invalid API Key provided: hell******d_12'],
  ['a live key', { authorization: 'Bearer sk_live_1234567890' }, 'This is the Paywright simulator'],
  [
    'a publishable key',
    { authorization: 'Bearer pk_test_1' },
    'This API call cannot be made with a publishable API key.',
  ],
])('%s is refused', async (_name, headers, message) => {
  const response = await get('/v1/account', headers)
  expect(response.status).toBe(401)
  const { error } = (await response.json()) as { error: { type: string; message: string } }
  expect(error.type).toBe('invalid_request_error')
  expect(error.message).toContain(message)
  expect(error.message).not.toContain('1234567890')
})

test.each([
  ['a secret test key', { authorization: 'Bearer sk_test_anything' }],
  ['a restricted test key', { authorization: 'Bearer rk_test_anything' }],
  ['basic authentication', { authorization: `Basic ${Buffer.from('sk_test_x:').toString('base64')}` }],
])('%s is accepted', async (_name, headers) => {
  expect((await get('/v1/account', headers)).status).toBe(200)
})

test('the SDK knows a refused key as an authentication error', async () => {
  await expect(sdk('sk_live_x').accounts.retrieveCurrent()).rejects.toBeInstanceOf(
    Stripe.errors.StripeAuthenticationError,
  )
})

test('each answer has a request id of its own and the version that was asked for', async () => {
  const first = await sdk('sk_test_x').customers.list()
  const second = await sdk('sk_test_x', { apiVersion: '2025-10-29.clover' as never }).customers.list()
  expect(first.lastResponse.requestId).toMatch(/^req_\w{14}$/)
  expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId)
  expect(first.lastResponse.apiVersion).toBe(Stripe.API_VERSION)
  expect(second.lastResponse.apiVersion).toBe('2025-10-29.clover')
})

test('a version that Stripe never had is refused', async () => {
  const response = await get('/v1/customers', { ...bearer, 'stripe-version': '2025-13-45.rose' })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { message: 'Invalid Stripe API version: 2025-13-45.rose' } })
})

test('a path that Stripe does not have is a 404 in its words', async () => {
  const response = await get('/v1/nothing', bearer)
  expect(response.status).toBe(404)
  const { error } = (await response.json()) as { error: { message: string } }
  expect(error.message).toContain('Unrecognized request URL (GET: /v1/nothing)')
})

test.each(['/v1/payouts', '/v1/topups', '/v2/core/accounts'])(
  '%s, which Stripe has, says that it is not simulated',
  async (path) => {
    const response = await get(path, bearer)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'not_simulated' } })
  },
)

test('a body that is no form is refused', async () => {
  const headers = { ...bearer, 'content-type': 'application/json' }
  const response = await fetch(`${simulator.url}/v1/customers`, { method: 'POST', headers, body: '{"email":"a@b.c"}' })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('check that your POST content type is application/x-www-form-urlencoded')
})

test('connected accounts are worlds of their own', async () => {
  const stripe = sdk('sk_test_x')
  const there = { stripeAccount: 'acct_connected1' }
  const customer = await stripe.customers.create({ name: 'There' }, there)
  expect((await stripe.customers.retrieve(customer.id, {}, there)).id).toBe(customer.id)
  await expect(stripe.customers.retrieve(customer.id)).rejects.toMatchObject({
    code: 'resource_missing',
    statusCode: 404,
  })
  await expect(stripe.customers.list({}, { stripeAccount: 'nonsense' })).rejects.toMatchObject({ statusCode: 403 })
})

test('the account may be named by its own id, and no other account can be seen', async () => {
  const stripe = sdk('sk_test_x')
  const own = await stripe.accounts.retrieveCurrent()
  const customer = await stripe.customers.create({ name: 'Here' })
  const here = { stripeAccount: own.id }
  expect((await stripe.customers.retrieve(customer.id, {}, here)).id).toBe(customer.id)
  expect((await stripe.accounts.retrieve(own.id)).id).toBe(own.id)
  await expect(stripe.accounts.retrieve('acct_connected1')).rejects.toMatchObject({
    code: 'account_invalid',
    statusCode: 403,
  })
})

test('as many requests as were asked for are refused with 429', async () => {
  const stripe = sdk('sk_test_x')
  simulator.faults.rateLimit(1)
  const refused = stripe.customers.list()
  await expect(refused).rejects.toBeInstanceOf(Stripe.errors.StripeRateLimitError)
  await expect(refused).rejects.toMatchObject({ headers: { 'stripe-rate-limited-reason': 'global-rate' } })
  expect((await stripe.customers.list()).object).toBe('list')
})

test('a refusal names its page of the console, and the same one when it is replayed', async () => {
  const refused = async (): Promise<string> => {
    const headers = { ...bearer, 'idempotency-key': 'refused', 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'currency=usd&product=prod_none'
    const response = await fetch(`${simulator.url}/v1/prices`, { method: 'POST', headers, body })
    const { error } = (await response.json()) as { error: { request_log_url: string } }
    return error.request_log_url
  }
  const address = await refused()
  const [request] = simulator.requestLog()
  expect(address).toBe(`${simulator.url}/console/requests/${request?.id}`)
  expect(await (await fetch(address)).text()).toContain('resource_missing')
  expect(await refused()).toBe(address)
})

test('the log has the requests, the newest first', async () => {
  await get('/v1/customers?limit=1', bearer)
  await get('/v1/customers/cus_none', bearer)
  expect(simulator.requestLog().slice(0, 2)).toMatchObject([
    { method: 'GET', path: '/v1/customers/cus_none', status: 404, error: 'resource_missing', at: 1_800_000_000 },
    { method: 'GET', path: '/v1/customers', status: 200, error: null },
  ])
})

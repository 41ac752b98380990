import { createServer, type ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BillingError } from '../errors.js'
import { createGateway, type GatewayOptions } from './gateway.js'
import type { Pace } from './pace.js'
import { scriptServer, type ScriptedAnswer } from './testing/scripted-server.js'

const CUSTOMERS: ScriptedAnswer = {
  status: 200,
  body: { object: 'list', data: [], has_more: false, url: '/v1/customers' },
}

interface Watched {
  readonly pace: Pace
  readonly pauses: { readonly seconds: number; readonly reason: string }[]
  entered: number
  left: number
}

function watchedPace(enter: () => Promise<void> = () => Promise.resolve()): Watched {
  const watched: Watched = {
    pauses: [],
    entered: 0,
    left: 0,
    pace: {
      enter: async () => {
        await enter()
        watched.entered += 1
        return () => void (watched.left += 1)
      },
      pause: (pause) => {
        watched.pauses.push(pause)
        return Promise.resolve()
      },
    },
  }
  return watched
}

function gatewayOn(apiBase: string, { pace }: Watched, options: Partial<GatewayOptions> = {}) {
  const pacing = { pace, urgency: 'prompt' } as const
  return createGateway({ secretKey: 'sk_test_1', apiBase, webhookSecrets: [], pacing, networkRetries: 0, ...options })
}

describe('every request waits for its turn', () => {
  test('the further pages of a list, and what the SDK sends again, too', async () => {
    const product = { id: 'prod_1', object: 'product', name: 'Pro', active: true, metadata: {} }
    const pages = [
      { status: 500, body: { error: { type: 'api_error', message: 'No.' } } },
      { status: 200, body: { object: 'list', data: [product], has_more: true, url: '/v1/products' } },
      {
        status: 200,
        body: { object: 'list', data: [{ ...product, id: 'prod_2' }], has_more: false, url: '/v1/products' },
      },
    ]
    const apiBase = await scriptServer(({ url }) =>
      url.startsWith('/v1/products') ? (pages.shift() ?? null) : CUSTOMERS,
    )
    const watched = watchedPace()
    await gatewayOn(apiBase, watched, { networkRetries: 1 }).readCatalog()
    expect(pages).toEqual([])
    expect(watched.entered, 'three for the products, one for the prices').toBeGreaterThanOrEqual(4)
    expect(watched.left).toBe(watched.entered)
  })

  test('but for the question whose account it is, which has to be known before', async () => {
    const apiBase = await scriptServer(() => ({ status: 200, body: { object: 'account', id: 'acct_1' } }))
    const watched = watchedPace(() => Promise.reject(new Error('Whose?')))
    expect(await gatewayOn(apiBase, watched).account()).toBe('acct_1')
  })
})

describe('what keeps a request from being sent', () => {
  test.each([
    ['a database that is away', new BillingError('database_unavailable')],
    ['a mistake', new TypeError('A mistake of ours.')],
  ])('is told as it is, once, and Stripe is not asked: %s', async (_name, fault) => {
    let asked = 0
    let tries = 0
    const apiBase = await scriptServer(() => {
      asked += 1
      return CUSTOMERS
    })
    const watched = watchedPace(() => {
      tries += 1
      return Promise.reject(fault)
    })
    const gateway = gatewayOn(apiBase, watched, { networkRetries: 2 })
    await expect(gateway.listCustomers({ after: null })).rejects.toBe(fault)
    expect([asked, tries]).toEqual([0, 1])
  })
})

describe('a refusal with 429', () => {
  const refused = (headers: Readonly<Record<string, string>>, code = 'rate_limit'): ScriptedAnswer => ({
    status: 429,
    headers,
    body: { error: { type: 'invalid_request_error', code, message: 'Too many.' } },
  })

  test.each<[string, ScriptedAnswer, readonly object[]]>([
    [
      'for so many seconds',
      refused({ 'retry-after': '7', 'stripe-rate-limited-reason': 'global-rate' }),
      [{ seconds: 7, reason: 'global-rate' }],
    ],
    [
      'until an instant',
      refused({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT', date: 'Sun, 06 Nov 1994 08:49:07 GMT' }),
      [{ seconds: 30, reason: 'not said' }],
    ],
    ['for how long it does not say', refused({}), [{ seconds: 1, reason: 'not said' }]],
    ['for longer than is sensible', refused({ 'retry-after': '86400' }), [{ seconds: 300, reason: 'not said' }]],
    ['because one object is in use', refused({}, 'lock_timeout'), []],
  ])('%s', async (_name, answer, pauses) => {
    const apiBase = await scriptServer(() => answer)
    const watched = watchedPace()
    await expect(gatewayOn(apiBase, watched).listCustomers({ after: null })).rejects.toMatchObject({
      code: 'stripe_rate_limited',
    })
    expect(watched.pauses).toEqual(pauses)
    expect(watched.left).toBe(1)
  })
})

describe('an answer that does not come to its end in time', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['where nothing comes', () => undefined],
    [
      'where the head comes alone',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders(),
    ],
    ['where it comes drop by drop', drip],
  ])('is a fault of the connection: %s', async (_name, respond) => {
    const apiBase = await serve(respond)
    const watched = watchedPace()
    const gateway = gatewayOn(apiBase, watched, { timeoutMilliseconds: 60 })
    await expect(gateway.listCustomers({ after: null })).rejects.toMatchObject({
      code: 'stripe_unavailable',
      message: expect.stringContaining('60ms'),
    })
    expect(watched.left).toBe(1)
  })

  test('and so is one that breaks off', async () => {
    const apiBase = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
      response.write('{"object": "list', () => response.destroy())
    })
    await expect(gatewayOn(apiBase, watchedPace()).listCustomers({ after: null })).rejects.toMatchObject({
      code: 'stripe_unavailable',
    })
  })
})

/** Something comes all the time, and it never ends. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(timer))
}

async function serve(respond: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => respond(response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

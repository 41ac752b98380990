import type { Simulator } from '@paywright/simulator'
import type Stripe from 'stripe'
import type { Seams } from '../compose.js'
import { createAnyBilling, type AnyBilling } from '../create-billing.js'
import type { PlanDefinitions } from '../domain/catalog.js'
import { memoryMailer, type MemoryMailer } from '../emails/memory-mailer.js'
import type { BillingOptions } from '../options.js'
import { definePlans } from '../plans.js'
import type { Database } from '../store/database.js'
import { createStripe } from '../stripe/client.js'
import { memoryLog, type MemoryLog } from './memory-log.js'

/** Where the app of the tests is reached. */
export const TEST_ORIGIN = 'https://app.example'

const SECRET_KEY = 'sk_test_paywright'

/** What webhooks are signed with in tests. */
export const WEBHOOK_SECRET = 'whsec_test_paywright'

/** More than any test causes; a bound, so that a list that never ends is a failure. */
const MOST_EVENTS = 5000

/** Who asks in a test stands in this header. */
const CUSTOMER_HEADER = 'x-test-customer'

/** What the product of the tests sells: one plan that is free, one with two intervals, one with a trial. */
export const TEST_PLANS = definePlans({
  free: { name: 'Free', features: { projects: 3 } },
  pro: {
    name: 'Pro',
    features: { projects: 50, export: true },
    prices: { month: { amount: 2000, currency: 'usd' }, year: { amount: 20_000, currency: 'usd' } },
  },
  team: {
    name: 'Team',
    trialDays: 14,
    features: { projects: 'unlimited', export: true, sso: true },
    prices: { month: { amount: 4900, currency: 'usd' } },
  },
})

/** Billing in this process, on a database in memory and the simulator, asked as a browser would ask. */
export interface TestBilling {
  readonly billing: AnyBilling
  readonly stripe: Stripe
  readonly simulator: Simulator
  readonly database: Database
  readonly mailer: MemoryMailer
  readonly log: MemoryLog
  /** Sends a request to a route; a POST comes from the app's own origin unless the headers say otherwise. */
  ask(path: string, request?: TestRequest): Promise<Response>
  /** Delivers an event as Stripe would. */
  deliver(event: Stripe.Event, signing?: { readonly secret?: string; readonly timestamp?: number }): Promise<Response>
  /** Delivers the newest events, oldest first, as a working endpoint would have received them. */
  deliverAll(): Promise<void>
}

/** A request as a test words it. */
export interface TestRequest {
  /** The id of the customer who is signed in. */
  readonly as?: string
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What `createTestBilling` works with; `options` stand over its own. */
export interface TestBillingOptions {
  readonly simulator: Simulator
  readonly database: Database
  readonly options?: Partial<BillingOptions<PlanDefinitions>>
  readonly seams?: Seams
}

/**
 * Makes billing for a test; several of them on one database are several processes of one product.
 *
 * @example
 * ```ts
 * import { createSimulator } from '@paywright/simulator'
 * import { createTestBilling, memoryDatabase } from 'paywright/testing'
 *
 * const app = createTestBilling({ simulator: await createSimulator(), database: await memoryDatabase() })
 * await app.billing.catalog.push()
 * const response = await app.ask('/state', { as: 'ada' })
 * console.assert(response.status === 200)
 * ```
 */
export function createTestBilling({ simulator, database, options = {}, seams = {} }: TestBillingOptions): TestBilling {
  const log = memoryLog()
  const mailer = memoryMailer()
  const billing = createAnyBilling(
    {
      database,
      stripe: { secretKey: SECRET_KEY, webhookSecrets: [WEBHOOK_SECRET], apiBase: simulator.url },
      plans: TEST_PLANS,
      identify,
      baseUrl: TEST_ORIGIN,
      mail: { transport: mailer, from: 'Example <billing@app.example>', productName: 'Example' },
      clock: { now: () => simulator.clock.now() },
      log,
      catchUp: false,
      ...options,
    },
    { env: {}, ...seams },
  )
  const stripe = createStripe({ secretKey: SECRET_KEY, apiBase: simulator.url })
  const deliver: TestBilling['deliver'] = (event, signing = {}) => {
    const { secret = WEBHOOK_SECRET, timestamp = simulator.clock.now() } = signing
    const body = JSON.stringify(event)
    const signature = stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
    const headers = { 'stripe-signature': signature, 'content-type': 'application/json' }
    return billing.handler(new Request(`${TEST_ORIGIN}/api/billing/webhook`, { method: 'POST', headers, body }))
  }
  return {
    billing,
    stripe,
    simulator,
    database,
    mailer,
    log,
    ask: (path, request = {}) => billing.handler(toRequest(path, request)),
    deliver,
    deliverAll: async () => {
      const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: MOST_EVENTS })
      for (const event of events.toReversed()) await deliver(event)
    },
  }
}

function identify(request: Request): { id: string; email: string } | null {
  const id = request.headers.get(CUSTOMER_HEADER)
  return id === null ? null : { id, email: `${id}@customer.example` }
}

function toRequest(path: string, { as, method, body, headers = {} }: TestRequest): Request {
  const isPost = method === 'POST' || body !== undefined
  return new Request(`${TEST_ORIGIN}/api/billing${path}`, {
    method: method ?? (isPost ? 'POST' : 'GET'),
    headers: {
      ...(isPost && { origin: TEST_ORIGIN, 'content-type': 'application/json' }),
      ...(as !== undefined && { [CUSTOMER_HEADER]: as }),
      ...headers,
    },
    ...(isPost && { body: typeof body === 'string' ? body : JSON.stringify(body ?? {}) }),
  })
}

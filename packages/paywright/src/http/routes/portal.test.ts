import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../store/database.js'
import { compareWithStripe } from '../../testing/compare-with-stripe.js'
import { memoryDatabase } from '../../testing/database.js'
import { errorOf, subscribe, useFailingCard } from '../../testing/journey.js'
import { createTestBilling, type TestBilling } from '../../testing/test-billing.js'
import type { BillingState, InvoicesJson, UrlJson } from '../state-json.js'

const START = 1_800_000_000
const DAY = 86_400

let simulator: Simulator
let database: Database
let app: TestBilling

beforeAll(async () => {
  simulator = await createSimulator({ now: START })
  database = await memoryDatabase()
  app = createTestBilling({ simulator, database })
  await app.billing.catalog.push()
})

afterAll(async () => {
  await app.deliverAll()
  // Not all webhooks are delivered here.
  expect(await compareWithStripe(database, app.stripe, { what: 'access' })).toEqual([])
  await database.close()
  await simulator.close()
})

async function stateOf(as: string): Promise<BillingState> {
  return (await (await app.ask('/state', { as })).json()) as BillingState
}

/** Stripe shows a portal session to nobody but in the event of its creation. */
async function newestPortalSession(): Promise<{ customer: string; return_url: string }> {
  const [event] = (await app.stripe.events.list({ type: 'billing_portal.session.created', limit: 1 })).data
  if (event?.type !== 'billing_portal.session.created') throw new Error('No portal session was made.')
  const { customer, return_url: returnUrl } = event.data.object
  return { customer, return_url: returnUrl ?? '' }
}

describe('POST /portal', () => {
  test('refuses visitors, other origins, foreign return addresses and unknown pages', async () => {
    expect((await app.ask('/portal', { method: 'POST' })).status).toBe(401)
    const foreign = await app.ask('/portal', { as: 'p1', method: 'POST', headers: { origin: 'https://evil.example' } })
    expect(await errorOf(foreign)).toMatchObject({ status: 403, code: 'origin_forbidden' })
    const elsewhere = await app.ask('/portal', { as: 'p1', body: { returnPath: 'https://evil.example' } })
    expect(await errorOf(elsewhere)).toMatchObject({ status: 400, code: 'return_url_forbidden' })
    const unknown = await app.ask('/portal', { as: 'p1', body: { flow: 'delete_everything' } })
    expect(await errorOf(unknown)).toMatchObject({ status: 400, code: 'body_invalid' })
  })

  test('says what to do where there is no customer at Stripe yet', async () => {
    const error = await errorOf(await app.ask('/portal', { as: 'newcomer', method: 'POST' }))
    expect(error).toMatchObject({ status: 409, code: 'no_stripe_customer' })
    expect(error.text).toContain('checkout')
    expect(await app.billing.customers.get({ customerId: 'newcomer' })).toBeNull()
  })

  test('answers an address of the portal, and one for each page of it', async () => {
    await subscribe(app, 'p2')
    for (const body of [
      { returnPath: '/billing' },
      { flow: 'payment_method_update' },
      { flow: 'subscription_cancel' },
      { flow: 'subscription_update' },
    ]) {
      const response = await app.ask('/portal', { as: 'p2', body })
      expect(response.status).toBe(200)
      expect(((await response.json()) as UrlJson).url).toContain(simulator.url)
    }
  })

  test('leads back through a route that reads what was changed, before any webhook', async () => {
    await subscribe(app, 'p3')
    await app.ask('/portal', { as: 'p3', body: { returnPath: '/billing' } })
    const { customer, return_url: returnUrl } = await newestPortalSession()
    const [subscription] = (await app.stripe.subscriptions.list({ customer })).data
    await app.stripe.subscriptions.update(subscription?.id ?? '', { cancel_at_period_end: true })
    expect((await stateOf('p3')).subscription).toMatchObject({ cancelAtPeriodEnd: false })
    const back = await app.ask(returnUrl.slice(returnUrl.indexOf('/return')), { as: 'p3' })
    expect(back.status).toBe(303)
    expect(back.headers.get('location')).toMatch(/\/billing$/)
    expect((await stateOf('p3')).subscription).toMatchObject({ cancelAtPeriodEnd: true })
  })

  test('leads those back who were signed out, and nobody to another site', async () => {
    const visitor = await app.ask('/return?from=portal&next=%2Fbilling')
    expect(visitor.headers.get('location')).toMatch(/\/billing$/)
    const astray = await app.ask('/return?from=portal&next=https%3A%2F%2Fevil.example', { as: 'p3' })
    expect(await errorOf(astray)).toMatchObject({ status: 400, code: 'return_url_forbidden' })
    const stranger = await app.ask('/return?from=portal&next=%2Fbilling', { as: 'never-seen' })
    expect(stranger.status).toBe(303)
  })

  test('never brings the addresses of hosted pages to the log', () => {
    expect(JSON.stringify(app.log.entries)).not.toContain('://')
  })
})

describe('POST /subscription/cancel and /subscription/resume', () => {
  test('end at the end of the period, and take it back', async () => {
    await subscribe(app, 's1')
    const canceled = (await (
      await app.ask('/subscription/cancel', { as: 's1', method: 'POST' })
    ).json()) as BillingState
    const end = canceled.subscription?.currentPeriodEnd
    expect(canceled.subscription).toMatchObject({ cancelAtPeriodEnd: true, endsAt: end })
    expect(canceled.nextCharge).toBeNull()
    expect(canceled.access).toMatchObject({ reason: 'canceled_until_period_end', until: end })
    expect(canceled.plan.key).toBe('pro')

    const resumed = (await (await app.ask('/subscription/resume', { as: 's1', method: 'POST' })).json()) as BillingState
    expect(resumed.subscription).toMatchObject({ cancelAtPeriodEnd: false, endsAt: null })
    expect(resumed.nextCharge).toEqual({ amount: 2000, currency: 'usd', at: end })

    const again = (await (await app.ask('/subscription/cancel', { as: 's1', method: 'POST' })).json()) as BillingState
    expect(again.subscription?.endsAt).toBe(end)
  })

  test('refuse where there is no subscription, visitors, and other origins', async () => {
    for (const path of ['/subscription/cancel', '/subscription/resume']) {
      const none = await errorOf(await app.ask(path, { as: 'nobody', method: 'POST' }))
      expect(none).toMatchObject({ code: 'no_subscription' })
      expect((await app.ask(path, { method: 'POST' })).status).toBe(401)
      const headers = { origin: 'https://evil.example' }
      expect((await app.ask(path, { as: 's1', method: 'POST', headers })).status).toBe(403)
    }
  })
})

describe('GET /state and GET /invoices', () => {
  test('are for the signed-in customer alone', async () => {
    expect((await app.ask('/state')).status).toBe(401)
    expect((await app.ask('/invoices')).status).toBe(401)
    const response = await app.ask('/state', { as: 'p2' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('say what a customer has who never paid', async () => {
    expect(await stateOf('stranger')).toEqual({
      customerId: 'stranger',
      plan: { key: 'free', name: 'Free' },
      access: { reason: 'none', status: null, features: { projects: 3 }, until: null, trialEndsAt: null },
      subscription: null,
      subscriptions: [],
      nextCharge: null,
      paymentMethod: null,
      pastDue: null,
      hasStripeCustomer: false,
    })
    expect(await (await app.ask('/invoices', { as: 'stranger' })).json()).toEqual({ invoices: [] })
  })

  test('follow a subscription through renewal, a failed payment, grace, and its end', async () => {
    await subscribe(app, 'story')
    const first = await stateOf('story')
    expect(first).toMatchObject({
      plan: { key: 'pro', name: 'Pro' },
      subscription: { plan: 'pro', status: 'active', interval: 'month' },
      paymentMethod: { type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2040 },
      pastDue: null,
      hasStripeCustomer: true,
    })
    const customer = await app.billing.customers.get({ customerId: 'story' })
    await useFailingCard(app, customer?.stripeCustomerId ?? '')
    await simulator.clock.advanceTo(Date.parse(first.nextCharge?.at ?? '') / 1000 + 2 * 3600)
    await app.billing.sync({ customerId: 'story' })
    const failed = await stateOf('story')
    expect(failed.access.reason).toBe('grace_period')
    expect(failed.pastDue).toMatchObject({ amountDue: 2000, currency: 'usd' })
    expect(Date.parse(failed.pastDue?.nextAttemptAt ?? '')).toBeGreaterThan(simulator.clock.now() * 1000)
    expect(failed.pastDue?.hostedInvoiceUrl).toContain(simulator.url)

    const { invoices } = (await (await app.ask('/invoices', { as: 'story' })).json()) as InvoicesJson
    expect(invoices.map(({ status, total }) => ({ status, total }))).toEqual([
      { status: 'open', total: 2000 },
      { status: 'paid', total: 2000 },
    ])

    await simulator.clock.advance(8 * DAY)
    expect((await stateOf('story')).plan.key).toBe('free')
    expect((await stateOf('story')).access.reason).toBe('past_due')
  })
})

describe('GET /plans', () => {
  test('says to everybody what is for sale, in the order of the code', async () => {
    const response = await app.ask('/plans')
    expect(await response.json()).toEqual({
      plans: [
        { key: 'free', name: 'Free', trialDays: null, features: { projects: 3 }, prices: [] },
        {
          key: 'pro',
          name: 'Pro',
          trialDays: null,
          features: { projects: 50, export: true },
          prices: [
            { interval: 'month', amount: 2000, currency: 'usd' },
            { interval: 'year', amount: 20_000, currency: 'usd' },
          ],
        },
        {
          key: 'team',
          name: 'Team',
          trialDays: 14,
          features: { projects: 'unlimited', export: true, sso: true },
          prices: [{ interval: 'month', amount: 4900, currency: 'usd' }],
        },
      ],
    })
  })

  test('takes the amount of a price that is known by its id from Stripe', async () => {
    const product = await app.stripe.products.create({ name: 'Enterprise' })
    const price = await app.stripe.prices.create({
      product: product.id,
      currency: 'eur',
      unit_amount: 99_900,
      recurring: { interval: 'month' },
    })
    const enterprise = createTestBilling({
      simulator,
      database: await memoryDatabase(),
      options: {
        plans: {
          enterprise: { name: 'Enterprise', features: {}, prices: { month: { priceId: price.id } } },
          custom: { name: 'Custom', features: {}, prices: { month: { priceId: undefined } } },
        },
      },
    })
    expect(await (await enterprise.ask('/plans')).json()).toMatchObject({
      plans: [{ key: 'enterprise', prices: [{ interval: 'month', amount: 99_900, currency: 'eur' }] }, { prices: [] }],
    })
    expect(await stateWithout(enterprise)).toMatchObject({ plan: { key: null, name: 'No plan' } })
    const unset = await enterprise.ask('/checkout', { as: 'c', body: { plan: 'custom', interval: 'month' } })
    expect(await errorOf(unset)).toMatchObject({ status: 500, code: 'price_not_configured' })
    const bought = await enterprise.ask('/checkout', { as: 'c', body: { plan: 'enterprise', interval: 'month' } })
    expect(bought.status).toBe(200)
    await enterprise.database.close()
  })
})

async function stateWithout(other: TestBilling): Promise<BillingState> {
  return (await (await other.ask('/state', { as: 'c' })).json()) as BillingState
}

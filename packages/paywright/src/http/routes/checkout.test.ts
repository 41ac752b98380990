import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../store/database.js'
import { compareWithStripe } from '../../testing/compare-with-stripe.js'
import { memoryDatabase } from '../../testing/database.js'
import { errorOf, openCheckoutPage, payCheckout, sessionIdOf, subscribe } from '../../testing/journey.js'
import { createTestBilling, TEST_ORIGIN, type TestBilling } from '../../testing/test-billing.js'

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
  // Not all webhooks are delivered here.
  expect(await compareWithStripe(database, app.stripe, { what: 'access' })).toEqual([])
  await database.close()
  await simulator.close()
})

const PRO = { plan: 'pro', interval: 'month' }

describe('POST /checkout refuses', () => {
  test('visitors who are not signed in', async () => {
    expect(await errorOf(await app.ask('/checkout', { body: PRO }))).toMatchObject({
      status: 401,
      code: 'not_signed_in',
    })
  })

  test('a plan that is not sold, and names those that are', async () => {
    const error = await errorOf(await app.ask('/checkout', { as: 'c1', body: { plan: 'prp', interval: 'month' } }))
    expect(error).toMatchObject({ status: 400, code: 'plan_unknown' })
    expect(error.text).toContain('pro, team')
  })

  test.each([
    [{ plan: 'free', interval: 'month' }, 'plan_not_for_sale'],
    [{ plan: 'team', interval: 'year' }, 'interval_unknown'],
    [{ plan: 'pro' }, 'body_invalid'],
    [{ ...PRO, plan: 7 }, 'body_invalid'],
    [{ ...PRO, priceId: 'price_cheap' }, 'body_invalid'],
    ['[]', 'body_invalid'],
    ['{', 'body_invalid'],
  ])('%j with %s', async (body, code) => {
    expect(await errorOf(await app.ask('/checkout', { as: 'c1', body }))).toMatchObject({ status: 400, code })
  })

  test.each([['https://evil.example'], ['null'], [`${TEST_ORIGIN}.evil.example`]])(
    'a page of another origin: %s',
    async (origin) => {
      const response = await app.ask('/checkout', { as: 'c1', body: PRO, headers: { origin } })
      expect(await errorOf(response)).toMatchObject({ status: 403, code: 'origin_forbidden' })
    },
  )

  test('a form, which pages of other sites can send without asking', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const response = await app.ask('/checkout', { as: 'c1', body: 'plan=pro&interval=month', headers })
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'body_invalid' })
  })

  test.each([
    ['https://evil.example/'],
    ['//evil.example/'],
    ['/\\evil.example/'],
    ['https://app.example@evil.example/'],
    ['javascript:alert(1)'],
    ['projects'],
  ])('the return address %s', async (successPath) => {
    const answers = await Promise.all([
      app.ask('/checkout', { as: 'c1', body: { ...PRO, successPath } }),
      app.ask('/checkout', { as: 'c1', body: { ...PRO, cancelPath: successPath } }),
    ])
    for (const answer of answers) {
      expect(await errorOf(answer)).toMatchObject({ status: 400, code: 'return_url_forbidden' })
    }
  })

  test('a customer who is subscribed already, and says what to do', async () => {
    await subscribe(app, 'subscribed')
    const error = await errorOf(
      await app.ask('/checkout', { as: 'subscribed', body: { plan: 'team', interval: 'month' } }),
    )
    expect(error).toMatchObject({ status: 409, code: 'already_subscribed' })
    expect(error.text).toContain('portal')
    const { data } = await app.stripe.subscriptions.list({ customer: await stripeCustomerOf('subscribed') })
    expect(data).toHaveLength(1)
  })

  test('a second subscription that our own mirror has not heard of yet', async () => {
    const url = await openCheckoutPage(app, 'unheard')
    payCheckout(simulator, sessionIdOf(url))
    const response = await app.ask('/checkout', { as: 'unheard', body: { plan: 'team', interval: 'month' } })
    expect(await errorOf(response)).toMatchObject({ status: 409, code: 'already_subscribed' })
  })

  test('to make a page while Stripe cannot say whether there is a subscription', async () => {
    await app.billing.customers.ensure({ customerId: 'blind' })
    const blind = createTestBilling({
      simulator,
      database,
      seams: {
        wrapGateway: (gateway) => ({ ...gateway, readCustomer: () => Promise.reject(new Error('no answer')) }),
      },
    })
    const response = await blind.ask('/checkout', { as: 'blind', body: PRO })
    expect(response.status).toBe(500)
    const { data } = await app.stripe.checkout.sessions.list({ customer: await stripeCustomerOf('blind') })
    expect(data).toHaveLength(0)
    await app.billing.sync({ customerId: 'blind' })
  })
})

async function stripeCustomerOf(customerId: string): Promise<string> {
  const customer = await app.billing.customers.get({ customerId })
  return customer?.stripeCustomerId ?? 'none'
}

async function sessionsOf(customerId: string) {
  const { data } = await app.stripe.checkout.sessions.list({ customer: await stripeCustomerOf(customerId) })
  return data
}

describe('POST /checkout', () => {
  test('makes a page for the price of the plan, with the id of the app everywhere', async () => {
    const body = { ...PRO, successPath: '/projects?tab=1', cancelPath: '/pricing' }
    await openCheckoutPage(app, 'plain', body)
    const [session] = await sessionsOf('plain')
    expect(session).toMatchObject({
      mode: 'subscription',
      client_reference_id: 'plain',
      amount_total: 2000,
      allow_promotion_codes: true,
      cancel_url: `${TEST_ORIGIN}/pricing`,
      metadata: { paywright_customer_id: 'plain', paywright_plan: 'pro' },
    })
    const next = encodeURIComponent(`${TEST_ORIGIN}/projects?tab=1`)
    expect(session?.success_url).toBe(`${TEST_ORIGIN}/api/billing/return?session_id={CHECKOUT_SESSION_ID}&next=${next}`)
  })

  test('answers the same page to a double click', async () => {
    const urls = await Promise.all([openCheckoutPage(app, 'double'), openCheckoutPage(app, 'double')])
    expect(urls[0]).toBe(urls[1])
    expect(await sessionsOf('double')).toHaveLength(1)
  })

  test('answers the open page to a second tab, and another page for another plan', async () => {
    const first = await openCheckoutPage(app, 'tabs')
    expect(await openCheckoutPage(app, 'tabs')).toBe(first)
    const second = await openCheckoutPage(app, 'tabs', { plan: 'pro', interval: 'year' })
    expect(second).not.toBe(first)
    const statuses = (await sessionsOf('tabs')).map(({ id, status }) => [id, status])
    expect(new Map(statuses.map(([id, status]) => [id, status]))).toEqual(
      new Map([
        [sessionIdOf(first), 'expired'],
        [sessionIdOf(second), 'open'],
      ]),
    )
  })

  test('makes a new page once the old one has expired', async () => {
    const first = await openCheckoutPage(app, 'late')
    await app.stripe.checkout.sessions.expire(sessionIdOf(first))
    expect(await openCheckoutPage(app, 'late')).not.toBe(first)
  })

  test('makes a new page for a customer whose subscription has ended', async () => {
    await subscribe(app, 'returning')
    const [subscription] = (await app.stripe.subscriptions.list({ customer: await stripeCustomerOf('returning') })).data
    await app.stripe.subscriptions.cancel(subscription?.id ?? '')
    const url = await openCheckoutPage(app, 'returning')
    expect(await sessionsOf('returning')).toHaveLength(2)
    expect(sessionIdOf(url)).toBeDefined()
  })

  test('gives a trial to each customer once', async () => {
    await subscribe(app, 'trial', { plan: 'team' })
    const access = await app.billing.access('trial')
    expect(access).toMatchObject({ plan: 'team', reason: 'trial' })
    const [subscription] = (await app.stripe.subscriptions.list({ customer: await stripeCustomerOf('trial') })).data
    await app.stripe.subscriptions.cancel(subscription?.id ?? '')
    await subscribe(app, 'trial', { plan: 'team' })
    expect(await app.billing.access('trial')).toMatchObject({ plan: 'team', reason: 'subscription_active' })
  })

  test('goes on where the process died between Stripe and the database', async () => {
    const dying = createTestBilling({
      simulator,
      database,
      seams: {
        wrapGateway: (gateway) => ({
          ...gateway,
          createCheckout: async (request) => {
            await gateway.createCheckout(request)
            throw new Error('the process died')
          },
        }),
      },
    })
    expect((await dying.ask('/checkout', { as: 'crashed', body: PRO })).status).toBe(500)
    const url = await openCheckoutPage(app, 'crashed')
    expect(await sessionsOf('crashed')).toHaveLength(1)
    expect(url).toContain((await sessionsOf('crashed'))[0]?.id)
  })

  test('refuses to charge another amount than the code says', async () => {
    const dearer = createTestBilling({
      simulator,
      database,
      options: {
        plans: {
          free: { name: 'Free', features: {} },
          pro: { name: 'Pro', features: {}, prices: { month: { amount: 2500, currency: 'usd' } } },
        },
      },
    })
    const response = await dearer.ask('/checkout', { as: 'dearer', body: PRO })
    expect(await errorOf(response)).toMatchObject({ status: 500, code: 'price_not_pushed' })
  })
})

describe('GET /return', () => {
  test('upgrades the customer before any webhook has come, and goes on to the page of the app', async () => {
    const stripeSessionId = sessionIdOf(await openCheckoutPage(app, 'returned', { ...PRO, successPath: '/projects' }))
    expect(await app.billing.access('returned')).toMatchObject({ plan: 'free', reason: 'none' })
    payCheckout(simulator, stripeSessionId)
    const session = await app.stripe.checkout.sessions.retrieve(stripeSessionId)
    const address = (session.success_url ?? '').replace('{CHECKOUT_SESSION_ID}', stripeSessionId)
    const response = await app.ask(address.slice(`${TEST_ORIGIN}/api/billing`.length), { as: 'returned' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`${TEST_ORIGIN}/projects?billing=success`)
    expect(await app.billing.access('returned')).toMatchObject({ plan: 'pro', reason: 'subscription_active' })
  })

  test('accepts only the session of the customer who asks', async () => {
    const stripeSessionId = await subscribe(app, 'owner')
    await subscribe(app, 'thief')
    for (const as of ['thief', 'nobody-yet']) {
      const response = await app.ask(`/return?session_id=${stripeSessionId}`, { as })
      expect(await errorOf(response)).toMatchObject({ status: 404, code: 'checkout_session_unknown' })
    }
    const unknown = await app.ask('/return?session_id=cs_test_none', { as: 'owner' })
    expect(unknown.status).toBe(404)
    expect((await app.ask(`/return?session_id=${stripeSessionId}`)).status).toBe(401)
  })

  test('sends nobody to another site', async () => {
    const stripeSessionId = await subscribe(app, 'redirected')
    const response = await app.ask(`/return?session_id=${stripeSessionId}&next=https%3A%2F%2Fevil.example`, {
      as: 'redirected',
    })
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'return_url_forbidden' })
  })

  test('does not keep the customer waiting where Stripe does not answer, and syncs later', async () => {
    const stripeSessionId = sessionIdOf(await openCheckoutPage(app, 'slow'))
    payCheckout(simulator, stripeSessionId)
    const slow = createTestBilling({
      simulator,
      database,
      seams: {
        wrapGateway: (gateway) => ({ ...gateway, readCheckout: () => new Promise<never>(() => undefined) }),
        wait: () => Promise.resolve(),
      },
    })
    const response = await slow.ask(`/return?session_id=${stripeSessionId}`, { as: 'slow' })
    expect(response.headers.get('location')).toBe(`${TEST_ORIGIN}/?billing=pending`)
    await app.billing.work()
    expect(await app.billing.access('slow')).toMatchObject({ plan: 'pro' })
  })

  test('says that nothing was paid for a page that was left', async () => {
    const stripeSessionId = sessionIdOf(await openCheckoutPage(app, 'left'))
    const response = await app.ask(`/return?session_id=${stripeSessionId}`, { as: 'left' })
    expect(response.headers.get('location')).toBe(`${TEST_ORIGIN}/?billing=canceled`)
  })

  test('reports a customer who has a second live subscription, made outside of the product', async () => {
    const stripeSessionId = sessionIdOf(await openCheckoutPage(app, 'doubled'))
    const customer = await stripeCustomerOf('doubled')
    const card = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const [price] = (await app.stripe.prices.list({ lookup_keys: ['paywright_team_month'] })).data
    await app.stripe.subscriptions.create({
      customer,
      items: [{ price: price?.id ?? '' }],
      default_payment_method: card.id,
    })
    payCheckout(simulator, stripeSessionId)
    await app.ask(`/return?session_id=${stripeSessionId}`, { as: 'doubled' })
    const reports = app.log.entries.filter(({ message }) => message.includes('more than one live subscription'))
    expect(reports).toMatchObject([{ level: 'error', fields: { customerId: 'doubled' } }])
    expect(await app.billing.access('doubled')).toMatchObject({ plan: 'team' })
  })
})

import { createServer, type IncomingHttpHeaders } from 'node:http'
import { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createGateway } from './gateway.js'
import { NOW, simulateStripe, type SimulatedStripe } from './testing/simulated-stripe.js'

let world: SimulatedStripe
let price: Stripe.Price

beforeAll(async () => {
  world = await simulateStripe()
  const product = await world.stripe.products.create({ name: 'Pro' })
  const recurring = { interval: 'month' } as const
  price = await world.stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2000, recurring })
})
afterAll(() => world.simulator.close())

let customers = 0

async function createCustomer(): Promise<string> {
  const idempotencyKey = `customer:${(customers += 1)}`
  const wish = { customerId: 'user_1', email: 'ada@example.com', name: null, idempotencyKey }
  return (await world.gateway.createCustomer(wish)).stripeCustomerId
}

test('the account of the key is known', async () => {
  const account = await world.stripe.accounts.retrieveCurrent()
  expect(await world.gateway.account()).toBe(account.id)
})

test('the same intent makes one customer, whoever sends it', async () => {
  const wish = { customerId: 'user_2', email: 'bob@example.com', name: 'Bob', idempotencyKey: 'customer:user_2' }
  const [first, second] = await Promise.all(
    [world.gateway.createCustomer(wish), world.gateway.createCustomer(wish)].map((made) =>
      made.catch((error: unknown) => error),
    ),
  )
  const again = await world.gateway.createCustomer(wish)
  // The second may be told that the first is under way; it is never another customer.
  for (const answer of [first, second]) {
    expect([again, expect.objectContaining({ code: 'stripe_idempotency_conflict' })]).toContainEqual(answer)
  }
  const { metadata } = (await world.stripe.customers.retrieve(again.stripeCustomerId)) as Stripe.Customer
  expect(metadata).toEqual({ paywright_customer_id: 'user_2' })
  await expect(world.gateway.createCustomer({ ...wish, name: 'Rob' })).rejects.toMatchObject({
    code: 'stripe_idempotency_conflict',
  })
})

describe('a checkout session', () => {
  const request = (stripeCustomerId: string) => ({
    stripeCustomerId,
    customerId: 'user_1',
    stripePriceId: price.id,
    trialDays: 14,
    plan: 'pro',
    interval: 'month',
    successUrl: 'https://app.example/return?session_id={CHECKOUT_SESSION_ID}',
    cancelUrl: 'https://app.example/pricing',
    expiresAt: NOW + 3600,
    idempotencyKey: `checkout:${stripeCustomerId}`,
  })

  test('is open for this customer, price and trial, with the id of the app on everything', async () => {
    const stripeCustomerId = await createCustomer()
    const session = await world.gateway.createCheckout(request(stripeCustomerId))
    expect(session).toMatchObject({
      status: 'open',
      paymentStatus: 'unpaid',
      stripeCustomerId,
      customerId: 'user_1',
      stripeSubscriptionId: null,
      url: expect.stringContaining('http'),
      expiresAt: NOW + 3600,
    })
    const stored = await world.stripe.checkout.sessions.retrieve(session.stripeSessionId)
    expect(stored).toMatchObject({
      client_reference_id: 'user_1',
      allow_promotion_codes: true,
      metadata: { paywright_customer_id: 'user_1', paywright_plan: 'pro', paywright_interval: 'month' },
    })
    expect(await world.gateway.readCheckout(session.stripeSessionId)).toEqual(session)
  })

  test('is ended, and stays ended when it is ended again', async () => {
    const session = await world.gateway.createCheckout(request(await createCustomer()))
    const ended = await world.gateway.expireCheckout(session.stripeSessionId)
    expect(ended).toMatchObject({ stripeSessionId: session.stripeSessionId, status: 'expired' })
    expect(await world.gateway.expireCheckout(session.stripeSessionId)).toEqual(ended)
  })

  test('that never was is no session to read, and a fault to end', async () => {
    expect(await world.gateway.readCheckout('cs_test_never')).toBeNull()
    await expect(world.gateway.expireCheckout('cs_test_never')).rejects.toMatchObject({ code: 'stripe_object_missing' })
  })
})

describe('the portal', () => {
  test('opens for a customer', async () => {
    const stripeCustomerId = await createCustomer()
    const wish = { stripeCustomerId, returnUrl: 'https://app.example/billing' }
    expect((await world.gateway.createPortal({ ...wish, flow: null })).url).toMatch(/^http/)
    const flow = { type: 'payment_method_update' } as const
    expect((await world.gateway.createPortal({ ...wish, flow })).url).toMatch(/^http/)
  })

  test('does not open for nobody', async () => {
    const wish = { stripeCustomerId: 'cus_never', returnUrl: 'https://app.example/billing', flow: null }
    await expect(world.gateway.createPortal(wish)).rejects.toMatchObject({ code: 'stripe_object_missing', status: 404 })
  })
})

describe('a planned end', () => {
  async function subscribe(): Promise<string> {
    const customer = await createCustomer()
    const method = await world.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const params = { customer, default_payment_method: method.id, items: [{ price: price.id }] }
    return (await world.stripe.subscriptions.create(params)).id
  }

  let acts = 0
  const set = (stripeSubscriptionId: string, cancelAtPeriodEnd: boolean): Promise<void> =>
    world.gateway.setCancelAtPeriodEnd({
      stripeSubscriptionId,
      cancelAtPeriodEnd,
      idempotencyKey: `act:${(acts += 1)}`,
    })

  test('is set and taken back', async () => {
    const id = await subscribe()
    await set(id, true)
    expect(await world.stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: true })
    await set(id, false)
    expect(await world.stripe.subscriptions.retrieve(id)).toMatchObject({
      cancel_at_period_end: false,
      cancel_at: null,
    })
    await set(id, false)
    expect(await world.stripe.subscriptions.retrieve(id)).toMatchObject({
      cancel_at_period_end: false,
      status: 'active',
    })
  })

  test('is taken back also where the portal has set it, by cancel_at', async () => {
    const id = await subscribe()
    await world.stripe.subscriptions.update(id, { cancel_at: NOW + 45 * 86_400 })
    await set(id, false)
    expect(await world.stripe.subscriptions.retrieve(id)).toMatchObject({
      cancel_at: null,
      cancel_at_period_end: false,
    })
  })
})

describe('a fault', () => {
  test('of Stripe asking for fewer requests', async () => {
    world.simulator.faults.rateLimit(1)
    await expect(world.gateway.readCatalog()).rejects.toMatchObject({ code: 'stripe_rate_limited' })
    world.simulator.faults.clear()
  })

  test('of a wrong request names the operation and the request, and no secret', async () => {
    const wish = { customerId: 'x'.repeat(600), email: null, name: null, idempotencyKey: 'too-long' }
    const refusal = await world.gateway.createCustomer(wish).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'stripe_refused', status: 502 })
    expect(String(refusal)).toMatch(/At customers\.create \(req_\w+\): /)
    expect(String(refusal)).not.toContain(world.simulator.secretKey)
  })
})

test('what the simulator sends is what the library takes', async () => {
  const received: { body: Uint8Array; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = []
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ body: Buffer.concat(chunks), headers: request.headers })
      response.end()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => new Promise<void>((closed) => void server.close(() => closed())))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { secret = '', id } = await world.stripe.webhookEndpoints.create({
    url: `http://127.0.0.1:${port}/`,
    enabled_events: ['customer.created'],
  })
  const stripeCustomerId = await createCustomer()
  await world.simulator.deliveries.drain()
  await world.stripe.webhookEndpoints.del(id)
  const [delivery] = received
  if (delivery === undefined) throw new Error('Nothing was delivered.')
  const { secretKey, url } = world.simulator
  const gateway = createGateway({ secretKey, apiBase: url, webhookSecrets: ['whsec_old', secret] })
  const signature = String(delivery.headers['stripe-signature'])
  expect(gateway.verifyWebhook({ body: delivery.body, signature, now: NOW })).toMatchObject({
    type: 'customer.created',
    subject: stripeCustomerId,
    livemode: false,
    apiVersion: Stripe.API_VERSION,
  })
})

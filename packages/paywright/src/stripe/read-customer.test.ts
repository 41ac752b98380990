import type { Stripe } from 'stripe'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { CustomerRead } from '../engine/ports.js'
import { createGateway } from './gateway.js'
import { idOf } from './id-of.js'
import { toSubscription } from './to-subscription.js'
import { scriptServer } from './testing/scripted-server.js'
import { NOW, simulateStripe, type SimulatedStripe } from './testing/simulated-stripe.js'

const DAY = 86_400

let world: SimulatedStripe
let price: Stripe.Price

beforeAll(async () => {
  world = await simulateStripe()
  const product = await world.stripe.products.create({ name: 'Pro' })
  const recurring = { interval: 'month' } as const
  price = await world.stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2000,
    recurring,
    lookup_key: 'paywright_pro_month',
    metadata: { paywright_plan: 'pro' },
  })
})
afterAll(() => world.simulator.close())

async function createCustomer(paymentMethod = 'pm_card_visa'): Promise<string> {
  const { gateway, stripe } = world
  const wish = { customerId: 'user_1', email: 'ada@example.com', name: 'Ada', idempotencyKey: crypto.randomUUID() }
  const { stripeCustomerId } = await gateway.createCustomer(wish)
  const method = await stripe.paymentMethods.attach(paymentMethod, { customer: stripeCustomerId })
  await stripe.customers.update(stripeCustomerId, { invoice_settings: { default_payment_method: method.id } })
  return stripeCustomerId
}

async function read(stripeCustomerId: string): Promise<CustomerRead> {
  const answer = await world.gateway.readCustomer(stripeCustomerId)
  if (answer === null) throw new Error(`There is no ${stripeCustomerId}.`)
  return answer
}

test('a customer is read with everything of theirs', async () => {
  const customer = await createCustomer()
  const subscription = await world.stripe.subscriptions.create({ customer, items: [{ price: price.id, quantity: 3 }] })
  const { state, prices } = await read(customer)
  const [method] = state.paymentMethods
  expect(state.customer).toEqual({
    stripeCustomerId: customer,
    customerId: 'user_1',
    email: 'ada@example.com',
    name: 'Ada',
    balance: 0,
    currency: 'usd',
    defaultPaymentMethodId: method?.stripePaymentMethodId,
    isDeleted: false,
    createdAt: NOW,
  })
  expect(method).toMatchObject({ stripeCustomerId: customer, type: 'card', brand: 'visa', last4: '4242' })
  const [item] = subscription.items.data
  expect(state.subscriptions).toMatchObject([
    {
      stripeSubscriptionId: subscription.id,
      stripeCustomerId: customer,
      status: 'active',
      currentPeriodStart: item?.current_period_start,
      currentPeriodEnd: item?.current_period_end,
      items: [{ stripeItemId: item?.id, stripePriceId: price.id, stripeProductId: price.product, quantity: 3 }],
      cancelAtPeriodEnd: false,
      cancelAt: null,
      isCollectionPaused: false,
      plan: null,
      pastDueSince: null,
    },
  ])
  expect(item?.current_period_start).toBe(NOW)
  expect(state.invoices).toMatchObject([
    { stripeSubscriptionId: subscription.id, status: 'paid', amountPaid: 6000, paidAt: NOW, finalizedAt: NOW },
  ])
  expect(prices).toMatchObject([
    {
      stripePriceId: price.id,
      lookupKey: 'paywright_pro_month',
      unitAmount: 2000,
      metadata: { paywright_plan: 'pro' },
    },
  ])
})

test('ended subscriptions are read too, with the invoices of the past', async () => {
  const customer = await createCustomer()
  const { id } = await world.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  await world.stripe.subscriptions.cancel(id)
  const { state } = await read(customer)
  expect(state.subscriptions).toMatchObject([{ stripeSubscriptionId: id, status: 'canceled', endedAt: NOW }])
  expect(state.invoices).toHaveLength(1)
})

test('the items of a subscription are all read, also where Stripe shows only the first of them', async () => {
  const customer = await createCustomer()
  const params = { product: idOf(price.product), currency: 'usd', recurring: { interval: 'month' } } as const
  const amounts = Array.from({ length: 12 }, (_, index) => (index + 1) * 100)
  const made = await Promise.all(amounts.map((unit_amount) => world.stripe.prices.create({ ...params, unit_amount })))
  await world.stripe.subscriptions.create({ customer, items: made.map(({ id }) => ({ price: id })) })
  const apiBase = await scriptServer(async ({ url }) => {
    const answer = await fetch(`${world.simulator.url}${url}`, { headers: { authorization: 'Bearer sk_test_1' } })
    const body = await answer.text()
    return { status: answer.status, body: url.startsWith('/v1/subscriptions?') ? cutItems(body) : JSON.parse(body) }
  })
  const gateway = createGateway({ secretKey: 'sk_test_1', apiBase, webhookSecrets: [] })
  const answer = await gateway.readCustomer(customer)
  expect(answer?.state.subscriptions[0]?.items).toHaveLength(12)
  const unitAmounts = answer?.prices.map(({ unitAmount }) => unitAmount ?? 0).toSorted((a, b) => a - b)
  expect(unitAmounts).toEqual(amounts)
})

/** A list of subscriptions with only the first ten items in each. */
function cutItems(text: string): Stripe.ApiList<Stripe.Subscription> {
  const list: Stripe.ApiList<Stripe.Subscription> = JSON.parse(text)
  const data = list.data.map((subscription) => {
    const { items } = subscription
    return { ...subscription, items: { ...items, data: items.data.slice(0, 10), has_more: items.data.length > 10 } }
  })
  return { ...list, data }
}

test('the period runs from the earliest start to the latest end of the items', async () => {
  const customer = await createCustomer()
  const wire = await world.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  const [item] = wire.items.data
  if (item === undefined) throw new Error('There is no item.')
  const weekly = { ...item, id: 'si_weekly', current_period_start: NOW + DAY, current_period_end: NOW + 8 * DAY }
  const span = { currentPeriodStart: NOW, currentPeriodEnd: item.current_period_end }
  expect(toSubscription(wire, [item, weekly])).toMatchObject(span)
  expect(toSubscription(wire, [weekly, item])).toMatchObject(span)
  expect(toSubscription(wire, [])).toMatchObject({ currentPeriodStart: null, currentPeriodEnd: null, items: [] })
})

test('more than one page is read to its end', async () => {
  const customer = await createCustomer()
  const items = [{ price: price.id }]
  const { id } = await world.stripe.subscriptions.create({ customer, items, trial_end: NOW + DAY })
  for (let number = 0; number < 101; number++) {
    await world.stripe.invoices.create({ customer, auto_advance: false, pending_invoice_items_behavior: 'exclude' })
  }
  const { state } = await read(customer)
  expect(state.invoices).toHaveLength(102)
  expect(state.invoices.filter(({ stripeSubscriptionId }) => stripeSubscriptionId === id)).toHaveLength(1)
})

test('a deleted customer is told from one who never was', async () => {
  const customer = await createCustomer()
  await world.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  await world.stripe.customers.del(customer)
  const { state } = await read(customer)
  expect(state.customer).toMatchObject({ stripeCustomerId: customer, isDeleted: true, email: null })
  expect(state.subscriptions.every(({ status }) => status === 'canceled')).toBe(true)
  expect(await world.gateway.readCustomer('cus_never')).toBeNull()
})

test('a failed renewal shows the attempt, the next one, and that the subscription is past due', async () => {
  const { gateway, stripe, simulator } = await simulateStripe()
  onTestFinished(() => simulator.close())
  const product = await stripe.products.create({ name: 'Pro' })
  const monthly = { currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' } } as const
  const { id } = await stripe.prices.create({ product: product.id, ...monthly })
  const customer = await stripe.customers.create({})
  const method = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id })
  const params = { customer: customer.id, items: [{ price: id }], default_payment_method: method.id }
  await stripe.subscriptions.create({ ...params, trial_end: NOW + DAY })
  await simulator.clock.advance(DAY + 2 * 3600)
  const answer = await gateway.readCustomer(customer.id)
  expect(answer?.state.subscriptions).toMatchObject([{ status: 'past_due' }])
  expect(answer?.state.invoices[0]).toMatchObject({
    status: 'open',
    attemptCount: 1,
    isAttempted: true,
    amountRemaining: 2000,
    nextPaymentAttemptAt: expect.any(Number),
  })
})

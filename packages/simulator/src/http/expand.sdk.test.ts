import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'

let simulator: Simulator
let stripe: Stripe
let price: Stripe.Price
let subscription: Stripe.Subscription

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  const product = await stripe.products.create({ id: 'pro_plan', name: 'Pro' })
  price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
  })
  const customer = await stripe.customers.create({
    name: 'Ada',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
})

afterAll(() => simulator.close())

test('an id becomes the object, and only where it was asked for', async () => {
  const expanded = await stripe.subscriptions.retrieve(subscription.id, { expand: ['customer', 'latest_invoice'] })
  expect(expanded.customer).toMatchObject({ object: 'customer', name: 'Ada' })
  expect(expanded.latest_invoice).toMatchObject({ object: 'invoice', customer: subscription.customer })
  expect((await stripe.subscriptions.retrieve(subscription.id)).customer).toBe(subscription.customer)
})

test('four levels deep, through lists', async () => {
  const list = await stripe.subscriptions.list({
    expand: ['data.items.data.price.product', 'data.latest_invoice.customer'],
  })
  expect(list.data[0]?.items.data[0]?.price.product).toMatchObject({ id: 'pro_plan', object: 'product', name: 'Pro' })
  expect(list.data[0]?.latest_invoice).toMatchObject({ customer: { object: 'customer' } })
})

test('what is only included on request', async () => {
  const invoice = subscription.latest_invoice as string
  const plain = await stripe.invoices.retrieve(invoice)
  expect(plain.payments).toBeUndefined()
  const included = await stripe.invoices.retrieve(invoice, {
    expand: ['payments.data.payment.payment_intent', 'confirmation_secret'],
  })
  expect(included.payments?.data[0]?.payment.payment_intent).toMatchObject({
    object: 'payment_intent',
    status: 'succeeded',
  })
  expect(included.payments?.url).toBe('/v1/invoices/payments')
  expect(included.confirmation_secret).toMatchObject({
    type: 'payment_intent',
    client_secret: expect.stringMatching(/^pi_.*_secret_/),
  })
  const customer = await stripe.customers.retrieve(subscription.customer as string, { expand: ['subscriptions'] })
  expect(customer).toMatchObject({ subscriptions: { data: [{ id: subscription.id }] } })
})

test.each([
  ['name', 'This property cannot be expanded (name).'],
  ['nothing', 'This property cannot be expanded (nothing).'],
  ['invoice_settings.footer', 'This property cannot be expanded (invoice_settings.footer).'],
  ['data.customer', 'This property cannot be expanded (data.customer).'],
  ['a.b.c.d.e', 'You cannot expand more than 4 levels of a property (a.b.c.d.e).'],
])('%s cannot be expanded, and nothing is made', async (path, message) => {
  const before = (await stripe.customers.list()).data.length
  await expect(stripe.customers.create({ expand: [path] })).rejects.toMatchObject({
    statusCode: 400,
    param: 'expand',
    message,
  })
  expect((await stripe.customers.list()).data).toHaveLength(before)
})

test('a deleted object is expanded to what is left of it', async () => {
  const customer = await stripe.customers.create({ name: 'Gone' })
  const setup = await stripe.setupIntents.create({ customer: customer.id })
  await stripe.customers.del(customer.id)
  const expanded = await stripe.setupIntents.retrieve(setup.id, { expand: ['customer'] })
  expect(expanded.customer).toEqual({ id: customer.id, object: 'customer', deleted: true })
})

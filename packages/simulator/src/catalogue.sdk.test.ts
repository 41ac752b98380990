import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './index.js'

let simulator: Simulator
let stripe: Stripe
beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe('sk_test_catalogue', { host, port, protocol: 'http', maxNetworkRetries: 0 })
})
afterAll(() => simulator.close())

test('customers', async () => {
  const made = await stripe.customers.create({ email: 'ada@example.com', metadata: { a: '1', b: '2' } })
  const updated = await stripe.customers.update(made.id, { name: 'Ada', metadata: { a: '' } })
  expect(updated).toMatchObject({ name: 'Ada', metadata: { b: '2' } })
  const retrieved = await stripe.customers.retrieve(made.id)
  expect({ ...retrieved }).toEqual({ ...updated, lastResponse: undefined })
  const listed = await stripe.customers.list({ email: 'ada@example.com' })
  expect(listed.data.map((customer) => customer.id)).toEqual([made.id])
  expect(await stripe.customers.del(made.id)).toMatchObject({ id: made.id, object: 'customer', deleted: true })
  expect(await stripe.customers.retrieve(made.id)).toMatchObject({ id: made.id, deleted: true })
})

test("a customer's payment methods", async () => {
  const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' })
  const other = await stripe.customers.create({ payment_method: 'pm_card_mastercard' })
  const { data } = await stripe.customers.listPaymentMethods(customer.id)
  expect(data.map((method) => method.card?.brand)).toEqual(['visa'])
  const [own] = data
  const id = own?.id ?? ''
  expect(await stripe.customers.retrievePaymentMethod(customer.id, id)).toMatchObject({ id, customer: customer.id })
  await expect(stripe.customers.retrievePaymentMethod(other.id, id)).rejects.toMatchObject({ code: 'resource_missing' })
  const owner = await stripe.paymentMethods.retrieve(id, { expand: ['customer'] })
  expect(owner.customer).toMatchObject({ id: customer.id, object: 'customer' })
})

test('every page of a long list', async () => {
  const made: string[] = []
  for (let index = 0; index < 5; index++)
    made.push((await stripe.products.create({ name: `Page ${index}`, shippable: true })).id)
  const found = await stripe.products.list({ limit: 2, shippable: true }).autoPagingToArray({ limit: 100 })
  expect(found.map((product) => product.id)).toEqual(made.toReversed())
})

test('products and prices', async () => {
  const product = await stripe.products.create({
    name: 'Pro',
    default_price_data: { currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' } },
    expand: ['default_price'],
  })
  expect(product.default_price).toMatchObject({ object: 'price', unit_amount: 2000 })
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'jpy',
    unit_amount: 500,
    lookup_key: 'once',
  })
  expect(price).toMatchObject({ type: 'one_time', unit_amount: 500, recurring: null })
  expect(String(price.unit_amount_decimal)).toBe('500')
  const listed = await stripe.prices.list({ lookup_keys: ['once'], expand: ['data.product'] })
  expect(listed.data).toMatchObject([{ id: price.id, product: { name: 'Pro' } }])
  expect(await stripe.prices.update(price.id, { active: false, nickname: 'Old' })).toMatchObject({
    active: false,
    nickname: 'Old',
  })
  expect((await stripe.products.update(product.id, { description: 'All' })).description).toBe('All')
  await expect(stripe.products.del(product.id)).rejects.toMatchObject({ statusCode: 400 })
  const fresh = await stripe.products.create({ name: 'Draft' })
  expect(await stripe.products.del(fresh.id)).toMatchObject({ deleted: true })
})

test('the account', async () => {
  const account = await stripe.accounts.retrieveCurrent()
  expect(account).toMatchObject({ object: 'account', charges_enabled: true, country: 'US', default_currency: 'usd' })
})

test.each([
  ['an e-mail address', { email: 'nobody' }, { code: 'email_invalid', param: 'email', statusCode: 400 }],
  [
    'something not built',
    { cash_balance: { settings: { reconciliation_mode: 'manual' } } },
    { code: 'not_simulated', param: 'cash_balance', statusCode: 400 },
  ],
] as const)('a refusal about %s is the error that the SDK knows', async (_name, params, error) => {
  const refused = stripe.customers.create(params)
  await expect(refused).rejects.toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
  await expect(refused).rejects.toMatchObject(error)
})

import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './index.js'

let simulator: Simulator
let stripe: Stripe
beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe('sk_test_payments', { host, port, protocol: 'http', maxNetworkRetries: 0 })
})
afterAll(() => simulator.close())

const back = 'https://example.com/back'
const ten = { amount: 1000, currency: 'usd', return_url: back, confirm: true } as const

test('payment methods', async () => {
  const customer = await stripe.customers.create()
  const card = { number: '5555555555554444', exp_month: 8, exp_year: 2030, cvc: '314' }
  const made = await stripe.paymentMethods.create({ type: 'card', card, billing_details: { name: 'Ada' } })
  expect(await stripe.paymentMethods.attach(made.id, { customer: customer.id })).toMatchObject({
    customer: customer.id,
  })
  const updated = await stripe.paymentMethods.update(made.id, { billing_details: { name: 'Ada L' } })
  expect(updated.billing_details.name).toBe('Ada L')
  expect((await stripe.paymentMethods.retrieve(made.id)).card).toMatchObject({ brand: 'mastercard', last4: '4444' })
  expect((await stripe.paymentMethods.list({ customer: customer.id })).data).toHaveLength(1)
  expect(await stripe.paymentMethods.detach(made.id)).toMatchObject({ customer: null })
  const refused = stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id })
  await expect(refused).rejects.toBeInstanceOf(Stripe.errors.StripeCardError)
  await expect(refused).rejects.toMatchObject({
    code: 'card_declined',
    decline_code: 'generic_decline',
    statusCode: 402,
  })
})

test('a payment from making to listing', async () => {
  const customer = await stripe.customers.create()
  const made = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd', customer: customer.id })
  await stripe.paymentIntents.update(made.id, { amount: 1500 })
  const paid = await stripe.paymentIntents.confirm(made.id, {
    payment_method: 'pm_card_visa',
    return_url: back,
    expand: ['latest_charge', 'payment_method'],
  })
  expect(paid).toMatchObject({
    status: 'succeeded',
    amount_received: 1500,
    latest_charge: { object: 'charge', amount: 1500, paid: true },
    payment_method: { card: { last4: '4242' } },
  })
  const { data: charges } = await stripe.charges.list({ payment_intent: made.id })
  expect(charges).toHaveLength(1)
  const charge = await stripe.charges.update(charges[0]?.id ?? '', { metadata: { order: '7' } })
  expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ metadata: { order: '7' } })
  expect((await stripe.paymentIntents.list({ customer: customer.id })).data.map(({ id }) => id)).toEqual([made.id])
  expect((await stripe.paymentIntents.retrieve(made.id)).status).toBe('succeeded')
})

test('authorized, captured and canceled payments', async () => {
  const held = await stripe.paymentIntents.create({ ...ten, payment_method: 'pm_card_visa', capture_method: 'manual' })
  expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1000 })
  const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 700 })
  expect(captured).toMatchObject({ status: 'succeeded', amount_received: 700 })
  const open = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd' })
  expect((await stripe.paymentIntents.cancel(open.id)).status).toBe('canceled')
  await expect(stripe.paymentIntents.cancel(open.id)).rejects.toMatchObject({ code: 'payment_intent_unexpected_state' })
})

test('a declined payment is a card error that names its charge and its intent', async () => {
  const params = { ...ten, payment_method: 'pm_card_chargeCustomerFail' }
  const error = await stripe.paymentIntents.create(params).then(
    () => undefined,
    (refusal: unknown) => refusal,
  )
  expect(error).toBeInstanceOf(Stripe.errors.StripeCardError)
  if (!(error instanceof Stripe.errors.StripeCardError)) return
  expect(error).toMatchObject({ code: 'card_declined', decline_code: 'generic_decline', statusCode: 402 })
  const charge = await stripe.charges.retrieve(error.charge ?? '')
  expect(charge).toMatchObject({ status: 'failed', payment_intent: error.payment_intent?.id })
  const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? '')
  expect(intent).toMatchObject({ status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } })
})

test('a payment that the bank wants to see the customer for', async () => {
  const intent = await stripe.paymentIntents.create({ ...ten, payment_method: 'pm_card_authenticationRequired' })
  expect(intent.status).toBe('requires_action')
  expect(intent.next_action?.redirect_to_url).toEqual({ return_url: back, url: `${simulator.url}/3ds/${intent.id}` })
  const { return_url: _, ...offSession } = {
    ...ten,
    payment_method: 'pm_card_authenticationRequired',
    off_session: true,
  }
  await expect(stripe.paymentIntents.create(offSession)).rejects.toMatchObject({ code: 'authentication_required' })
})

test('cards set up for later', async () => {
  const customer = await stripe.customers.create()
  const made = await stripe.setupIntents.create({ customer: customer.id, usage: 'off_session' })
  const done = await stripe.setupIntents.confirm(made.id, { payment_method: 'pm_card_visa', return_url: back })
  expect(done).toMatchObject({ status: 'succeeded', customer: customer.id })
  expect((await stripe.setupIntents.retrieve(made.id)).status).toBe('succeeded')
  expect((await stripe.setupIntents.list({ customer: customer.id })).data).toHaveLength(1)
  expect((await stripe.paymentMethods.list({ customer: customer.id })).data.map(({ id }) => id)).toEqual([
    done.payment_method,
  ])
  const open = await stripe.setupIntents.create({ description: 'Card' })
  expect(await stripe.setupIntents.update(open.id, { description: '' })).toMatchObject({ description: null })
  expect(await stripe.setupIntents.cancel(open.id)).toMatchObject({ status: 'canceled' })
})

test('what does not exist', async () => {
  const missing = { code: 'resource_missing', statusCode: 404 }
  await expect(stripe.paymentIntents.retrieve('pi_none')).rejects.toMatchObject({ ...missing, param: 'intent' })
  await expect(stripe.setupIntents.retrieve('seti_none')).rejects.toMatchObject({ ...missing, param: 'intent' })
  await expect(stripe.charges.retrieve('ch_none')).rejects.toMatchObject({ ...missing, param: 'id' })
  await expect(stripe.paymentMethods.retrieve('pm_none')).rejects.toMatchObject({ ...missing, param: 'payment_method' })
})

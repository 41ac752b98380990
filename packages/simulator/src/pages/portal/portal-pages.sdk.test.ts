import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../../index.js'
import { cardTyped, submit, visit, type Visited } from '../../testing/visitor.js'

const BACK = 'https://app.example/settings'
const DAY = 86_400

let simulator: Simulator
let stripe: Stripe
let customer: string
let subscription: string
let portal: string

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  customer = (
    await stripe.customers.create({
      name: 'Ada & Co',
      email: 'ada@example.com',
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
  ).id
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 2000,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
  })
  subscription = (await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })).id
  portal = await open()
})

afterEach(() => simulator.close())

async function open(): Promise<string> {
  return (await stripe.billingPortal.sessions.create({ customer, return_url: BACK })).url
}

/** Sends a form of one of the portal's own pages. */
function send(path: string, fields: Readonly<Record<string, string>>): Promise<Visited> {
  return submit(`${portal}${path}`, fields)
}

async function text(path = ''): Promise<string> {
  return (await visit(`${portal}${path}`)).text
}

test('the overview has plan, next charge, card, details, invoices and the way back', async () => {
  const page = await text()
  for (const part of [
    'Pro',
    '$20.00',
    '15 February 2027',
    'Visa ending in 4242',
    'Ada &amp; Co',
    'Paid',
    `href="${BACK}"`,
  ])
    expect(page).toContain(part)
})

test('a session is good for an hour', async () => {
  await simulator.clock.advance(3600)
  expect(await visit(portal)).toMatchObject({ status: 410, text: expect.stringContaining('This link has expired') })
  expect(await visit(`${portal}x`)).toMatchObject({ status: 410 })
})

test('canceling asks why, keeps the plan to the end of the period, and can be taken back', async () => {
  const path = `/subscriptions/${subscription}/cancel`
  expect(await text(path)).toContain('It is too expensive')
  const canceled = await send(path, { feedback: 'too_expensive', comment: 'Later, maybe' })
  expect(canceled).toMatchObject({ status: 303, location: expect.stringContaining('done=canceled') })
  const kept = await stripe.subscriptions.retrieve(subscription)
  expect(kept.status).toBe('active')
  expect(kept.cancellation_details).toMatchObject({ feedback: 'too_expensive', comment: 'Later, maybe' })
  expect(await text()).toContain('15 February 2027')
  const { pathname } = new URL(portal)
  await submit(portal, {}, `${pathname}/subscriptions/${subscription}/keep`)
  expect(await text()).not.toContain('Ends')
  await simulator.clock.advance(31 * DAY)
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe('active')
})

test('a card is added, becomes the one that pays, and the older one can then be removed', async () => {
  expect(await send('/cards/new', cardTyped('5555555555554444'))).toMatchObject({ status: 303 })
  const { data } = await stripe.customers.listPaymentMethods(customer)
  const old = data.find(({ card }) => card?.last4 === '4242')?.id ?? ''
  const added = data.find(({ card }) => card?.last4 === '4444')?.id
  const { invoice_settings: settings } = (await stripe.customers.retrieve(customer)) as Stripe.Customer
  expect(settings.default_payment_method).toBe(added)
  const { pathname } = new URL(portal)
  await submit(`${portal}/cards/remove?card=${old}`, {}, `${pathname}/cards/remove`)
  expect((await stripe.customers.listPaymentMethods(customer)).data.map(({ id }) => id)).toEqual([added])
})

test('a declined card is not added, and says so at its field', async () => {
  const { status, text: page } = await send('/cards/new', cardTyped('4000000000000002'))
  expect(status).toBe(422)
  expect(page).toContain('Your card was declined.')
  expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1)
})

test('a card whose bank wants to see the customer goes by the bank’s page', async () => {
  const asked = await send('/cards/new', cardTyped('4000002760003184'))
  expect(asked.location).toMatch(/^\/3ds\/seti_\w+$/)
  const bank = `${simulator.url}${asked.location}`
  expect((await visit(bank)).text).toContain('Keep your Visa ending in 3184 for later payments')
  const back = await submit(bank, { outcome: 'succeeded' })
  expect((await visit(back.location ?? '')).text).toContain('Your payment method was updated. It pays from now on.')
})

test('a payment that failed is shown, and paid with a new card', async () => {
  await send('/cards/new', cardTyped('4000000000000341'))
  await simulator.clock.advance(32 * DAY)
  portal = await open()
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe('past_due')
  await send('/cards/new', cardTyped('4242424242424242'))
  const { pathname } = new URL(portal)
  const paid = await submit(portal, {}, `${pathname}/invoices/pay`)
  expect(paid).toMatchObject({ status: 303, location: expect.stringContaining('done=paid') })
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe('active')
})

test('details are changed, and what is no address is refused', async () => {
  expect(await send('/details', { name: 'Ada', email: 'nobody' })).toMatchObject({ status: 422 })
  await send('/details', { name: 'Ada', email: 'ada@lovelace.example' })
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ name: 'Ada', email: 'ada@lovelace.example' })
})

test('nothing is done by a form of another page, nor to another customer’s subscription', async () => {
  const path = `${portal}/subscriptions/${subscription}/cancel`
  const forged = await fetch(path, {
    method: 'POST',
    body: new URLSearchParams({ form_token: 'x' }),
    redirect: 'manual',
  })
  expect(forged.status).toBe(403)
  const other = await stripe.customers.create({ email: 'eve@example.com' })
  const { url } = await stripe.billingPortal.sessions.create({ customer: other.id })
  const theirs = await visit(`${url}/subscriptions/${subscription}/cancel`)
  expect(theirs).toMatchObject({ status: 303, location: `${new URL(url).pathname}?home=1` })
  expect((await stripe.subscriptions.retrieve(subscription)).cancel_at).toBeNull()
})

test('the portal does what its configuration allows: quantity, pause, details and tax ids', async () => {
  const { id: product } = await stripe.products.create({ name: 'Seat' })
  const recurring = { interval: 'month' } as const
  const { id: price } = await stripe.prices.create({ product, currency: 'usd', unit_amount: 1000, recurring })
  const card = 'pm_card_visa'
  const { id: buyer } = await stripe.customers.create({
    email: 'ada@example.com',
    payment_method: card,
    invoice_settings: { default_payment_method: card },
  })
  const { id } = await stripe.subscriptions.create({ customer: buyer, items: [{ price }] })
  const { id: configuration } = await stripe.billingPortal.configurations.create({
    features: {
      customer_update: { enabled: true, allowed_updates: ['address', 'tax_id'] },
      subscription_pause: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['quantity'],
        products: [{ product, prices: [price], adjustable_quantity: { enabled: true, maximum: 9 } }],
      },
    },
  })
  const { url } = await stripe.billingPortal.sessions.create({ customer: buyer, configuration })
  const base = new URL(url).pathname
  const page = `${url}/subscriptions/${id}`

  const choice = await visit(`${page}/change/confirm?quantity=12`)
  expect(choice).toMatchObject({ status: 422, text: expect.stringContaining('You can have from 1 to 9.') })
  const confirm = `${page}/change/confirm?quantity=4`
  expect((await visit(confirm)).text).toContain('Seat × 4, $40.00 per month')
  expect(await submit(confirm, {}, `${new URL(page).pathname}/change`)).toMatchObject({
    location: `${base}?done=changed`,
  })
  expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.quantity).toBe(4)

  expect(await submit(`${page}/pause`, {})).toMatchObject({ location: `${base}?done=paused` })
  expect((await stripe.subscriptions.retrieve(id)).status).toBe('paused')
  expect(await submit(url, {}, `${new URL(page).pathname}/resume`)).toMatchObject({ location: `${base}?done=resumed` })

  const missing = await submit(`${url}/details`, { country: 'US', line1: '' })
  expect(missing.text).toContain('Enter the street and the number.')
  const address = { country: 'DE', line1: 'Hauptstraße 1', postal_code: '10115', city: 'Berlin' }
  expect(await submit(`${url}/details`, address)).toMatchObject({ location: `${base}?done=details` })
  expect((await stripe.customers.retrieve(buyer)) as Stripe.Customer).toMatchObject({ address })

  const wrong = await submit(`${url}/tax-ids/new`, { tax_id_type: 'eu_vat', tax_id: 'DE1' })
  expect(wrong.text).toContain('Enter a tax ID such as DE123456789.')
  const typed = { tax_id_type: 'eu_vat', tax_id: 'DE 123 456 789' }
  expect(await submit(`${url}/tax-ids/new`, typed)).toMatchObject({ location: `${base}?done=taxId` })
  expect((await stripe.customers.listTaxIds(buyer)).data).toMatchObject([{ value: 'DE123456789' }])
})

test('whoever asks on the login page gets a link, and an expired session leads there', async () => {
  const { id: buyer } = await stripe.customers.create({ email: 'ada@example.com' })
  const { id: configuration, login_page: login } = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
    login_page: { enabled: true },
  })
  const after_expiration = { type: 'customer_login' } as const
  const { url } = await stripe.billingPortal.sessions.create({ customer: buyer, configuration, after_expiration })
  await simulator.clock.advance(3600)
  const loginPage = login.url ?? ''
  expect((await visit(url)).text).toContain(`href="${new URL(loginPage).pathname}"`)
  const ask = async (email: string): Promise<string> => {
    const body = new URLSearchParams({ email })
    return (await fetch(loginPage, { method: 'POST', body })).text()
  }
  expect(await ask('nobody@example.com')).not.toContain('Open billing')
  expect(await ask('ada@example.com')).toMatch(/href="\/p\/session\/\w+"/)
  await stripe.billingPortal.configurations.update(configuration, { login_page: { enabled: false } })
  expect((await visit(loginPage)).status).toBe(404)
})

test('who has nothing sent to them changes their e-mail without a shipping address', async () => {
  const { id: buyer } = await stripe.customers.create({ email: 'ada@example.com', name: 'Ada' })
  const { id: configuration } = await stripe.billingPortal.configurations.create({
    features: { customer_update: { enabled: true, allowed_updates: ['email', 'shipping'] } },
  })
  const { url } = await stripe.billingPortal.sessions.create({ customer: buyer, configuration })
  const nowhere = { shipping_country: 'US', shipping_name: '', shipping_line1: '' }
  const wrong = await submit(`${url}/details`, { ...nowhere, email: 'nobody' })
  expect(wrong).toMatchObject({ status: 422, text: expect.stringContaining('id="email-error"') })
  expect(await submit(`${url}/details`, { ...nowhere, email: 'ada@lovelace.example' })).toMatchObject({ status: 303 })
  const after = await stripe.customers.retrieve(buyer)
  expect(after).toMatchObject({ email: 'ada@lovelace.example', shipping: null })
  const half = await submit(`${url}/details`, { ...nowhere, email: 'ada@lovelace.example', shipping_name: 'Ada' })
  expect(half.text).toContain('Enter the street and the number.')
})

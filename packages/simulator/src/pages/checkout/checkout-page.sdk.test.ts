import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../../index.js'
import { cardTyped, submit, visit } from '../../testing/visitor.js'

const WORKS = '4242424242424242'
const DECLINED = '4000000000000002'
const SECURED = '4000002760003184'
const BACK = 'https://app.example/done?session={CHECKOUT_SESSION_ID}'
const CANCELED = 'https://app.example/pricing'

let simulator: Simulator
let stripe: Stripe

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterEach(() => simulator.close())

async function opened(params: Stripe.Checkout.SessionCreateParams = {}): Promise<{ id: string; url: string }> {
  const recurring = { interval: 'month' } as const
  const price_data = { currency: 'usd', unit_amount: 2000, recurring, product_data: { name: 'Pro <plan>' } }
  const { id, url } = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price_data, quantity: 1 }],
    success_url: BACK,
    cancel_url: CANCELED,
    ...params,
  })
  return { id, url: url ?? '' }
}

function pay(url: string, number: string): ReturnType<typeof submit> {
  return submit(url, { email: 'ada@example.com', ...cardTyped(number) })
}

async function subscriptions(): Promise<readonly Stripe.Subscription[]> {
  return (await stripe.subscriptions.list({ status: 'all' })).data
}

test('the page says what is bought, for how much and how often, and loads nothing from elsewhere', async () => {
  const { status, text, headers } = await visit((await opened()).url)
  expect(status).toBe(200)
  expect(text).toContain('Pro &lt;plan&gt;')
  expect(text).toContain('$20.00')
  expect(text).toContain('You will be charged $20.00 on 15 February 2027, then monthly, until you cancel.')
  expect(text).toContain(`href="${CANCELED}"`)
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(headers.get('cache-control')).toBe('no-store')
})

test('paid, the customer is sent back with the session’s id, and pressing again pays nothing more', async () => {
  const { id, url } = await opened()
  const { text } = await visit(url)
  const paid = await pay(url, WORKS)
  expect(paid).toMatchObject({ status: 303, location: BACK.replace('{CHECKOUT_SESSION_ID}', id) })
  expect(await subscriptions()).toMatchObject([{ status: 'active' }])
  const token = /name="form_token" value="(\w+)"/.exec(text)?.[1] ?? ''
  const body = new URLSearchParams({ form_token: token, email: 'ada@example.com', ...cardTyped(WORKS) })
  const again = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  expect(again.headers.get('location')).toBe(paid.location)
  expect(await subscriptions()).toHaveLength(1)
  expect((await visit(url)).text).toContain('You are all done here')
})

test('what is missing is said at each field, all at once', async () => {
  const { url } = await opened()
  const { status, text } = await submit(url, {
    email: 'nobody',
    number: '42',
    expiry: '',
    cvc: '',
    name: '',
    country: 'GB',
  })
  expect(status).toBe(422)
  for (const name of ['email', 'number', 'expiry', 'cvc', 'name'])
    expect(text).toContain(`aria-describedby="${name}-error"`)
  expect(text).toContain('value="nobody"')
  expect(await subscriptions()).toEqual([])
})

test('a declined card is told so, what was typed is kept, and another card pays', async () => {
  const { url } = await opened()
  const declined = await pay(url, DECLINED)
  expect(declined.status).toBe(422)
  expect(declined.text).toContain('Your card was declined. Try another card; nothing was charged.')
  expect(declined.text).toContain('value="Ada Lovelace"')
  expect(await subscriptions()).toEqual([])
  expect(await pay(url, WORKS)).toMatchObject({ status: 303 })
  expect(await subscriptions()).toMatchObject([{ status: 'active' }])
})

test('the bank’s page leads back to where it was asked for, whatever the customer says there', async () => {
  const { url, id } = await opened()
  const asked = await pay(url, SECURED)
  expect(asked).toMatchObject({ status: 303, location: expect.stringMatching(/^\/3ds\/pi_\w+$/) })
  const bank = `${simulator.url}${asked.location}`
  expect((await visit(bank)).text).toContain('Pay $20.00 with your Visa ending in 3184')
  expect((await visit(url)).text).toContain('Your bank waits for you to confirm this payment.')

  const refused = await submit(bank, { outcome: 'failed' })
  expect(refused).toMatchObject({ status: 303, location: expect.stringContaining(new URL(url).pathname) })
  expect((await visit(new URL(refused.location ?? '', url).href)).text).toContain(
    'Your bank did not confirm that it is you.',
  )
  expect((await visit(bank)).text).toContain('There is nothing to confirm')
  expect(await subscriptions()).toEqual([])

  const again = await pay(url, SECURED)
  const agreed = await submit(`${simulator.url}${again.location}`, { outcome: 'succeeded' })
  expect(agreed.location).toBe(BACK.replace('{CHECKOUT_SESSION_ID}', id))
  expect(await subscriptions()).toMatchObject([{ status: 'active' }])
})

test('a form that the page did not make is refused', async () => {
  const { url } = await opened()
  const body = new URLSearchParams({ form_token: 'made_up', email: 'ada@example.com', ...cardTyped(WORKS) })
  const { status } = await fetch(url, { method: 'POST', body })
  expect(status).toBe(403)
  expect(await subscriptions()).toEqual([])
})

test('an expired session sells nothing and says the way back', async () => {
  const { url } = await opened()
  await simulator.clock.advance(86_400)
  const { status, text } = await visit(url)
  expect(status).toBe(410)
  expect(text).toContain('This checkout page has expired')
  expect(text).toContain(`href="${CANCELED}"`)
})

test('a session of no subscription, and one that saves a card only', async () => {
  const price_data = { currency: 'jpy', unit_amount: 500, product_data: { name: 'Book' } }
  const book = await opened({ mode: 'payment', line_items: [{ price_data, quantity: 2 }] })
  expect((await visit(book.url)).text).toContain('Pay ¥1,000')
  expect(await pay(book.url, WORKS)).toMatchObject({ status: 303 })
  expect((await stripe.checkout.sessions.retrieve(book.id)).payment_status).toBe('paid')

  const { id: customer } = await stripe.customers.create({ email: 'ada@example.com' })
  const { id, url } = await stripe.checkout.sessions.create({
    mode: 'setup',
    currency: 'usd',
    customer,
    success_url: BACK,
  })
  expect((await visit(url ?? '')).text).toContain('Save card')
  expect(await pay(url ?? '', WORKS)).toMatchObject({ status: 303 })
  expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({
    status: 'complete',
    payment_status: 'no_payment_required',
  })
})

import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../../index.js'
import { cardTyped, submit, visit } from '../../testing/visitor.js'

const WORKS = '4242424242424242'

let simulator: Simulator
let stripe: Stripe

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterEach(() => simulator.close())

const mug = { price_data: { currency: 'usd', unit_amount: 1500, product_data: { name: 'Mug' } }, quantity: 1 }

async function followed(url: string): Promise<string> {
  const { location } = await visit(url)
  return new URL(location ?? '', url).href
}

test('a link opens a page of its own each time, and ends with thanks', async () => {
  const link = await stripe.paymentLinks.create({
    line_items: [{ ...mug, adjustable_quantity: { enabled: true, maximum: 5 } }],
    after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'Your mug is coming.' } },
    restrictions: { completed_sessions: { limit: 1 } },
  })
  const page = await followed(`${link.url}?prefilled_email=ada%40example.com&client_reference_id=user_1`)
  expect(await followed(link.url)).not.toBe(page)
  expect((await visit(page)).text).toContain('ada@example.com')
  const paid = await submit(page, cardTyped(WORKS))
  expect(paid).toMatchObject({ status: 303 })
  expect((await visit(page)).text).toContain('Your mug is coming.')
  const { data } = await stripe.checkout.sessions.list({ payment_link: link.id, status: 'complete' })
  expect(data).toMatchObject([{ client_reference_id: 'user_1', payment_status: 'paid', amount_total: 1500 }])
  const closed = await visit(link.url)
  expect(closed.status).toBe(410)
  expect(closed.text).toContain('This link is no longer active')
})

test('links are listed, read with their items, and changed', async () => {
  const { id } = await stripe.paymentLinks.create({ line_items: [mug] })
  expect((await stripe.paymentLinks.retrieve(id, { expand: ['line_items'] })).line_items?.data).toHaveLength(1)
  expect((await stripe.paymentLinks.listLineItems(id)).data).toMatchObject([{ description: 'Mug', quantity: 1 }])
  await stripe.paymentLinks.update(id, { active: false })
  expect((await stripe.paymentLinks.list({ active: false })).data).toMatchObject([{ id }])
  expect((await stripe.paymentLinks.list({ active: true })).data).toEqual([])
})

test('the order can be changed on the page, and what was typed is kept', async () => {
  const product = await stripe.products.create({ name: 'Team' })
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'month' },
  })
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  const { id, url } = await stripe.checkout.sessions.create({
    mode: 'subscription',
    success_url: 'https://app.example/done',
    line_items: [{ price: price.id, quantity: 1, adjustable_quantity: { enabled: true } }],
    allow_promotion_codes: true,
  })
  const page = url ?? ''
  const [item] = (await stripe.checkout.sessions.listLineItems(id)).data
  const change = (more: Record<string, string>): ReturnType<typeof submit> =>
    submit(
      page,
      { email: 'ada@example.com', [`quantity_${item?.id}`]: '3', ...more },
      `${new URL(page).pathname}/order`,
    )
  const wrong = await change({ promotion_code: '<b>' })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('The code “&lt;b&gt;” is not known')
  expect(wrong.text).toContain('value="ada@example.com"')
  const right = await change({ promotion_code: 'half' })
  expect(right.text).toContain('Pay $15.00')
  expect(right.text).toContain('You will be charged $30.00 on 15 February 2027')
  expect((await change({ remove_code: 'yes' })).text).toContain('Pay $30.00')
  const forged = new URLSearchParams({ form_token: 'made_up', [`quantity_${item?.id}`]: '1' })
  expect((await fetch(`${page}/order`, { method: 'POST', body: forged })).status).toBe(403)
  expect((await stripe.checkout.sessions.retrieve(id)).amount_total).toBe(3000)
})

test('an expired page leads to a copy of itself where that was asked for', async () => {
  const { id, url } = await stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://app.example/done',
    line_items: [mug],
    after_expiration: { recovery: { enabled: true } },
  })
  await simulator.clock.advance(86_400)
  const { after_expiration: after } = await stripe.checkout.sessions.retrieve(id)
  const recovery = after?.recovery?.url ?? ''
  expect((await visit(url ?? '')).text).toContain(`href="${new URL(recovery).pathname}"`)
  const copy = await followed(recovery)
  expect((await visit(copy)).text).toContain('Pay $15.00')
  const { recovered_from: from } = await stripe.checkout.sessions.retrieve(/cs_\w+/.exec(copy)?.[0] ?? '')
  expect(from).toBe(id)
})

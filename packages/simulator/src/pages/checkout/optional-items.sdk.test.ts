import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from '../../index.js'
import { startWithSdk } from '../../testing/sdk.js'
import { cardTyped, submit, visit } from '../../testing/visitor.js'

const EVERY_MONTH = { recurring: { interval: 'month' as const } }

let simulator: Simulator
let stripe: Stripe
let prices: { readonly pro: string; readonly support: string; readonly mug: string }

beforeAll(async () => {
  ;({ simulator, stripe } = await startWithSdk())
  const price = async (name: string, extra: Partial<Stripe.PriceCreateParams>): Promise<string> =>
    (await stripe.prices.create({ currency: 'usd', product_data: { name }, ...extra })).id
  prices = {
    pro: await price('Pro', { ...EVERY_MONTH, unit_amount: 2000 }),
    support: await price('Support', { ...EVERY_MONTH, unit_amount: 500 }),
    mug: await price('Mug', { unit_amount: 1500 }),
  }
})

afterAll(() => simulator.close())

function session(extra: Partial<Stripe.Checkout.SessionCreateParams> = {}): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: prices.pro, quantity: 1 }],
    optional_items: [
      { price: prices.support, quantity: 2, adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 } },
      { price: prices.mug, quantity: 1 },
    ],
    success_url: 'https://app.example/done',
    ...extra,
  })
}

function buttonFor(text: string, action: 'add_item' | 'drop_item', name: string): string {
  const found = new RegExp(`name="${action}" value="(\\w+)"[^>]*>\\w+<span class="hidden"> ${name}<`).exec(text)
  if (found?.[1] === undefined) throw new Error(`There is no button ${action} for ${name}.`)
  return found[1]
}

test('the customer may add what is offered, change how many, and take it out again', async () => {
  const made = await session()
  expect(made.optional_items).toEqual([
    { price: prices.support, quantity: 2, adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 } },
    { price: prices.mug, quantity: 1, adjustable_quantity: null },
  ])
  expect(made.amount_total).toBe(2000)
  const url = made.url ?? ''
  const order = `${new URL(url).pathname}/order`
  const { text } = await visit(url)
  expect(text).toContain('Add to your order')
  const support = buttonFor(text, 'add_item', 'Support')
  const mug = buttonFor(text, 'add_item', 'Mug')
  const added = await submit(url, { add_item: support }, order)
  expect(added.text).toContain('$30.00')
  await submit(url, { add_item: mug }, order)
  await submit(url, { [`quantity_${support}`]: '3' }, order)
  expect((await stripe.checkout.sessions.retrieve(made.id)).amount_total).toBe(2000 + 3 * 500 + 1500)
  const dropped = await submit(url, { drop_item: buttonFor((await visit(url)).text, 'drop_item', 'Mug') }, order)
  expect(buttonFor(dropped.text, 'add_item', 'Mug')).toBe(mug)
  expect(await submit(url, { email: 'ada@example.com', ...cardTyped('4242424242424242') })).toMatchObject({
    status: 303,
  })
  const done = await stripe.checkout.sessions.retrieve(made.id, { expand: ['line_items', 'subscription'] })
  expect(done).toMatchObject({ status: 'complete', amount_total: 3500 })
  expect(done.line_items?.data.map(({ description, quantity }) => [description, quantity])).toEqual([
    ['Pro', 1],
    ['Support', 3],
  ])
  if (typeof done.subscription !== 'object') throw new Error('The subscription was not expanded.')
  expect(done.subscription?.items.data.map(({ price, quantity }) => [price.id, quantity])).toEqual([
    [prices.pro, 1],
    [prices.support, 3],
  ])
})

test('what is not offered cannot be added', async () => {
  const made = await session()
  const url = made.url ?? ''
  const other = buttonFor((await visit((await session()).url ?? '')).text, 'add_item', 'Mug')
  await submit(url, { add_item: other }, `${new URL(url).pathname}/order`)
  expect((await stripe.checkout.sessions.retrieve(made.id)).amount_total).toBe(2000)
})

test('a payment link offers the same on each page that it opens', async () => {
  const link = await stripe.paymentLinks.create({
    line_items: [{ price: prices.mug, quantity: 1 }],
    optional_items: [{ price: prices.mug, quantity: 2 }],
  })
  expect(link.optional_items).toEqual([{ price: prices.mug, quantity: 2, adjustable_quantity: null }])
  const { location } = await visit(link.url)
  expect((await visit(new URL(location ?? '', link.url).href)).text).toContain('Add to your order')
  expect((await stripe.paymentLinks.update(link.id, { optional_items: '' })).optional_items).toBeNull()
})

test('optional items are not for what they cannot be sold with', async () => {
  const refusal = { statusCode: 400, param: 'optional_items' }
  const oneTime = { mode: 'payment' as const, line_items: [{ price: prices.mug, quantity: 1 }] }
  await expect(session(oneTime)).rejects.toMatchObject(refusal)
  const embedded = stripe.checkout.sessions.create({
    ui_mode: 'elements',
    line_items: [{ price: prices.pro, quantity: 1 }],
    mode: 'subscription',
    optional_items: [{ price: prices.mug, quantity: 1 }],
    return_url: 'https://app.example/done',
  })
  await expect(embedded).rejects.toMatchObject(refusal)
})

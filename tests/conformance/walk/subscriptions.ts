import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { found, gone, holding, type Stretches, type Walk } from './walk.js'

const DAY = 86_400

/** A customer with a card that pays. */
export async function payingCustomer({ stripe }: Walk, test_clock?: string): Promise<string> {
  const { id } = await stripe.customers.create({
    email: 'grace@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...(test_clock !== undefined && { test_clock }),
  })
  return id
}

export async function monthlyPrice({ stripe }: Walk, amount = 2000): Promise<string> {
  const recurring = { interval: 'month' } as const
  const wanted = { currency: 'usd', unit_amount: amount, recurring, product_data: { name: 'Monthly' } }
  return (await stripe.prices.create(wanted)).id
}

async function walkLife(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const price = await monthlyPrice(walk)
  const { subscriptions } = stripe
  const customer = await payingCustomer(walk)
  const subscription = await visit(
    'POST /v1/subscriptions',
    () => subscriptions.create({ customer, items: [{ price }] }),
    { status: 'active', customer },
  )
  const { id } = subscription
  await visit('GET /v1/subscriptions/:id', () => subscriptions.retrieve(id), subscription)
  const dearer = await monthlyPrice(walk, 5000)
  const item = subscription.items.data[0]?.id ?? ''
  await visit('POST /v1/subscriptions/:id', () => subscriptions.update(id, { items: [{ id: item, price: dearer }] }), {
    items: { data: [{ id: item, price: { id: dearer } }] },
  })
  await visit('GET /v1/subscriptions', () => subscriptions.list({ customer }), holding(subscription))
  const query = "status:'active'"
  await visit('GET /v1/subscriptions/search', () => subscriptions.search({ query }), found(subscription))
  await visit('POST /v1/subscriptions/:id/pause', () => subscriptions.pause(id, { type: 'subscription' }), {
    status: 'paused',
  })
  await visit('POST /v1/subscriptions/:id/resume', () => subscriptions.resume(id), { status: 'active' })
  const classic = await subscriptions.create({ customer, items: [{ price }], billing_mode: { type: 'classic' } })
  await visit(
    'POST /v1/subscriptions/:id/migrate',
    () => subscriptions.migrate(classic.id, { billing_mode: { type: 'flexible' } }),
    { billing_mode: { type: 'flexible' } },
  )
  const { id: coupon } = await stripe.coupons.create({ percent_off: 10 })
  await subscriptions.update(id, { discounts: [{ coupon }] })
  await visit('DELETE /v1/subscriptions/:subscription/discount', () => subscriptions.deleteDiscount(id), {
    deleted: true,
  })
  await visit('DELETE /v1/subscriptions/:id', () => subscriptions.cancel(id), { status: 'canceled' })
}

async function walkItems(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const price = await monthlyPrice(walk)
  const { subscriptionItems } = stripe
  const { id: subscription } = await stripe.subscriptions.create({
    customer: await payingCustomer(walk),
    items: [{ price }],
  })
  const other = await monthlyPrice(walk, 300)
  const item = await visit(
    'POST /v1/subscription_items',
    () => subscriptionItems.create({ subscription, price: other, quantity: 2 }),
    { quantity: 2, subscription },
  )
  await visit('GET /v1/subscription_items/:id', () => subscriptionItems.retrieve(item.id), item)
  await visit('POST /v1/subscription_items/:id', () => subscriptionItems.update(item.id, { quantity: 5 }), {
    quantity: 5,
  })
  await visit('GET /v1/subscription_items', () => subscriptionItems.list({ subscription }), holding(item))
  await visit('DELETE /v1/subscription_items/:id', () => subscriptionItems.del(item.id), gone(item))
}

async function walkSchedules(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const price = await monthlyPrice(walk)
  const { subscriptionSchedules } = stripe
  const customer = await payingCustomer(walk)
  const month = { interval: 'month', interval_count: 1 } as const
  const phases = [
    { items: [{ price }], duration: month },
    { items: [{ price, quantity: 3 }], duration: month },
  ]
  const schedule = await visit(
    'POST /v1/subscription_schedules',
    () => subscriptionSchedules.create({ customer, start_date: 'now', phases }),
    { status: 'active', end_behavior: 'release' },
  )
  await visit('GET /v1/subscription_schedules/:id', () => subscriptionSchedules.retrieve(schedule.id), {
    id: schedule.id,
  })
  await visit(
    'POST /v1/subscription_schedules/:id',
    () => subscriptionSchedules.update(schedule.id, { end_behavior: 'cancel' }),
    { end_behavior: 'cancel' },
  )
  await visit('GET /v1/subscription_schedules', () => subscriptionSchedules.list({ customer }), holding(schedule))
  await visit('POST /v1/subscription_schedules/:id/release', () => subscriptionSchedules.release(schedule.id), {
    status: 'released',
  })
  const other = await subscriptionSchedules.create({ customer, start_date: 'now', phases })
  await visit('POST /v1/subscription_schedules/:id/cancel', () => subscriptionSchedules.cancel(other.id), {
    status: 'canceled',
  })
}

async function walkQuotes(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const price = await monthlyPrice(walk)
  const { quotes } = stripe
  const customer = await payingCustomer(walk)
  const line_items = [{ price, quantity: 2 }]
  const quote = await visit('POST /v1/quotes', () => quotes.create({ customer, line_items }), { status: 'draft' })
  const { id } = quote
  await visit('GET /v1/quotes/:id', () => quotes.retrieve(id), quote)
  await visit('POST /v1/quotes/:id', () => quotes.update(id, { header: 'For you' }), { header: 'For you' })
  await visit('GET /v1/quotes/:id/line_items', () => quotes.listLineItems(id), { data: [{ quantity: 2 }] })
  await visit('GET /v1/quotes/:id/computed_upfront_line_items', () => quotes.listComputedUpfrontLineItems(id), {
    object: 'list',
  })
  await visit('POST /v1/quotes/:id/finalize', () => quotes.finalizeQuote(id), { status: 'open' })
  expect(await visit('GET /v1/quotes/:id/pdf', async () => text(await quotes.pdf(id)))).toMatch(/^%PDF/)
  await visit('POST /v1/quotes/:id/accept', () => quotes.accept(id), { status: 'accepted' })
  await visit('GET /v1/quotes', () => quotes.list({ customer }), holding(quote))
  const other = await quotes.create({ customer, line_items })
  await visit('POST /v1/quotes/:id/cancel', () => quotes.cancel(other.id), { status: 'canceled' })
}

async function walkClocks({ stripe, simulator, visit }: Walk): Promise<void> {
  const { testClocks } = stripe.testHelpers
  const frozen_time = simulator.clock.now()
  const clock = await visit('POST /v1/test_helpers/test_clocks', () => testClocks.create({ frozen_time }), {
    status: 'ready',
    frozen_time,
  })
  await visit('GET /v1/test_helpers/test_clocks/:id', () => testClocks.retrieve(clock.id), clock)
  await visit('GET /v1/test_helpers/test_clocks', () => testClocks.list(), holding(clock))
  await visit(
    'POST /v1/test_helpers/test_clocks/:id/advance',
    () => testClocks.advance(clock.id, { frozen_time: frozen_time + DAY }),
    { status: 'advancing' },
  )
  await visit('DELETE /v1/test_helpers/test_clocks/:id', () => testClocks.del(clock.id), gone(clock))
}

/** Subscriptions, what they follow from, and the time they live in. */
export const subscriptions: Stretches = {
  subscriptions: walkLife,
  'subscription items': walkItems,
  'subscription schedules': walkSchedules,
  quotes: walkQuotes,
  'test clocks': walkClocks,
}

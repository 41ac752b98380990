import { createSimulator, type Simulator } from '@paywright/simulator'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { groundTruth, hasGroundTruth } from './ground-truth.js'

interface Sequence {
  readonly name: string
  readonly events: readonly string[]
  /** Only some of what happened was recorded. */
  readonly partial?: boolean
}

// Guaranteed by the file's own description.
const sequences = hasGroundTruth
  ? (JSON.parse(groundTruth('event_sequences.json')) as { sequences: readonly Sequence[] }).sequences
  : []

/** What holds of every recorded order, though the service promises none. */
const ORDER = [
  'invoice.created',
  'invoice.finalized',
  'invoice.paid',
  'invoice.payment_succeeded',
  'invoice_payment.paid',
]

const START = 1_800_000_000
const DAY = 86_400
const SUBSCRIPTION = { mode: 'subscription', success_url: 'https://app.example/ok' } as const

let simulator: Simulator
let stripe: Stripe

beforeEach(async () => {
  simulator = await createSimulator({ now: START })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterEach(() => simulator.close())

async function monthly(amount = 2000): Promise<string> {
  const recurring = { interval: 'month' } as const
  const price = { currency: 'usd', unit_amount: amount, recurring, product_data: { name: 'Pro' } }
  return (await stripe.prices.create(price)).id
}

async function customerWithCard(): Promise<string> {
  const { id } = await stripe.customers.create({ email: 'ada@example.com', payment_method: 'pm_card_visa' })
  const { data } = await stripe.customers.listPaymentMethods(id)
  await stripe.customers.update(id, { invoice_settings: { default_payment_method: data[0]?.id ?? '' } })
  return id
}

async function subscribed(): Promise<Stripe.Subscription> {
  return stripe.subscriptions.create({ customer: await customerWithCard(), items: [{ price: await monthly() }] })
}

/** Opens a Checkout session and pays it as the page does. */
async function checkOut(params: Stripe.Checkout.SessionCreateParams): Promise<string[]> {
  const { id } = await stripe.checkout.sessions.create(params)
  return during(async () => {
    const card = { number: '4242424242424242', expMonth: 12, expYear: 2030, cvc: '123' }
    const typed = { email: 'ada@example.com', name: 'Ada', country: 'GB', card }
    expect(simulator.world.run({ name: 'checkout_pages.submit', path: { id }, params: typed })).toMatchObject({
      ok: true,
      body: { status: 'succeeded' },
    })
    await simulator.clock.advance(60)
  })
}

/** The types of the events of something that happens, in their order. */
async function during(happening: () => unknown): Promise<string[]> {
  const before = new Set(events().map(({ id }) => id))
  await happening()
  return events().flatMap(({ id, type }) => (before.has(id) ? [] : [type]))
}

function events(): readonly { readonly id: string; readonly type: string }[] {
  return simulator.world.view().all('events')
}

const scenarios: Readonly<Record<string, () => Promise<string[]>>> = {
  'stripe trigger customer.subscription.deleted (official CLI fixture)': () =>
    during(async () => stripe.subscriptions.cancel((await subscribed()).id)),
  'checkout (mode=subscription), new customer, card': async () =>
    checkOut({ ...SUBSCRIPTION, line_items: [{ price: await monthly(), quantity: 1 }] }),
  'checkout (mode=subscription), existing customer, card': async () => {
    const { id: customer } = await stripe.customers.create({ email: 'ada@example.com' })
    return checkOut({ ...SUBSCRIPTION, customer, line_items: [{ price: await monthly(), quantity: 1 }] })
  },
  'checkout (mode=payment)': () => {
    const price_data = { currency: 'usd', unit_amount: 500, product_data: { name: 'Book' } }
    return checkOut({
      mode: 'payment',
      success_url: SUBSCRIPTION.success_url,
      line_items: [{ price_data, quantity: 1 }],
    })
  },
  'checkout (mode=subscription) with trial / $0 first invoice': async () => {
    const line_items = [{ price: await monthly(), quantity: 1 }]
    return checkOut({ ...SUBSCRIPTION, line_items, subscription_data: { trial_period_days: 7 } })
  },
  'subscription price change, invoiced now': async () => {
    const { id, items } = await subscribed()
    await simulator.clock.advance(10 * DAY)
    const changed = [{ id: items.data[0]?.id ?? '', price: await monthly(5000) }]
    return during(() => stripe.subscriptions.update(id, { items: changed, proration_behavior: 'always_invoice' }))
  },
  'portal: open, cancel at period end, later deletion': async () => {
    const { id, customer } = await subscribed()
    const then = await during(async () => {
      const { url } = await stripe.billingPortal.sessions.create({ customer: idOf(customer) })
      const params = { subscription: id, feedback: null, comment: null }
      simulator.world.run({ name: 'portal_pages.cancel', path: { id: url.split('/').at(-1) ?? '' }, params })
    })
    // By the end of the month what happened at its beginning is no longer listed.
    return [...then, ...(await during(() => simulator.clock.advance(31 * DAY)))]
  },
  'cancel immediately': async () => {
    const { id } = await subscribed()
    return during(() => stripe.subscriptions.cancel(id))
  },
}

function idOf(customer: Stripe.Subscription['customer']): string {
  return typeof customer === 'string' ? customer : customer.id
}

/** What became of the customer when the price changed was not recorded, and nothing else tells. */
function isExplained(type: string): boolean {
  return type !== 'customer.updated'
}

describe.skipIf(!hasGroundTruth)('recorded sequences of events', () => {
  test.each(Object.keys(scenarios))('%s', async (name) => {
    const recorded = sequences.find((sequence) => sequence.name === name)
    const own = (await scenarios[name]?.()) ?? []
    const wanted = new Set(recorded?.partial === true ? recorded.events.filter(isExplained) : recorded?.events)
    // Where only some was recorded, what else happened here is nothing to compare.
    const told = recorded?.partial === true ? own.filter((type) => wanted.has(type)) : own
    expect(new Set(told)).toEqual(wanted)
    const ordered = own.filter((type) => ORDER.includes(type))
    expect(ordered).toEqual(ORDER.filter((type) => ordered.includes(type)))
  })
})

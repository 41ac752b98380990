import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TimerFault } from './core/private-records.js'
import type { Records } from './core/records.js'
import type { Simulator } from './index.js'
import { startWithSdk } from './testing/sdk.js'

const NOW = 1_800_000_000
const DAY = 86_400
const MONTH = 31 * DAY

let simulator: Simulator
let stripe: Stripe
let errors: unknown[]

beforeEach(async () => {
  errors = []
  ;({ simulator, stripe } = await startWithSdk({ onError: (error) => errors.push(error) }))
})

afterEach(() => simulator.close())

async function subscribed(customer: Stripe.CustomerCreateParams = {}): Promise<Stripe.Subscription> {
  const { id } = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    ...customer,
  })
  const recurring = { interval: 'month' as const }
  const price = { currency: 'usd', unit_amount: 1000, recurring, product_data: { name: 'Pro' } }
  return stripe.subscriptions.create({ customer: id, items: [{ price: (await stripe.prices.create(price)).id }] })
}

function item(subscription: Stripe.Subscription): Records['subscription_items'] {
  return simulator.world.view().load('subscription_items', subscription.items.data[0]?.id ?? '')
}

/** A state that somebody wrote by hand: the customer who subscribes is nowhere. Answers what is missing. */
async function breakApart({ id: subscription }: Stripe.Subscription): Promise<Records['customers']> {
  const view = simulator.world.view()
  const { customer } = view.load('subscriptions', subscription)
  const whole = view.load('customers', customer)
  const entries = simulator
    .snapshot()
    .entries.map((entry) =>
      'writes' in entry ? { ...entry, writes: entry.writes.filter(([, id]) => id !== customer) } : entry,
    )
  const response = await fetch(`${simulator.url}/_sim/state`, { method: 'POST', body: JSON.stringify({ entries }) })
  expect(response.status).toBe(200)
  return whole
}

async function listFaults(): Promise<readonly TimerFault[]> {
  const response = await fetch(`${simulator.url}/_sim/timer_faults`)
  return ((await response.json()) as { data: TimerFault[] }).data
}

test('one broken object does not stop the clock for the others', async () => {
  const broken = await subscribed()
  const sound = await subscribed()
  await breakApart(broken)
  await simulator.clock.advance(MONTH + DAY)
  expect(item(sound).current_period_start).toBe(sound.items.data[0]?.current_period_end)
  expect((await stripe.subscriptions.retrieve(sound.id)).status).toBe('active')
  const renewal = (await listFaults()).find(({ kind }) => kind === 'subscription.renew')
  expect(renewal).toMatchObject({ subject: broken.id, failures: 4, status: 'dropped', clock: null })
  expect(errors.map(String).filter((text) => text.includes(`subscription.renew of ${broken.id} failed`))).toHaveLength(
    4,
  )
})

test('what failed is tried again an hour later, and may succeed then', async () => {
  const subscription = await subscribed()
  const end = item(subscription).current_period_end
  const customer = await breakApart(subscription)
  await simulator.clock.advanceTo(end)
  const failed = (await listFaults()).find(({ kind }) => kind === 'subscription.renew')
  expect(failed).toMatchObject({ failures: 1, status: 'waiting', at: end })
  simulator.world.put('customers', customer)
  await simulator.clock.advance(3600)
  const [overcome] = (await listFaults()).filter(({ kind }) => kind === 'subscription.renew')
  expect(overcome).toMatchObject({ failures: 1, status: 'overcome' })
  expect(item(subscription).current_period_start).toBe(end)
})

test('a test clock arrives all the same, and the console says what failed', async () => {
  const { id: clock } = await stripe.testHelpers.testClocks.create({ frozen_time: NOW })
  expect(await (await fetch(simulator.url)).text()).not.toContain('Failed by itself')
  const broken = await subscribed({ test_clock: clock })
  await breakApart(broken)
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: NOW + MONTH + DAY })
  expect(await stripe.testHelpers.testClocks.retrieve(clock)).toMatchObject({
    status: 'ready',
    frozen_time: NOW + MONTH + DAY,
  })
  expect((await listFaults()).every((fault) => fault.clock === clock)).toBe(true)
  const console = await (await fetch(simulator.url)).text()
  expect(console).toContain('Failed by itself')
  expect(console).toContain(broken.id)
})

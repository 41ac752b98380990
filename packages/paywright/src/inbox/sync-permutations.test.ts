import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CustomerState } from '../domain/mirror.js'
import { applyRenewals } from '../domain/renew.js'
import { decideSync, type EventReading, type Knowledge, type ObjectRef, type Renewal } from '../domain/sync-decision.js'
import { simulateStripe, type SimulatedStripe } from '../stripe/testing/simulated-stripe.js'

/** An event, and all that Stripe says of the customer right after the request that caused it. */
interface Step {
  readonly reading: EventReading
  readonly second: number
  readonly truth: CustomerState
}

interface Known {
  readonly state: CustomerState
  readonly knowledge: Knowledge | null
}

/** The longest history of which every order is tried. */
const MOST_EVENTS = 7

let stripe: SimulatedStripe

beforeAll(async () => {
  stripe = await simulateStripe()
})
afterAll(() => stripe.simulator.close())

type Act = (sdk: Stripe, customer: string, price: string) => Promise<unknown>

const attach: Act = async (sdk, customer) => {
  const { id } = await sdk.paymentMethods.attach('pm_card_visa', { customer })
  await sdk.customers.update(customer, { invoice_settings: { default_payment_method: id } })
}
const subscribe: Act = (sdk, customer, price) => sdk.subscriptions.create({ customer, items: [{ price }] })
const rename: Act = (sdk, customer) => sdk.customers.update(customer, { name: 'Grace' })
const moreSeats: Act = async (sdk, customer) => {
  const { id, items } = await subscriptionOf(sdk, customer)
  const quantity = (items.data[0]?.quantity ?? 1) + 1
  await sdk.subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? '', quantity }], proration_behavior: 'none' })
}
const cancel: Act = async (sdk, customer) => sdk.subscriptions.cancel((await subscriptionOf(sdk, customer)).id)
const detach: Act = async (sdk, customer) => {
  const [method] = (await sdk.customers.listPaymentMethods(customer)).data
  await sdk.paymentMethods.detach(method?.id ?? '')
}

async function subscriptionOf(sdk: Stripe, customer: string): Promise<Stripe.Subscription> {
  const [subscription] = (await sdk.subscriptions.list({ customer, status: 'all' })).data
  if (subscription === undefined) throw new Error('There is no subscription.')
  return subscription
}

describe('in every order, with every loss and with what comes twice, the mirror says what Stripe says', () => {
  test.each([
    { name: 'a beginning', known: [], acts: [attach, rename], pauses: true },
    { name: 'a beginning within one second', known: [], acts: [attach, rename], pauses: false },
    { name: 'a purchase', known: [attach], acts: [subscribe], pauses: true },
    {
      name: 'changes in seconds of their own',
      known: [attach, subscribe],
      acts: [moreSeats, rename, moreSeats, cancel],
      pauses: true,
    },
    {
      name: 'changes within one second',
      known: [attach, subscribe],
      acts: [moreSeats, rename, moreSeats, cancel],
      pauses: false,
    },
    { name: 'a card that goes', known: [attach, subscribe], acts: [rename, detach, attach], pauses: true },
  ])('$name', async ({ known, acts, pauses }) => {
    const { before, steps } = await history({ known, acts, pauses })
    expect(steps.length).toBeGreaterThan(2)
    let sequences = 0
    for (const sequence of sequencesOf(steps.map((_step, index) => index))) {
      sequences += 1
      for (const together of [1, steps.length]) check({ before, steps, sequence, together })
    }
    expect(sequences).toBeGreaterThan(10)
  })
})

interface Run {
  readonly before: Known | null
  readonly steps: readonly Step[]
  readonly sequence: readonly number[]
  /** How many deliveries wait when a worker comes. */
  readonly together: number
}

/** Delivers a sequence; Stripe has always just got as far as the newest event that was delivered. */
function check({ before, steps, sequence, together }: Run): void {
  let known = before
  let world = -1
  for (let start = 0; start < sequence.length; start += together) {
    const group = sequence.slice(start, start + together)
    world = Math.max(world, ...group)
    const step = steps[world]
    if (step === undefined) throw new Error(`There is no step ${world}.`)
    known = sync(
      known,
      group.flatMap((index) => steps[index]?.reading ?? []),
      step,
    )
  }
  const last = steps[world]
  if (last === undefined || known === null) return
  const ids = told({ steps, sequence, truth: last.truth })
  expect(shown(known.state, ids), `delivered ${sequence.join(', ')}, ${together} at a time`).toEqual(
    shown(last.truth, ids),
  )
}

/** The objects whose newest event was delivered. Of the others nobody can know, as long as nothing names them. */
function told({
  steps,
  sequence,
  truth,
}: Pick<Run, 'steps' | 'sequence'> & { truth: CustomerState }): ReadonlySet<string> {
  const newest = new Map<string, number>()
  const happened = steps.slice(0, steps.findLastIndex((step) => step.truth === truth) + 1)
  for (const [index, { reading }] of happened.entries()) {
    if (reading.says.kind === 'object') newest.set(reading.says.now.id, index)
  }
  return new Set([...newest].flatMap(([id, index]) => (sequence.includes(index) ? [id] : [])))
}

/** What `inbox/read-and-decide.ts` does, without a database and without waiting. */
function sync(known: Known | null, pending: readonly EventReading[], { truth, second }: Step): Known {
  const decision = decideSync({ stored: known, pending, isReadWanted: false })
  const whole: Known = { state: truth, knowledge: { read: { from: second, until: second }, objects: {} } }
  if (decision.kind === 'fetch') return whole
  const read = decision.reads.map((ref) => objectOf(truth, ref, second))
  if (read.includes(null)) return whole
  return applyRenewals(decision.base, [...decision.renewals, ...read.filter((found) => found !== null)])
}

function objectOf(truth: CustomerState, { kind, id }: ObjectRef, second: number): Renewal | null {
  const seen = { from: second, until: second }
  const found = byKind(truth)[kind].find((object) => object.id === id)
  return found === undefined ? null : { now: found, seen }
}

function byKind(state: CustomerState): Record<ObjectRef['kind'], readonly Renewal['now'][]> {
  const { customer, subscriptions, invoices, paymentMethods } = state
  return {
    customer: [{ kind: 'customer', id: customer.stripeCustomerId, object: customer }],
    subscription: subscriptions.map((object) => ({
      kind: 'subscription',
      id: object.stripeSubscriptionId,
      object,
      prices: [],
    })),
    invoice: invoices.map((object) => ({ kind: 'invoice', id: object.stripeInvoiceId, object })),
    paymentMethod: paymentMethods.map((object) => ({
      kind: 'paymentMethod',
      id: object.stripePaymentMethodId,
      object,
    })),
  }
}

function shown(state: CustomerState, ids: ReadonlySet<string>): unknown {
  const objects = Object.values(byKind(state)).flat()
  const entries = objects.filter(({ id }) => ids.has(id)).map(({ id, object }) => [id, object] as const)
  return Object.fromEntries(entries.toSorted(([one], [other]) => one.localeCompare(other)))
}

/** Makes a customer, lets things happen, and notes each event with what Stripe says after it. */
async function history(plot: {
  known: readonly Act[]
  acts: readonly Act[]
  pauses: boolean
}): Promise<{ before: Known | null; steps: readonly Step[] }> {
  const { stripe: sdk, simulator } = stripe
  const product = await sdk.products.create({ name: 'Pro' })
  const price = await sdk.prices.create({
    product: product.id,
    unit_amount: 2000,
    currency: 'usd',
    recurring: { interval: 'month' },
  })
  const taken = new Set((await sdk.events.list({ limit: 100 }).autoPagingToArray({ limit: 5000 })).map(({ id }) => id))
  const customer = await sdk.customers.create({ email: 'ada@customer.example' })
  const steps: Step[] = []
  const note = async (): Promise<void> => {
    const events = (await sdk.events.list({ limit: 100 })).data.filter(({ id }) => !taken.has(id)).toReversed()
    const read = await stripe.gateway.readCustomer(customer.id)
    if (read === null) throw new Error('The customer is gone.')
    for (const event of events) {
      taken.add(event.id)
      const reading = stripe.gateway.readEvent(JSON.stringify(event))
      steps.push({ reading, second: event.created, truth: read.state })
    }
    if (plot.pauses) await simulator.clock.advance(1)
  }
  if (plot.known.length === 0) await note()
  for (const act of plot.known) await act(sdk, customer.id, price.id)
  const before = plot.known.length === 0 ? null : await knownNow(customer.id)
  if (plot.known.length > 0) {
    for (const { id } of (await sdk.events.list({ limit: 100 })).data) taken.add(id)
    if (plot.pauses) await simulator.clock.advance(1)
  }
  for (const act of plot.acts) {
    await act(sdk, customer.id, price.id)
    await note()
  }
  return { before, steps: steps.filter(({ reading }) => reading.says.kind !== 'nothing').slice(0, MOST_EVENTS) }
}

async function knownNow(customer: string): Promise<Known> {
  const read = await stripe.gateway.readCustomer(customer)
  if (read === null) throw new Error('The customer is gone.')
  const second = stripe.simulator.clock.now()
  return { state: read.state, knowledge: { read: { from: second, until: second }, objects: {} } }
}

/** Every order of every selection, and each whole order with its first event once more at the end. */
function* sequencesOf(items: readonly number[]): Generator<readonly number[]> {
  for (const order of ordersOf(items)) {
    yield order
    if (order.length === items.length) yield [...order, ...order.slice(0, 1)]
  }
}

function* ordersOf(items: readonly number[]): Generator<readonly number[]> {
  for (const item of items) {
    yield [item]
    for (const rest of ordersOf(items.filter((other) => other !== item))) yield [item, ...rest]
  }
}

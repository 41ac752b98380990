import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CustomerState } from '../domain/mirror.js'
import { decideRecords } from '../domain/record-decision.js'
import type { JsonObject, RecordWrites, StoredRecord } from '../domain/records.js'
import { applyRenewals } from '../domain/renew.js'
import { decideSync, type EventReading, type Knowledge, type ObjectRef, type Renewal } from '../domain/sync-decision.js'
import type { CustomerRead } from '../engine/ports.js'
import { simulateStripe, type SimulatedStripe } from '../stripe/testing/simulated-stripe.js'

/** All that Stripe says of a customer. */
type Truth = CustomerRead

/** An event, and the truth right after the request that caused it. */
interface Step {
  readonly reading: EventReading
  readonly second: number
  readonly truth: Truth
}

interface Known {
  readonly state: CustomerState
  readonly knowledge: Knowledge | null
  readonly records: ReadonlyMap<string, StoredRecord>
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

const pay: Act = async (sdk, customer) => {
  const [method] = (await sdk.customers.listPaymentMethods(customer)).data
  const payment = { customer, amount: 700, currency: 'usd', payment_method: method?.id ?? '' }
  await sdk.paymentIntents.create({ ...payment, confirm: true, off_session: true })
}
const refund: Act = async (sdk, customer) => {
  const [charge] = (await sdk.charges.list({ customer })).data
  await sdk.refunds.create({ charge: charge?.id ?? '', amount: 300 })
}
const credit: Act = async (sdk, customer) => {
  const [invoice] = (await sdk.invoices.list({ customer })).data
  await sdk.creditNotes.create({ invoice: invoice?.id ?? '', amount: 300, refund_amount: 300 })
}
const addTaxId: Act = (sdk, customer) => sdk.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
const removeTaxId: Act = async (sdk, customer) => {
  const [taxId] = (await sdk.customers.listTaxIds(customer)).data
  await sdk.customers.deleteTaxId(customer, taxId?.id ?? '')
}

/** Of these more is told than access depends on. */
const RECORD_ACTS: readonly Act[] = [pay, refund, credit, addTaxId, removeTaxId]

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
    { name: 'a payment and a refund', known: [attach], acts: [pay, refund], pauses: true },
    { name: 'a payment and a refund within one second', known: [attach], acts: [pay, refund], pauses: false },
    { name: 'a credit note', known: [attach, subscribe], acts: [credit, rename], pauses: true },
    { name: 'a tax id that goes', known: [attach], acts: [addTaxId, rename, removeTaxId], pauses: true },
    { name: 'a tax id that goes within one second', known: [attach], acts: [addTaxId, removeTaxId], pauses: false },
  ])('$name', async ({ known, acts, pauses }) => {
    const isAboutRecords = acts.some((act) => RECORD_ACTS.includes(act))
    const { before, steps } = await history({ known, acts, pauses, isAboutRecords })
    expect(steps.length).toBeGreaterThan(1)
    let sequences = 0
    for (const sequence of sequencesOf(steps.map((_step, index) => index))) {
      sequences += 1
      for (const together of [1, steps.length]) check({ before, steps, sequence, together })
    }
    expect(sequences).toBeGreaterThan(4)
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
  const delivered = `delivered ${sequence.join(', ')}, ${together} at a time`
  expect(shownRecords(known.records, ids), delivered).toEqual(shownRecords(recordsOf(last.truth), ids))
  expect(shown(known.state, ids), delivered).toEqual(shown(last.truth.state, ids))
}

/** The objects whose newest event was delivered. Of the others nobody can know, as long as nothing names them. */
function told({ steps, sequence, truth }: Pick<Run, 'steps' | 'sequence'> & { truth: Truth }): ReadonlySet<string> {
  const newest = new Map<string, number>()
  const happened = steps.slice(0, steps.findLastIndex((step) => step.truth === truth) + 1)
  for (const [index, { reading }] of happened.entries()) {
    if (reading.says.kind === 'object') newest.set(reading.says.now.id, index)
    for (const { id } of reading.records) newest.set(id, index)
  }
  return new Set([...newest].flatMap(([id, index]) => (sequence.includes(index) ? [id] : [])))
}

/** What `inbox/read-and-decide.ts` does, without a database and without waiting. */
function sync(known: Known | null, pending: readonly EventReading[], step: Step): Known {
  const core = syncCore(known, pending, step)
  return { ...core, records: syncRecords(known?.records ?? new Map(), pending, { step, knowledge: core.knowledge }) }
}

function syncCore(
  known: Known | null,
  pending: readonly EventReading[],
  { truth, second }: Step,
): Pick<Known, 'state' | 'knowledge'> {
  const decision = decideSync({ stored: known, pending, isReadWanted: false })
  const lists = known?.knowledge?.lists ?? {}
  const whole = { state: truth.state, knowledge: { read: { from: second, until: second }, objects: {}, lists } }
  if (decision.kind === 'fetch') return whole
  const read = decision.reads.map((ref) => objectOf(truth, ref, second))
  if (read.includes(null)) return whole
  return applyRenewals(decision.base, [...decision.renewals, ...read.filter((found) => found !== null)])
}

function syncRecords(
  before: ReadonlyMap<string, StoredRecord>,
  pending: readonly EventReading[],
  { step, knowledge }: { step: Step; knowledge: Knowledge | null },
): ReadonlyMap<string, StoredRecord> {
  const stored = [...before.values()]
  const payloads = pending.flatMap(({ records }) => records)
  const { writes, reads } = decideRecords({ payloads, lists: [], stored, listsSeen: knowledge?.lists ?? {} })
  const seen = { from: step.second, until: step.second }
  const changes = reads.flatMap(({ kind, id, last }): RecordWrites['changes'] => {
    const object = recordsOf(step.truth).get(id)?.object ?? last
    const isGone = !recordsOf(step.truth).has(id)
    return object === null ? [] : [{ kind, id, object, seen, deletedAt: isGone ? step.second : null }]
  })
  const records = new Map(before)
  for (const { id, object, deletedAt, ...change } of [...writes.changes, ...changes]) {
    const kind = payloads.find((payload) => payload.id === id)?.kind
    if (kind === undefined || records.get(id)?.isDeleted === true) continue
    records.set(id, { kind, id, object, seen: change.seen, isDeleted: deletedAt !== null })
  }
  return records
}

const recordsByTruth = new WeakMap<Truth, ReadonlyMap<string, StoredRecord>>()

function recordsOf(truth: Truth): ReadonlyMap<string, StoredRecord> {
  const known = recordsByTruth.get(truth)
  if (known !== undefined) return known
  const records = truth.lists.flatMap(({ kind, members, seen }) =>
    members.map(({ id, object }) => [id, { kind, id, object: plain(object), seen, isDeleted: false }] as const),
  )
  recordsByTruth.set(truth, new Map(records))
  return new Map(records)
}

/** As it stands in an event: the SDK makes numbers of its own of decimals. */
function plain(object: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(object))
}

function shownRecords(records: ReadonlyMap<string, StoredRecord>, ids: ReadonlySet<string>): unknown {
  const there = [...records.values()].filter(({ id, isDeleted }) => ids.has(id) && !isDeleted)
  const entries = there.map(({ id, object }) => [id, object] as const)
  return Object.fromEntries(entries.toSorted(([one], [other]) => one.localeCompare(other)))
}

function objectOf(truth: Truth, { kind, id }: ObjectRef, second: number): Renewal | null {
  const seen = { from: second, until: second }
  const found = byKind(truth.state)[kind].find((object) => object.id === id)
  return found === undefined ? null : { now: found, seen }
}

function byKind(state: CustomerState): Record<ObjectRef['kind'], readonly Renewal['now'][]> {
  const { customer, subscriptions, invoices, paymentMethods } = state
  const raw = {}
  return {
    customer: [{ kind: 'customer', id: customer.stripeCustomerId, raw, object: customer }],
    subscription: subscriptions.map((object) => {
      const { stripeSubscriptionId: id } = object
      return { kind: 'subscription', id, raw, object, prices: [] }
    }),
    invoice: invoices.map((object) => ({ kind: 'invoice', id: object.stripeInvoiceId, raw, object, lines: [] })),
    paymentMethod: paymentMethods.map((object) => ({
      kind: 'paymentMethod',
      id: object.stripePaymentMethodId,
      raw,
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
  isAboutRecords?: boolean
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
    const read = await stripe.gateway.readCustomer(customer.id, { isDeep: true })
    if (read === null) throw new Error('The customer is gone.')
    for (const event of events) {
      taken.add(event.id)
      // What banks do about the customer of an earlier history falls into this one.
      const payload = JSON.stringify(event)
      if (!payload.includes(customer.id)) continue
      const reading = stripe.gateway.readEvent(payload)
      steps.push({ reading, second: event.created, truth: read })
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
  const about = steps.filter(({ reading }) => reading.says.kind !== 'nothing' || plot.isAboutRecords === true)
  return { before, steps: about.slice(0, MOST_EVENTS) }
}

async function knownNow(customer: string): Promise<Known> {
  const read = await stripe.gateway.readCustomer(customer, { isDeep: true })
  if (read === null) throw new Error('The customer is gone.')
  const second = stripe.simulator.clock.now()
  const seen = { from: second, until: second }
  const lists = Object.fromEntries(read.lists.filter(({ of }) => of === null).map(({ kind }) => [kind, seen]))
  const records = [...recordsOf(read)].map(([id, record]) => [id, { ...record, seen }] as const)
  return { state: read.state, knowledge: { read: seen, objects: {}, lists }, records: new Map(records) }
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

import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../server.js'
import { scenes } from '../testing/scenes.js'
import { differencesOf, readWireShapes, type WireShapes } from '../testing/wire-shapes.js'
import { answers, objects } from './expandable.generated.js'

type Attributes = Readonly<Record<string, unknown>>

const NOW = 1_800_000_000

let simulator: Simulator
let shapes: WireShapes
/** All that was answered, objects and what lists held. */
const answered: Attributes[] = []

const listening: typeof fetch = async (...request) => {
  const response = await fetch(...request)
  const body: unknown = await response.clone().json()
  if (response.ok) take(body)
  return response
}

function take(value: unknown): void {
  const { object, data } = value as { object?: string; data?: readonly unknown[] }
  if (object === 'list' || object === 'search_result') data?.forEach(take)
  else answered.push(value as Attributes)
}

beforeAll(async () => {
  shapes = readWireShapes()
  simulator = await createSimulator({
    now: NOW,
    deliveryMode: 'manual',
    settings: { afterRetries: 'mark_unpaid' },
  })
  const { host, port, secretKey } = simulator
  const httpClient = Stripe.createFetchHttpClient(listening)
  const stripe = new Stripe(secretKey, { host, port, protocol: 'http', httpClient, maxNetworkRetries: 0 })
  for (const scene of Object.values(scenes)) await scene(stripe, simulator)
  await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
})

afterAll(() => simulator.close())

/** The states in which each kind of object is looked at; without a state of its own, it is there. */
const states: Readonly<Record<string, readonly string[]>> = {
  account: [''],
  'billing.alert': ['active', 'archived', 'inactive'],
  'billing.alert_triggered': [''],
  'billing.credit_balance_summary': [''],
  'billing.credit_balance_transaction': [''],
  'billing.credit_grant': [''],
  'billing.meter': ['active', 'inactive'],
  'billing.meter_event': [''],
  'billing.meter_event_adjustment': ['complete'],
  'billing.meter_event_summary': [''],
  'billing_portal.configuration': [''],
  'billing_portal.session': [''],
  charge: ['failed', 'pending', 'succeeded'],
  'checkout.session': ['complete', 'expired', 'open'],
  coupon: [''],
  credit_note: ['issued', 'void'],
  customer: ['', 'deleted'],
  customer_balance_transaction: [''],
  discount: ['', 'deleted'],
  dispute: ['lost', 'needs_response', 'won'],
  'entitlements.active_entitlement': [''],
  'entitlements.active_entitlement_summary': [''],
  'entitlements.feature': [''],
  invoice: ['deleted', 'draft', 'open', 'paid', 'uncollectible', 'void'],
  invoice_payment: ['canceled', 'open', 'paid'],
  invoiceitem: ['', 'deleted'],
  line_item: [''],
  payment_intent: [
    'canceled',
    'processing',
    'requires_action',
    'requires_capture',
    'requires_confirmation',
    'requires_payment_method',
    'succeeded',
  ],
  price: [''],
  product: ['', 'deleted'],
  promotion_code: [''],
  refund: ['failed', 'succeeded'],
  setup_intent: ['canceled', 'requires_action', 'requires_confirmation', 'requires_payment_method', 'succeeded'],
  subscription: ['active', 'canceled', 'incomplete', 'incomplete_expired', 'past_due', 'paused', 'trialing', 'unpaid'],
  subscription_item: ['', 'deleted'],
  subscription_schedule: ['active', 'canceled', 'completed', 'not_started', 'released'],
  'test_helpers.test_clock': ['advancing', 'deleted', 'ready'],
}

/** What events told of, too; the upcoming invoice, which has no id, is looked at with its event. */
function seen(kind: string): readonly Attributes[] {
  const told = answered
    .filter(({ object, type }) => object === 'event' && type !== 'invoice.upcoming')
    .map(({ data }) => (data as { readonly object: Attributes }).object)
  return [...answered, ...told].filter(({ object }) => object === kind)
}

function stateOf({ status, deleted }: Attributes): string {
  return deleted === true ? 'deleted' : typeof status === 'string' ? status : ''
}

test.each(Object.entries(states))('%s is seen in each of its states, as the SDK declares it', (kind, wanted) => {
  const all = seen(kind)
  expect([...new Set(all.map(stateOf))]).toEqual(expect.arrayContaining([...wanted]))
  expect([...new Set(all.flatMap((object) => differencesOf(shapes, object)))]).toEqual([])
})

test('whatever else was answered is as the SDK declares it', () => {
  expect([...new Set(answered.flatMap((object) => differencesOf(shapes, object)))]).toEqual([])
})

/** Routes that answer one object by its id alone. */
const retrievals = Object.entries(answers).filter(
  ([route, kind]) => /^GET \/v1\/[^:]+\/:id$/.test(route) && objects[kind] !== undefined,
)

test.each(retrievals)('%s expands every field that holds an id', async (route, kind) => {
  const examples = await examplesFor(pathOf(route))
  for (const [field, { ids }] of Object.entries(objects[kind] ?? {})) {
    const example = ids === true ? (examples.find((object) => isReference(object[field])) ?? examples[0]) : undefined
    if (example === undefined) continue
    const expanded = await get(`${pathOf(route)}${String(example['id'])}?expand[]=${field}`)
    expect(expanded['error'], `${kind}.${field}`).toBeUndefined()
    expect(identitiesOf(expanded[field]), `${kind}.${field}`).toEqual(identitiesOf(example[field]))
    expect(isReference(expanded[field]), `${kind}.${field} stays an id`).toBe(false)
    expect(differencesOf(shapes, expanded)).toEqual([])
  }
})

/** The objects that are retrieved there, as they are now. */
async function examplesFor(path: string): Promise<readonly Attributes[]> {
  const isThere = ({ object }: Attributes): boolean => `/v1/${String(object).replace('.', '/')}s/` === path
  const ids = new Set(answered.filter(isThere).map(({ id }) => String(id)))
  const current = await Promise.all([...ids].map((id) => get(`${path}${id}`)))
  return current.filter(({ error, deleted }) => error === undefined && deleted !== true)
}

function pathOf(route: string): string {
  return route.slice('GET '.length, -':id'.length)
}

async function get(path: string): Promise<Attributes> {
  const response = await fetch(`${simulator.url}${path}`, {
    headers: { authorization: `Bearer ${simulator.secretKey}` },
  })
  return (await response.json()) as Attributes
}

function isReference(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.some((inner) => typeof inner === 'string'))
}

function identitiesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(identitiesOf)
  if (typeof value !== 'object' || value === null) return value ?? null
  return (value as { readonly id?: unknown }).id
}

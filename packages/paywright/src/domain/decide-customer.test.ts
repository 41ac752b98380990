import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideCustomer, type CustomerDecision } from './decide-customer.js'
import type { Effect } from './effects.js'
import type { CustomerState } from './mirror.js'
import {
  createCatalog,
  createCustomerState,
  createInvoice,
  createItem,
  createPrice,
  createSubscription,
  DAY,
  MONTH,
  START,
} from './testing/factories.js'

const catalog = createCatalog()
const prices = [createPrice(), createPrice({ stripePriceId: 'price_team', lookupKey: null })]

interface Step {
  readonly stored: CustomerState | null
  readonly state: CustomerState
  readonly now: number
  readonly occurrence?: string
}

function decide({ stored, state, now, occurrence = `${now}` }: Step): CustomerDecision {
  const known = { customerId: 'user_1', pendingTypes: [], newsFrom: 0, graceSeconds: 7 * DAY, catalog }
  return decideCustomer({ ...known, stored, read: { state, prices }, occurrence }, now)
}

/** As the gateway answers it: nothing is decided. */
const read = (values: Partial<CustomerState>): CustomerState => createCustomerState(values)
const subscription = createSubscription({ plan: null })

test('a purchase is stored with its plan and access, and told', () => {
  const decision = decide({ stored: null, state: read({ subscriptions: [subscription] }), now: START })
  expect(decision.state.access).toEqual({ plan: 'pro', reason: 'subscription_active' })
  expect(decision.state.subscriptions).toMatchObject([{ plan: 'pro' }])
  expect(decision.effects.map(({ type }) => type)).toEqual(['subscription.activated', 'plan.changed', 'access.granted'])
  expect(decision.wakeAt).toBeNull()
})

test('grace ends by the passing of time: woken then, access is revoked without any news from Stripe', () => {
  const invoices = [createInvoice({ attemptCount: 1, isAttempted: true, finalizedAt: START })]
  const state = read({ subscriptions: [{ ...subscription, status: 'past_due' }], invoices })
  const late = decide({ stored: null, state, now: START + DAY })
  expect(late.notices.map(({ kind, key }) => [kind, key])).toEqual([['payment_failed', 'mail:payment.failed:in_1:1']])
  expect(late.wakeAt).toBe(START + 7 * DAY)
  const over = decide({ stored: late.state, state, now: START + 7 * DAY })
  expect(over.effects.map(({ type }) => type)).toEqual(['plan.changed', 'access.revoked'])
  expect(over.notices).toEqual([])
  expect(over.wakeAt).toBeNull()
})

const anyState = fc
  .record({
    status: fc.constantFrom('active', 'trialing', 'past_due', 'unpaid', 'canceled', 'incomplete', 'paused', 'invented'),
    period: fc.nat(3),
    price: fc.constantFrom('price_pro', 'price_team', 'price_unknown'),
    quantity: fc.integer({ min: 1, max: 3 }),
    cancelAtPeriodEnd: fc.boolean(),
    attempts: fc.nat(3),
    isPaid: fc.boolean(),
  })
  .map(({ status, period, price, quantity, cancelAtPeriodEnd, attempts, isPaid }) => {
    const span = { currentPeriodStart: START + period * MONTH, currentPeriodEnd: START + (period + 1) * MONTH }
    const items = [createItem({ ...span, stripePriceId: price, quantity })]
    const money = isPaid ? { status: 'paid', amountPaid: 2000, amountRemaining: 0 } : { status: 'open' }
    return read({
      subscriptions: [{ ...subscription, ...span, status, items, cancelAtPeriodEnd }],
      invoices: [createInvoice({ attemptCount: attempts, isAttempted: attempts > 0, ...money })],
    })
  })

/** Reads in any order and number, as shuffled and repeated webhooks cause them, the last of them the newest. */
const anyReads = fc
  .array(anyState, { minLength: 1, maxLength: 5 })
  .chain((states) => fc.tuple(fc.shuffledSubarray([...states, ...states]), fc.constantFrom(...states)))
  .map(([shuffled, last]) => [...shuffled, last])

interface Told {
  readonly plan: string | null
  readonly reason: string
}

/** What somebody knows who hears nothing but effects. */
function hear(told: Told, effects: readonly Effect[]): Told {
  return effects.reduce((known, effect) => {
    switch (effect.type) {
      case 'plan.changed':
        return { ...known, plan: effect.after }
      case 'access.granted':
      case 'access.revoked':
      case 'access.changed':
        return { plan: effect.after.plan, reason: effect.after.reason }
      default:
        return known
    }
  }, told)
}

function syncAll(states: readonly CustomerState[]): { told: Told; effects: readonly Effect[]; state: CustomerState } {
  const [first, ...rest] = states.map((state, index) => ({ state, now: START + 40 * DAY, occurrence: `${index}` }))
  if (first === undefined) throw new Error('There must be a read.')
  let decision = decide({ stored: null, ...first })
  const effects = [...decision.effects]
  for (const step of rest) {
    decision = decide({ stored: decision.state, ...step })
    effects.push(...decision.effects)
  }
  return { told: hear({ plan: 'free', reason: 'none' }, effects), effects, state: decision.state }
}

describe('for every order of reads', () => {
  test('who hears the effects knows in the end what is stored', () => {
    fc.assert(
      fc.property(anyReads, (states) => {
        const { told, state } = syncAll(states)
        expect(told).toEqual(state.access)
      }),
    )
  })

  test('what Stripe says ends up stored, whatever was read before', () => {
    fc.assert(
      fc.property(anyReads, (states) => {
        const last = states.at(-1)
        const { state } = syncAll(states)
        const [stored] = state.subscriptions
        // Decided by us, and partly from what was known before.
        const undecided = { plan: null, unknownPriceId: null, pastDueSince: null }
        expect({ ...state, access: null, subscriptions: [{ ...stored, ...undecided }] }).toEqual(last)
      }),
    )
  })

  test('reading the same once more tells nothing, and stores the same', () => {
    fc.assert(
      fc.property(anyReads, fc.nat(MONTH), (states, since) => {
        const last = states.at(-1) ?? read({})
        const { state } = syncAll(states)
        const again = decide({ stored: state, state: last, now: START + 40 * DAY, occurrence: `${since}` })
        expect(again.effects).toEqual([])
        expect(again.notices).toEqual([])
        expect(again.state).toEqual(state)
      }),
    )
  })

  test('no two changes of subscription, plan or access share a key by chance', () => {
    fc.assert(
      fc.property(anyReads, (states) => {
        const { effects } = syncAll(states)
        const keys = effects.flatMap(({ type, key }) => (/^(access|plan)|updated$/.test(type) ? [key] : []))
        expect(new Set(keys).size).toBe(keys.length)
      }),
    )
  })
})

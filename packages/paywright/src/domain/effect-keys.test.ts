import { describe, expect, test } from 'vitest'
import { diffCustomer } from './customer-diff.js'
import { effectKey } from './effect-keys.js'
import type { EffectType } from './effects.js'
import type { CustomerState, Subscription } from './mirror.js'
import { createCustomerState, createInvoice, createSubscription, DAY, MONTH, START } from './testing/factories.js'

const here = { of: 'sub_1', moment: 7, occurrence: '3:100' }

describe('the key of', () => {
  test.each<[EffectType, string]>([
    ['subscription.activated', 'subscription.activated:sub_1'],
    ['payment.failed', 'payment.failed:sub_1:7'],
    ['price.unknown', 'price.unknown:sub_1:3:100'],
  ])('%s is %s, whoever asks', (type, key) => {
    expect(effectKey(type, here)).toBe(key)
    expect(effectKey(type, { ...here })).toBe(key)
  })

  test('what happens once does not depend on who found it', () => {
    expect(effectKey('invoice.paid', { ...here, occurrence: '4:200' })).toBe(effectKey('invoice.paid', here))
  })

  test('what belongs to a moment depends on that, and not on who found it', () => {
    expect(effectKey('payment.failed', { ...here, occurrence: '4:200' })).toBe(effectKey('payment.failed', here))
    expect(effectKey('payment.failed', { ...here, moment: 8 })).not.toBe(effectKey('payment.failed', here))
  })

  test('what can come again depends on who found it', () => {
    expect(effectKey('subscription.updated', { ...here, occurrence: '4:100' })).not.toBe(
      effectKey('subscription.updated', here),
    )
  })
})

type State = Partial<Subscription>

const late: State = { status: 'past_due', pastDueSince: START + DAY }
const inTrial: State = { status: 'trialing', trialStart: START, trialEnd: START + MONTH }
const access = (plan: string) => ({ plan, reason: 'subscription_active' }) as const

/** States between which a customer may go to and fro, as often as they like. */
const PAIRS: readonly (readonly [string, CustomerState, CustomerState])[] = [
  ['another quantity', stateWith({}), stateWith({ metadata: { seats: '2' } })],
  ['an end that is planned and taken back', stateWith({}), stateWith({ cancelAtPeriodEnd: true })],
  ['a pause', stateWith({}), stateWith({ status: 'paused' })],
  ['a payment that is late, since the same second', stateWith({}), stateWith(late)],
  ['a trial, since the same second', stateWith({}), stateWith(inTrial)],
  ['a price that nobody knows', stateWith({}), stateWith({ unknownPriceId: 'price_9' })],
  ['a plan', stateWith({}, access('pro')), stateWith({}, access('team'))],
  ['access', stateWith({}, access('pro')), stateWith({}, { plan: 'free', reason: 'canceled' })],
]

describe('effects that come again have keys of their own:', () => {
  test.each(PAIRS)('%s', (_name, one, other) => {
    const steps = [one, other, one, other, one, other]
    const keys = steps.slice(1).flatMap((after, index) => keysBetween(steps[index] ?? one, after, `${index}:100`))
    expect(keys.length).toBeGreaterThanOrEqual(5)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test.each(PAIRS)('%s: the same sync has the same keys', (_name, one, other) => {
    expect(keysBetween(one, other, '7:100')).toEqual(keysBetween(one, other, '7:100'))
  })
})

test('what is found anew after it was lost is not told anew', () => {
  const whole = createCustomerState({
    subscriptions: [createSubscription({})],
    invoices: [createInvoice({ status: 'paid', amountPaid: 2000, amountRemaining: 0 })],
  })
  const empty = createCustomerState({ subscriptions: [], invoices: [] })
  expect(keysBetween(empty, whole, '1:100')).toEqual(keysBetween(empty, whole, '2:200'))
})

function stateWith(subscription: State, at: CustomerState['access'] = null): CustomerState {
  return createCustomerState({ subscriptions: [createSubscription(subscription)], access: at })
}

function keysBetween(before: CustomerState, after: CustomerState, occurrence: string): readonly string[] {
  const noAccess = { plan: 'free', reason: 'none' } as const
  const facts = { before, after, noAccess, customerId: 'user_1', pendingTypes: [], occurrence, newsFrom: 0 }
  return diffCustomer(facts).map(({ key }) => key)
}

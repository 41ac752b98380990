import { describe, expect, test } from 'vitest'
import type { Subscription } from './mirror.js'
import { diffSubscription } from './subscription-diff.js'
import { createItem, createSubscription, DAY, MONTH, START } from './testing/factories.js'

type State = Partial<Subscription>

const secondPeriod: State = { currentPeriodStart: START + MONTH, currentPeriodEnd: START + 2 * MONTH }
const late: State = { status: 'past_due', pastDueSince: START + DAY }
const inTrial: State = { status: 'trialing', trialStart: START, trialEnd: START + MONTH }
const ending: State = { cancelAtPeriodEnd: true, canceledAt: START + DAY }

const TABLE: readonly (readonly [string, State | null, State, readonly string[]])[] = [
  ['bought', null, {}, ['subscription.activated:sub_1']],
  ['first payment finished', { status: 'incomplete' }, {}, ['subscription.activated:sub_1']],
  ['bought with a trial', null, inTrial, ['subscription.activated:sub_1', 'subscription.trial_started:sub_1:7']],
  ['first payment not finished', null, { status: 'incomplete' }, []],
  [
    'first payment never finished',
    { status: 'incomplete' },
    { status: 'incomplete_expired' },
    ['subscription.updated:sub_1:7'],
  ],
  ['first seen after its end', null, { status: 'canceled' }, []],
  ['renewed', {}, secondPeriod, [`subscription.renewed:sub_1:${START + MONTH}`]],
  [
    'trial becomes paid',
    inTrial,
    { ...secondPeriod, status: 'active' },
    [`subscription.renewed:sub_1:${START + MONTH}`],
  ],
  ['payment failed', {}, late, ['subscription.past_due:sub_1:7']],
  ['first seen late', null, late, ['subscription.past_due:sub_1:7']],
  [
    'late again, the recovery unseen',
    late,
    { ...late, pastDueSince: START + MONTH },
    ['subscription.past_due:sub_1:7'],
  ],
  ['given up', late, { ...late, status: 'unpaid' }, ['subscription.updated:sub_1:7']],
  ['recovered', late, {}, ['subscription.recovered:sub_1:7']],
  ['recovered late', { ...late, status: 'unpaid' }, secondPeriod, ['subscription.recovered:sub_1:7']],
  ['canceled for later', {}, ending, ['subscription.canceling:sub_1:7']],
  [
    'canceled for another day',
    ending,
    { cancelAt: START + 2 * DAY, canceledAt: START + DAY },
    ['subscription.canceling:sub_1:7'],
  ],
  ['resumed', ending, {}, ['subscription.resumed:sub_1:7']],
  ['canceled', {}, { status: 'canceled' }, ['subscription.canceled:sub_1']],
  [
    'ended as planned',
    ending,
    { ...ending, status: 'canceled', endedAt: START + MONTH },
    ['subscription.canceled:sub_1'],
  ],
  [
    'ended on another day than planned',
    ending,
    { status: 'canceled', cancelAt: START + 2 * DAY, endedAt: START + 2 * DAY },
    ['subscription.canceled:sub_1'],
  ],
  ['ended for not paying', late, { status: 'canceled' }, ['subscription.canceled:sub_1']],
  ['paused', {}, { status: 'paused' }, ['subscription.updated:sub_1:7']],
  ['unpaused', { status: 'paused' }, secondPeriod, ['subscription.resumed:sub_1:7']],
  ['more seats', {}, { items: [createItem({ quantity: 2 })] }, ['subscription.updated:sub_1:7']],
  ['canceled and ended twice', { status: 'canceled' }, { status: 'canceled' }, []],
]

test.each(TABLE)('%s', (_name, before, after, expected) => {
  const changes = diffSubscription(before === null ? null : createSubscription(before), createSubscription(after), '7')
  expect(changes.map(({ key }) => key)).toEqual(expected)
})

test('a plan to end that comes again has a key of its own, so that it is told again', () => {
  const [month, year] = [ending, { ...ending, currentPeriodEnd: START + 12 * MONTH }].map(createSubscription)
  const running = createSubscription({})
  const steps = [running, month, year, month, running, month, running]
  const keys = steps.slice(1).flatMap((after, index) => {
    const changes = diffSubscription(steps[index] ?? null, after ?? running, String(index))
    return changes.map(({ key }) => key)
  })
  expect(keys).toHaveLength(6)
  expect(new Set(keys).size).toBe(6)
})

describe('nothing has happened', () => {
  test.each(TABLE)('between a state and itself: %s', (_name, _before, state) => {
    expect(diffSubscription(createSubscription(state), createSubscription(state), '7')).toEqual([])
  })

  test('where only the order of items and metadata differs', () => {
    const [one, two] = [createItem(), createItem({ stripeItemId: 'si_2' })]
    const before = createSubscription({ items: [one, two], metadata: { a: '1', b: '2' } })
    const after = createSubscription({ items: [two, one], metadata: { b: '2', a: '1' } })
    expect(diffSubscription(before, after, '7')).toEqual([])
  })
})

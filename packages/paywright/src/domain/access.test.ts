import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideAccess, givesAccess, nextAccessChange, type AccessReason } from './access.js'
import type { AnyStatus, Subscription } from './mirror.js'
import { createCatalog, createSubscription, DAY, MONTH, START } from './testing/factories.js'

const catalog = createCatalog()
const graceSeconds = 7 * DAY

function accessOf(subscriptions: readonly Subscription[], now: number) {
  return decideAccess({ catalog, subscriptions, graceSeconds }, now)
}

type CancelState = 'renewing' | 'ends later' | 'end has passed' | 'ended'

type GraceState = 'in time' | 'in grace' | 'grace is over'

const NOW = START + 10 * DAY

const CANCEL_STATES: Readonly<Record<CancelState, Partial<Subscription>>> = {
  renewing: {},
  'ends later': { cancelAt: NOW + DAY, canceledAt: START },
  'end has passed': { cancelAt: NOW, canceledAt: START },
  ended: { canceledAt: START, endedAt: NOW },
}

const GRACE_STATES: Readonly<Record<GraceState, Partial<Subscription>>> = {
  'in time': { pastDueSince: null },
  'in grace': { pastDueSince: NOW - graceSeconds + 1 },
  'grace is over': { pastDueSince: NOW - graceSeconds },
}

/** One row for each status and cancel state; the reasons in time, in grace, and after it. */
const TABLE: readonly (readonly [AnyStatus, CancelState, readonly [AccessReason, AccessReason, AccessReason]])[] = [
  ['active', 'renewing', ['subscription_active', 'subscription_active', 'subscription_active']],
  ['active', 'ends later', ['canceled_until_period_end', 'canceled_until_period_end', 'canceled_until_period_end']],
  ['active', 'end has passed', ['canceled', 'canceled', 'canceled']],
  ['active', 'ended', ['canceled', 'canceled', 'canceled']],
  ['trialing', 'renewing', ['trial', 'trial', 'trial']],
  ['trialing', 'ends later', ['canceled_until_period_end', 'canceled_until_period_end', 'canceled_until_period_end']],
  ['trialing', 'end has passed', ['canceled', 'canceled', 'canceled']],
  ['trialing', 'ended', ['canceled', 'canceled', 'canceled']],
  ['past_due', 'renewing', ['past_due', 'grace_period', 'past_due']],
  ['past_due', 'ends later', ['past_due', 'grace_period', 'past_due']],
  ['past_due', 'end has passed', ['canceled', 'canceled', 'canceled']],
  ['past_due', 'ended', ['canceled', 'canceled', 'canceled']],
  ['incomplete', 'renewing', ['incomplete', 'incomplete', 'incomplete']],
  ['incomplete', 'ends later', ['incomplete', 'incomplete', 'incomplete']],
  ['incomplete', 'end has passed', ['incomplete', 'incomplete', 'incomplete']],
  ['incomplete', 'ended', ['incomplete', 'incomplete', 'incomplete']],
  ['incomplete_expired', 'renewing', ['incomplete_expired', 'incomplete_expired', 'incomplete_expired']],
  ['incomplete_expired', 'ends later', ['incomplete_expired', 'incomplete_expired', 'incomplete_expired']],
  ['incomplete_expired', 'end has passed', ['incomplete_expired', 'incomplete_expired', 'incomplete_expired']],
  ['incomplete_expired', 'ended', ['incomplete_expired', 'incomplete_expired', 'incomplete_expired']],
  ['unpaid', 'renewing', ['unpaid', 'unpaid', 'unpaid']],
  ['unpaid', 'ends later', ['unpaid', 'unpaid', 'unpaid']],
  ['unpaid', 'end has passed', ['unpaid', 'unpaid', 'unpaid']],
  ['unpaid', 'ended', ['unpaid', 'unpaid', 'unpaid']],
  ['paused', 'renewing', ['paused', 'paused', 'paused']],
  ['paused', 'ends later', ['paused', 'paused', 'paused']],
  ['paused', 'end has passed', ['paused', 'paused', 'paused']],
  ['paused', 'ended', ['paused', 'paused', 'paused']],
  ['canceled', 'renewing', ['canceled', 'canceled', 'canceled']],
  ['canceled', 'ends later', ['canceled', 'canceled', 'canceled']],
  ['canceled', 'end has passed', ['canceled', 'canceled', 'canceled']],
  ['canceled', 'ended', ['canceled', 'canceled', 'canceled']],
  ['hibernating', 'renewing', ['unknown_status', 'unknown_status', 'unknown_status']],
  ['hibernating', 'ends later', ['unknown_status', 'unknown_status', 'unknown_status']],
  ['hibernating', 'end has passed', ['unknown_status', 'unknown_status', 'unknown_status']],
  ['hibernating', 'ended', ['unknown_status', 'unknown_status', 'unknown_status']],
  ['constructor', 'renewing', ['unknown_status', 'unknown_status', 'unknown_status']],
]

describe.each(TABLE)('%s, %s', (status, cancelState, [inTime, inGrace, afterGrace]) => {
  const cases = [
    ['in time', inTime],
    ['in grace', inGrace],
    ['grace is over', afterGrace],
  ] as const
  test.each(cases)('%s gives %s', (grace, reason) => {
    const subscription = createSubscription({ status, ...CANCEL_STATES[cancelState], ...GRACE_STATES[grace] })
    const access = accessOf([subscription], NOW)
    expect(access).toMatchObject({ reason, status, subscription })
    expect(access.plan).toBe(givesAccess(reason) ? 'pro' : 'free')
  })
})

describe('a scheduled end', () => {
  test('keeps access until the end and not a second longer', () => {
    const subscription = createSubscription({ cancelAtPeriodEnd: true, canceledAt: START })
    expect(accessOf([subscription], START + MONTH - 1)).toMatchObject({ plan: 'pro', until: START + MONTH })
    expect(accessOf([subscription], START + MONTH)).toMatchObject({ plan: 'free', reason: 'canceled', until: null })
  })

  test('of the portal stands in cancelAt alone, and comes before the end of the period', () => {
    const subscription = createSubscription({ cancelAt: START + 5 * DAY })
    expect(accessOf([subscription], START + 5 * DAY - 1).reason).toBe('canceled_until_period_end')
    expect(accessOf([subscription], START + 5 * DAY).reason).toBe('canceled')
  })

  test('cuts grace short', () => {
    const cancelAt = START + 3 * DAY
    const subscription = createSubscription({ status: 'past_due', pastDueSince: START, cancelAt })
    expect(accessOf([subscription], START + DAY)).toMatchObject({ reason: 'grace_period', until: cancelAt })
  })
})

test('a late subscription that is canceled for later is looked at again when it ends', () => {
  const cancelAt = NOW + DAY
  const subscriptions = [createSubscription({ status: 'past_due', pastDueSince: NOW - graceSeconds, cancelAt })]
  expect(nextAccessChange({ catalog, subscriptions, graceSeconds }, NOW)).toBe(cancelAt)
})

test('nobody without a subscription has more than the default plan', () => {
  expect(accessOf([], NOW)).toEqual({
    plan: 'free',
    reason: 'none',
    status: null,
    subscription: null,
    until: null,
    trialEndsAt: null,
  })
})

test('a trial says when it ends', () => {
  const subscription = createSubscription({ status: 'trialing', trialStart: START, trialEnd: START + 14 * DAY })
  expect(accessOf([subscription], NOW)).toMatchObject({ reason: 'trial', trialEndsAt: START + 14 * DAY, until: null })
})

describe('a price that stands for no plan', () => {
  test('leaves the kept plan in force', () => {
    const subscription = createSubscription({ plan: 'pro', unknownPriceId: 'price_new' })
    expect(accessOf([subscription], NOW)).toMatchObject({ plan: 'pro', reason: 'subscription_active' })
  })

  test('is named as the reason where no plan was ever known', () => {
    const subscription = createSubscription({ plan: null, unknownPriceId: 'price_new' })
    expect(accessOf([subscription], NOW)).toMatchObject({ plan: 'free', reason: 'price_unknown' })
  })

  test('is the reason too where the code has dropped the plan', () => {
    expect(accessOf([createSubscription({ plan: 'gold' })], NOW)).toMatchObject({
      plan: 'free',
      reason: 'price_unknown',
    })
  })
})

describe('of several subscriptions', () => {
  const pro = createSubscription({ stripeSubscriptionId: 'sub_z_pro', createdAt: START + DAY })
  const team = createSubscription({ stripeSubscriptionId: 'sub_team', plan: 'team' })
  const ended = createSubscription({ stripeSubscriptionId: 'sub_old', status: 'canceled', createdAt: START + DAY })
  const unpaid = createSubscription({ stripeSubscriptionId: 'sub_unpaid', status: 'unpaid', plan: 'team' })

  test.each([
    ['the greatest plan counts', [pro, team], 'sub_team'],
    ['one with access comes before a greater one without', [unpaid, pro], 'sub_z_pro'],
    ['a live one explains more than an ended one', [ended, unpaid], 'sub_unpaid'],
  ])('%s', (_name, subscriptions, expected) => {
    for (const order of [subscriptions, subscriptions.toReversed()]) {
      expect(accessOf(order, NOW).subscription?.stripeSubscriptionId).toBe(expected)
    }
  })
})

const anyStatus = fc.constantFrom<AnyStatus[]>(
  'active',
  'trialing',
  'past_due',
  'unpaid',
  'paused',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'invented',
)

const anyInstant = fc.integer({ min: START - MONTH, max: START + 3 * MONTH })

const anySubscription = fc
  .record({
    status: anyStatus,
    cancelAtPeriodEnd: fc.boolean(),
    cancelAt: fc.option(anyInstant, { freq: 1 }),
    endedAt: fc.option(anyInstant, { freq: 1 }),
    pastDueSince: fc.option(anyInstant, { freq: 1 }),
    currentPeriodEnd: fc.option(anyInstant, { freq: 1 }),
    plan: fc.constantFrom('pro', 'team', 'gold', null),
    createdAt: anyInstant,
  })
  .map((values) => createSubscription(values))

describe('for every set of subscriptions', () => {
  const subscriptions = fc.array(anySubscription, { maxLength: 4 })

  test('access that was lost does not come back by the passing of time', () => {
    fc.assert(
      fc.property(subscriptions, anyInstant, fc.nat(MONTH), (all, now, later) => {
        const [first, then] = [accessOf(all, now), accessOf(all, now + later)]
        expect(givesAccess(then.reason) && !givesAccess(first.reason)).toBe(false)
      }),
    )
  })

  test('nothing changes before the instant that is named as the next change', () => {
    fc.assert(
      fc.property(subscriptions, anyInstant, fc.nat(MONTH), (all, now, later) => {
        const next = nextAccessChange({ catalog, subscriptions: all, graceSeconds }, now) ?? Infinity
        expect(next).toBeGreaterThan(now)
        const before = Math.min(now + later, next - 1)
        const [first, then] = [accessOf(all, now), accessOf(all, before)]
        expect([then.plan, then.reason]).toEqual([first.plan, first.reason])
      }),
      { numRuns: 1000 },
    )
  })

  test('the order in which they are read does not matter', () => {
    const distinct = subscriptions.map((all) =>
      all.map((one, index) => ({ ...one, stripeSubscriptionId: `sub_${index}` })),
    )
    fc.assert(
      fc.property(distinct, anyInstant, (all, now) => {
        expect(accessOf(all.toReversed(), now)).toEqual(accessOf(all, now))
      }),
    )
  })
})

import { describe, expect, test } from 'vitest'
import { checkCheckout } from './checkout-guard.js'
import type { AnyStatus, Subscription } from './mirror.js'
import { createCatalog, createSubscription, DAY, START } from './testing/factories.js'

const catalog = createCatalog({
  free: { name: 'Free', features: {} },
  pro: { name: 'Pro', features: {}, trialDays: 14, prices: { month: { amount: 2000, currency: 'usd' } } },
  team: { name: 'Team', features: {}, prices: { month: { priceId: undefined } } },
})

function check(wish: { plan?: string; interval?: string; subscriptions?: readonly Subscription[] } = {}) {
  return checkCheckout({ catalog, plan: 'pro', interval: 'month', subscriptions: [], ...wish })
}

test('a customer without a subscription may buy, with a trial', () => {
  expect(check()).toMatchObject({ ok: true, trialDays: 14, price: { lookupKey: 'paywright_pro_month' } })
})

test.each([
  [{ plan: 'gold' }, 'plan_unknown', 'Plans for sale: pro, team.'],
  [{ plan: 'free' }, 'plan_not_for_sale', 'Plans for sale: pro, team.'],
  [{ interval: 'year' }, 'interval_unknown', 'Its intervals: month.'],
  [{ plan: 'team' }, 'price_not_configured', 'team.month'],
])('%j is refused: %s', (wish, reason, words) => {
  expect(check(wish)).toEqual({ ok: false, reason, detail: expect.stringContaining(words) })
})

describe('with a subscription that is', () => {
  test.each<[AnyStatus, string | null]>([
    ['active', 'already_subscribed'],
    ['trialing', 'already_subscribed'],
    ['paused', 'already_subscribed'],
    ['invented', 'already_subscribed'],
    ['past_due', 'subscription_unpaid'],
    ['unpaid', 'subscription_unpaid'],
    ['incomplete', 'subscription_incomplete'],
    ['incomplete_expired', null],
    ['canceled', null],
  ])('%s: %s', (status, reason) => {
    const answer = check({ subscriptions: [createSubscription({ status })] })
    expect(answer.ok ? null : answer.reason).toBe(reason)
  })

  test('canceled for later: the customer resumes it instead', () => {
    const subscriptions = [createSubscription({ cancelAt: START + DAY })]
    expect(check({ subscriptions })).toMatchObject({ ok: false, reason: 'subscription_canceling' })
  })
})

test('there is one trial for each customer', () => {
  const subscriptions = [createSubscription({ status: 'canceled', trialStart: START })]
  expect(check({ subscriptions })).toMatchObject({ ok: true, trialDays: null })
})

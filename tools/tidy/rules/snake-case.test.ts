import { expect, test } from 'vitest'
import { tryRule } from '../rule.js'
import { snakeCase } from './snake-case.js'

const path = 'packages/paywright/src/engine/cancel.ts'

test.each(['f(subscription.cancel_at)', 'const { cancel_at } = x', 'const { cancel_at: at } = x', 'x?.cancel_at'])(
  '`%s` is found',
  (text) => {
    expect(tryRule(snakeCase, path, text)).toEqual([expect.stringMatching(/^1: `cancel_at` is a name of Stripe/)])
  },
)

test.each([
  ['our own name', 'f(subscription.cancelAt)'],
  ['an environment variable', 'process.env.STRIPE_SECRET_KEY'],
  ['SQL', "exec('select s.cancel_at from subscriptions s')"],
  ['a code', "refuse({ reason: 'subscription_incomplete' })"],
  ['a column by its name', "row['cancel_at']"],
])('%s passes', (_name, text) => expect(tryRule(snakeCase, path, text)).toEqual([]))

test("tests, Stripe's border and the simulator speak Stripe's names", () => {
  for (const place of [
    'packages/paywright/src/stripe/to-subscription.ts',
    'packages/paywright/src/stripe.test.ts',
    'packages/paywright/src/testing/stripe-truth.ts',
    'packages/simulator/src/core/catalogue/prices.ts',
  ]) {
    expect(tryRule(snakeCase, place, 'x.cancel_at')).toEqual([])
  }
})

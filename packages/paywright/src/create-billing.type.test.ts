import { expectTypeOf, test } from 'vitest'
import type { Billing } from './billing.js'
import { createBilling } from './create-billing.js'
import { definePlans } from './plans.js'

const plans = definePlans({
  free: { name: 'Free', features: { projects: 3 } },
  pro: {
    name: 'Pro',
    trialDays: 14,
    features: { projects: 50, export: true },
    prices: { month: { amount: 2000, currency: 'usd' }, year: { amount: 20_000, currency: 'usd' } },
  },
  enterprise: {
    name: 'Enterprise',
    features: { projects: 'unlimited', export: true, sso: true },
    prices: { month: { priceId: process.env['STRIPE_PRICE_ENTERPRISE'] } },
  },
})

type Plans = typeof plans

/** Never run: the compiler reads it, and each expected error that does not come is one. */
export async function misuse(billing: Billing<Plans>): Promise<void> {
  const access = await billing.access('c')
  access.has('export')
  // @ts-expect-error a feature that no plan has
  access.has('exprot')
  access.limit('projects')
  // @ts-expect-error a feature that is on or off has no limit
  access.limit('export')
  // @ts-expect-error a plan that is not sold
  if (access.plan === 'platinum') return

  await billing.checkout.create({ customerId: 'c', plan: 'pro', interval: 'year' })
  // @ts-expect-error a plan that is not sold
  await billing.checkout.create({ customerId: 'c', plan: 'prp', interval: 'month' })
  // @ts-expect-error a plan without prices
  await billing.checkout.create({ customerId: 'c', plan: 'free', interval: 'month' })
  // @ts-expect-error an interval that this plan has no price for
  await billing.checkout.create({ customerId: 'c', plan: 'enterprise', interval: 'year' })

  billing.on('payment.failed', ({ after }) => void after.attemptCount)
  // @ts-expect-error an effect that does not exist
  billing.on('payment.exploded', () => undefined)
}

test('the plan that counts is one of the keys', () => {
  type Access = Awaited<ReturnType<Billing<Plans>['access']>>
  expectTypeOf<Access['plan']>().toEqualTypeOf<'free' | 'pro' | 'enterprise'>()
})

test('without a plan that costs nothing, there may be none', () => {
  const paid = definePlans({ pro: { name: 'Pro', features: {}, prices: { month: { amount: 1, currency: 'usd' } } } })
  type Access = Awaited<ReturnType<Billing<typeof paid>['access']>>
  expectTypeOf<Access['plan']>().toEqualTypeOf<'pro' | null>()
})

test('plans written in place are known as well', () => {
  expectTypeOf(createBilling<Plans>).returns.toEqualTypeOf<Billing<Plans>>()
})

import { expect, test } from 'vitest'
import { Bench, type Subscription } from '../testing/bench.js'

test('subscriptions show their price as it is now', () => {
  const bench = new Bench()
  const price = bench.price()
  const { id, items } = bench.subscribe(bench.customer(), price)
  bench.run('prices.update', { nickname: 'Old', active: false }, price)
  const now = { nickname: 'Old', active: false }
  const shown = bench.run<Subscription & { readonly plan: unknown }>('subscriptions.retrieve', {}, id)
  expect(shown.items.data[0]).toMatchObject({ price: now, plan: now })
  expect(shown.plan).toMatchObject(now)
  expect(bench.run('subscription_items.retrieve', {}, items.data[0]?.id)).toMatchObject({ price: now, plan: now })
  bench.run('subscriptions.update', { metadata: { a: '1' } }, id)
  expect(bench.lastEvent('customer.subscription.updated').data.previous_attributes).toEqual({ metadata: { a: null } })
})

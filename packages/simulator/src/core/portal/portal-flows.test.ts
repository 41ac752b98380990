import { expect, test } from 'vitest'
import { Bench, type Subscription } from '../testing/bench.js'

function flow(subscription: Subscription, items: readonly object[]): object {
  const type = 'subscription_update_confirm'
  return { type, [type]: { subscription: subscription.id, items } }
}

test('a change that is confirmed in the portal is of the only item of its subscription', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const [price, other] = [bench.price(), bench.price({ name: 'Other' })]
  bench.run('portal_configurations.create', {
    features: {
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['quantity'],
        products: [{ product: bench.get('prices', price).product, prices: [price] }],
      },
    },
  })
  const one = bench.subscribe(customer, price)
  const two = bench.run<Subscription>('subscriptions.create', { customer, items: [{ price }, { price: other }] })
  const itemsOf = ({ items }: Subscription): object[] => items.data.map(({ id }) => ({ id, quantity: 2 }))
  const param = 'flow_data[subscription_update_confirm][items]'
  const refusal = { status: 400, param }
  expect(bench.fail('portal_sessions.create', { customer, flow_data: flow(two, itemsOf(two)) })).toMatchObject(refusal)
  const first = itemsOf(two).slice(0, 1)
  expect(bench.fail('portal_sessions.create', { customer, flow_data: flow(two, first) })).toMatchObject(refusal)
  expect(bench.run('portal_sessions.create', { customer, flow_data: flow(one, itemsOf(one)) })).toMatchObject({
    flow: { type: 'subscription_update_confirm' },
  })
})

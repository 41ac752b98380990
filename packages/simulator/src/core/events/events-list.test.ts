import { expect, test } from 'vitest'
import { Bench, DAY, START } from '../testing/bench.js'

interface Listed {
  readonly data: readonly { readonly created: number; readonly type: string }[]
}

test('events of a span of time are found, with and without a test clock that goes differently', () => {
  const bench = new Bench()
  for (let day = 0; day < 5; day++) {
    bench.advanceTo(START + day * DAY)
    bench.run('products.create', { name: `Day ${day}` })
  }
  const within = (created: object): readonly number[] =>
    bench.run<Listed>('events.list', { created, limit: 100 }).data.map((event) => (event.created - START) / DAY)
  expect(within({ gte: START + DAY, lt: START + 4 * DAY })).toEqual([3, 2, 1])
  const clock = bench.run('test_clocks.create', { frozen_time: START + 2 * DAY }).id
  bench.run('customers.create', { name: 'Ada', test_clock: clock })
  bench.run('products.create', { name: 'Later' })
  expect(within({ gte: START + DAY, lt: START + 4 * DAY })).toEqual([2, 3, 2, 1])
  expect(within({ gt: START + 3 * DAY })).toEqual([4, 4, 4])
  const all = bench.run<Listed>('events.list', { limit: 2 }).data.map(({ type }) => type)
  expect(all).toEqual(['product.created', 'customer.created'])
})

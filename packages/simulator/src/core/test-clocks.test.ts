import { expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from './testing/bench.js'

const FEBRUARY = Date.parse('2026-02-15T12:00:00Z') / 1000

function clocked(): { bench: Bench; clock: string; subscription: string } {
  const bench = new Bench()
  const clock = bench.run('test_clocks.create', { frozen_time: START, name: 'renewals' }).id
  const customer = bench.customer('pm_card_visa', { test_clock: clock })
  const subscription = bench.subscribe(customer, bench.price()).id
  bench.takeEvents()
  return { bench, clock, subscription }
}

test('a clock is where it was left, and does what is due when it is advanced', () => {
  const { bench, clock, subscription } = clocked()
  bench.advanceTo(START + 90 * DAY)
  expect(bench.subscription(subscription).items.data).toMatchObject([{ current_period_end: FEBRUARY }])
  const advancing = bench.run('test_clocks.advance', { frozen_time: FEBRUARY + HOUR }, clock)
  expect(advancing).toMatchObject({ frozen_time: START, status: 'advancing' })
  bench.finishAdvance(clock)
  expect(bench.get('test_clocks', clock)).toMatchObject({
    frozen_time: FEBRUARY + HOUR,
    status: 'ready',
    status_details: {},
  })
  expect(bench.invoice(bench.subscription(subscription).latest_invoice)).toMatchObject({
    created: FEBRUARY,
    status: 'paid',
  })
  const events = bench.takeEvents()
  expect(events[0]).toBe('test_helpers.test_clock.advancing')
  expect(events.at(-1)).toBe('test_helpers.test_clock.ready')
})

test('it goes forward only, and no more than two intervals at once', () => {
  const { bench, clock } = clocked()
  expect(bench.fail('test_clocks.advance', { frozen_time: START }, clock).param).toBe('frozen_time')
  const far = Date.parse('2026-03-15T12:00:01Z') / 1000
  expect(bench.fail('test_clocks.advance', { frozen_time: far }, clock).message).toContain('two intervals')
  bench.run('test_clocks.advance', { frozen_time: far - 1 }, clock)
  expect(bench.fail('test_clocks.advance', { frozen_time: far - 1 }, clock).message).toContain('ready')
})

test('a clock without a subscription goes two years', () => {
  const bench = new Bench()
  const clock = bench.run('test_clocks.create', { frozen_time: START }).id
  const limit = Date.parse('2028-01-15T12:00:00Z') / 1000
  expect(bench.fail('test_clocks.advance', { frozen_time: limit + 1 }, clock).status).toBe(400)
  bench.run('test_clocks.advance', { frozen_time: limit }, clock)
  bench.finishAdvance(clock)
  expect(bench.get('test_clocks', clock).frozen_time).toBe(limit)
})

test('deleting a clock takes its customers with it, and what they subscribed to', () => {
  const { bench, clock, subscription } = clocked()
  const { customer } = bench.subscription(subscription)
  expect(bench.run('test_clocks.delete', {}, clock)).toMatchObject({ deleted: true })
  expect(bench.subscription(subscription)).toMatchObject({ status: 'canceled', ended_at: START })
  expect(bench.run('customers.retrieve', {}, customer)).toMatchObject({ deleted: true })
  expect(bench.takeEvents()).toEqual([
    'customer.subscription.deleted',
    'customer.deleted',
    'test_helpers.test_clock.deleted',
  ])
})

test('it has room for three customers, and each of them for three subscriptions', () => {
  const { bench, clock, subscription } = clocked()
  const { customer } = bench.subscription(subscription)
  for (let count = 1; count < 3; count++) {
    bench.customer(null, { test_clock: clock })
    bench.subscribe(customer, bench.price())
  }
  expect(bench.fail('customers.create', { test_clock: clock }).param).toBe('test_clock')
  const another = { customer, items: [{ price: bench.price() }] }
  expect(bench.fail('subscriptions.create', another).code).toBe('customer_max_subscriptions')
})

test('a customer who is there already can be put on one', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const clock = bench.run('test_clocks.create', { frozen_time: FEBRUARY, customer }).id
  expect(bench.get('customers', customer).test_clock).toBe(clock)
  expect(bench.subscribe(customer, bench.price()).created).toBe(FEBRUARY)
  expect(bench.fail('test_clocks.create', { frozen_time: FEBRUARY, customer }).param).toBe('customer')
})

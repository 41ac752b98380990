import { expect, test } from 'vitest'
import { Bench, HOUR } from '../testing/bench.js'

const FEBRUARY = Date.parse('2026-02-15T12:00:00Z') / 1000

test('a change that waits until the end of the period is given up before the next one is billed', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id, items } = bench.subscribe(customer, bench.price())
  bench.giveCard(customer, 'pm_card_chargeCustomerFail')
  bench.advanceTo(FEBRUARY - HOUR)
  const waiting = { proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete' }
  bench.run('subscriptions.update', { ...waiting, items: [{ id: items.data[0]?.id, quantity: 300 }] }, id)
  expect(bench.subscription(id).pending_update?.expires_at).toBe(FEBRUARY)
  const held = bench.subscription(id).latest_invoice
  bench.takeEvents()
  bench.advanceTo(FEBRUARY)
  const events = bench.takeEvents()
  expect(events.indexOf('customer.subscription.pending_update_expired')).toBeLessThan(events.indexOf('invoice.created'))
  expect(events.filter((type) => type === 'customer.subscription.pending_update_expired')).toHaveLength(1)
  expect(bench.invoice(held).status).toBe('void')
  const after = bench.subscription(id)
  expect(after).toMatchObject({
    pending_update: null,
    items: { data: [{ quantity: 1, current_period_start: FEBRUARY }] },
  })
  expect(bench.lines(after.latest_invoice)).toEqual([[2000, '1 × Pro (at $20.00 / month)']])
})

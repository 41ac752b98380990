import { expect, test } from 'vitest'
import { Bench, DAY, START } from '../testing/bench.js'

test.each([
  ['pause', 'paused', 'customer.subscription.paused'],
  ['cancel', 'canceled', 'customer.subscription.deleted'],
])('a trial that is ended now, with nothing to pay with, does as it was told: %s', (missing, status, event) => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(null), bench.price(), {
    trial_period_days: 14,
    trial_settings: { end_behavior: { missing_payment_method: missing } },
  })
  bench.advanceTo(START + DAY)
  bench.takeEvents()
  bench.run('subscriptions.update', { trial_end: 'now', metadata: { why: 'impatience' } }, id)
  expect(bench.subscription(id)).toMatchObject({ status, trial_end: START + DAY, metadata: { why: 'impatience' } })
  expect(bench.takeEvents()).toContain(event)
})

test('with a card it is paid at once', () => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(), bench.price(), {
    trial_period_days: 14,
    trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
  })
  bench.run('subscriptions.update', { trial_end: 'now' }, id)
  const { latest_invoice: invoice, status } = bench.subscription(id)
  expect(status).toBe('active')
  expect(bench.invoice(invoice)).toMatchObject({ status: 'paid', amount_paid: 2000 })
})

import { describe, expect, test } from 'vitest'
import type { Invoice } from './create.js'
import { Bench, DAY, HOUR, START, type PreviewParams, type Subscription } from '../testing/bench.js'

const FEBRUARY = Date.parse('2026-02-15T12:00:00Z') / 1000

function subscribed(params: object = {}): { bench: Bench; customer: string; subscription: Subscription; item: string } {
  const bench = new Bench()
  const customer = bench.customer()
  const subscription = bench.subscribe(customer, bench.price({ amount: 3100 }), params)
  bench.advanceTo(START + 10 * DAY)
  bench.takeEvents()
  return { bench, customer, subscription, item: subscription.items.data[0]?.id ?? '' }
}

function preview(bench: Bench, params: PreviewParams): Invoice {
  const before = JSON.stringify([
    bench.all('subscriptions'),
    bench.all('invoices'),
    bench.all('invoice_items'),
    bench.all('timers'),
  ])
  const invoice = bench.run<Invoice>('invoices.create_preview', params)
  const after = JSON.stringify([
    bench.all('subscriptions'),
    bench.all('invoices'),
    bench.all('invoice_items'),
    bench.all('timers'),
  ])
  expect(after).toBe(before)
  expect(bench.takeEvents()).toEqual([])
  return invoice
}

/** What a preview promises. */
const promise = (invoice: Invoice): object => ({
  amount_due: invoice.amount_due,
  created: invoice.created,
  lines: invoice.lines.data.map(({ amount, description, period, quantity }) => ({
    amount,
    description,
    period,
    quantity,
  })),
  period: [invoice.period_start, invoice.period_end],
  starting_balance: invoice.starting_balance,
  subtotal: invoice.subtotal,
  total: invoice.total,
})

const latest = (bench: Bench, id: string): Invoice => bench.invoice(bench.subscription(id).latest_invoice)

describe('the preview is the invoice that comes', () => {
  test('of the next renewal', () => {
    const { bench, subscription } = subscribed()
    const shown = preview(bench, { subscription: subscription.id })
    expect(shown).toMatchObject({
      id: expect.stringMatching(/^upcoming_in_/),
      billing_reason: 'upcoming',
      number: null,
      status: 'draft',
      total: 3100,
    })
    bench.advanceTo(FEBRUARY + HOUR)
    expect(promise(shown)).toEqual(promise(latest(bench, subscription.id)))
  })

  test('of the customer, when no subscription is named', () => {
    const { bench, customer, subscription } = subscribed()
    const shown = preview(bench, { customer })
    bench.advanceTo(FEBRUARY)
    expect(promise(shown)).toEqual(promise(latest(bench, subscription.id)))
  })

  test('of a change that is billed at once', () => {
    const { bench, subscription, item } = subscribed()
    const items = [{ id: item, price: bench.price({ amount: 6200, name: 'Team' }), quantity: 2 }]
    bench.takeEvents()
    const change = { items, proration_behavior: 'always_invoice' as const, proration_date: bench.now }
    const shown = preview(bench, { subscription: subscription.id, subscription_details: change })
    expect(shown.parent?.subscription_details?.subscription_proration_date).toBe(bench.now)
    bench.run('subscriptions.update', change, subscription.id)
    expect(promise(shown)).toEqual(promise(latest(bench, subscription.id)))
  })

  test('of a change that the next renewal bills', () => {
    const { bench, subscription, item } = subscribed()
    const change = { items: [{ id: item, quantity: 4 }] }
    const shown = preview(bench, { subscription: subscription.id, subscription_details: change })
    expect(shown.lines.data.map(({ amount }) => amount)).toEqual([-2100, 8400, 12_400])
    bench.run('subscriptions.update', change, subscription.id)
    bench.advanceTo(FEBRUARY + HOUR)
    expect(promise(shown)).toEqual(promise(latest(bench, subscription.id)))
  })

  test('of a downgrade that becomes credit', () => {
    const { bench, customer, subscription, item } = subscribed()
    const items = [{ id: item, price: bench.price({ amount: 310 }) }]
    bench.takeEvents()
    const change = { items, proration_behavior: 'always_invoice' as const }
    const shown = preview(bench, { subscription: subscription.id, subscription_details: change })
    expect(shown).toMatchObject({ amount_due: 0, total: -1890, ending_balance: -1890 })
    expect(bench.get('customers', customer).balance).toBe(0)
    bench.run('subscriptions.update', change, subscription.id)
    expect(promise(shown)).toEqual(promise(latest(bench, subscription.id)))
  })

  test('of a new subscription, with a card or without', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const price = bench.price()
    bench.takeEvents()
    const shown = preview(bench, { customer, subscription_details: { items: [{ price, quantity: 3 }] } })
    bench.giveCard(customer, 'pm_card_visa')
    const { latest_invoice: id } = bench.subscribe(customer, price, { items: [{ price, quantity: 3 }] })
    expect(promise(shown)).toEqual(promise(bench.invoice(id)))
  })

  test('of the end of a trial', () => {
    const { bench, subscription } = subscribed({ trial_period_days: 14 })
    const shown = preview(bench, { subscription: subscription.id })
    bench.advanceTo(START + 14 * DAY)
    expect(promise(shown)).toEqual(promise(latest(bench, subscription.id)))
  })

  test('of a cancellation now', () => {
    const { bench, subscription } = subscribed()
    const details = { cancel_now: true, proration_behavior: 'always_invoice' as const }
    const shown = preview(bench, { subscription: subscription.id, subscription_details: details })
    bench.run('subscriptions.cancel', { prorate: true, invoice_now: true }, subscription.id)
    expect(promise(shown)).toEqual(promise(latest(bench, subscription.id)))
  })

  test('on a test clock', () => {
    const bench = new Bench()
    const clock = bench.run('test_clocks.create', { frozen_time: START + DAY }).id
    const customer = bench.customer('pm_card_visa', { test_clock: clock })
    const { id } = bench.subscribe(customer, bench.price())
    bench.takeEvents()
    const shown = preview(bench, { subscription: id })
    bench.run('test_clocks.advance', { frozen_time: FEBRUARY + 2 * DAY }, clock)
    bench.finishAdvance(clock)
    expect(promise(shown)).toEqual(promise(latest(bench, id)))
  })
})

test('a subscription that is to end has no next invoice', () => {
  const { bench, subscription } = subscribed()
  bench.run('subscriptions.update', { cancel_at_period_end: true }, subscription.id)
  const error = bench.fail('invoices.create_preview', { subscription: subscription.id })
  expect(error).toMatchObject({ code: 'invoice_upcoming_none', status: 404 })
})

test('invoice.upcoming shows the preview, without an id', () => {
  const { bench, subscription } = subscribed()
  const shown = preview(bench, { subscription: subscription.id })
  bench.advanceTo(FEBRUARY - 7 * DAY)
  const object = bench.lastEvent('invoice.upcoming').data.object as Invoice
  expect('id' in object).toBe(false)
  expect(promise(object)).toEqual(promise(shown))
})

test('a preview with discounts of its own inherits none', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id: half } = bench.run('coupons.create', { percent_off: 50, duration: 'forever' })
  const { id: tenth } = bench.run('coupons.create', { percent_off: 10, duration: 'forever' })
  const { id } = bench.subscribe(customer, bench.price())
  bench.run('customers.update', { coupon: half }, customer)
  const total = (params: object): number =>
    bench.run<{ total: number }>('invoices.create_preview', { subscription: id, ...params }).total
  expect([total({}), total({ discounts: '' }), total({ discounts: [{ coupon: tenth }] })]).toEqual([1000, 2000, 1800])
  expect(bench.all('discounts')).toHaveLength(1)
})

import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START, type Subscription } from '../testing/bench.js'

const FEBRUARY = Date.parse('2026-02-15T12:00:00Z') / 1000

function subscribed(params: object = {}): { bench: Bench; customer: string; subscription: Subscription } {
  const bench = new Bench()
  const customer = bench.customer()
  const subscription = bench.subscribe(customer, bench.price({ amount: 3100 }), params)
  bench.takeEvents()
  return { bench, customer, subscription }
}

describe('at the end of the period', () => {
  test('it is planned now and happens then', () => {
    const { bench, subscription } = subscribed()
    bench.advanceTo(START + DAY)
    bench.run('subscriptions.update', { cancel_at_period_end: true }, subscription.id)
    expect(bench.subscription(subscription.id)).toMatchObject({
      cancel_at: FEBRUARY,
      cancel_at_period_end: true,
      canceled_at: START + DAY,
      cancellation_details: { reason: 'cancellation_requested' },
      status: 'active',
    })
    expect(bench.takeEvents()).toEqual(['customer.subscription.updated'])
    bench.advanceTo(FEBRUARY + HOUR)
    expect(bench.subscription(subscription.id)).toMatchObject({ status: 'canceled', ended_at: FEBRUARY })
    expect(bench.takeEvents()).toEqual(['customer.subscription.deleted'])
    expect(bench.all('invoices')).toHaveLength(1)
  })

  test('it can be taken back until then', () => {
    const { bench, subscription } = subscribed()
    bench.run('subscriptions.update', { cancel_at_period_end: true }, subscription.id)
    bench.run('subscriptions.update', { cancel_at_period_end: false }, subscription.id)
    expect(bench.subscription(subscription.id)).toMatchObject({
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { reason: null },
    })
    bench.advanceTo(FEBRUARY)
    expect(bench.subscription(subscription.id).status).toBe('active')
  })

  test('what is pending makes a last invoice', () => {
    const { bench, customer, subscription } = subscribed()
    bench.run('invoiceitems.create', { customer, amount: 700, currency: 'usd', subscription: subscription.id })
    bench.run('subscriptions.update', { cancel_at: 'max_period_end' }, subscription.id)
    bench.advanceTo(FEBRUARY + HOUR)
    const { latest_invoice: last, status } = bench.subscription(subscription.id)
    expect(status).toBe('canceled')
    expect(bench.invoice(last)).toMatchObject({ total: 700, status: 'paid' })
  })
})

test('no open invoice of the customer is collected by itself any more, and of the drafts only the other ones are', () => {
  const { bench, customer, subscription } = subscribed()
  const other = bench.subscribe(customer, bench.price({ name: 'Other' }))
  bench.giveCard(customer, 'pm_card_chargeCustomerFail')
  bench.advanceTo(FEBRUARY + HOUR)
  const open = bench.subscription(other.id).latest_invoice
  expect(bench.invoice(open)).toMatchObject({ auto_advance: true, status: 'open' })
  const { id: draft } = bench.run('invoices.create', { customer, auto_advance: true })
  bench.run('subscriptions.cancel', {}, subscription.id)
  expect(bench.invoice(open)).toMatchObject({ auto_advance: false, next_payment_attempt: null, status: 'open' })
  expect(bench.invoice(draft)).toMatchObject({ auto_advance: true, status: 'draft' })
  expect(bench.subscription(other.id).status).toBe('past_due')
})

test('a later moment shortens the last period, and what it costs', () => {
  const { bench, subscription } = subscribed()
  const moment = FEBRUARY + 7 * DAY
  bench.run('subscriptions.update', { cancel_at: moment }, subscription.id)
  bench.advanceTo(FEBRUARY + HOUR)
  const renewed = bench.subscription(subscription.id)
  expect(renewed.items.data).toMatchObject([{ current_period_end: moment }])
  expect(bench.invoice(renewed.latest_invoice).total).toBe(775)
  bench.advanceTo(moment)
  expect(bench.subscription(subscription.id)).toMatchObject({ status: 'canceled', ended_at: moment })
})

describe('now', () => {
  test('it ends without credit', () => {
    const { bench, subscription } = subscribed()
    bench.advanceTo(START + DAY)
    bench.run('subscriptions.cancel', { cancellation_details: { feedback: 'unused' } }, subscription.id)
    expect(bench.subscription(subscription.id)).toMatchObject({
      canceled_at: START + DAY,
      cancellation_details: { feedback: 'unused', reason: 'cancellation_requested' },
      ended_at: START + DAY,
      status: 'canceled',
    })
    expect(bench.takeEvents()).toEqual(['customer.subscription.deleted'])
    bench.advanceTo(FEBRUARY + DAY)
    expect(bench.takeEvents()).toEqual([])
  })

  test('with prorations and an invoice the rest becomes credit of the customer', () => {
    const { bench, customer, subscription } = subscribed()
    bench.advanceTo(START + 10 * DAY)
    bench.run('subscriptions.cancel', { prorate: true, invoice_now: true }, subscription.id)
    const { latest_invoice: last } = bench.subscription(subscription.id)
    expect(bench.lines(last)).toEqual([[-2100, 'Unused time on Pro after 25 Jan 2026']])
    expect(bench.invoice(last)).toMatchObject({ amount_due: 0, ending_balance: -2100, status: 'paid', total: -2100 })
    expect(bench.get('customers', customer).balance).toBe(-2100)
  })

  test('stops the collection of open invoices', () => {
    const { bench, customer, subscription } = subscribed()
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    bench.advanceTo(FEBRUARY + HOUR)
    bench.takeEvents()
    bench.run('subscriptions.cancel', {}, subscription.id)
    expect(bench.takeEvents()).toEqual(['invoice.updated', 'customer.subscription.deleted'])
    bench.advanceTo(FEBRUARY + 30 * DAY)
    expect(bench.takeEvents()).toEqual([])
  })

  test('it is gone for a second time', () => {
    const { bench, subscription } = subscribed()
    bench.run('subscriptions.cancel', {}, subscription.id)
    expect(bench.fail('subscriptions.cancel', {}, subscription.id)).toMatchObject({
      code: 'resource_missing',
      status: 404,
    })
    expect(bench.fail('subscriptions.update', { cancel_at_period_end: true }, subscription.id).status).toBe(400)
  })
})

test('deleting a customer ends their subscriptions', () => {
  const { bench, customer, subscription } = subscribed()
  bench.run('customers.delete', {}, customer)
  expect(bench.subscription(subscription.id).status).toBe('canceled')
  expect(bench.takeEvents()).toEqual(['customer.subscription.deleted', 'customer.deleted'])
})

test('lists leave out what has ended unless asked', () => {
  const { bench, customer, subscription } = subscribed()
  const ids = (params: object): string[] =>
    bench.run<{ data: { id: string }[] }>('subscriptions.list', { customer, ...params }).data.map(({ id }) => id)
  bench.run('subscriptions.cancel', {}, subscription.id)
  expect(ids({})).toEqual([])
  expect(ids({ status: 'all' })).toEqual([subscription.id])
  expect(ids({ status: 'ended' })).toEqual([subscription.id])
  expect(ids({ status: 'active' })).toEqual([])
})

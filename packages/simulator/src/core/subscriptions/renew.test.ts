import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START, type Subscription } from '../testing/bench.js'

const at = (text: string): number => Date.parse(text) / 1000
const FEBRUARY = at('2026-02-15T12:00:00Z')
const MARCH = at('2026-03-15T12:00:00Z')

function subscribed(options: { card?: string; params?: object; settings?: object } = {}): {
  bench: Bench
  customer: string
  subscription: Subscription
} {
  const bench = new Bench(options.settings)
  const customer = bench.customer()
  const subscription = bench.subscribe(customer, bench.price(), options.params)
  if (options.card !== undefined) bench.giveCard(customer, options.card)
  bench.takeEvents()
  return { bench, customer, subscription }
}

describe('a renewal', () => {
  test('starts the next period at the boundary and drafts its invoice for an hour', () => {
    const { bench, subscription } = subscribed()
    bench.advanceTo(FEBRUARY - 1)
    expect(bench.takeEvents()).toEqual(['invoice.upcoming'])
    bench.advanceTo(FEBRUARY)
    const renewed = bench.subscription(subscription.id)
    expect(renewed.items.data).toMatchObject([{ current_period_start: FEBRUARY, current_period_end: MARCH }])
    expect(renewed.status).toBe('active')
    expect(bench.invoice(renewed.latest_invoice)).toMatchObject({
      automatically_finalizes_at: FEBRUARY + HOUR,
      billing_reason: 'subscription_cycle',
      next_payment_attempt: FEBRUARY + HOUR,
      period_end: FEBRUARY,
      period_start: START,
      status: 'draft',
    })
    const updated = bench.lastEvent('customer.subscription.updated')
    expect(Object.keys(updated.data.previous_attributes ?? {})).toEqual(['latest_invoice', 'items'])
    expect(bench.takeEvents()).toEqual(['customer.subscription.updated', 'invoice.created'])
  })

  test('is paid after that hour', () => {
    const { bench, subscription } = subscribed()
    bench.advanceTo(FEBRUARY)
    bench.takeEvents()
    bench.advanceTo(FEBRUARY + HOUR)
    expect(bench.takeEvents()).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
    ])
    expect(bench.invoice(bench.subscription(subscription.id).latest_invoice)).toMatchObject({
      attempt_count: 1,
      number: expect.stringMatching(/-0002$/),
      status: 'paid',
    })
  })

  test('keeps to the day of the anchor through short months', () => {
    const bench = new Bench()
    const customer = bench.customer()
    bench.advanceTo(at('2026-01-31T12:00:00Z'))
    const { id } = bench.subscribe(customer, bench.price())
    bench.advanceTo(at('2026-05-15T12:00:00Z'))
    const starts = bench
      .all('invoices')
      .map((invoice) => new Date((invoice.lines.data[0]?.period.start ?? 0) * 1000).toISOString().slice(0, 10))
    expect(starts).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'])
    expect(bench.subscription(id).items.data[0]?.current_period_end).toBe(at('2026-05-31T12:00:00Z'))
  })
})

test('a renewal that was paid says how it stood before it was tried', () => {
  const { bench, subscription } = subscribed({})
  bench.advanceTo(FEBRUARY + HOUR)
  expect(bench.invoice(bench.subscription(subscription.id).latest_invoice).status).toBe('paid')
  expect(bench.lastEvent('invoice.updated').data.previous_attributes).toEqual({
    amount_paid: 0,
    amount_remaining: 2000,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    next_payment_attempt: FEBRUARY + HOUR,
    status: 'open',
    status_transitions: { paid_at: null },
  })
})

describe('a renewal that cannot be paid', () => {
  test('makes the subscription past due and is tried again on the schedule', () => {
    const { bench, subscription } = subscribed({ card: 'pm_card_chargeCustomerFail' })
    bench.advanceTo(FEBRUARY)
    bench.takeEvents()
    bench.advanceTo(FEBRUARY + HOUR)
    expect(bench.takeEvents()).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'customer.subscription.updated',
      'customer.updated',
      'invoice.updated',
    ])
    const { latest_invoice: invoice, status } = bench.subscription(subscription.id)
    expect(status).toBe('past_due')
    const second = FEBRUARY + HOUR + 3 * DAY
    expect(bench.invoice(invoice)).toMatchObject({ attempt_count: 1, next_payment_attempt: second, status: 'open' })
    bench.advanceTo(second)
    expect(bench.takeEvents()).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
    ])
    expect(bench.invoice(invoice)).toMatchObject({ attempt_count: 2, next_payment_attempt: second + 5 * DAY })
  })

  test('recovers when a retry finds a new card', () => {
    const { bench, customer, subscription } = subscribed({ card: 'pm_card_chargeCustomerFail' })
    bench.advanceTo(FEBRUARY + HOUR)
    bench.giveCard(customer, 'pm_card_visa')
    bench.takeEvents()
    bench.advanceTo(FEBRUARY + HOUR + 3 * DAY)
    expect(bench.subscription(subscription.id).status).toBe('active')
    const events = bench.takeEvents()
    expect(events.indexOf('invoice.paid')).toBeLessThan(events.indexOf('customer.subscription.updated'))
    bench.advanceTo(MARCH - 1)
    expect(bench.takeEvents().filter((type) => type === 'charge.succeeded')).toEqual([])
  })

  test('recovers when the customer pays by hand, and leaves the schedule alone until then', () => {
    const { bench, customer, subscription } = subscribed({ card: 'pm_card_chargeCustomerFail' })
    bench.advanceTo(FEBRUARY + HOUR)
    const { latest_invoice: id } = bench.subscription(subscription.id)
    const invoice = id ?? ''
    expect(bench.fail('invoices.pay', {}, invoice)).toMatchObject({ status: 402, code: 'card_declined' })
    const next = FEBRUARY + HOUR + 3 * DAY
    expect(bench.invoice(invoice)).toMatchObject({ attempt_count: 1, next_payment_attempt: next })
    expect(bench.get('customers', customer).delinquent).toBe(true)
    bench.run('invoices.pay', { payment_method: bench.giveCard(customer, 'pm_card_visa') }, invoice)
    expect(bench.get('customers', customer).delinquent).toBe(false)
    expect(bench.subscription(subscription.id).status).toBe('active')
    expect(bench.invoice(invoice)).toMatchObject({ attempt_count: 1, next_payment_attempt: null, status: 'paid' })
  })

  test.each([
    ['cancel', 'canceled', 'customer.subscription.deleted'],
    ['mark_unpaid', 'unpaid', 'customer.subscription.updated'],
    ['leave_past_due', 'past_due', undefined],
  ] as const)('ends as the account says: %s', (afterRetries, status, event) => {
    const { bench, subscription } = subscribed({ card: 'pm_card_chargeCustomerFail', settings: { afterRetries } })
    const last = FEBRUARY + HOUR + (3 + 5 + 7) * DAY
    bench.advanceTo(last - 1)
    expect(bench.subscription(subscription.id).status).toBe('past_due')
    bench.takeEvents()
    bench.advanceTo(last)
    expect(bench.subscription(subscription.id).status).toBe(status)
    const invoice = bench.all('invoices').at(-1)
    expect(invoice).toMatchObject({ attempt_count: 4, next_payment_attempt: null, status: 'open' })
    const told = bench.takeEvents().filter((type) => type.startsWith('customer.subscription'))
    expect(told).toEqual(event === undefined ? [] : [event])
    if (status !== 'canceled') return
    expect(bench.subscription(subscription.id)).toMatchObject({
      cancellation_details: { reason: 'payment_failed' },
      ended_at: last,
    })
  })

  test('is not charged again after a hard decline until there is another card', () => {
    const { bench, customer, subscription } = subscribed({ card: 'pm_card_authenticationRequired' })
    bench.advanceTo(FEBRUARY + HOUR)
    expect(bench.takeEvents()).toContain('invoice.payment_action_required')
    const charges = bench.all('charges').length
    bench.advanceTo(FEBRUARY + HOUR + 3 * DAY)
    expect(bench.all('charges')).toHaveLength(charges)
    const { latest_invoice: invoice } = bench.subscription(subscription.id)
    expect(bench.invoice(invoice)).toMatchObject({ attempt_count: 2, status: 'open' })
    bench.giveCard(customer, 'pm_card_visa')
    bench.advanceTo(FEBRUARY + HOUR + 8 * DAY)
    expect(bench.invoice(invoice)).toMatchObject({ attempt_count: 3, status: 'paid' })
    expect(bench.subscription(subscription.id).status).toBe('active')
  })

  test('leaves the invoices of an unpaid subscription as drafts, and the latest one paid makes it active', () => {
    const { bench, customer, subscription } = subscribed({
      card: 'pm_card_chargeCustomerFail',
      settings: { afterRetries: 'mark_unpaid' },
    })
    bench.advanceTo(MARCH + 2 * DAY)
    const { latest_invoice: draft, status } = bench.subscription(subscription.id)
    expect(status).toBe('unpaid')
    expect(bench.invoice(draft)).toMatchObject({ status: 'draft', auto_advance: false })
    bench.giveCard(customer, 'pm_card_visa')
    bench.run('invoices.pay', {}, draft ?? '')
    expect(bench.subscription(subscription.id).status).toBe('active')
  })
})

describe('the end of a trial', () => {
  const end = START + 14 * DAY

  test('is announced three days before, and then charged', () => {
    const { bench, subscription } = subscribed({ params: { trial_period_days: 14 } })
    bench.advanceTo(end - 3 * DAY)
    expect(bench.takeEvents()).toEqual(['invoice.upcoming', 'customer.subscription.trial_will_end'])
    bench.advanceTo(end)
    expect(bench.subscription(subscription.id)).toMatchObject({ status: 'active', trial_end: end })
    expect(bench.takeEvents()).toEqual(['customer.subscription.updated', 'invoice.created'])
    bench.advanceTo(end + HOUR)
    expect(bench.takeEvents()).toContain('invoice.paid')
    expect(bench.lines(bench.subscription(subscription.id).latest_invoice)).toEqual([
      [2000, '1 × Pro (at $20.00 / month)'],
    ])
  })

  const behaviours = [
    ['create_invoice', 'active', ['customer.subscription.updated', 'invoice.created']],
    ['cancel', 'canceled', ['customer.subscription.deleted']],
    ['pause', 'paused', ['customer.subscription.paused', 'customer.subscription.updated']],
  ] as const

  test.each(behaviours)('without a card: %s', (missing, status, events) => {
    const bench = new Bench()
    const { id } = bench.subscribe(bench.customer(null), bench.price(), {
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: missing } },
    })
    bench.advanceTo(end - 1)
    bench.takeEvents()
    bench.advanceTo(end)
    expect(bench.subscription(id).status).toBe(status)
    expect(bench.takeEvents()).toEqual(events)
    bench.advanceTo(end + HOUR)
    expect(bench.subscription(id).status).toBe(missing === 'create_invoice' ? 'past_due' : status)
  })
})

describe('while collection is paused', () => {
  test.each([
    ['void', 'void'],
    ['mark_uncollectible', 'uncollectible'],
    ['keep_as_draft', 'draft'],
  ] as const)('%s', (behavior, status) => {
    const { bench, subscription } = subscribed()
    bench.run('subscriptions.update', { pause_collection: { behavior } }, subscription.id)
    bench.takeEvents()
    bench.advanceTo(FEBRUARY + HOUR)
    const renewed = bench.subscription(subscription.id)
    expect(renewed.status).toBe('active')
    expect(bench.invoice(renewed.latest_invoice)).toMatchObject({ status, auto_advance: false })
    expect(bench.takeEvents()).not.toContain('invoice.upcoming')
  })

  test('it resumes at the time that was given', () => {
    const { bench, subscription } = subscribed()
    const pause = { behavior: 'void', resumes_at: FEBRUARY - DAY }
    bench.run('subscriptions.update', { pause_collection: pause }, subscription.id)
    bench.advanceTo(FEBRUARY + HOUR)
    const renewed = bench.subscription(subscription.id)
    expect(renewed.pause_collection).toBeNull()
    expect(bench.invoice(renewed.latest_invoice).status).toBe('paid')
  })
})

test('an invoice that is sent is due later, and overdue after that', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const params = { collection_method: 'send_invoice', days_until_due: 7 }
  const { id, latest_invoice: invoice } = bench.subscribe(customer, bench.price(), params)
  expect(bench.subscription(id).status).toBe('active')
  expect(bench.invoice(invoice).status).toBe('draft')
  bench.advanceTo(START + HOUR)
  expect(bench.invoice(invoice).status).toBe('open')
  bench.advanceTo(START + 7 * DAY)
  expect(bench.takeEvents().slice(-3)).toEqual(['invoice.overdue', 'customer.updated', 'customer.subscription.updated'])
  expect(bench.subscription(id).status).toBe('past_due')
})

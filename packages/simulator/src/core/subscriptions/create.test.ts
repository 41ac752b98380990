import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'

describe('a subscription paid at once', () => {
  test('is active, with a paid invoice for its first period', () => {
    const bench = new Bench()
    const customer = bench.customer()
    const subscription = bench.subscribe(customer, bench.price(), { metadata: { account: '7' } })
    const end = Date.parse('2026-02-15T12:00:00Z') / 1000
    expect(subscription).toMatchObject({ status: 'active', billing_cycle_anchor: START, metadata: { account: '7' } })
    expect(subscription.items.data).toMatchObject([
      { current_period_start: START, current_period_end: end, quantity: 1 },
    ])
    expect(bench.invoice(subscription.latest_invoice)).toMatchObject({
      amount_due: 2000,
      amount_paid: 2000,
      amount_remaining: 0,
      attempt_count: 1,
      attempted: true,
      auto_advance: false,
      billing_reason: 'subscription_create',
      parent: { subscription_details: { metadata: { account: '7' }, subscription: subscription.id } },
      period_end: START,
      period_start: START,
      status: 'paid',
    })
    expect(bench.get('customers', customer)).toMatchObject({ currency: 'usd', delinquent: false })
    expect(bench.invoice(subscription.latest_invoice).number).toMatch(/^[0-9A-Z]{8}-0001$/)
    expect(bench.lines(subscription.latest_invoice)).toEqual([[2000, '1 × Pro (at $20.00 / month)']])
  })

  test('is announced first, with the status that the payment gave it', () => {
    const bench = new Bench()
    const customer = bench.customer()
    const price = bench.price()
    bench.takeEvents()
    bench.subscribe(customer, price)
    expect(bench.lastEvent('customer.subscription.created').data.object).toMatchObject({ status: 'active' })
    expect(bench.lastEvent('invoice.created').data.object).toMatchObject({ status: 'draft', number: null })
    expect(bench.lastEvent('invoice.finalized').data.object).toMatchObject({ status: 'open', attempted: false })
    expect(bench.takeEvents()).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'customer.updated',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
    ])
  })

  test('bills quantities, and one-time prices beside them', () => {
    const bench = new Bench()
    const price = bench.price({ name: 'Seat' })
    const product = bench.run('products.create', { name: 'Setup' }).id
    const setup = bench.run('prices.create', { product, currency: 'usd', unit_amount: 500 }).id
    const subscription = bench.subscribe(bench.customer(), price, {
      items: [{ price, quantity: 3 }],
      add_invoice_items: [{ price: setup }],
    })
    expect(bench.lines(subscription.latest_invoice)).toEqual([
      [500, 'Setup'],
      [6000, '3 × Seat (at $20.00 / month)'],
    ])
  })
})

describe('without a card', () => {
  test('it is refused in the words of Stripe', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const error = bench.fail('subscriptions.create', { customer, items: [{ price: bench.price() }] })
    expect(error).toMatchObject({ status: 400, code: 'resource_missing' })
    expect(error.message).toContain('no attached payment source or default payment method')
    expect(bench.all('subscriptions')).toEqual([])
  })

  test('it waits for its first payment when that is asked for, and expires after 23 hours', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const price = bench.price()
    bench.takeEvents()
    const { id, latest_invoice: invoice } = bench.subscribe(customer, price, { payment_behavior: 'default_incomplete' })
    expect(bench.subscription(id).status).toBe('incomplete')
    expect(bench.takeEvents()).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'customer.updated',
      'invoice.finalized',
      'payment_intent.created',
    ])
    bench.advanceTo(START + 23 * HOUR)
    expect(bench.subscription(id)).toMatchObject({ status: 'incomplete_expired', ended_at: START + 23 * HOUR })
    expect(bench.invoice(invoice).status).toBe('void')
    expect(bench.takeEvents()).toEqual(['payment_intent.canceled', 'invoice.voided', 'customer.subscription.updated'])
  })

  test('paying the first invoice makes it active', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const { id, latest_invoice: invoice } = bench.subscribe(customer, bench.price(), {
      payment_behavior: 'default_incomplete',
      payment_settings: { save_default_payment_method: 'on_subscription' },
    })
    const card = bench.giveCard(customer, 'pm_card_visa')
    bench.run('invoices.pay', {}, invoice ?? '')
    expect(bench.subscription(id)).toMatchObject({ status: 'active', default_payment_method: card })
    bench.advanceTo(START + 23 * HOUR)
    expect(bench.subscription(id).status).toBe('active')
  })
})

describe('a card that is declined', () => {
  test('leaves it incomplete', () => {
    const bench = new Bench()
    const customer = bench.customer('pm_card_chargeCustomerFail')
    const price = bench.price()
    bench.takeEvents()
    const { id, latest_invoice: invoice } = bench.subscribe(customer, price)
    expect(bench.subscription(id).status).toBe('incomplete')
    expect(bench.invoice(invoice)).toMatchObject({ status: 'open', attempt_count: 1, next_payment_attempt: null })
    expect(bench.takeEvents()).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'customer.updated',
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'customer.updated',
    ])
  })

  test('leaves nothing behind with error_if_incomplete', () => {
    const bench = new Bench()
    const customer = bench.customer('pm_card_chargeCustomerFail')
    const params = { customer, items: [{ price: bench.price() }], payment_behavior: 'error_if_incomplete' }
    bench.takeEvents()
    expect(bench.fail('subscriptions.create', params)).toMatchObject({ status: 402, code: 'card_declined' })
    expect([bench.all('subscriptions'), bench.all('invoices'), bench.takeEvents()]).toEqual([[], [], []])
  })
})

test('a card that wants to be seen leaves the first invoice open for the customer', () => {
  const bench = new Bench()
  const customer = bench.customer('pm_card_authenticationRequired')
  const { id } = bench.subscribe(customer, bench.price())
  expect(bench.subscription(id).status).toBe('incomplete')
  expect(bench.takeEvents()).toContain('invoice.payment_action_required')
})

describe('a trial', () => {
  test('costs nothing, and ends at the anchor', () => {
    const bench = new Bench()
    const subscription = bench.subscribe(bench.customer(), bench.price(), { trial_period_days: 14 })
    const end = START + 14 * DAY
    expect(subscription).toMatchObject({
      status: 'trialing',
      trial_end: end,
      trial_start: START,
      billing_cycle_anchor: end,
    })
    expect(subscription.items.data).toMatchObject([{ current_period_end: end }])
    expect(bench.invoice(subscription.latest_invoice)).toMatchObject({
      amount_due: 0,
      attempt_count: 0,
      attempted: true,
      status: 'paid',
    })
    expect(bench.lines(subscription.latest_invoice)).toEqual([[0, 'Free trial for 1 × Pro']])
    expect(bench.takeEvents()).not.toContain('customer.subscription.trial_will_end')
  })

  test('of less than three days is announced to end at once', () => {
    const bench = new Bench()
    bench.subscribe(bench.customer(null), bench.price(), { trial_period_days: 2 })
    expect(bench.takeEvents().at(-1)).toBe('customer.subscription.trial_will_end')
  })
})

test('a trial without a card can wait for one', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const params = { trial_period_days: 14, payment_behavior: 'default_incomplete' }
  const { id, pending_setup_intent: setup, status } = bench.subscribe(customer, bench.price(), params)
  expect([status, setup]).toEqual(['trialing', expect.stringMatching(/^seti_/)])
  bench.run('setup_intents.confirm', { payment_method: 'pm_card_visa' }, setup ?? '')
  const after = bench.subscription(id)
  expect(after.pending_setup_intent).toBeNull()
  expect(after.default_payment_method).toMatch(/^pm_/)
  bench.advanceTo(START + 14 * DAY + HOUR)
  expect(bench.invoice(bench.subscription(id).latest_invoice).status).toBe('paid')
})

test('an anchor on a later day bills the time until then', () => {
  const bench = new Bench()
  const anchor = Date.parse('2026-02-01T12:00:00Z') / 1000
  const subscription = bench.subscribe(bench.customer(), bench.price({ amount: 3100 }), {
    billing_cycle_anchor: anchor,
  })
  expect(subscription.items.data).toMatchObject([{ current_period_start: START, current_period_end: anchor }])
  expect(bench.invoice(subscription.latest_invoice).total).toBe(1700)
})

test('an anchor on a later day without prorations bills nothing until then', () => {
  const bench = new Bench()
  const anchor = Date.parse('2026-02-01T12:00:00Z') / 1000
  const params = { billing_cycle_anchor: anchor, proration_behavior: 'none' }
  const subscription = bench.subscribe(bench.customer(null), bench.price(), params)
  expect(subscription).toMatchObject({ status: 'active', latest_invoice: null })
})

test('what is not built is refused by name', () => {
  const bench = new Bench()
  const bill_until = { type: 'timestamp', timestamp: START + DAY }
  const params = { customer: bench.customer(), items: [{ price: bench.price() }], billing_schedules: [{ bill_until }] }
  expect(bench.fail('subscriptions.create', params)).toMatchObject({
    code: 'not_simulated',
    param: 'billing_schedules',
  })
})

test('an unknown price is named by its place', () => {
  const bench = new Bench()
  const error = bench.fail('subscriptions.create', { customer: bench.customer(), items: [{ price: 'invalid' }] })
  expect(error).toMatchObject({ status: 400, message: "No such price: 'invalid'", param: 'items[0][price]' })
})

import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'

const FEBRUARY = Date.parse('2026-02-15T12:00:00Z') / 1000
const MARCH = Date.parse('2026-03-15T12:00:00Z') / 1000

/** A subscription whose renewals are declined from February on, and what its account does about that. */
function failing(settings: ConstructorParameters<typeof Bench>[0]): { bench: Bench; customer: string; id: string } {
  const bench = new Bench(settings)
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  bench.giveCard(customer, 'pm_card_chargeCustomerFail')
  return { bench, customer, id }
}

function latestOf(bench: Bench, id: string): string {
  return bench.subscription(id).latest_invoice ?? ''
}

describe('when the latest invoice is voided', () => {
  test('a subscription that owes nothing else is active', () => {
    const { bench, id } = failing({})
    bench.advanceTo(FEBRUARY + HOUR)
    expect(bench.subscription(id).status).toBe('past_due')
    bench.run('invoices.void', {}, latestOf(bench, id))
    expect(bench.subscription(id).status).toBe('active')
  })

  test('an unpaid one is, too', () => {
    const { bench, id } = failing({ afterRetries: 'mark_unpaid' })
    bench.advanceTo(FEBRUARY + 20 * DAY)
    expect(bench.subscription(id).status).toBe('unpaid')
    bench.run('invoices.void', {}, latestOf(bench, id))
    expect(bench.subscription(id).status).toBe('active')
  })

  test('while the next is a draft, the latest final one counts', () => {
    const { bench, id } = failing({ afterRetries: 'leave_past_due' })
    bench.advanceTo(FEBRUARY + HOUR)
    const voided = latestOf(bench, id)
    bench.advanceTo(MARCH)
    expect(bench.invoice(latestOf(bench, id)).status).toBe('draft')
    bench.run('invoices.void', {}, voided)
    expect(bench.subscription(id).status).toBe('active')
  })

  test.each([
    ['cancel', 'canceled'],
    ['mark_unpaid', 'unpaid'],
    ['leave_past_due', 'past_due'],
  ] as const)('an earlier one that was given up decides by the setting %s', (afterRetries, status) => {
    const { bench, id } = failing({ afterRetries: 'leave_past_due' })
    bench.advanceTo(MARCH + HOUR)
    const changed = new Bench({ ...bench.get('account_settings', 'settings'), afterRetries }, bench.state)
    changed.now = bench.now
    changed.run('invoices.void', {}, latestOf(changed, id))
    expect(changed.subscription(id).status).toBe(status)
  })

  test('an earlier one that was sent and is late makes it past due', () => {
    const bench = new Bench()
    const params = { collection_method: 'send_invoice', days_until_due: 1 }
    const { id } = bench.subscribe(bench.customer(null), bench.price(), params)
    bench.advanceTo(FEBRUARY + HOUR)
    bench.run('invoices.void', {}, latestOf(bench, id))
    expect(bench.subscription(id).status).toBe('past_due')
  })
})

test('an unpaid subscription becomes active by its newest invoice only', () => {
  const { bench, customer, id } = failing({ afterRetries: 'mark_unpaid' })
  bench.advanceTo(FEBRUARY + 20 * DAY)
  const older = latestOf(bench, id)
  bench.advanceTo(MARCH + 2 * HOUR)
  bench.giveCard(customer, 'pm_card_visa')
  bench.run('invoices.pay', {}, older)
  expect(bench.subscription(id).status).toBe('unpaid')
  bench.run('invoices.pay', {}, latestOf(bench, id))
  expect(bench.subscription(id).status).toBe('active')
})

test('an invoice given up after its retries forgives nothing', () => {
  const { bench, customer, id } = failing({
    afterRetries: 'leave_past_due',
    uncollectedInvoices: 'mark_uncollectible',
  })
  bench.advanceTo(FEBRUARY + 20 * DAY)
  expect(bench.invoice(latestOf(bench, id)).status).toBe('uncollectible')
  expect(bench.subscription(id).status).toBe('past_due')
  expect(bench.get('customers', customer).delinquent).toBe(true)
})

test('an update that lapses says nothing about an earlier invoice', () => {
  const { bench, id } = failing({})
  bench.advanceTo(FEBRUARY + HOUR)
  const [item] = bench.subscription(id).items.data
  const change = { items: [{ id: item?.id, quantity: 3 }], proration_behavior: 'always_invoice' }
  bench.run('subscriptions.update', { ...change, payment_behavior: 'pending_if_incomplete' }, id)
  bench.takeEvents()
  bench.advanceTo(FEBRUARY + 2 * DAY)
  expect(bench.takeEvents()).toEqual([
    'customer.subscription.updated',
    'payment_intent.canceled',
    'invoice.voided',
    'customer.subscription.pending_update_expired',
  ])
  expect(bench.subscription(id)).toMatchObject({ status: 'past_due', pending_update: null })
})

describe('a trial', () => {
  test('that is ended early is said to end', () => {
    const bench = new Bench()
    const { id } = bench.subscribe(bench.customer(), bench.price(), { trial_period_days: 14 })
    bench.takeEvents()
    bench.run('subscriptions.update', { trial_end: 'now' }, id)
    expect(bench.takeEvents().slice(0, 2)).toEqual([
      'customer.subscription.updated',
      'customer.subscription.trial_will_end',
    ])
  })

  test('is said to end once, whatever else is changed in its last days', () => {
    const bench = new Bench()
    const { id } = bench.subscribe(bench.customer(), bench.price(), { trial_period_days: 14 })
    bench.advanceTo(START + 12 * DAY)
    bench.takeEvents()
    bench.run('subscriptions.update', { metadata: { seen: 'yes' } }, id)
    expect(bench.takeEvents()).toEqual(['customer.subscription.updated'])
  })

  test('shows an item that joins on an invoice of nothing', () => {
    const bench = new Bench()
    const { id, latest_invoice: first } = bench.subscribe(bench.customer(), bench.price(), { trial_period_days: 14 })
    bench.run('subscriptions.update', { items: [{ price: bench.price({ name: 'Extra' }) }] }, id)
    expect(latestOf(bench, id)).not.toBe(first)
    expect(bench.lines(latestOf(bench, id))).toEqual([[0, 'Free trial for 1 × Extra']])
    expect(bench.invoice(latestOf(bench, id)).status).toBe('paid')
  })
})

test('a subscription that has ended with its period says so, and one that ended sooner does not', () => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(), bench.price())
  bench.run('subscriptions.update', { cancel_at_period_end: true }, id)
  const sooner = bench.fork()
  bench.advanceTo(FEBRUARY)
  const ended = { status: 'canceled', cancel_at: FEBRUARY, cancel_at_period_end: true, ended_at: FEBRUARY }
  expect(bench.subscription(id)).toMatchObject({ ...ended, canceled_at: START })
  sooner.run('subscriptions.cancel', {}, id)
  expect(sooner.subscription(id)).toMatchObject({ cancel_at: null, cancel_at_period_end: false, canceled_at: START })
})

describe('a first invoice', () => {
  const waiting = (): { bench: Bench; id: string; invoice: string; intent: string } => {
    const bench = new Bench()
    const params = { payment_behavior: 'default_incomplete' }
    const { id, latest_invoice: invoice } = bench.subscribe(bench.customer(null), bench.price(), params)
    const [payment] = bench.all('invoice_payments')
    return { bench, id, invoice: invoice ?? '', intent: String(payment?.payment.payment_intent) }
  }

  test('counts a payment that the customer confirms as its first attempt', () => {
    const { bench, id, invoice, intent } = waiting()
    bench.run('payment_intents.confirm', { payment_method: 'pm_card_visa' }, intent)
    expect(bench.invoice(invoice)).toMatchObject({ status: 'paid', attempt_count: 1, attempted: true })
    expect(bench.subscription(id).status).toBe('active')
  })

  test('counts one that is declined, and no further one', () => {
    const { bench, id, invoice, intent } = waiting()
    for (let tries = 0; tries < 2; tries++) {
      bench.fail('payment_intents.confirm', { payment_method: 'pm_card_visa_chargeDeclined' }, intent)
      expect(bench.invoice(invoice)).toMatchObject({ status: 'open', attempt_count: 1, attempted: true })
    }
    expect(bench.lastEvent('invoice.payment_failed').data.object).toMatchObject({ attempt_count: 1 })
    expect(bench.subscription(id).status).toBe('incomplete')
  })
})

test('the source of a subscription goes before what its customer pays with', () => {
  const bench = new Bench()
  const customer = bench.customer('pm_card_chargeCustomerFail')
  const { id: source } = bench.run('customers.create_source', { source: 'tok_visa' }, { id: customer, customer })
  const { id, status } = bench.subscribe(customer, bench.price(), { default_source: source })
  expect(status).toBe('active')
  bench.advanceTo(FEBRUARY + HOUR)
  expect(bench.subscription(id).status).toBe('active')
})

test('an update that changes nothing is no news', () => {
  const bench = new Bench()
  const { id, items } = bench.subscribe(bench.customer(), bench.price())
  bench.takeEvents()
  bench.run('subscriptions.update', { items: [{ id: items.data[0]?.id, quantity: 1 }] }, id)
  expect(bench.takeEvents()).toEqual([])
})

test('of an item only its price and its quantity can wait for their payment', () => {
  const bench = new Bench()
  const { id, items } = bench.subscribe(bench.customer(), bench.price())
  const change = { items: [{ id: items.data[0]?.id, quantity: 2, metadata: { seat: 'yes' } }] }
  const refusal = bench.fail('subscriptions.update', { ...change, payment_behavior: 'pending_if_incomplete' }, id)
  expect(refusal.param).toBe('items[0][metadata]')
})

test('who fails to pay by hand is not delinquent', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const { id } = bench.run('invoices.create', { customer, auto_advance: false })
  bench.run('invoiceitems.create', { customer, invoice: id, amount: 700, currency: 'usd' })
  bench.run('invoices.finalize', {}, id)
  bench.giveCard(customer, 'pm_card_chargeCustomerFail')
  expect(bench.fail('invoices.pay', {}, id).status).toBe(402)
  expect(bench.get('customers', customer).delinquent).toBe(false)
  bench.subscribe(customer, bench.price())
  expect(bench.get('customers', customer).delinquent).toBe(true)
})

import { describe, expect, test } from 'vitest'
import type { Invoice } from '../invoices/create.js'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'
import type { Schedule } from './phases.js'

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000
const FEBRUARY = at('2026-02-15')
const MARCH = at('2026-03-15')

function schedule(bench: Bench, params: object): Schedule {
  return bench.run<Schedule>('subscription_schedules.create', params)
}

function current(bench: Bench, id: string): Schedule {
  return bench.get('subscription_schedules', id)
}

describe('a downgrade at the end of the period', () => {
  function downgraded(): { bench: Bench; id: string; subscription: string } {
    const bench = new Bench()
    const [pro, basic] = [bench.price({ amount: 5000 }), bench.price({ amount: 1000, name: 'Basic' })]
    const subscription = bench.subscribe(bench.customer(), pro).id
    const { id, phases } = schedule(bench, { from_subscription: subscription })
    const [first] = phases
    bench.run(
      'subscription_schedules.update',
      {
        phases: [
          { items: [{ price: pro, quantity: 1 }], start_date: first?.start_date, end_date: first?.end_date },
          { items: [{ price: basic, quantity: 1 }], duration: { interval: 'month' } },
        ],
      },
      id,
    )
    bench.takeEvents()
    return { bench, id, subscription }
  }

  test('changes nothing until then', () => {
    const { bench, id, subscription } = downgraded()
    expect(bench.subscription(subscription)).toMatchObject({
      schedule: id,
      items: { data: [{ price: { unit_amount: 5000 } }] },
    })
    expect(current(bench, id)).toMatchObject({
      status: 'active',
      current_phase: { start_date: START, end_date: FEBRUARY },
    })
  })

  test('bills the new price from the renewal on, without prorations', () => {
    const { bench, id, subscription } = downgraded()
    bench.advanceTo(FEBRUARY + HOUR)
    const { latest_invoice: invoice, items } = bench.subscription(subscription)
    expect(items.data).toMatchObject([
      { price: { unit_amount: 1000 }, current_period_start: FEBRUARY, current_period_end: MARCH },
    ])
    expect(bench.lines(invoice)).toEqual([[1000, '1 × Basic (at $10.00 / month)']])
    expect(bench.invoice(invoice).billing_reason).toBe('subscription_cycle')
    expect(current(bench, id).current_phase).toEqual({ start_date: FEBRUARY, end_date: MARCH })
  })

  test('is over when the last phase is, and lets go of the subscription', () => {
    const { bench, id, subscription } = downgraded()
    bench.advanceTo(MARCH)
    expect(current(bench, id)).toMatchObject({
      status: 'completed',
      completed_at: MARCH,
      released_subscription: subscription,
      subscription: null,
    })
    expect(bench.subscription(subscription)).toMatchObject({ schedule: null, status: 'active' })
    expect(bench.takeEvents()).toContain('subscription_schedule.completed')
  })
})

describe('a schedule that starts later', () => {
  test('has no subscription until then, whose first invoice is a draft for an hour', () => {
    const bench = new Bench()
    const price = bench.price()
    const start = START + 10 * DAY
    const { id } = schedule(bench, { customer: bench.customer(), start_date: start, phases: [{ items: [{ price }] }] })
    expect(current(bench, id)).toMatchObject({ status: 'not_started', current_phase: null, subscription: null })
    bench.takeEvents()
    bench.advanceTo(start)
    const { subscription } = current(bench, id)
    expect(bench.takeEvents().filter((type) => !type.startsWith('invoice'))).toEqual([
      'customer.subscription.created',
      'customer.updated',
      'subscription_schedule.updated',
    ])
    const started = bench.subscription(subscription ?? '')
    expect(started).toMatchObject({ status: 'active', schedule: id, start_date: start })
    expect(bench.invoice(started.latest_invoice)).toMatchObject({ status: 'draft', auto_advance: true })
    bench.advanceTo(start + HOUR)
    expect(bench.invoice(started.latest_invoice).status).toBe('paid')
  })

  test('can be canceled before', () => {
    const bench = new Bench()
    const phases = [{ items: [{ price: bench.price() }] }]
    const { id } = schedule(bench, { customer: bench.customer(), start_date: START + DAY, phases })
    bench.run('subscription_schedules.cancel', {}, id)
    bench.advanceTo(START + 2 * DAY)
    expect(current(bench, id)).toMatchObject({ status: 'canceled', canceled_at: START, subscription: null })
    expect(bench.fail('subscription_schedules.release', {}, id).message).toContain('`canceled` status')
  })
})

test('with end_behavior cancel the subscription ends with the last phase, which completes the schedule', () => {
  const bench = new Bench()
  const phases = [{ items: [{ price: bench.price() }], duration: { interval: 'month', interval_count: 2 } }]
  const { id, subscription } = schedule(bench, {
    customer: bench.customer(),
    start_date: 'now',
    end_behavior: 'cancel',
    phases,
  })
  expect(bench.subscription(subscription ?? '').cancel_at).toBe(MARCH)
  bench.advanceTo(MARCH - 6 * DAY)
  expect(bench.takeEvents()).toContain('subscription_schedule.expiring')
  bench.advanceTo(MARCH)
  expect(bench.subscription(subscription ?? '')).toMatchObject({ status: 'canceled', ended_at: MARCH })
  expect(current(bench, id)).toMatchObject({ status: 'completed', completed_at: MARCH })
})

test('a phase in the middle of a period prorates as it says', () => {
  const bench = new Bench()
  const [small, large] = [bench.price({ amount: 1000, name: 'Small' }), bench.price({ amount: 3100, name: 'Large' })]
  const phases = [
    { items: [{ price: small }], end_date: START + 10 * DAY },
    { items: [{ price: large }], proration_behavior: 'always_invoice', duration: { interval: 'year' } },
  ]
  const { subscription } = schedule(bench, { customer: bench.customer(), start_date: 'now', phases })
  bench.advanceTo(START + 10 * DAY)
  const { latest_invoice: invoice } = bench.subscription(subscription ?? '')
  expect(bench.lines(invoice)).toEqual([
    [-677, 'Unused time on Small after 25 Jan 2026'],
    [2100, 'Remaining time on Large after 25 Jan 2026'],
  ])
  expect(bench.invoice(invoice)).toMatchObject({ status: 'draft', billing_reason: 'subscription_update' })
  bench.advanceTo(START + 10 * DAY + HOUR)
  expect(bench.invoice(invoice).status).toBe('paid')
})

test('a phase with another interval counts its periods from its own start', () => {
  const bench = new Bench()
  const [monthly, yearly] = [bench.price(), bench.price({ amount: 20_000, interval: 'year' })]
  const phases = [{ items: [{ price: monthly }] }, { items: [{ price: yearly }] }]
  const { subscription } = schedule(bench, { customer: bench.customer(), start_date: 'now', phases })
  bench.advanceTo(FEBRUARY + HOUR)
  const after = bench.subscription(subscription ?? '')
  expect(after).toMatchObject({
    billing_cycle_anchor: FEBRUARY,
    items: { data: [{ current_period_start: FEBRUARY, current_period_end: at('2027-02-15') }] },
  })
  expect(bench.lines(after.latest_invoice)).toEqual([[20_000, '1 × Pro (at $200.00 / year)']])
})

test('a trial phase is a trial, and the phase after it is paid', () => {
  const bench = new Bench()
  const price = bench.price()
  const phases = [{ items: [{ price }], trial: true, end_date: START + 14 * DAY }, { items: [{ price }] }]
  const { subscription } = schedule(bench, { customer: bench.customer(), start_date: 'now', phases })
  expect(bench.subscription(subscription ?? '')).toMatchObject({ status: 'trialing', trial_end: START + 14 * DAY })
  bench.advanceTo(START + 14 * DAY + HOUR)
  const after = bench.subscription(subscription ?? '')
  expect(after.status).toBe('active')
  expect(bench.invoice(after.latest_invoice)).toMatchObject({ status: 'paid', amount_paid: 2000 })
})

test('a subscription that dies of unpaid invoices aborts its schedule', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const { id: scheduled, phases } = schedule(bench, { from_subscription: id })
  const [first] = phases
  const items = first?.items.map(({ price, quantity }) => ({ price, quantity }))
  const kept = { items, start_date: first?.start_date, end_date: first?.end_date }
  bench.run('subscription_schedules.update', { phases: [kept, { items, duration: { interval: 'year' } }] }, scheduled)
  bench.giveCard(customer, 'pm_card_chargeCustomerFail')
  bench.takeEvents()
  bench.advanceTo(FEBRUARY + 20 * DAY)
  expect(bench.subscription(id).status).toBe('canceled')
  expect(current(bench, scheduled).status).toBe('canceled')
  expect(bench.takeEvents()).toContain('subscription_schedule.aborted')
})

test('what a schedule decides cannot be changed beside it, and is free again when it is released', () => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(), bench.price())
  const { id: scheduled } = schedule(bench, { from_subscription: id })
  expect(bench.fail('subscriptions.update', { cancel_at_period_end: true }, id).message).toContain(scheduled)
  expect(bench.fail('subscription_schedules.create', { from_subscription: id }).message).toContain(scheduled)
  bench.run('subscription_schedules.release', {}, scheduled)
  expect(bench.subscription(id).schedule).toBeNull()
  bench.run('subscriptions.update', { cancel_at_period_end: true }, id)
  expect(bench.subscription(id).cancel_at).toBe(FEBRUARY)
})

test('a change of the running phase is made and prorated at once', () => {
  const bench = new Bench()
  const price = bench.price({ amount: 3100 })
  const { id } = bench.subscribe(bench.customer(), price)
  const { id: scheduled, phases } = schedule(bench, { from_subscription: id })
  const [first] = phases
  bench.advanceTo(START + 10 * DAY)
  const phase = { items: [{ price, quantity: 2 }], start_date: first?.start_date, end_date: first?.end_date }
  bench.run('subscription_schedules.update', { phases: [phase], proration_behavior: 'create_prorations' }, scheduled)
  expect(bench.subscription(id).items.data).toMatchObject([{ quantity: 2 }])
  expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([-2100, 4200])
})

test('phases must follow one another, and end after they start', () => {
  const bench = new Bench()
  const items = [{ price: bench.price() }]
  const customer = bench.customer()
  const create = (...phases: object[]): string =>
    bench.fail('subscription_schedules.create', { customer, start_date: 'now', phases }).param ?? ''
  expect(create({ items, end_date: START })).toBe('phases[0][end_date]')
  expect(create({ items, end_date: FEBRUARY, duration: { interval: 'month' } })).toBe('phases[0]')
  expect(create({ items, trial_end: MARCH, end_date: FEBRUARY })).toBe('phases[0][trial_end]')
  expect(create(...Array.from({ length: 11 }, () => ({ items })))).toBe('phases')
  expect(create()).toBe('phases')
})

describe('a preview', () => {
  test('of a schedule with another next phase is the next renewal', () => {
    const bench = new Bench()
    const [price, basic] = [bench.price({ amount: 5000 }), bench.price({ amount: 1000, name: 'Basic' })]
    const { id } = bench.subscribe(bench.customer(), price)
    const { id: scheduled, phases } = schedule(bench, { from_subscription: id })
    const [first] = phases
    const next = [
      { items: [{ price }], start_date: first?.start_date, end_date: first?.end_date },
      { items: [{ price: basic }] },
    ]
    const shown = bench.run<Invoice>('invoices.create_preview', {
      schedule: scheduled,
      schedule_details: { phases: next },
    })
    expect(shown).toMatchObject({ total: 1000, period_end: FEBRUARY })
    expect(current(bench, scheduled).phases).toHaveLength(1)
  })

  test('of a new schedule is its first invoice', () => {
    const bench = new Bench()
    const details = { phases: [{ items: [{ price: bench.price() }] }] }
    const params = { customer: bench.customer(), schedule_details: details }
    expect(bench.run('invoices.create_preview', params)).toMatchObject({ total: 2000 })
    expect(bench.all('subscription_schedules')).toEqual([])
  })

  test('of a pause is its credit, and of a resumption its period', () => {
    const bench = new Bench()
    const { id } = bench.subscribe(bench.customer(), bench.price({ amount: 3100 }))
    bench.advanceTo(START + 10 * DAY)
    const preview = (details: object): object =>
      bench.run('invoices.create_preview', { subscription: id, subscription_details: details })
    expect(preview({ pause: {} })).toMatchObject({ total: -2100 })
    bench.run('subscriptions.pause', { bill_for: { unused_time_from: { type: 'none' } } }, id)
    expect(preview({ resume_at: 'now' })).toMatchObject({ total: 3100 })
    expect(bench.subscription(id).status).toBe('paused')
  })
})

describe('a planned pause', () => {
  function planned(resume: object | undefined): { bench: Bench; id: string; subscription: string } {
    const bench = new Bench()
    const subscription = bench.subscribe(bench.customer(), bench.price({ amount: 3100 })).id
    const pause = { pause_at: { type: 'timestamp', timestamp: START + 10 * DAY } }
    const pause_schedules = [{ pause, ...(resume !== undefined && { resume }) }]
    const { id } = schedule(bench, { from_subscription: subscription, pause_schedules })
    return { bench, id, subscription }
  }

  test('pauses on its day and resumes on its day', () => {
    const { bench, id, subscription } = planned({
      resume_at: { type: 'duration', duration: { interval: 'day', interval_count: 3 } },
    })
    expect(current(bench, id).pause_schedules).toMatchObject([
      { pause: { pause_at: START + 10 * DAY, status: { type: 'scheduled' } }, resume: { resume_at: START + 13 * DAY } },
    ])
    bench.advanceTo(START + 10 * DAY)
    expect(bench.subscription(subscription).status).toBe('paused')
    bench.advanceTo(START + 13 * DAY)
    expect(bench.subscription(subscription)).toMatchObject({ status: 'active', billing_cycle_anchor: START + 13 * DAY })
    expect(current(bench, id).pause_schedules).toMatchObject([
      { pause: { status: { type: 'succeeded' } }, resume: { status: { type: 'succeeded' } } },
    ])
  })

  test('is not asked for beside the schedule, can be taken back, and says when it fails', () => {
    const { bench, id, subscription } = planned(undefined)
    expect(bench.fail('subscriptions.pause', {}, subscription).message).toContain('schedule')
    const other = bench.fork()
    bench.run('subscription_schedules.update', { pause_schedules: '' }, id)
    bench.advanceTo(START + 10 * DAY)
    expect(bench.subscription(subscription).status).toBe('active')
    other.run('subscriptions.update', { trial_end: START + 20 * DAY }, subscription)
    other.advanceTo(START + 10 * DAY)
    expect(current(other, id).pause_schedules).toMatchObject([{ pause: { status: { type: 'error' } } }])
  })
})

test('phases may be so many intervals long, as earlier versions have them', () => {
  const bench = new Bench()
  const phases = [{ items: [{ price: bench.price() }], iterations: 2 }]
  const made = schedule(bench, { customer: bench.customer(), start_date: 'now', phases })
  expect(made.phases[0]).toMatchObject({ start_date: START, end_date: MARCH })
})

test('the first invoice of a schedule is tried once, and the schedule goes on', () => {
  const bench = new Bench()
  const phases = [{ items: [{ price: bench.price() }], duration: { interval: 'month' } }]
  const { id, subscription } = schedule(bench, { customer: bench.customer(null), start_date: 'now', phases })
  bench.advanceTo(FEBRUARY - DAY)
  const unpaid = bench.subscription(subscription ?? '')
  expect(unpaid.status).toBe('past_due')
  expect(bench.invoice(unpaid.latest_invoice)).toMatchObject({ attempt_count: 1, next_payment_attempt: null })
  bench.advanceTo(FEBRUARY)
  expect(current(bench, id).status).toBe('completed')
})

test('a schedule that is canceled before it starts is also said to be aborted', () => {
  const bench = new Bench()
  const phases = [{ items: [{ price: bench.price() }] }]
  const { id } = schedule(bench, { customer: bench.customer(), start_date: START + DAY, phases })
  bench.takeEvents()
  bench.run('subscription_schedules.cancel', {}, id)
  expect(bench.takeEvents()).toEqual(['subscription_schedule.canceled', 'subscription_schedule.aborted'])
})

describe('a phase that can no longer begin lets the subscription go on as it is', () => {
  test.each([
    ['an archived price', (bench: Bench, price: string) => bench.run('prices.update', { active: false }, price)],
    ['a detached card', (bench: Bench, _price: string, card: string) => bench.run('payment_methods.detach', {}, card)],
  ])('%s', (_what, wreck) => {
    const bench = new Bench()
    const [pro, basic] = [bench.price({ amount: 5000 }), bench.price({ amount: 1000, name: 'Basic' })]
    const customer = bench.customer()
    const { id: card } = bench.run('payment_methods.attach', { customer }, 'pm_card_mastercard')
    const duration = { interval: 'month', interval_count: 1 }
    const { id, subscription } = schedule(bench, {
      customer,
      start_date: 'now',
      phases: [
        { items: [{ price: pro }], duration },
        { items: [{ price: basic }], duration, default_payment_method: card },
      ],
    })
    wreck(bench, basic, card)
    bench.advanceTo(MARCH)
    expect(current(bench, id)).toMatchObject({ status: 'released', released_subscription: subscription })
    expect(bench.subscription(String(subscription))).toMatchObject({ status: 'active', schedule: null })
    expect(bench.all('invoices').map(({ total }) => total)).toEqual([5000, 5000, 5000])
  })
})

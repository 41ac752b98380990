import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'

const FEBRUARY = Date.parse('2026-02-15T12:00:00Z') / 1000

function paying(card: string | null = 'pm_card_visa'): { bench: Bench; customer: string; id: string } {
  const bench = new Bench()
  const customer = bench.customer(card)
  const { id } = bench.subscribe(customer, bench.price({ amount: 3100 }))
  bench.advanceTo(START + 10 * DAY)
  bench.takeEvents()
  return { bench, customer, id }
}

describe('a pause', () => {
  test('credits the time that is left, and stops renewals', () => {
    const { bench, id } = paying()
    bench.run('subscriptions.pause', {}, id)
    expect(bench.subscription(id)).toMatchObject({
      status: 'paused',
      status_details: {
        paused: { type: 'subscription', subscription: { type: 'pause_requested' }, transitioned_at: START + 10 * DAY },
      },
    })
    expect(bench.takeEvents()).toEqual([
      'invoiceitem.created',
      'customer.subscription.paused',
      'customer.subscription.updated',
    ])
    expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([-2100])
    bench.advanceTo(FEBRUARY + DAY)
    expect(bench.all('invoices')).toHaveLength(1)
  })

  test('credits nothing, or the whole period, and at once, when that is asked for', () => {
    const { bench, id } = paying()
    const other = bench.fork()
    bench.run('subscriptions.pause', { bill_for: { unused_time_from: { type: 'none' } } }, id)
    expect(bench.all('invoice_items')).toEqual([])
    const bill_for = { unused_time_from: { type: 'item_current_period_start' } }
    other.run('subscriptions.pause', { bill_for, invoicing_behavior: 'invoice' }, id)
    const { customer, latest_invoice: invoice } = other.subscription(id)
    expect(other.invoice(invoice)).toMatchObject({ total: -3100, status: 'paid' })
    expect(other.get('customers', customer).balance).toBe(-3100)
  })

  test('is for subscriptions in flexible billing mode that are charged and running', () => {
    const bench = new Bench()
    const refusal = (params: object): string => {
      const { id } = bench.subscribe(bench.customer(), bench.price(), params)
      return bench.fail('subscriptions.pause', {}, id).message
    }
    expect(refusal({ billing_mode: { type: 'classic' } })).toContain('flexible')
    expect(refusal({ collection_method: 'send_invoice', days_until_due: 3 })).toContain('charge_automatically')
    expect(refusal({ trial_period_days: 7 })).toContain('trialing')
  })
})

describe('a resumption', () => {
  function paused(card?: string | null): { bench: Bench; customer: string; id: string } {
    const story = paying(card)
    story.bench.run('subscriptions.pause', { bill_for: { unused_time_from: { type: 'none' } } }, story.id)
    story.bench.advanceTo(FEBRUARY + 10 * DAY)
    story.bench.takeEvents()
    return story
  }

  test('starts a period now, which is paid before the subscription goes on', () => {
    const { bench, id } = paused()
    bench.run('subscriptions.resume', {}, id)
    const now = FEBRUARY + 10 * DAY
    const after = bench.subscription(id)
    expect(after).toMatchObject({
      status: 'active',
      billing_cycle_anchor: now,
      items: { data: [{ current_period_start: now, current_period_end: Date.parse('2026-03-25T12:00:00Z') / 1000 }] },
    })
    expect(after).not.toHaveProperty('status_details')
    expect(bench.invoice(after.latest_invoice)).toMatchObject({ total: 3100, status: 'paid' })
    expect(bench.takeEvents()).toEqual(
      expect.arrayContaining(['customer.subscription.resumed', 'customer.subscription.updated', 'invoice.paid']),
    )
    bench.advanceTo(Date.parse('2026-03-25T12:00:00Z') / 1000)
    expect(bench.all('invoices')).toHaveLength(3)
  })

  test('may keep the anchor, and bill the rest of the period with the next invoice', () => {
    const { bench, id } = paused()
    bench.run('subscriptions.resume', { billing_cycle_anchor: { type: 'unchanged' } }, id)
    expect(bench.subscription(id)).toMatchObject({ status: 'active', billing_cycle_anchor: START })
    expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([1993])
  })

  test('leaves the subscription past due when its payment fails, or paused when success is asked for', () => {
    const { bench, customer, id } = paused()
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    const other = bench.fork()
    bench.run('subscriptions.resume', {}, id)
    expect(bench.subscription(id).status).toBe('past_due')
    other.run('subscriptions.resume', { payment_behavior: 'resume_on_payment_success' }, id)
    expect(other.subscription(id).status).toBe('paused')
    other.giveCard(customer, 'pm_card_visa')
    other.run('invoices.pay', {}, other.subscription(id).latest_invoice ?? '')
    expect(other.subscription(id).status).toBe('active')
  })

  test('is given up after 23 hours, or with its invoice', () => {
    const { bench, customer, id } = paused()
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    bench.run('subscriptions.resume', { payment_behavior: 'resume_on_payment_success' }, id)
    const other = bench.fork()
    const { latest_invoice: invoice } = bench.subscription(id)
    bench.advanceTo(bench.now + 23 * HOUR)
    expect(bench.invoice(invoice).status).toBe('void')
    expect(bench.subscription(id).status).toBe('paused')
    other.run('invoices.mark_uncollectible', {}, invoice ?? '')
    expect(other.subscription(id).status).toBe('active')
  })

  test('is for paused subscriptions', () => {
    const { bench, id } = paying()
    expect(bench.fail('subscriptions.resume', {}, id).message).toContain('paused')
  })
})

test('a paused subscription can be changed, and is billed as it is then when it is resumed', () => {
  const { bench, id } = paying()
  bench.run('subscriptions.pause', { bill_for: { unused_time_from: { type: 'none' } } }, id)
  const [item] = bench.subscription(id).items.data
  bench.run('subscriptions.update', { items: [{ id: item?.id, quantity: 3 }] }, id)
  expect(bench.fail('subscriptions.update', { trial_end: START + 99 * DAY }, id).param).toBe('trial_end')
  bench.run('subscriptions.resume', {}, id)
  expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(9300)
})

test('collection resumes on its day, between renewals too', () => {
  const { bench, id } = paying()
  const pause_collection = { behavior: 'void', resumes_at: START + 12 * DAY }
  bench.run('subscriptions.update', { pause_collection }, id)
  bench.takeEvents()
  bench.advanceTo(START + 12 * DAY)
  expect(bench.subscription(id).pause_collection).toBeNull()
  expect(bench.takeEvents()).toContain('customer.subscription.updated')
  const past = { pause_collection: { behavior: 'void', resumes_at: START } }
  expect(bench.fail('subscriptions.update', past, id).param).toBe('pause_collection[resumes_at]')
})

test('classic billing mode becomes flexible, and not again', () => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(), bench.price(), { billing_mode: { type: 'classic' } })
  const billing_mode = { type: 'flexible', flexible: { proration_discounts: 'itemized' } }
  bench.run('subscriptions.migrate', { billing_mode }, id)
  expect(bench.subscription(id).billing_mode).toEqual({ ...billing_mode, updated_at: START })
  expect(bench.fail('subscriptions.migrate', { billing_mode }, id).param).toBe('billing_mode[type]')
})

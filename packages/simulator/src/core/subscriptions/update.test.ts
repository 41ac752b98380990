import { describe, expect, test } from 'vitest'
import { Bench, DAY, HOUR, START, type Subscription } from '../testing/bench.js'

const FEBRUARY = Date.parse('2026-02-15T12:00:00Z') / 1000
const NEXT_YEAR = Date.parse('2027-01-15T12:00:00Z') / 1000

/** 31 days from the start, so that a day of 3100 is 100. */
function subscribed(
  params: object = {},
  amount = 3100,
): {
  bench: Bench
  customer: string
  subscription: Subscription
  item: string
} {
  const bench = new Bench()
  const customer = bench.customer()
  const subscription = bench.subscribe(customer, bench.price({ amount }), params)
  bench.advanceTo(START + 10 * DAY)
  bench.takeEvents()
  return { bench, customer, subscription, item: subscription.items.data[0]?.id ?? '' }
}

describe('another price', () => {
  test('is prorated with two pending items, which the next invoice takes in', () => {
    const { bench, subscription, item } = subscribed()
    const price = bench.price({ amount: 6200, name: 'Team' })
    bench.takeEvents()
    bench.run('subscriptions.update', { items: [{ id: item, price }] }, subscription.id)
    expect(bench.takeEvents()).toEqual(['invoiceitem.created', 'invoiceitem.created', 'customer.subscription.updated'])
    const pending = bench
      .all('invoice_items')
      .map(({ amount, description, proration }) => [amount, description, proration])
    expect(pending).toEqual([
      [-2100, 'Unused time on Pro after 25 Jan 2026', true],
      [4200, 'Remaining time on Team after 25 Jan 2026', true],
    ])
    bench.advanceTo(FEBRUARY)
    expect(bench.lines(bench.subscription(subscription.id).latest_invoice)).toEqual([
      [-2100, 'Unused time on Pro after 25 Jan 2026'],
      [4200, 'Remaining time on Team after 25 Jan 2026'],
      [6200, '1 × Team (at $62.00 / month)'],
    ])
  })

  test('is invoiced and paid at once when that is asked for', () => {
    const { bench, subscription, item } = subscribed()
    const price = bench.price({ amount: 6200, name: 'Team' })
    bench.takeEvents()
    bench.run(
      'subscriptions.update',
      { items: [{ id: item, price }], proration_behavior: 'always_invoice' },
      subscription.id,
    )
    const { latest_invoice: invoice } = bench.subscription(subscription.id)
    expect(bench.invoice(invoice)).toMatchObject({ billing_reason: 'subscription_update', total: 2100, status: 'paid' })
    const [credit, debit] = bench.invoice(invoice).lines.data
    expect(credit?.parent?.subscription_item_details).toMatchObject({
      proration: true,
      proration_details: { credited_items: { invoice: subscription.latest_invoice } },
    })
    expect(debit).toMatchObject({ discountable: false, period: { start: START + 10 * DAY, end: FEBRUARY } })
    expect(bench.takeEvents()).toEqual([
      'invoiceitem.created',
      'invoiceitem.created',
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
    ])
  })

  test('costs nothing until the next period when prorations are declined', () => {
    const { bench, subscription, item } = subscribed()
    const price = bench.price({ amount: 6200 })
    bench.run('subscriptions.update', { items: [{ id: item, price }], proration_behavior: 'none' }, subscription.id)
    expect(bench.all('invoice_items')).toEqual([])
    bench.advanceTo(FEBRUARY)
    expect(bench.invoice(bench.subscription(subscription.id).latest_invoice).total).toBe(6200)
  })

  test('that is cheaper becomes credit of the customer, who pays less next time', () => {
    const { bench, customer, subscription, item } = subscribed()
    const price = bench.price({ amount: 310 })
    bench.run(
      'subscriptions.update',
      { items: [{ id: item, price }], proration_behavior: 'always_invoice' },
      subscription.id,
    )
    expect(bench.get('customers', customer).balance).toBe(-2100 + 210)
    bench.advanceTo(FEBRUARY + HOUR)
    const renewal = bench.invoice(bench.subscription(subscription.id).latest_invoice)
    expect(renewal).toMatchObject({
      total: 310,
      amount_due: 0,
      starting_balance: -1890,
      ending_balance: -1580,
      status: 'paid',
    })
  })

  test('without its item is another item, and both are billed', () => {
    const { bench, subscription } = subscribed()
    const price = bench.price({ amount: 6200, name: 'Support' })
    bench.run('subscriptions.update', { items: [{ price }] }, subscription.id)
    expect(bench.subscription(subscription.id).items.data).toHaveLength(2)
    expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([4200])
    bench.advanceTo(FEBRUARY)
    expect(bench.invoice(bench.subscription(subscription.id).latest_invoice).total).toBe(4200 + 9300)
  })

  test('sets the quantity back to one', () => {
    const { bench, subscription, item } = subscribed()
    bench.run('subscriptions.update', { items: [{ id: item, quantity: 5 }] }, subscription.id)
    bench.run('subscriptions.update', { items: [{ id: item, price: bench.price() }] }, subscription.id)
    expect(bench.subscription(subscription.id).items.data).toMatchObject([{ quantity: 1 }])
  })
})

describe('what is credited', () => {
  const third = START + 20 * DAY

  function upgradedForFree(mode: 'classic' | 'flexible'): number[] {
    const bench = new Bench()
    const start = Date.parse('2026-04-01T00:00:00Z') / 1000
    bench.advanceTo(start)
    const cheap = bench.price({ amount: 1000 })
    const { id, items } = bench.subscribe(bench.customer(), cheap, { billing_mode: { type: mode } })
    const item = items.data[0]?.id ?? ''
    const dear = bench.price({ amount: 2000 })
    bench.run('subscriptions.update', { items: [{ id: item, price: dear }], proration_behavior: 'none' }, id)
    bench.advanceTo(start + 20 * DAY)
    bench.run('subscriptions.update', { items: [{ id: item, price: cheap }] }, id)
    return bench.all('invoice_items').map(({ amount }) => amount)
  }

  test('is in flexible mode what was billed', () => {
    expect(upgradedForFree('flexible')).toEqual([-333, 333])
  })
  test('is in classic mode the present price', () => {
    expect(upgradedForFree('classic')).toEqual([-667, 333])
  })

  test('after a change of seats is the changed number of them', () => {
    const { bench, subscription, item } = subscribed()
    bench.run('subscriptions.update', { items: [{ id: item, quantity: 3 }] }, subscription.id)
    bench.advanceTo(third)
    bench.run('subscriptions.update', { items: [{ id: item, quantity: 2 }] }, subscription.id)
    expect(bench.all('invoice_items').map(({ amount, quantity }) => [amount, quantity])).toEqual([
      [-2100, 1],
      [6300, 3],
      [-3300, 3],
      [2200, 2],
    ])
    expect(bench.all('invoice_items').at(2)?.proration_details?.credited_items).toMatchObject({ type: 'invoice_item' })
  })

  test('of an item that is removed is its own', () => {
    const { bench, subscription } = subscribed()
    const price = bench.price({ amount: 6200, name: 'Support' })
    const added = bench.run('subscription_items.create', { subscription: subscription.id, price })
    bench.run('subscription_items.delete', {}, added.id)
    expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([4200, -4200])
    expect(bench.subscription(subscription.id).items.data).toHaveLength(1)
  })
})

describe('another interval', () => {
  test('keeps the anchor in flexible mode', () => {
    const { bench, subscription, item } = subscribed()
    const price = bench.price({ amount: 36_500, interval: 'year', name: 'Yearly' })
    bench.run('subscriptions.update', { items: [{ id: item, price }] }, subscription.id)
    const after = bench.subscription(subscription.id)
    expect(after).toMatchObject({ billing_cycle_anchor: START, items: { data: [{ current_period_end: NEXT_YEAR }] } })
    expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([-2100, 35_500])
  })

  test('starts anew in classic mode, and is billed at once', () => {
    const { bench, subscription, item } = subscribed({ billing_mode: { type: 'classic' } })
    const price = bench.price({ amount: 36_500, interval: 'year', name: 'Yearly' })
    bench.run('subscriptions.update', { items: [{ id: item, price }] }, subscription.id)
    const after = bench.subscription(subscription.id)
    expect(after.billing_cycle_anchor).toBe(START + 10 * DAY)
    expect(bench.invoice(after.latest_invoice)).toMatchObject({ total: 36_500 - 2100, status: 'paid' })
  })

  test('starts anew when that is asked for', () => {
    const { bench, subscription, item } = subscribed()
    const price = bench.price({ amount: 36_500, interval: 'year', name: 'Yearly' })
    const params = { items: [{ id: item, price }], billing_cycle_anchor: { type: 'now' } }
    bench.run('subscriptions.update', params, subscription.id)
    const after = bench.subscription(subscription.id)
    expect(after.billing_cycle_anchor).toBe(START + 10 * DAY)
    expect(bench.lines(after.latest_invoice)).toEqual([
      [-2100, 'Unused time on Pro after 25 Jan 2026'],
      [36_500, '1 × Yearly (at $365.00 / year)'],
    ])
  })
})

describe('a trial', () => {
  test('that is ended is billed at once', () => {
    const { bench, subscription } = subscribed({ trial_period_days: 14 })
    bench.run('subscriptions.update', { trial_end: 'now' }, subscription.id)
    const after = bench.subscription(subscription.id)
    expect(after).toMatchObject({
      status: 'active',
      trial_end: START + 10 * DAY,
      billing_cycle_anchor: START + 10 * DAY,
    })
    expect(bench.invoice(after.latest_invoice)).toMatchObject({ total: 3100, status: 'paid' })
  })

  test('does not end where there is none', () => {
    const { bench, subscription } = subscribed()
    bench.run('subscriptions.update', { trial_end: 'now', cancel_at_period_end: false }, subscription.id)
    expect(bench.subscription(subscription.id)).toMatchObject({ status: 'active', billing_cycle_anchor: START })
    expect(bench.takeEvents()).toEqual([])
  })

  test('can be made longer', () => {
    const { bench, subscription } = subscribed({ trial_period_days: 14 })
    const end = START + 30 * DAY
    bench.run('subscriptions.update', { trial_end: end }, subscription.id)
    expect(bench.subscription(subscription.id)).toMatchObject({
      status: 'trialing',
      trial_end: end,
      billing_cycle_anchor: end,
    })
    bench.advanceTo(end - 1)
    expect(bench.subscription(subscription.id).status).toBe('trialing')
    bench.advanceTo(end)
    expect(bench.subscription(subscription.id).status).toBe('active')
  })

  test('given to a paying customer credits the rest of the period', () => {
    const { bench, customer, subscription } = subscribed()
    bench.run('subscriptions.update', { trial_end: START + 20 * DAY }, subscription.id)
    expect(bench.subscription(subscription.id).status).toBe('trialing')
    expect(bench.get('customers', customer).balance).toBe(-2100)
  })
})

describe('an invoice at once that cannot be paid', () => {
  const change = { proration_behavior: 'always_invoice', quantity: 3 }

  function declined(params: object): { bench: Bench; id: string; update: () => unknown } {
    const { bench, customer, subscription, item } = subscribed()
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    bench.takeEvents()
    const { quantity, ...rest } = change
    const request = { ...rest, items: [{ id: item, quantity }], ...params }
    return { bench, id: subscription.id, update: () => bench.run('subscriptions.update', request, subscription.id) }
  }

  test('leaves the change and makes the subscription past due', () => {
    const { bench, id, update } = declined({})
    update()
    expect(bench.subscription(id)).toMatchObject({ status: 'past_due', items: { data: [{ quantity: 3 }] } })
    expect(bench.invoice(bench.subscription(id).latest_invoice)).toMatchObject({ auto_advance: false, status: 'open' })
  })

  test('undoes the change with error_if_incomplete', () => {
    const { bench, id, update } = declined({ payment_behavior: 'error_if_incomplete' })
    expect(update).toThrow('402')
    expect(bench.subscription(id)).toMatchObject({ status: 'active', items: { data: [{ quantity: 1 }] } })
    expect(bench.takeEvents()).toEqual([])
  })
})

test('metadata is merged, and nothing else is said to have changed', () => {
  const { bench, subscription } = subscribed({ metadata: { a: '1' } })
  bench.run('subscriptions.update', { metadata: { b: '2' } }, subscription.id)
  const { data } = bench.lastEvent('customer.subscription.updated')
  expect(data.previous_attributes).toEqual({ metadata: { b: null } })
  expect(bench.subscription(subscription.id).metadata).toEqual({ a: '1', b: '2' })
  expect(bench.invoice(subscription.latest_invoice).parent?.subscription_details?.metadata).toEqual({ a: '1' })
})

test('the card of a subscription goes before that of the customer', () => {
  const { bench, customer, subscription } = subscribed()
  const { id: card } = bench.run('payment_methods.attach', { customer }, 'pm_card_mastercard')
  bench.run('subscriptions.update', { default_payment_method: card }, subscription.id)
  bench.advanceTo(FEBRUARY + HOUR)
  expect(bench.all('charges').at(-1)?.payment_method).toBe(card)
})

test('an item that is not of this subscription is refused', () => {
  const { bench, subscription } = subscribed()
  const error = bench.fail('subscriptions.update', { items: [{ id: 'si_none', quantity: 2 }] }, subscription.id)
  expect(error).toMatchObject({ code: 'resource_missing', param: 'items[0][id]', status: 400 })
})

describe('a change that waits for its payment', () => {
  const waiting = { proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete' }

  function held(): { bench: Bench; customer: string; id: string; item: string } {
    const { bench, customer, subscription, item } = subscribed()
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    bench.takeEvents()
    bench.run('subscriptions.update', { ...waiting, items: [{ id: item, quantity: 3 }] }, subscription.id)
    return { bench, customer, id: subscription.id, item }
  }

  test('is made at once when it is paid', () => {
    const { bench, subscription, item } = subscribed()
    bench.run('subscriptions.update', { ...waiting, items: [{ id: item, quantity: 3 }] }, subscription.id)
    const after = bench.subscription(subscription.id)
    expect(after).toMatchObject({ pending_update: null, items: { data: [{ quantity: 3 }] } })
    expect(bench.invoice(after.latest_invoice)).toMatchObject({ status: 'paid', total: 4200 })
  })

  test('is shown and not made when it is not', () => {
    const { bench, id } = held()
    const now = START + 10 * DAY
    expect(bench.subscription(id)).toMatchObject({
      status: 'active',
      items: { data: [{ quantity: 1 }] },
      pending_update: { expires_at: now + 23 * HOUR, subscription_items: [{ quantity: 3 }] },
    })
    expect(bench.invoice(bench.subscription(id).latest_invoice)).toMatchObject({ status: 'open', total: 4200 })
  })

  test('is made when its invoice is paid, and billed as such from then on', () => {
    const { bench, customer, id } = held()
    const invoice = bench.subscription(id).latest_invoice ?? ''
    bench.takeEvents()
    bench.run('invoices.pay', { payment_method: bench.giveCard(customer, 'pm_card_visa') }, invoice)
    expect(bench.subscription(id)).toMatchObject({ pending_update: null, items: { data: [{ quantity: 3 }] } })
    expect(bench.takeEvents()).toContain('customer.subscription.pending_update_applied')
    bench.advanceTo(START + 20 * DAY)
    const item = bench.subscription(id).items.data[0]?.id
    bench.run('subscriptions.update', { items: [{ id: item, quantity: 1 }] }, id)
    expect(
      bench
        .all('invoice_items')
        .slice(-2)
        .map(({ amount }) => amount),
    ).toEqual([-3300, 1100])
  })

  test('is dropped after 23 hours, with its invoice', () => {
    const { bench, id } = held()
    const invoice = bench.subscription(id).latest_invoice
    bench.takeEvents()
    bench.advanceTo(START + 10 * DAY + 23 * HOUR)
    expect(bench.subscription(id)).toMatchObject({
      status: 'active',
      pending_update: null,
      items: { data: [{ quantity: 1 }] },
    })
    expect(bench.invoice(invoice).status).toBe('void')
    expect(bench.takeEvents()).toContain('customer.subscription.pending_update_expired')
    bench.advanceTo(FEBRUARY)
    expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(3100)
  })

  test('gives way to the next one, whose prorations start from what was billed', () => {
    const { bench, id, item } = held()
    const first = bench.subscription(id).latest_invoice
    bench.run('subscriptions.update', { ...waiting, items: [{ id: item, quantity: 2 }] }, id)
    expect(bench.invoice(first).status).toBe('void')
    expect(bench.subscription(id).pending_update).toMatchObject({ subscription_items: [{ quantity: 2 }] })
    expect(bench.invoice(bench.subscription(id).latest_invoice).total).toBe(2100)
  })

  test('takes no other changes with it', () => {
    const { bench, subscription } = subscribed()
    const error = bench.fail('subscriptions.update', { ...waiting, metadata: { a: '1' } }, subscription.id)
    expect(error).toMatchObject({ param: 'metadata', status: 400 })
  })
})

test('a price can be described in place', () => {
  const { bench, subscription, item } = subscribed()
  const { product } = bench.get('prices', subscription.items.data[0]?.price.id ?? '')
  const data = { currency: 'usd', product, recurring: { interval: 'month' }, unit_amount: 6200 }
  bench.run('subscriptions.update', { items: [{ id: item, price_data: data }] }, subscription.id)
  expect(bench.subscription(subscription.id).items.data).toMatchObject([
    { price: { active: false, unit_amount: 6200 } },
  ])
  expect(bench.all('invoice_items').map(({ amount }) => amount)).toEqual([-2100, 4200])
})

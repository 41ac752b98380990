import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY } from '../testing/bench.js'

type Quote = Records['quotes']

interface List {
  readonly data: readonly Records['quote_details']['lineItems'][number][]
}

function oneTime(bench: Bench, amount: number): string {
  return bench.run('prices.create', { currency: 'usd', unit_amount: amount, product_data: { name: 'Setup' } }).id
}

function quote(bench: Bench, params: object): Quote {
  return bench.run<Quote>('quotes.create', params)
}

function finalized(bench: Bench, params: object): Quote {
  return bench.run<Quote>('quotes.finalize', {}, quote(bench, params).id)
}

describe('a draft', () => {
  test('can be empty, and filled later', () => {
    const bench = new Bench()
    const draft = quote(bench, {})
    expect(draft).toMatchObject({
      object: 'quote',
      amount_total: 0,
      currency: null,
      customer: null,
      expires_at: bench.now + 30 * DAY,
      number: null,
      status: 'draft',
    })
    expect(bench.takeEvents()).toEqual(['quote.created'])
    expect(bench.fail('quotes.finalize', {}, draft.id)).toMatchObject({ code: 'parameter_missing', param: 'customer' })
    const customer = bench.customer()
    bench.run('quotes.update', { customer, header: 'Offer', metadata: { a: '1' } }, draft.id)
    expect(bench.fail('quotes.finalize', {}, draft.id).param).toBe('line_items')
    expect(bench.fail('quotes.update', { customer: bench.customer() }, draft.id).param).toBe('customer')
    const price = bench.price({ amount: 1500 })
    const filled = bench.run<Quote>('quotes.update', { line_items: [{ price, quantity: 2 }] }, draft.id)
    expect(filled).toMatchObject({ amount_total: 3000, currency: 'usd', header: 'Offer', metadata: { a: '1' } })
    const [item] = bench.run<List>('quotes.line_items', {}, draft.id).data
    const more = { line_items: [{ id: item?.id, quantity: 3 }] }
    expect(bench.run<Quote>('quotes.update', more, draft.id).amount_total).toBe(4500)
    expect(bench.run<List>('quotes.line_items', {}, draft.id).data).toMatchObject([{ id: item?.id, quantity: 3 }])
  })

  test('tells what is due at once, and what each period', () => {
    const bench = new Bench()
    const [lasting, once] = ['forever', 'once'].map(
      (duration) => bench.run('coupons.create', { percent_off: 10, duration }).id,
    )
    const rate = bench.run('tax_rates.create', { display_name: 'VAT', inclusive: false, percentage: 20 }).id
    const made = quote(bench, {
      line_items: [{ price: bench.price({ amount: 1000 }) }, { price: oneTime(bench, 5000) }],
      discounts: [{ coupon: lasting }, { coupon: once }],
      default_tax_rates: [rate],
    })
    // 6000 less 10 %, less 10 % of the rest, plus 20 %.
    expect(made).toMatchObject({
      amount_subtotal: 6000,
      amount_total: 5832,
      total_details: { amount_discount: 1140, amount_shipping: 0, amount_tax: 972 },
    })
    expect(made.discounts).toHaveLength(2)
    expect(made.computed.upfront.amount_total).toBe(5832)
    expect(made.computed.recurring).toMatchObject({
      amount_subtotal: 1000,
      amount_total: 1080,
      interval: 'month',
      interval_count: 1,
    })
    expect(bench.get('coupons', lasting ?? '').times_redeemed).toBe(0)
    expect(bench.all('subscriptions')).toEqual([])
    expect(bench.all('invoices')).toEqual([])
  })

  test('with a trial costs nothing at once', () => {
    const bench = new Bench()
    const trial = { trial_period_days: 14 }
    const made = quote(bench, { line_items: [{ price: bench.price() }], subscription_data: trial })
    expect(made.computed).toMatchObject({ upfront: { amount_total: 0 }, recurring: { amount_total: 2000 } })
    const amounts = (verb: string): number[] =>
      bench.run<List>(`quotes.${verb}`, {}, made.id).data.map((item) => item.amount_total)
    expect(amounts('line_items')).toEqual([2000])
    expect(amounts('computed_upfront_line_items')).toEqual([0])
  })

  test.each([
    [{ customer: 'cus_none' }, 'resource_missing', 'customer'],
    [{ line_items: [{ quantity: 1 }] }, 'parameter_missing', 'line_items[0][price]'],
    [{ line_items: [{ price: 'price_none' }] }, 'resource_missing', 'line_items[0][price]'],
    [{ expires_at: 1 }, undefined, 'expires_at'],
    [{ discounts: [{ coupon: 'none' }] }, 'resource_missing', 'discounts[0][coupon]'],
    [{ application_fee_amount: 1 }, 'not_simulated', 'application_fee_amount'],
  ])('with %o is refused', (params, code, param) => {
    const refusal = new Bench().fail('quotes.create', params)
    expect({ code: refusal.code, param: refusal.param, status: refusal.status }).toEqual({ code, param, status: 400 })
  })
})

test('what cannot be quoted', () => {
  const bench = new Bench()
  const [price, euros, archived] = [bench.price(), bench.price({ currency: 'eur' }), bench.price()]
  bench.run('prices.update', { active: false }, archived)
  const refused = (params: object): string | undefined => bench.fail('quotes.create', params).param
  expect(refused({ line_items: [{ price }, { price: euros }] })).toBe('line_items')
  expect(refused({ line_items: [{ price: archived }] })).toBe('line_items[0][price]')
  const draft = quote(bench, { line_items: [{ price }] }).id
  expect(refused({ from_quote: { quote: draft, is_revision: true } })).toBe('from_quote[is_revision]')
  expect(bench.fail('quotes.pdf', {}, draft).message).toMatch('once the quote is finalized')
  const clock = bench.run('test_clocks.create', { frozen_time: bench.now }).id
  expect(refused({ customer: bench.customer(), test_clock: clock })).toBe('test_clock')
})

describe('accepting', () => {
  test('begins a subscription that costs what was quoted', () => {
    const bench = new Bench()
    const customer = bench.customer()
    const coupon = bench.run('coupons.create', { percent_off: 25 }).id
    const open = finalized(bench, {
      customer,
      discounts: [{ coupon }],
      line_items: [{ price: bench.price(), quantity: 3 }, { price: oneTime(bench, 999) }],
      subscription_data: { description: 'As quoted', metadata: { offer: 'spring' } },
    })
    const { invoice_prefix: prefix } = bench.get('customers', customer)
    expect(open).toMatchObject({ status: 'open', number: `QT-${prefix}-0001-1` })
    expect(open.status_transitions.finalized_at).toBe(bench.now)
    bench.takeEvents()
    const accepted = bench.run<Quote>('quotes.accept', {}, open.id)
    expect(accepted).toMatchObject({ status: 'accepted', invoice: null, subscription: expect.stringMatching(/^sub_/) })
    const subscription = bench.subscription(accepted.subscription ?? '')
    expect(subscription).toMatchObject({ customer, description: 'As quoted', metadata: { offer: 'spring' } })
    expect(bench.invoice(subscription.latest_invoice)).toMatchObject({ status: 'paid', total: accepted.amount_total })
    expect(bench.get('coupons', coupon).times_redeemed).toBe(1)
    expect(bench.takeEvents().at(-1)).toBe('quote.accepted')
    expect(bench.fail('quotes.accept', {}, open.id).code).toBe('quote_unexpected_state')
    expect(bench.fail('quotes.cancel', {}, open.id).status).toBe(400)
    expect(bench.all('timers').filter(({ kind }) => kind === 'quote.expire')).toEqual([])
  })

  test('drafts an invoice over what is sold once', () => {
    const bench = new Bench()
    const open = finalized(bench, {
      customer: bench.customer(),
      collection_method: 'send_invoice',
      invoice_settings: { days_until_due: 14, footer: 'Thanks' },
      line_items: [{ price: oneTime(bench, 5000), quantity: 2 }],
    })
    const accepted = bench.run<Quote>('quotes.accept', {}, open.id)
    expect(accepted.subscription).toBeNull()
    expect(bench.invoice(accepted.invoice)).toMatchObject({
      collection_method: 'send_invoice',
      footer: 'Thanks',
      parent: { type: 'quote_details', quote_details: { quote: open.id } },
      status: 'draft',
      total: 10_000,
    })
  })

  test('schedules what takes effect later', () => {
    const bench = new Bench()
    const date = bench.now + 10 * DAY
    const open = finalized(bench, {
      customer: bench.customer(),
      line_items: [{ price: bench.price() }],
      subscription_data: { effective_date: date },
    })
    const accepted = bench.run<Quote>('quotes.accept', {}, open.id)
    expect(accepted).toMatchObject({ subscription: null, subscription_schedule: expect.stringMatching(/^sub_sched_/) })
    bench.advanceTo(date + 1)
    expect(bench.all('subscriptions')).toMatchObject([{ status: 'active', start_date: date }])
  })
})

describe('an open quote', () => {
  test('changes no more, but for its metadata', () => {
    const bench = new Bench()
    const open = finalized(bench, { customer: bench.customer(), line_items: [{ price: bench.price() }] })
    expect(bench.fail('quotes.update', { header: 'Late' }, open.id).code).toBe('quote_unexpected_state')
    expect(bench.run('quotes.update', { metadata: { a: '1' } }, open.id)).toMatchObject({ metadata: { a: '1' } })
    expect(bench.fail('quotes.accept', {}, quote(bench, {}).id).code).toBe('quote_unexpected_state')
  })

  test('is canceled when it expires', () => {
    const bench = new Bench()
    const open = finalized(bench, { customer: bench.customer(), line_items: [{ price: bench.price() }] })
    bench.advanceTo(open.expires_at)
    expect(bench.get('quotes', open.id)).toMatchObject({
      status: 'canceled',
      status_transitions: { canceled_at: open.expires_at },
    })
    expect(bench.takeEvents().at(-1)).toBe('quote.canceled')
  })

  test('gives way to its revision', () => {
    const bench = new Bench()
    const customer = bench.customer()
    const open = finalized(bench, { customer, line_items: [{ price: bench.price(), quantity: 5 }] })
    const revision = quote(bench, { from_quote: { quote: open.id, is_revision: true } })
    expect(revision).toMatchObject({
      amount_total: open.amount_total,
      customer,
      from_quote: { is_revision: true, quote: open.id },
      number: null,
      status: 'draft',
    })
    const copy = finalized(bench, { from_quote: { quote: open.id } })
    expect(copy.number?.endsWith('-0002-1')).toBe(true)
    expect(bench.get('quotes', open.id).status).toBe('open')
    const revised = bench.run<Quote>('quotes.finalize', {}, revision.id)
    expect(revised.number).toBe(open.number?.replace(/-1$/, '-2'))
    expect(bench.get('quotes', open.id).status).toBe('canceled')
    const ids = (params: object): string[] =>
      bench.run<{ data: Quote[] }>('quotes.list', params).data.map(({ id }) => id)
    expect(ids({ customer })).toEqual([copy.id, revision.id, open.id])
    expect(ids({ customer, status: 'canceled' })).toEqual([open.id])
  })
})

test('whatever is quoted, the invoice comes to it', () => {
  const percent = fc.constantFrom(null, 10, 33.3, 100)
  const items = fc.array(
    fc.record({ amount: fc.integer({ min: 60, max: 9999 }), quantity: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  fc.assert(
    fc.property(items, fc.boolean(), percent, percent, (sold, recurs, off, tax) => {
      const bench = new Bench()
      const line_items = sold.map(({ amount, quantity }, index) => {
        const price = recurs && index === 0 ? bench.price({ amount }) : oneTime(bench, amount)
        return { price, quantity }
      })
      const coupon = off === null ? null : bench.run('coupons.create', { percent_off: off }).id
      const rate =
        tax === null
          ? null
          : bench.run('tax_rates.create', { display_name: 'VAT', inclusive: false, percentage: tax }).id
      const open = finalized(bench, {
        customer: bench.customer(),
        line_items,
        ...(coupon !== null && { discounts: [{ coupon }] }),
        ...(rate !== null && { default_tax_rates: [rate] }),
      })
      const { invoice, subscription } = bench.run<Quote>('quotes.accept', {}, open.id)
      const bill = bench.invoice(subscription === null ? invoice : bench.subscription(subscription).latest_invoice)
      const { amount_subtotal: subtotal, amount_total: total } = open
      expect({ subtotal: bill.subtotal, total: bill.total }).toEqual({ subtotal, total })
    }),
    { numRuns: 40 },
  )
})

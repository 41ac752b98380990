import { describe, expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, HOUR, START } from '../testing/bench.js'

type Invoice = Records['invoices']

function drafted(params: object = {}): { bench: Bench; customer: string; invoice: string } {
  const bench = new Bench()
  const customer = bench.customer()
  bench.run('invoiceitems.create', { customer, amount: 1000, currency: 'usd', description: 'One-time setup fee' })
  bench.takeEvents()
  const { id } = bench.run('invoices.create', { customer, pending_invoice_items_behavior: 'include', ...params })
  return { bench, customer, invoice: id }
}

describe('an invoice by hand', () => {
  test('is a draft of what is pending', () => {
    const { bench, invoice } = drafted()
    expect(bench.invoice(invoice)).toMatchObject({
      amount_due: 1000,
      amount_remaining: 1000,
      attempted: false,
      billing_reason: 'manual',
      hosted_invoice_url: null,
      number: null,
      parent: null,
      status: 'draft',
    })
    expect(bench.lines(invoice)).toEqual([[1000, 'One-time setup fee']])
    expect(bench.takeEvents()).toEqual(['invoice.created', 'customer.updated'])
  })

  test('leaves pending items alone unless told otherwise', () => {
    const { bench, invoice } = drafted({ pending_invoice_items_behavior: 'exclude' })
    expect(bench.lines(invoice)).toEqual([])
  })

  test('is finalised and paid in one step', () => {
    const { bench, invoice } = drafted()
    const paid = bench.run<Invoice>('invoices.pay', {}, invoice)
    expect(paid).toMatchObject({ amount_paid: 1000, attempt_count: 1, effective_at: START, status: 'paid' })
    expect(paid.hosted_invoice_url).toMatch(/^http:\/\/localhost\/i\/test_/)
    expect(paid.invoice_pdf).toBe(`${paid.hosted_invoice_url}/pdf`)
    expect(bench.fail('invoices.pay', {}, invoice)).toMatchObject({ status: 400, message: 'Invoice is already paid' })
  })

  test('finalises itself after an hour when it may', () => {
    const { bench, invoice } = drafted({ auto_advance: true })
    bench.advanceTo(START + HOUR)
    expect(bench.invoice(invoice)).toMatchObject({ status: 'paid', automatically_finalizes_at: null })
  })

  test('can be deleted while it is a draft, which frees its items', () => {
    const { bench, customer, invoice } = drafted()
    expect(bench.run('invoices.delete', {}, invoice)).toEqual({ id: invoice, object: 'invoice', deleted: true })
    expect(bench.fail('invoices.retrieve', {}, invoice).status).toBe(404)
    const { id } = bench.run('invoices.create', { customer, pending_invoice_items_behavior: 'include' })
    expect(bench.lines(id)).toEqual([[1000, 'One-time setup fee']])
    bench.run('invoices.finalize', {}, id)
    expect(bench.fail('invoices.delete', {}, id).status).toBe(400)
  })

  test('takes items directly', () => {
    const { bench, customer, invoice } = drafted()
    bench.run('invoiceitems.create', { customer, invoice, amount: 250, currency: 'usd' })
    expect(bench.invoice(invoice)).toMatchObject({ amount_due: 1250, total: 1250 })
  })
})

describe('an open invoice', () => {
  test('can be voided, and gives back what it took from the balance', () => {
    const { bench, customer, invoice } = drafted()
    bench.run('customers.update', { balance: -300 }, customer)
    bench.run('invoices.finalize', { auto_advance: false }, invoice)
    expect(bench.invoice(invoice)).toMatchObject({ amount_due: 700, starting_balance: -300, ending_balance: 0 })
    expect(bench.get('customers', customer).balance).toBe(0)
    bench.takeEvents()
    bench.run('invoices.void', {}, invoice)
    expect(bench.invoice(invoice)).toMatchObject({ status: 'void', status_transitions: { voided_at: START } })
    expect(bench.get('customers', customer).balance).toBe(-300)
    expect(bench.takeEvents()).toEqual(['payment_intent.canceled', 'customer.updated', 'invoice.voided'])
    expect(bench.fail('invoices.pay', {}, invoice).status).toBe(400)
  })

  test('can be given up and still be paid', () => {
    const { bench, invoice } = drafted()
    bench.run('invoices.finalize', { auto_advance: false }, invoice)
    bench.run('invoices.mark_uncollectible', {}, invoice)
    expect(bench.invoice(invoice).status).toBe('uncollectible')
    bench.run('invoices.pay', {}, invoice)
    expect(bench.invoice(invoice).status).toBe('paid')
  })

  test('can be paid outside of Stripe', () => {
    const { bench, invoice } = drafted()
    bench.takeEvents()
    bench.run('invoices.pay', { paid_out_of_band: true }, invoice)
    expect(bench.invoice(invoice)).toMatchObject({ amount_paid: 1000, status: 'paid' })
    const events = bench.takeEvents()
    expect(events).toContain('invoice.paid')
    expect(events).not.toContain('invoice.payment_succeeded')
    expect(bench.all('charges')).toEqual([])
  })

  test('that is declined answers 402 and leaves the failed charge behind', () => {
    const { bench, customer, invoice } = drafted()
    bench.giveCard(customer, 'pm_card_chargeCustomerFail')
    expect(bench.fail('invoices.pay', {}, invoice)).toMatchObject({
      code: 'card_declined',
      status: 402,
      type: 'card_error',
    })
    expect(bench.all('charges')).toMatchObject([{ status: 'failed' }])
    expect(bench.invoice(invoice)).toMatchObject({ attempt_count: 1, attempted: true, status: 'open' })
  })
})

test('what is too small to be charged is owed on the balance', () => {
  const bench = new Bench()
  const customer = bench.customer()
  bench.run('invoiceitems.create', { customer, amount: 49, currency: 'usd' })
  const { id } = bench.run('invoices.create', { customer, pending_invoice_items_behavior: 'include' })
  bench.run('invoices.finalize', {}, id)
  expect(bench.invoice(id)).toMatchObject({ amount_due: 0, ending_balance: 49, status: 'paid', total: 49 })
  expect(bench.get('customers', customer).balance).toBe(49)
})

test('a finalised invoice cannot be finalised again', () => {
  const { bench, invoice } = drafted()
  bench.run('invoices.finalize', {}, invoice)
  expect(bench.fail('invoices.finalize', {}, invoice).message).toContain("can't re-finalize")
})

test('lines are listed in the order of the invoice, page by page', () => {
  const bench = new Bench()
  const customer = bench.customer()
  for (let index = 1; index <= 12; index++) {
    bench.run('invoiceitems.create', { customer, amount: index * 100, currency: 'usd' })
  }
  const { id } = bench.run('invoices.create', { customer, pending_invoice_items_behavior: 'include' })
  type Lines = { data: { id: string; amount: number }[]; has_more: boolean }
  const first = bench.run<Lines>('invoices.lines', { limit: 5 }, id)
  const rest = bench.run<Lines>('invoices.lines', { starting_after: first.data.at(-1)?.id, limit: 10 }, id)
  const amounts = [...first.data, ...rest.data].map(({ amount }) => amount)
  expect(amounts).toEqual(bench.invoice(id).lines.data.map(({ amount }) => amount))
  expect([first.has_more, rest.has_more]).toEqual([true, false])
  const shown = bench.run<{ lines: Lines }>('invoices.retrieve', {}, id).lines
  expect([shown.data.length, shown.has_more]).toEqual([10, true])
})

test('lists by customer, subscription and status', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const subscription = bench.subscribe(customer, bench.price())
  bench.subscribe(bench.customer(), bench.price())
  const ids = (params: object): string[] =>
    bench.run<{ data: { id: string }[] }>('invoices.list', params).data.map(({ id }) => id)
  expect(ids({ customer })).toEqual([subscription.latest_invoice])
  expect(ids({ subscription: subscription.id, status: 'paid' })).toEqual([subscription.latest_invoice])
  expect(ids({ customer, status: 'open' })).toEqual([])
  expect(ids({})).toHaveLength(2)
})

test('a payment says which invoice it paid', () => {
  const bench = new Bench()
  const { latest_invoice: invoice } = bench.subscribe(bench.customer(), bench.price())
  const [intent] = bench.all('payment_intents')
  const payment = { type: 'payment_intent', payment_intent: intent?.id }
  const { data } = bench.run<{ data: unknown[] }>('invoice_payments.list', { payment })
  expect(data).toMatchObject([{ invoice, amount_paid: 2000, amount_requested: 2000, is_default: true, status: 'paid' }])
})

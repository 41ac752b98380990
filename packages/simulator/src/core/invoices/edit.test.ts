import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY, HOUR } from '../testing/bench.js'

type Invoice = Records['invoices']

function draft(bench: Bench, params: object = {}): Invoice {
  const customer = bench.customer()
  const { id } = bench.run('invoices.create', { customer, currency: 'usd', ...params })
  bench.takeEvents()
  return bench.invoice(id)
}

const amounts = ({ lines }: Invoice): number[] => lines.data.map(({ amount }) => amount)

test('lines are added to a draft: new ones, and an item that waits', () => {
  const bench = new Bench()
  const { id, customer } = draft(bench)
  const { id: waiting } = bench.run('invoiceitems.create', { customer, amount: 700, currency: 'usd' })
  bench.takeEvents()
  const lines = [{ amount: 1000, description: 'Setup', metadata: { a: '1' } }, { invoice_item: waiting }]
  const invoice = bench.run<Invoice>('invoices.add_lines', { lines, invoice_metadata: { plan: 'pro' } }, id)
  expect(amounts(invoice)).toEqual([1000, 700])
  expect(invoice).toMatchObject({ total: 1700, metadata: { plan: 'pro' } })
  expect(bench.get('invoice_items', waiting).invoice).toBe(id)
  expect(bench.takeEvents()).toEqual(['invoiceitem.created', 'invoice.updated'])
})

test('lines are changed, alone and together', () => {
  const bench = new Bench()
  const { id } = draft(bench)
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }, { amount: 500 }] }, id)
  const [first, second] = bench.invoice(id).lines.data
  const rate = bench.run('tax_rates.create', { display_name: 'VAT', percentage: 10, inclusive: false }).id
  const lines = [
    { id: first?.id, amount: 2000, description: 'More' },
    { id: second?.id, tax_rates: [rate] },
  ]
  bench.run('invoices.update_lines', { lines }, id)
  expect(bench.invoice(id)).toMatchObject({ subtotal: 2500, total: 2550 })
  expect(bench.get('invoice_items', bench.all('invoice_items')[0]?.id ?? '')).toMatchObject({
    amount: 2000,
    description: 'More',
  })
  const at = { invoice: id, id: second?.id ?? '' }
  const line = bench.run<Records['invoice_line_items']>('invoices.update_line', { amount: 100 }, at)
  expect(line).toMatchObject({ amount: 100, subtotal: 100, taxes: [{ amount: 10 }] })
  expect(bench.invoice(id).total).toBe(2110)
})

test('taxes worked out elsewhere stand as they are given', () => {
  const bench = new Bench()
  const { id } = draft(bench)
  const data = { display_name: 'City tax', inclusive: false, percentage: 3.3 }
  const tax = { amount: 37, taxable_amount: 1000, tax_rate_data: data }
  bench.run('invoices.add_lines', { lines: [{ amount: 1000, tax_amounts: [tax] }] }, id)
  expect(bench.invoice(id)).toMatchObject({ total: 1037, total_taxes: [{ amount: 37, taxable_amount: 1000 }] })
})

test('a line that is removed deletes its item, or leaves it to wait', () => {
  const bench = new Bench()
  const { id } = draft(bench)
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }, { amount: 500 }, { amount: 1 }] }, id)
  const [first, second] = bench.invoice(id).lines.data
  const lines = [
    { id: first?.id, behavior: 'delete' },
    { id: second?.id, behavior: 'unassign' },
  ]
  expect(amounts(bench.run<Invoice>('invoices.remove_lines', { lines }, id))).toEqual([1])
  expect(bench.all('invoice_items').map(({ amount, invoice }) => [amount, invoice])).toEqual([
    [500, null],
    [1, id],
  ])
})

test('a final invoice has its lines for good', () => {
  const bench = new Bench()
  const { id } = draft(bench)
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, id)
  bench.run('invoices.finalize', {}, id)
  const refusal = bench.fail('invoices.add_lines', { lines: [{ amount: 1 }] }, id)
  expect(refusal).toMatchObject({ status: 400, code: 'invoice_not_editable' })
  const changed = bench.fail('invoices.update', { default_tax_rates: '' }, id)
  expect(changed).toMatchObject({ code: 'invoice_not_editable', param: 'default_tax_rates' })
  expect(bench.run('invoices.update', { footer: 'Thanks', metadata: { a: '1' } }, id)).toMatchObject({
    footer: 'Thanks',
  })
})

test('a revision takes the place of an open invoice when it is final', () => {
  const bench = new Bench()
  const original = draft(bench)
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, original.id)
  bench.run('invoices.finalize', {}, original.id)
  const from = { action: 'revision', invoice: original.id }
  const { id } = bench.run('invoices.create', { from_invoice: from, description: 'Corrected' })
  bench.run('invoices.add_lines', { lines: [{ amount: 50 }] }, id)
  expect(bench.invoice(id)).toMatchObject({
    from_invoice: from,
    description: 'Corrected',
    status: 'draft',
    total: 1050,
  })
  expect(bench.invoice(original.id).status).toBe('open')
  bench.run('invoices.finalize', {}, id)
  expect(bench.invoice(original.id)).toMatchObject({ status: 'void', latest_revision: id })
  expect(bench.fail('invoices.create', { from_invoice: from }).param).toBe('from_invoice[invoice]')
})

test('payments from elsewhere count, in parts and beyond', () => {
  const bench = new Bench()
  const { id, customer } = draft(bench)
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, id)
  bench.run('invoices.finalize', {}, id)
  const pay = (amount: number): string =>
    bench.run('payment_intents.create', {
      amount,
      currency: 'usd',
      customer,
      confirm: true,
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    }).id
  bench.run('invoices.attach_payment', { payment_intent: pay(400) }, id)
  expect(bench.invoice(id)).toMatchObject({ status: 'open', amount_paid: 400, amount_remaining: 600 })
  const asked = bench.all('invoice_payments').find((payment) => payment.is_default)
  expect(asked).toMatchObject({ amount_requested: 600, status: 'open' })
  bench.run('invoices.attach_payment', { payment_intent: pay(700) }, id)
  expect(bench.invoice(id)).toMatchObject({
    status: 'paid',
    amount_paid: 1000,
    amount_overpaid: 100,
    amount_remaining: 0,
  })
  expect(bench.get('customers', customer ?? '').balance).toBe(-100)
  expect(bench.lastEvent('invoice.overpaid').data.object).toMatchObject({ id, amount_overpaid: 100 })
  expect(bench.all('invoice_payments').map(({ status }) => status)).toEqual(['canceled', 'paid', 'paid'])
})

test('a number of its own, a day of its own, and words of its own', () => {
  const bench = new Bench()
  const fields = {
    number: 'A-1',
    effective_at: bench.now - DAY,
    footer: 'F',
    custom_fields: [{ name: 'PO', value: '7' }],
  }
  const { id } = draft(bench, { ...fields, collection_method: 'send_invoice', due_date: bench.now + 9 * DAY })
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, id)
  expect(bench.run('invoices.finalize', {}, id)).toMatchObject({
    ...fields,
    due_date: bench.now + 9 * DAY,
    status: 'open',
  })
  expect(bench.fail('invoices.create', { customer: bench.customer(), number: 'A-1' }).param).toBe('number')
  bench.advanceTo(bench.now + 10 * DAY)
  expect(bench.lastEvent('invoice.overdue').data.object).toMatchObject({ id })
})

test('shipping is part of the total', () => {
  const bench = new Bench()
  const data = { display_name: 'Post', type: 'fixed_amount', fixed_amount: { amount: 500, currency: 'usd' } }
  const { id } = draft(bench, { shipping_cost: { shipping_rate_data: data } })
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, id)
  expect(bench.invoice(id)).toMatchObject({
    amount_shipping: 500,
    subtotal: 1000,
    total: 1500,
    shipping_cost: { amount_total: 500 },
  })
})

test('a draft becomes final at the instant it is given', () => {
  const bench = new Bench()
  const at = bench.now + 3 * HOUR
  const { id } = draft(bench, { auto_advance: true, automatically_finalizes_at: at })
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, id)
  bench.advanceTo(at - 1)
  expect(bench.invoice(id).status).toBe('draft')
  bench.advanceTo(at)
  expect(bench.invoice(id)).toMatchObject({ status: 'paid', status_transitions: { finalized_at: at } })
})

test('numbers can run through the whole account', () => {
  const bench = new Bench({ invoiceNumbering: 'account', invoicePrefix: 'ACME' })
  const numbers = [1, 2, 3].map(() => {
    const { id } = draft(bench)
    bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, id)
    return bench.run<Invoice>('invoices.finalize', {}, id).number
  })
  expect(numbers).toEqual(['ACME-0001', 'ACME-0002', 'ACME-0003'])
})

test.each([
  ['leave_open', 'open'],
  ['mark_uncollectible', 'uncollectible'],
] as const)('an invoice that could not be collected: %s', (uncollectedInvoices, status) => {
  const bench = new Bench({ uncollectedInvoices, retryDelays: [DAY] })
  const customer = bench.customer('pm_card_chargeCustomerFail')
  const { id } = bench.run('invoices.create', { customer, currency: 'usd', auto_advance: true })
  bench.run('invoices.add_lines', { lines: [{ amount: 1000 }] }, id)
  bench.advanceTo(bench.now + 3 * DAY)
  expect(bench.invoice(id)).toMatchObject({ status, attempt_count: 2 })
})

test('settings of the payment that are not named stay', () => {
  const bench = new Bench()
  const { id } = bench.run('invoices.create', {
    customer: bench.customer(),
    payment_settings: {
      payment_method_types: ['card', 'sepa_debit'],
      payment_method_options: { card: { request_three_d_secure: 'any' } },
    },
  })
  const settings = (): unknown => bench.invoice(id).payment_settings
  bench.run('invoices.update', { payment_settings: { payment_method_types: ['card'] } }, id)
  expect(settings()).toMatchObject({
    payment_method_types: ['card'],
    payment_method_options: { card: { request_three_d_secure: 'any' } },
  })
  const later = { sepa_debit: {} }
  bench.run('invoices.update', { payment_settings: { payment_method_options: later, payment_method_types: '' } }, id)
  expect(settings()).toMatchObject({
    payment_method_types: null,
    payment_method_options: { card: { request_three_d_secure: 'any' }, sepa_debit: {} },
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench } from '../testing/bench.js'

type Invoice = Records['invoices']
type CreditNote = Records['credit_notes']

interface Written {
  readonly bench: Bench
  readonly invoice: Invoice
  readonly customer: string
}

/** A final invoice of 3 × 1000, with a tenth off and 20 percent on top: 3240. */
function written({ isPaid = false }: { isPaid?: boolean } = {}): Written {
  const bench = new Bench()
  const customer = bench.customer()
  const coupon = bench.run('coupons.create', { percent_off: 10 }).id
  const rate = bench.run('tax_rates.create', { display_name: 'VAT', percentage: 20, inclusive: false }).id
  const product = bench.run('products.create', { name: 'Seat' }).id
  const price = bench.run('prices.create', { product, currency: 'usd', unit_amount: 1000 }).id
  const { id } = bench.run('invoices.create', { customer, default_tax_rates: [rate], discounts: [{ coupon }] })
  bench.run('invoiceitems.create', { invoice: id, pricing: { price }, quantity: 3 })
  bench.run('invoices.finalize', {}, id)
  if (isPaid) bench.run('invoices.pay', {}, id)
  bench.takeEvents()
  return { bench, invoice: bench.invoice(id), customer }
}

const create = ({ bench, invoice }: Written, params: object): CreditNote =>
  bench.run('credit_notes.create', { invoice: invoice.id, ...params })

test('before payment a note lowers what is asked for, and the payment with it', () => {
  const world = written()
  expect(world.invoice).toMatchObject({ total: 3240, amount_due: 3240, status: 'open' })
  const note = create(world, { amount: 240, memo: 'Sorry', reason: 'order_change' })
  expect(note).toMatchObject({
    object: 'credit_note',
    amount: 240,
    memo: 'Sorry',
    number: `${world.invoice.number}-CN-01`,
    out_of_band_amount: null,
    post_payment_amount: 0,
    pre_payment_amount: 240,
    reason: 'order_change',
    refunds: [],
    status: 'issued',
    total: 240,
    type: 'pre_payment',
    voided_at: null,
  })
  const invoice = world.bench.invoice(world.invoice.id)
  expect(invoice).toMatchObject({
    amount_due: 3000,
    amount_remaining: 3000,
    pre_payment_credit_notes_amount: 240,
    total: 3240,
  })
  expect(world.bench.all('payment_intents').at(-1)?.amount).toBe(3000)
  expect(world.bench.takeEvents()).toEqual(['credit_note.created', 'invoice.updated'])
  world.bench.run('invoices.pay', {}, invoice.id)
  expect(world.bench.invoice(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 3000, amount_remaining: 0 })
})

test('a note over everything leaves the invoice paid by nothing', () => {
  const world = written()
  create(world, { lines: [{ type: 'invoice_line_item', invoice_line_item: world.invoice.lines.data[0]?.id }] })
  expect(world.bench.invoice(world.invoice.id)).toMatchObject({ status: 'paid', amount_due: 0, amount_paid: 0 })
  expect(world.bench.all('payment_intents').at(-1)?.status).toBe('canceled')
})

test('a line takes its share of discounts and taxes with it', () => {
  const world = written()
  const [line] = world.invoice.lines.data
  const note = create(world, { lines: [{ type: 'invoice_line_item', invoice_line_item: line?.id, quantity: 1 }] })
  expect(note).toMatchObject({
    subtotal: 1000,
    discount_amount: 100,
    total_excluding_tax: 900,
    total: 1080,
    total_taxes: [{ amount: 180, taxable_amount: 900 }],
  })
  const listed = world.bench.run<{ data: unknown[] }>('credit_notes.lines', {}, note.id)
  expect(listed.data).toMatchObject([
    { object: 'credit_note_line_item', amount: 1000, quantity: 1, discount_amount: 100 },
  ])
})

test('after payment it is given back to the card, to the balance, or elsewhere', () => {
  const world = written({ isPaid: true })
  const note = create(world, { amount: 1000, refund_amount: 500, credit_amount: 300, out_of_band_amount: 200 })
  expect(note).toMatchObject({ type: 'post_payment', post_payment_amount: 1000, out_of_band_amount: 200 })
  expect(note.refunds).toMatchObject([{ amount_refunded: 500, type: 'refund' }])
  expect(world.bench.get('refunds', note.refunds[0]?.refund ?? '')).toMatchObject({ amount: 500 })
  expect(world.bench.get('customers', world.customer).balance).toBe(-300)
  const entry = world.bench.get('customer_balance_transactions', note.customer_balance_transaction ?? '')
  expect(entry).toMatchObject({ amount: -300, credit_note: note.id, invoice: world.invoice.id, type: 'credit_note' })
  expect(world.bench.invoice(world.invoice.id)).toMatchObject({
    status: 'paid',
    amount_paid: 3240,
    post_payment_credit_notes_amount: 1000,
  })
})

test.each([
  ['more than the invoice', false, { amount: 3241 }, /exceeds what can still be credited/],
  ['nothing', false, { amount: 0 }, /greater than zero/],
  ['neither amount nor lines', false, {}, /must pass one of/],
  ['no way to give it back', true, { amount: 100 }, /must equal the post payment amount/],
  ['ways that do not add up', true, { amount: 100, credit_amount: 50, refund_amount: 40 }, /must equal/],
  ['a way to give back what was not paid', false, { amount: 100, credit_amount: 100 }, /must equal/],
])('%s is refused', (_name, isPaid, params, message) => {
  const { bench, invoice } = written({ isPaid })
  expect(bench.fail('credit_notes.create', { invoice: invoice.id, ...params }).message).toMatch(message)
})

test('a line cannot be credited twice', () => {
  const world = written()
  const lines = [{ type: 'invoice_line_item', invoice_line_item: world.invoice.lines.data[0]?.id, quantity: 2 }]
  create(world, { lines })
  expect(world.bench.fail('credit_notes.create', { invoice: world.invoice.id, lines }).message).toMatch(
    /exceeds what is left/,
  )
})

test('voiding asks for the amount again, as long as nothing was paid', () => {
  const world = written()
  const { id } = create(world, { amount: 240 })
  world.bench.takeEvents()
  expect(world.bench.run('credit_notes.void', {}, id)).toMatchObject({ status: 'void', voided_at: world.bench.now })
  expect(world.bench.invoice(world.invoice.id)).toMatchObject({ amount_due: 3240, pre_payment_credit_notes_amount: 0 })
  expect(world.bench.takeEvents()).toEqual(['credit_note.voided', 'invoice.updated'])
  expect(world.bench.fail('credit_notes.void', {}, id).status).toBe(400)
  const paid = written({ isPaid: true })
  const note = create(paid, { amount: 100, credit_amount: 100 })
  expect(paid.bench.fail('credit_notes.void', {}, note.id).status).toBe(400)
})

test('a preview says what a note will be, and writes nothing', () => {
  const world = written()
  const params = { amount: 240, memo: 'Sorry' }
  const preview = world.bench.run<CreditNote>('credit_notes.preview', { invoice: world.invoice.id, ...params })
  expect(world.bench.all('credit_notes')).toEqual([])
  const { id: _id, pdf: _pdf, lines: _lines, ...said } = preview
  expect(create(world, params)).toMatchObject(said)
})

test('an update changes words only, and is announced', () => {
  const world = written()
  const { id } = create(world, { amount: 240 })
  world.bench.takeEvents()
  expect(world.bench.run('credit_notes.update', { memo: 'New', metadata: { a: '1' } }, id)).toMatchObject({
    memo: 'New',
  })
  expect(world.bench.takeEvents()).toEqual(['credit_note.updated'])
  const listed = world.bench.run<{ data: CreditNote[] }>('credit_notes.list', { invoice: world.invoice.id })
  expect(listed.data.map((note) => note.id)).toEqual([id])
})

test('an invoice that is a draft has no notes', () => {
  const bench = new Bench()
  const { id } = bench.run('invoices.create', { customer: bench.customer() })
  expect(bench.fail('credit_notes.create', { invoice: id, amount: 1 })).toMatchObject({ status: 400, param: 'invoice' })
})

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('amount' as const), amount: fc.integer({ min: 1, max: 2000 }) }),
    fc.record({ kind: fc.constant('line' as const), amount: fc.integer({ min: 1, max: 2000 }) }),
    fc.record({ kind: fc.constant('pay' as const), amount: fc.constant(0) }),
    fc.record({ kind: fc.constant('void' as const), amount: fc.constant(0) }),
  ),
  { maxLength: 8 },
)

test('notes never exceed their invoice, and its amounts always add up', () => {
  fc.assert(
    fc.property(steps, (plan) => {
      const { bench, invoice, customer } = written()
      for (const { kind, amount } of plan) act(bench, invoice, { kind, amount })
      const after = bench.invoice(invoice.id)
      const notes = bench.all('credit_notes').filter(({ status }) => status === 'issued')
      const credited = notes.reduce((sum, note) => sum + note.total, 0)
      expect(credited).toBe(after.pre_payment_credit_notes_amount + after.post_payment_credit_notes_amount)
      expect(credited).toBeLessThanOrEqual(after.total)
      expect(after.amount_due).toBe(after.total - after.pre_payment_credit_notes_amount)
      expect(after.amount_paid + after.amount_remaining).toBe(after.amount_due)
      const entries = bench.all('customer_balance_transactions').reduce((sum, entry) => sum + entry.amount, 0)
      expect(bench.get('customers', customer).balance).toBe(entries)
    }),
    { numRuns: 60 },
  )
})

function act(bench: Bench, { id, lines }: Invoice, { kind, amount }: { kind: string; amount: number }): void {
  const isPaid = bench.invoice(id).status === 'paid'
  if (kind === 'pay') bench.try('invoices.pay', {}, id)
  if (kind === 'void') bench.try('credit_notes.void', {}, bench.all('credit_notes').at(-1)?.id ?? 'cn_none')
  if (kind === 'amount') {
    bench.try('credit_notes.create', { invoice: id, amount, ...(isPaid && { credit_amount: amount }) })
  }
  if (kind === 'line') {
    const line = { type: 'invoice_line_item', invoice_line_item: lines.data[0]?.id, amount }
    const preview = bench.try<CreditNote>('credit_notes.preview', { invoice: id, lines: [line] })
    const given = isPaid ? { credit_amount: preview?.total ?? Math.round(amount * 0.9 * 1.2) } : {}
    bench.try('credit_notes.create', { invoice: id, lines: [line], ...given })
  }
}

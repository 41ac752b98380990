import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../../index.js'
import { cardTyped, submit, visit } from '../../testing/visitor.js'

let simulator: Simulator
let stripe: Stripe
let customer: string

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  customer = (await stripe.customers.create({ name: 'Zoë (Ltd)', email: 'zoe@example.com' })).id
})

afterEach(() => simulator.close())

async function openInvoice(lines = 1): Promise<Stripe.Invoice> {
  for (let count = 1; count <= lines; count++)
    await stripe.invoiceItems.create({
      customer,
      amount: 1500,
      currency: 'eur',
      description: `Workshop (part ${count})`,
    })
  const { id } = await stripe.invoices.create({ customer, currency: 'eur', pending_invoice_items_behavior: 'include' })
  return stripe.invoices.finalizeInvoice(id ?? '')
}

test('an open invoice is paid on its page, with 3-D Secure on the way', async () => {
  const { hosted_invoice_url: url, id } = await openInvoice()
  const page = url ?? ''
  expect((await visit(page)).text).toContain('Workshop (part 1)')
  expect(await submit(page, cardTyped('4000000000009995'))).toMatchObject({
    status: 422,
    text: expect.stringContaining('Your card has insufficient funds.'),
  })
  const asked = await submit(page, cardTyped('4000002760003184'))
  const back = await submit(`${simulator.url}${asked.location}`, { outcome: 'succeeded' })
  expect(back.location).toContain(page)
  expect((await stripe.invoices.retrieve(id ?? '')).status).toBe('paid')
  expect((await visit(page)).text).not.toContain('Pay this invoice')
})

test('the page of nothing is not found', async () => {
  const { hosted_invoice_url: url } = await openInvoice()
  expect((await visit(`${url}x`)).status).toBe(404)
  expect((await visit(`${url}/nothing`)).status).toBe(404)
})

test('the invoice as a PDF is whole: every object lies where the table says', async () => {
  const { invoice_pdf: url, number } = await openInvoice()
  const { headers, status, bytes } = await file(url)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/pdf')
  expect(headers.get('content-disposition')).toBe(`attachment; filename="Invoice-${number}.pdf"`)
  expect(bytes).toMatch(/^%PDF-1\.7\n/)
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(bytes)?.[1])
  expect(bytes.slice(table)).toMatch(/^xref\n/)
  const offsets = [...bytes.slice(table).matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) => Number(offset))
  expect(offsets.length).toBeGreaterThan(5)
  for (const [index, offset] of offsets.entries()) {
    expect(bytes.slice(offset, offset + 12)).toMatch(new RegExp(`^${index + 1} 0 obj\\n`))
  }
  const words = wordsOf(bytes)
  for (const part of [`Invoice ${number}`, 'Zoë (Ltd)', 'Workshop (part 1)', '\u008015.00'])
    expect(words).toContain(part)
})

test('an invoice of many lines goes on on further pages', async () => {
  const { invoice_pdf: url } = await openInvoice(60)
  const { bytes } = await file(url)
  expect(bytes).toMatch(/\/Count [23]\b/)
  expect(wordsOf(bytes)).toContain('Workshop (part 60)')
})

test('discounts and taxes stand on the page, on the invoice and on the credit note', async () => {
  const { id: coupon } = await stripe.coupons.create({ percent_off: 10, name: 'Friends' })
  const { id: rate } = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
  await stripe.invoiceItems.create({ customer, amount: 1000, currency: 'eur', description: 'Workshop' })
  const { id } = await stripe.invoices.create({
    customer,
    currency: 'eur',
    pending_invoice_items_behavior: 'include',
    default_tax_rates: [rate],
    discounts: [{ coupon }],
    footer: 'Thank you',
  })
  const { hosted_invoice_url: page, invoice_pdf: url } = await stripe.invoices.finalizeInvoice(id)
  const shown = (await visit(page ?? '')).text
  for (const part of ['Friends (10% off)', 'VAT (20%)', '€10.80', 'Thank you']) expect(shown).toContain(part)
  const words = wordsOf((await file(url)).bytes)
  for (const part of ['Subtotal', 'Friends (10% off)', '-\u00801.00', 'VAT (20%)', '\u008010.80']) {
    expect(words).toContain(part)
  }
  const note = await stripe.creditNotes.create({ invoice: id, amount: 80, memo: 'Sorry' })
  const credited = await file(note.pdf)
  expect(credited.headers.get('content-disposition')).toContain(`CreditNote-${note.number}.pdf`)
  for (const part of [`Credit note ${note.number}`, '\u00800.80', 'Sorry'])
    expect(wordsOf(credited.bytes)).toContain(part)
  expect((await visit(page ?? '')).text).toContain('€10.00')
})

test('an invoice says where its customer is and what their tax id is, and so does its credit note', async () => {
  const address = { line1: '1 Main Street', city: 'Berlin', postal_code: '10115', country: 'DE' }
  await stripe.customers.update(customer, { address })
  await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
  const { id, hosted_invoice_url: page, invoice_pdf: url } = await openInvoice()
  const { pdf } = await stripe.creditNotes.create({ invoice: id, amount: 100 })
  for (const paper of [url, pdf]) {
    const words = wordsOf((await file(paper)).bytes)
    for (const part of ['1 Main Street, 10115 Berlin, Germany', 'Tax ID DE123456789']) expect(words).toContain(part)
  }
  expect((await visit(page ?? '')).text).toContain('1 Main Street, 10115 Berlin, Germany')
})

test('a paid invoice has a receipt, an open one has none', async () => {
  const { hosted_invoice_url: page, number } = await openInvoice()
  expect((await visit(`${page}/receipt`)).status).toBe(404)
  await submit(page ?? '', cardTyped('4242424242424242'))
  const { bytes } = await file(`${page}/receipt`)
  const words = wordsOf(bytes)
  for (const part of [`Receipt for invoice ${number}`, 'Paid with: Visa ending in 4242', 'Amount paid']) {
    expect(words).toContain(part)
  }
})

/** A file byte by byte, as text of which each character is one. */
async function file(
  url: string | null | undefined,
): Promise<{ readonly status: number; readonly headers: Headers; readonly bytes: string }> {
  const response = await fetch(url ?? '')
  const bytes = Buffer.from(await response.arrayBuffer()).toString('latin1')
  return { status: response.status, headers: response.headers, bytes }
}

/** What a PDF says: the texts it draws, each whole. */
function wordsOf(bytes: string): string[] {
  return [...bytes.matchAll(/\[([^\]]*)\] TJ/g)].map(([, parts = '']) =>
    [...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
  )
}

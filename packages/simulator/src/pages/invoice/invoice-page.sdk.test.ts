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
  const { headers, status, text } = await visit(url ?? '')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/pdf')
  expect(headers.get('content-disposition')).toBe(`attachment; filename="Invoice-${number}.pdf"`)
  expect(text.startsWith('%PDF-1.4\n')).toBe(true)
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  expect(text.slice(table)).toMatch(/^xref\n/)
  const offsets = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset))
  expect(offsets.map((offset, index) => text.slice(offset).startsWith(`${index + 1} 0 obj\n`))).toEqual(
    offsets.map(() => true),
  )
  for (const part of [
    `(Invoice ${number})`,
    '(To Zo\\353 \\050Ltd\\051)',
    '(Workshop \\050part 1\\051)',
    '(\\20015.00)',
  ])
    expect(text).toContain(part)
})

test('an invoice of many lines goes on on further pages', async () => {
  const { invoice_pdf: url } = await openInvoice(60)
  const { text } = await visit(url ?? '')
  expect(text).toContain('/Count 3')
  expect(text).toContain('(Workshop \\050part 60\\051)')
})

import { gone, holding, type Stretches, type Walk } from './walk.js'
import { monthlyPrice, payingCustomer } from './subscriptions.js'

async function draft({ stripe }: Walk, customer: string, amount = 1500): Promise<string> {
  await stripe.invoiceItems.create({ customer, amount, currency: 'usd', description: 'Work' })
  const { id } = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include' })
  return id
}

async function walkInvoice(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { invoices } = stripe
  const customer = await payingCustomer(walk)
  const invoice = await visit('POST /v1/invoices', () => invoices.create({ customer }), { status: 'draft' })
  const { id } = invoice
  await visit('GET /v1/invoices/:id', () => invoices.retrieve(id), invoice)
  await visit('POST /v1/invoices/:id', () => invoices.update(id, { description: 'March' }), { description: 'March' })
  await visit('POST /v1/invoices/:id/add_lines', () => invoices.addLines(id, { lines: [{ amount: 900 }] }), {
    total: 900,
  })
  await visit('POST /v1/invoices/:id/finalize', () => invoices.finalizeInvoice(id), { status: 'open' })
  await visit('POST /v1/invoices/:id/pay', () => invoices.pay(id), { status: 'paid', amount_paid: 900 })
  await visit('GET /v1/invoices', () => invoices.list({ customer }), holding(invoice))
  const query = "total:900 AND status:'paid'"
  await visit('GET /v1/invoices/search', () => invoices.search({ query }), { data: [{ id }] })
  const payments = await visit('GET /v1/invoice_payments', () => stripe.invoicePayments.list({ invoice: id }), {
    data: [{ status: 'paid', amount_paid: 900 }],
  })
  const [payment = { id: '' }] = payments.data
  await visit('GET /v1/invoice_payments/:id', () => stripe.invoicePayments.retrieve(payment.id), payment)
  const price = await monthlyPrice(walk)
  await visit(
    'POST /v1/invoices/create_preview',
    () => invoices.createPreview({ customer, subscription_details: { items: [{ price }] } }),
    { total: 2000 },
  )
}

async function walkLines(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { invoices } = stripe
  const id = await draft(walk, await payingCustomer(walk))
  const lines = await visit('GET /v1/invoices/:id/lines', () => invoices.listLineItems(id), {
    data: [{ amount: 1500 }],
  })
  const line = lines.data[0]?.id ?? ''
  await visit(
    'POST /v1/invoices/:invoice/lines/:id',
    () => invoices.updateLineItem(id, line, { description: 'More work' }),
    { description: 'More work' },
  )
  await visit(
    'POST /v1/invoices/:id/update_lines',
    () => invoices.updateLines(id, { lines: [{ id: line, amount: 1600 }] }),
    { total: 1600 },
  )
  await visit(
    'POST /v1/invoices/:id/remove_lines',
    () => invoices.removeLines(id, { lines: [{ id: line, behavior: 'delete' }] }),
    { total: 0 },
  )
}

async function walkEnds(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { invoices } = stripe
  const customer = await payingCustomer(walk)
  const dropped = await draft(walk, customer)
  await visit('DELETE /v1/invoices/:id', () => invoices.del(dropped), gone({ id: dropped }))
  const sent = await invoices.create({ customer, collection_method: 'send_invoice', days_until_due: 7 })
  await visit('POST /v1/invoices/:id/send', () => invoices.sendInvoice(sent.id), { status: 'paid' })
  const voided = await draft(walk, customer)
  await invoices.finalizeInvoice(voided)
  await visit('POST /v1/invoices/:id/void', () => invoices.voidInvoice(voided), { status: 'void' })
  const lost = await draft(walk, customer)
  await invoices.finalizeInvoice(lost)
  await visit('POST /v1/invoices/:id/mark_uncollectible', () => invoices.markUncollectible(lost), {
    status: 'uncollectible',
  })
  const attached = await draft(walk, customer)
  await invoices.finalizeInvoice(attached)
  const paid = { amount: 1500, currency: 'usd', customer, payment_method: 'pm_card_visa', confirm: true } as const
  const intent = await stripe.paymentIntents.create({ ...paid, return_url: 'https://app.example' })
  await visit(
    'POST /v1/invoices/:id/attach_payment',
    () => invoices.attachPayment(attached, { payment_intent: intent.id }),
    { status: 'paid' },
  )
}

async function walkItems(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { invoiceItems } = stripe
  const customer = await payingCustomer(walk)
  const wanted = { customer, amount: 700, currency: 'usd' }
  const item = await visit('POST /v1/invoiceitems', () => invoiceItems.create(wanted), { amount: 700, invoice: null })
  await visit('GET /v1/invoiceitems/:id', () => invoiceItems.retrieve(item.id), item)
  await visit('POST /v1/invoiceitems/:id', () => invoiceItems.update(item.id, { amount: 800 }), { amount: 800 })
  await visit('GET /v1/invoiceitems', () => invoiceItems.list({ customer, pending: true }), holding(item))
  await visit('DELETE /v1/invoiceitems/:id', () => invoiceItems.del(item.id), gone(item))
}

async function walkCreditNotes(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { creditNotes } = stripe
  const invoice = await draft(walk, await payingCustomer(walk))
  await stripe.invoices.finalizeInvoice(invoice)
  const some = { invoice, amount: 500 }
  await visit('GET /v1/credit_notes/preview', () => creditNotes.preview(some), { total: 500 })
  await visit('GET /v1/credit_notes/preview/lines', () => creditNotes.listPreviewLineItems(some), {
    data: [{ amount: 500 }],
  })
  const note = await visit('POST /v1/credit_notes', () => creditNotes.create(some), { status: 'issued', total: 500 })
  await visit('GET /v1/credit_notes/:id', () => creditNotes.retrieve(note.id), { id: note.id })
  await visit('POST /v1/credit_notes/:id', () => creditNotes.update(note.id, { memo: 'Sorry' }), { memo: 'Sorry' })
  await visit('GET /v1/credit_notes', () => creditNotes.list({ invoice }), holding(note))
  await visit('GET /v1/credit_notes/:id/lines', () => creditNotes.listLineItems(note.id), { data: [{ amount: 500 }] })
  await visit('POST /v1/credit_notes/:id/void', () => creditNotes.voidCreditNote(note.id), { status: 'void' })
}

/** Templates are made in the Dashboard alone, so that here there are none. */
async function walkTemplates({ stripe, visit, refused }: Walk): Promise<void> {
  const { invoiceRenderingTemplates: templates } = stripe
  const route = '/v1/invoice_rendering_templates'
  const missing = 'resource_missing'
  await visit(`GET ${route}`, () => templates.list(), { data: [] })
  await refused(`GET ${route}/:id`, () => templates.retrieve('inrtem_none'), missing)
  await refused(`POST ${route}/:id/archive`, () => templates.archive('inrtem_none'), missing)
  await refused(`POST ${route}/:id/unarchive`, () => templates.unarchive('inrtem_none'), missing)
}

/** Invoices, what stands on them, and what is taken back. */
export const invoices: Stretches = {
  invoices: walkInvoice,
  'lines of invoices': walkLines,
  'ends of invoices': walkEnds,
  'invoice items': walkItems,
  'credit notes': walkCreditNotes,
  'invoice templates': walkTemplates,
}

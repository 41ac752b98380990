import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './index.js'

let simulator: Simulator
let stripe: Stripe
let customer: string

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  customer = (await stripe.customers.create({ email: 'ada@example.com', payment_method: 'pm_card_visa' })).id
})

afterAll(() => simulator.close())

async function draft(params: Stripe.InvoiceCreateParams = {}): Promise<string> {
  return (await stripe.invoices.create({ customer, currency: 'usd', ...params })).id ?? ''
}

test('lines of an invoice: added, listed, changed, removed', async () => {
  const id = await draft()
  const added = await stripe.invoices.addLines(id, {
    lines: [
      { amount: 1000, description: 'One' },
      { amount: 500, description: 'Two' },
    ],
  })
  const [first, second] = added.lines.data
  await stripe.invoices.updateLines(id, { lines: [{ id: first?.id ?? '', amount: 1200 }] })
  const line = await stripe.invoices.updateLineItem(id, second?.id ?? '', { description: 'Second' })
  expect(line).toMatchObject({ object: 'line_item', description: 'Second', amount: 500 })
  const listed = await stripe.invoices.listLineItems(id)
  expect(listed.data.map(({ amount }) => amount)).toEqual([1200, 500])
  const left = await stripe.invoices.removeLines(id, { lines: [{ id: first?.id ?? '', behavior: 'delete' }] })
  expect(left.total).toBe(500)
})

test('discounts and taxes can be expanded in lists, and taken off again', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
  const product = await stripe.products.create({ name: 'Pro' })
  const recurring = { interval: 'month' } as const
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 1000, recurring })
  const { data: cards } = await stripe.paymentMethods.list({ customer })
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: price.id, tax_rates: [rate.id] }],
    discounts: [{ coupon: coupon.id }],
    default_payment_method: cards[0]?.id ?? '',
    expand: ['discounts', 'latest_invoice.discounts', 'latest_invoice.total_discount_amounts.discount'],
  })
  const [discount] = subscription.discounts
  expect(discount).toMatchObject({ object: 'discount', subscription: subscription.id, source: { coupon: coupon.id } })
  expect(subscription.latest_invoice).toMatchObject({
    subtotal: 1000,
    total: 1080,
    status: 'paid',
    discounts: [discount],
  })
  const removed = await stripe.subscriptions.deleteDiscount(subscription.id)
  expect(removed).toMatchObject({ object: 'discount', deleted: true })
  expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([])
  await stripe.subscriptions.cancel(subscription.id)
})

test('a customer without a discount has none to take off', async () => {
  await expect(stripe.customers.deleteDiscount(customer)).rejects.toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
  })
})

test('the ledger of a balance', async () => {
  const { id } = await stripe.customers.create({ balance: -500 })
  const entry = await stripe.customers.createBalanceTransaction(id, {
    amount: -250,
    currency: 'usd',
    description: 'Sorry',
  })
  expect(entry).toMatchObject({ object: 'customer_balance_transaction', ending_balance: -750, type: 'adjustment' })
  await stripe.customers.updateBalanceTransaction(id, entry.id, { metadata: { a: '1' } })
  expect(await stripe.customers.retrieveBalanceTransaction(id, entry.id)).toMatchObject({ metadata: { a: '1' } })
  await stripe.invoiceItems.create({ customer: id, amount: 600, currency: 'usd' })
  const invoice = await stripe.invoices.create({ customer: id, pending_invoice_items_behavior: 'include' })
  expect(await stripe.invoices.finalizeInvoice(invoice.id ?? '')).toMatchObject({
    status: 'paid',
    starting_balance: -750,
    ending_balance: -150,
    amount_due: 0,
  })
  const { data } = await stripe.customers.listBalanceTransactions(id)
  expect(data.map(({ amount, type }) => [amount, type])).toEqual([
    [600, 'applied_to_invoice'],
    [-250, 'adjustment'],
    [-500, 'initial'],
  ])
  expect((await stripe.customers.retrieve(id)) as Stripe.Customer).toMatchObject({ balance: -150, currency: 'usd' })
  await expect(stripe.customers.createBalanceTransaction(id, { amount: 1, currency: 'eur' })).rejects.toMatchObject({
    param: 'currency',
  })
  expect((await stripe.customers.listCashBalanceTransactions(id)).data).toEqual([])
  expect(await stripe.customers.retrieveCashBalance(id)).toMatchObject({ object: 'cash_balance', available: null })
})

test('voiding an invoice gives the balance back', async () => {
  const { id } = await stripe.customers.create({ balance: -300 })
  await stripe.invoiceItems.create({ customer: id, amount: 1000, currency: 'usd' })
  const invoice = await stripe.invoices.create({ customer: id, pending_invoice_items_behavior: 'include' })
  expect(await stripe.invoices.finalizeInvoice(invoice.id ?? '')).toMatchObject({ amount_due: 700 })
  await stripe.invoices.voidInvoice(invoice.id ?? '')
  const { data } = await stripe.customers.listBalanceTransactions(id, { limit: 1 })
  expect(data[0]).toMatchObject({
    amount: -300,
    ending_balance: -300,
    invoice: invoice.id,
    type: 'unapplied_from_invoice',
  })
})

test('a credit note from its preview to its end', async () => {
  const id = await draft()
  await stripe.invoices.addLines(id, { lines: [{ amount: 2000 }] })
  const invoice = await stripe.invoices.finalizeInvoice(id)
  const lines = [{ type: 'invoice_line_item', invoice_line_item: invoice.lines.data[0]?.id ?? '', amount: 500 }]
  expect(await stripe.creditNotes.preview({ invoice: id, lines })).toMatchObject({ total: 500, type: 'pre_payment' })
  expect((await stripe.creditNotes.listPreviewLineItems({ invoice: id, lines })).data).toMatchObject([{ amount: 500 }])
  const note = await stripe.creditNotes.create({ invoice: id, lines, expand: ['invoice', 'customer'] })
  expect(note.invoice).toMatchObject({ id, amount_remaining: 1500 })
  expect(note.customer).toMatchObject({ id: customer })
  expect(await stripe.creditNotes.update(note.id, { memo: 'Memo' })).toMatchObject({ memo: 'Memo' })
  expect((await stripe.creditNotes.listLineItems(note.id)).data).toHaveLength(1)
  expect((await stripe.creditNotes.list({ customer })).data.map((each) => each.id)).toEqual([note.id])
  expect(await stripe.creditNotes.voidCreditNote(note.id)).toMatchObject({ status: 'void' })
  expect(await stripe.creditNotes.retrieve(note.id)).toMatchObject({ status: 'void' })
  expect((await stripe.invoices.retrieve(id)).amount_remaining).toBe(2000)
})

test('payments are attached, and an invoice is paid elsewhere', async () => {
  const id = await draft()
  await stripe.invoices.addLines(id, { lines: [{ amount: 2000 }] })
  await stripe.invoices.finalizeInvoice(id)
  const intent = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  })
  expect(await stripe.invoices.attachPayment(id, { payment_intent: intent.id })).toMatchObject({
    amount_remaining: 1500,
  })
  const { data } = await stripe.invoicePayments.list({ invoice: id })
  expect(data.map(({ amount_paid: paid, is_default: isDefault }) => [paid, isDefault])).toEqual([
    [500, false],
    [null, true],
  ])
  const paid = await stripe.invoices.pay(id, { paid_out_of_band: true })
  expect(paid).toMatchObject({ status: 'paid', amount_paid: 2000, amount_paid_off_stripe: 1500 })
})

test('a preview of a subscription that would be', async () => {
  const { id: product } = await stripe.products.create({ name: 'Pro' })
  const price = { currency: 'usd', product, recurring: { interval: 'month' as const }, unit_amount: 1000 }
  const details = { items: [{ price_data: price, quantity: 3 }] }
  expect((await stripe.invoices.createPreview({ customer, subscription_details: details })).total).toBe(3000)
})

test('a preview of what is pending, with more', async () => {
  const { id } = await stripe.customers.create()
  await stripe.invoiceItems.create({ customer: id, amount: 600, currency: 'usd' })
  const items = [{ amount: 400, currency: 'usd' }]
  expect((await stripe.invoices.createPreview({ customer: id, invoice_items: items })).total).toBe(1000)
  expect((await stripe.invoiceItems.list({ customer: id })).data).toHaveLength(1)
})

test('a preview for somebody who is no customer yet', async () => {
  const { total, total_taxes: taxes } = await stripe.invoices.createPreview({
    customer_details: { address: { country: 'DE' } },
    automatic_tax: { enabled: true },
    invoice_items: [{ amount: 1000, currency: 'eur' }],
  })
  expect(total).toBe(1190)
  expect(taxes?.[0]).toMatchObject({ amount: 190, taxability_reason: 'standard_rated' })
})

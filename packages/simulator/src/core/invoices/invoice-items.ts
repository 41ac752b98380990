import type Stripe from 'stripe'
import { adHocPrice } from '../catalogue/ad-hoc-price.js'
import type { Period } from '../arithmetic/proration.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { withTotals } from './create.js'
import { lineOfItem, pricingOf } from './lines.js'
import { mergeMetadata } from '../metadata.js'
import { amountOf, productName, unitAmountOf } from '../catalogue/pricing.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type InvoiceItem = Records['invoice_items']

type NewItem = Pick<InvoiceItem, 'amount' | 'currency' | 'customer' | 'description'> &
  Partial<InvoiceItem> & { readonly period: Period }

/** Writes an item that waits for the customer's next invoice, and announces it. */
export function createInvoiceItem(transaction: Transaction, fields: NewItem): InvoiceItem {
  const item = transaction.put('invoice_items', {
    id: transaction.newId('ii'),
    object: 'invoiceitem',
    customer_account: null,
    date: transaction.now,
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: fields.amount,
    parent: null,
    pricing: null,
    proration: false,
    quantity: 1,
    quantity_decimal: String(fields.quantity ?? 1),
    tax_rates: [],
    test_clock: transaction.load('customers', fields.customer).test_clock ?? null,
    ...fields,
  })
  transaction.emit('invoiceitem.created', 'invoice_items', item)
  return item
}

/** What the next invoice of a customer, or of one of their subscriptions, takes in; the newest first. */
export function pendingItems(
  transaction: Transaction,
  owner: { readonly customer: string; readonly currency: string; readonly subscription: string | null },
): InvoiceItem[] {
  const mine = (item: InvoiceItem): boolean => {
    const subscription = item.parent?.subscription_details?.subscription ?? null
    return item.currency === owner.currency && (subscription === null || subscription === owner.subscription)
  }
  return newestFirst(transaction.by('invoice_items', 'pending', owner.customer).filter(mine))
}

/** Newest first, but what was written in one second stays in order: a credit stands above its debit. */
function newestFirst(items: readonly InvoiceItem[]): InvoiceItem[] {
  return items.toSorted((left, right) => right.date - left.date)
}

const create: Handler<Stripe.InvoiceItemCreateParams> = (transaction, { params }) => {
  refuseUnbuilt(params)
  const customer = ownerOf(transaction, params)
  transaction.enterClockOf(customer)
  const invoice = params.invoice === undefined ? undefined : requireDraft(transaction, params.invoice)
  const currency = params.currency ?? invoice?.currency
  const item = createInvoiceItem(transaction, {
    ...priced(transaction, params, currency),
    customer,
    discountable: params.discountable ?? true,
    metadata: mergeMetadata({}, params.metadata),
    parent: parentOf(transaction, params.subscription),
    period: params.period ?? { start: transaction.now, end: transaction.now },
    invoice: params.invoice ?? null,
  })
  if (invoice !== undefined) appendLine(transaction, invoice.id, item)
  return transaction.render('invoice_items', item)
}

const notBuilt = ['customer_account', 'discounts', 'price_data', 'quantity_decimal', 'tax_rates'] as const

function refuseUnbuilt(params: Stripe.InvoiceItemCreateParams): void {
  const given = notBuilt.find((key) => params[key] !== undefined && params[key] !== '')
  if (given !== undefined) throw notSimulated(given, given)
}

function ownerOf(transaction: Transaction, params: Stripe.InvoiceItemCreateParams): string {
  const fromInvoice = params.invoice === undefined ? undefined : requireDraft(transaction, params.invoice).customer
  const id = params.customer ?? fromInvoice ?? undefined
  if (id === undefined) throw missingParameter('customer')
  return transaction.require('customers', id, { kind: 'customer', param: 'customer' }).id
}

function requireDraft(transaction: Transaction, id: string): Records['invoices'] {
  const invoice = transaction.require('invoices', id, { kind: 'invoice', param: 'invoice' })
  if (invoice.status === 'draft') return invoice
  throw invalidRequest("You can only add invoice items to draft invoices. This invoice isn't a draft.", {
    param: 'invoice',
  })
}

type Priced = Pick<InvoiceItem, 'amount' | 'currency' | 'description' | 'pricing' | 'quantity' | 'quantity_decimal'>

function priced(
  transaction: Transaction,
  params: Stripe.InvoiceItemCreateParams,
  currency: string | undefined,
): Priced {
  const quantity = params.quantity ?? 1
  if (params.pricing?.price !== undefined) {
    const price = transaction.require('prices', params.pricing.price, { kind: 'price', param: 'pricing[price]' })
    return { ...pricedBy(transaction, price, quantity), ...(params.description && { description: params.description }) }
  }
  if (currency === undefined) throw missingParameter('currency')
  const unitAmount = params.unit_amount_decimal === undefined ? undefined : Number(params.unit_amount_decimal)
  const amount = params.amount ?? (unitAmount === undefined ? undefined : unitAmount * quantity)
  if (amount === undefined || !Number.isInteger(amount)) throw missingParameter('amount')
  const unit = unitAmount ?? amount
  const name = params.description || 'Invoice item'
  return {
    amount,
    currency: currency.toLowerCase(),
    description: params.description ?? null,
    pricing:
      unit < 0 ? noPrice(unit) : pricingOf(adHocPrice(transaction, { amount: unit, currency, name }), String(unit)),
    quantity,
    quantity_decimal: String(quantity),
  }
}

/** A credit has no price. */
function noPrice(unitAmount: number): InvoiceItem['pricing'] {
  return { type: 'price_details', unit_amount_decimal: String(unitAmount) }
}

/** An item for a quantity of a one-time price. */
export function pricedBy(transaction: Transaction, price: Records['prices'], quantity: number): Priced {
  return {
    amount: amountOf(price, quantity),
    currency: price.currency,
    description: productName(transaction, price),
    pricing: pricingOf(price, unitAmountOf(price)),
    quantity,
    quantity_decimal: String(quantity),
  }
}

function parentOf(transaction: Transaction, subscription: string | undefined): InvoiceItem['parent'] {
  if (subscription === undefined) return null
  transaction.require('subscriptions', subscription, { kind: 'subscription', param: 'subscription' })
  return { type: 'subscription_details', subscription_details: { subscription } }
}

function appendLine(transaction: Transaction, id: string, item: InvoiceItem): void {
  const before = transaction.load('invoices', id)
  const line = transaction.put('invoice_line_items', { ...lineOfItem(transaction, item), invoice: id })
  const invoice = withTotals(transaction, before, [...before.lines.data, line])
  transaction.emitChange('invoice.updated', 'invoices', { before, after: transaction.put('invoices', invoice) })
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('invoice_items', requireItem(transaction, path['id']))

function requireItem(transaction: Transaction, id = ''): InvoiceItem {
  return transaction.require('invoice_items', id, { kind: 'invoiceitem' })
}

const update: Handler<Stripe.InvoiceItemUpdateParams> = (transaction, { path, params }) => {
  const before = requireItem(transaction, path['id'])
  transaction.enterClockOf(before.customer)
  const built = new Set(['amount', 'description', 'discountable', 'metadata', 'period', 'expand'])
  const strange = Object.keys(params).find((key) => !built.has(key))
  if (strange !== undefined) throw notSimulated(strange, strange)
  if (before.invoice !== null) throw notSimulated('Updating an item that is on an invoice')
  const item = transaction.patch('invoice_items', before.id, {
    ...(params.amount !== undefined && { amount: params.amount, net_amount: params.amount }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.discountable !== undefined && { discountable: params.discountable }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, params.metadata) }),
    ...(params.period !== undefined && { period: params.period }),
  })
  return transaction.render('invoice_items', item)
}

const remove: Handler = (transaction, { path }) => {
  const item = requireItem(transaction, path['id'])
  transaction.enterClockOf(item.customer)
  if (item.invoice !== null) {
    const invoice = transaction.load('invoices', item.invoice)
    if (invoice.status !== 'draft') {
      throw invalidRequest("You can't delete an invoice item that is attached to a finalized invoice.")
    }
    const lines = invoice.lines.data.filter((line) => !isLineOf(line, item.id))
    transaction.put('invoices', withTotals(transaction, invoice, lines))
  }
  transaction.remove('invoice_items', item.id)
  transaction.emitObject('invoiceitem.deleted', transaction.render('invoice_items', item))
  return { id: item.id, object: 'invoiceitem', deleted: true }
}

export function isLineOf(line: Records['invoice_line_items'], item: string): boolean {
  const details = line.parent?.subscription_item_details ?? line.parent?.invoice_item_details
  return details?.invoice_item === item
}

const list: Handler<Stripe.InvoiceItemListParams> = (transaction, { params }) => {
  const where = (item: InvoiceItem): boolean =>
    (params.pending === undefined || params.pending === (item.invoice === null)) &&
    (params.invoice === undefined || params.invoice === item.invoice) &&
    (params.customer === undefined || params.customer === item.customer)
  const bucket = params.customer === undefined ? {} : { index: 'customer' as const, key: params.customer }
  const page = transaction.page('invoice_items', params, { ...bucket, where, kind: 'invoiceitem' })
  return listReply(transaction, 'invoice_items', { page, url: '/v1/invoiceitems' })
}

export const invoiceItemHandlers: Handlers = {
  'invoiceitems.create': create,
  'invoiceitems.retrieve': retrieve,
  'invoiceitems.update': update,
  'invoiceitems.delete': remove,
  'invoiceitems.list': list,
}

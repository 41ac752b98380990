import type Stripe from 'stripe'
import { grantDiscounts } from '../discounts/discounts.js'
import { invalidRequest, missingParameter, noSuch } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { readTaxRates, setTaxBehavior } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'
import { emitThinAbout } from '../v2/emit-thin.js'
import { addItem, draftForItems, removeItem, updateItem } from './edit-draft.js'
import { createInvoiceItem, type InvoiceItem } from './invoice-items.js'
import { readPricing, repriced } from './item-pricing.js'

type CreateParams = Stripe.InvoiceItemCreateParams
type UpdateParams = Stripe.InvoiceItemUpdateParams

const create: Handler<CreateParams> = (transaction, { params }) => {
  if (params.customer_account !== undefined) throw noAccount(params.customer_account)
  const invoice = params.invoice === undefined ? undefined : draftForItems(transaction, params.invoice)
  const customer = ownerOf(transaction, params.customer ?? invoice?.customer ?? undefined)
  transaction.enterClockOf(customer)
  const priced = readPricing(transaction, params, currencyOf(params, invoice?.currency))
  if (invoice !== undefined && priced.currency !== invoice.currency) throw otherCurrency(priced, invoice.currency)
  const id = transaction.newId('ii')
  setTaxBehavior(transaction, id, params.tax_behavior)
  const item = createInvoiceItem(transaction, {
    ...priced,
    id,
    customer,
    // A credit is left whole, unless the request says otherwise.
    discountable: params.discountable ?? priced.amount >= 0,
    discounts: grantDiscounts(transaction, params.discounts, {
      owner: { customer, invoiceItem: id },
      currency: priced.currency,
      subtotal: priced.amount,
    }),
    metadata: mergeMetadata({}, params.metadata),
    parent: parentOf(transaction, params.subscription),
    period: params.period ?? { start: transaction.now, end: transaction.now },
    invoice: params.invoice ?? null,
    tax_rates: readTaxRates(transaction, params.tax_rates, 'tax_rates'),
  })
  if (invoice !== undefined) addItem(transaction, invoice, item)
  return transaction.render('invoice_items', transaction.load('invoice_items', id))
}

function noAccount(id: string): ReturnType<typeof noSuch> {
  return noSuch('customer_account', id, { param: 'customer_account', status: 400 })
}

/** A price says its own currency. */
function currencyOf(params: CreateParams, ofInvoice: string | undefined): string | undefined {
  return params.currency?.toLowerCase() ?? params.price_data?.currency.toLowerCase() ?? ofInvoice
}

function otherCurrency({ currency }: { readonly currency: string }, wanted: string): ReturnType<typeof invalidRequest> {
  const message = `The currency of the invoice item, \`${currency}\`, must be that of the invoice, \`${wanted}\`.`
  return invalidRequest(message, { param: 'currency' })
}

function ownerOf(transaction: Transaction, id: string | undefined): string {
  if (id === undefined) throw missingParameter('customer')
  return transaction.require('customers', id, { kind: 'customer', param: 'customer' }).id
}

function parentOf(transaction: Transaction, subscription: string | undefined): InvoiceItem['parent'] {
  if (subscription === undefined) return null
  transaction.require('subscriptions', subscription, { kind: 'subscription', param: 'subscription' })
  return { type: 'subscription_details', subscription_details: { subscription } }
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('invoice_items', requireItem(transaction, path['id']))

function requireItem(transaction: Transaction, id = ''): InvoiceItem {
  return transaction.require('invoice_items', id, { kind: 'invoiceitem' })
}

/** An item can change until its invoice is final. */
function requireOpen(transaction: Transaction, { invoice }: InvoiceItem, message: string): void {
  if (invoice !== null && transaction.load('invoices', invoice).status !== 'draft') throw invalidRequest(message)
}

const update: Handler<UpdateParams> = (transaction, { path, params }) => {
  const before = requireItem(transaction, path['id'])
  transaction.enterClockOf(before.customer)
  refuseUnbuilt(params, updatable)
  requireOpen(transaction, before, 'This invoice item is on an invoice that is final, and can no longer be changed.')
  const { description, discountable, discounts, metadata, period, tax_rates: rates } = params
  const grant = { owner: { customer: before.customer, invoiceItem: before.id }, currency: before.currency }
  const item = transaction.patch('invoice_items', before.id, {
    ...repriced(transaction, before, params),
    ...(description !== undefined && { description: description || null }),
    ...(discountable !== undefined && { discountable }),
    ...(discounts !== undefined && { discounts: grantDiscounts(transaction, discounts, grant) }),
    ...(metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, metadata) }),
    ...(period !== undefined && { period }),
    ...(rates !== undefined && { tax_rates: readTaxRates(transaction, rates, 'tax_rates') }),
  })
  setTaxBehavior(transaction, item.id, params.tax_behavior)
  updateItem(transaction, item)
  reportParts(transaction, before, item)
  return transaction.render('invoice_items', transaction.load('invoice_items', item.id))
}

/** A change of an item has no event of its own, but some of its parts have. */
function reportParts(transaction: Transaction, before: InvoiceItem, after: InvoiceItem): void {
  const [had, has] = [before.discounts ?? [], after.discounts ?? []]
  if (before.amount !== after.amount) emitThinAbout(transaction, 'invoiceitem.amount_changed', after)
  for (const id of has) if (!had.includes(id)) emitThinAbout(transaction, 'invoiceitem.discount_added', after)
  for (const id of had) if (!has.includes(id)) emitThinAbout(transaction, 'invoiceitem.discount_removed', after)
}

const updatable = [
  'amount',
  'description',
  'discountable',
  'discounts',
  'metadata',
  'period',
  'price_data',
  'pricing',
  'quantity',
  'quantity_decimal',
  'tax_behavior',
  'tax_code',
  'tax_rates',
  'unit_amount_decimal',
]

const remove: Handler = (transaction, { path }) => {
  const item = requireItem(transaction, path['id'])
  transaction.enterClockOf(item.customer)
  requireOpen(transaction, item, "You can't delete an invoice item that is attached to a finalized invoice.")
  removeItem(transaction, item)
  transaction.remove('invoice_items', item.id)
  setTaxBehavior(transaction, item.id, 'unspecified')
  transaction.emitObject('invoiceitem.deleted', transaction.render('invoice_items', item))
  return { id: item.id, object: 'invoiceitem', deleted: true }
}

const list: Handler<Stripe.InvoiceItemListParams> = (transaction, { params }) => {
  const where = (item: InvoiceItem): boolean =>
    (params.pending === undefined || params.pending === (item.invoice === null)) &&
    (params.invoice === undefined || params.invoice === item.invoice) &&
    (params.customer === undefined || params.customer === item.customer) &&
    isWithin(item.date, params.created)
  const page = transaction.page('invoice_items', params, { ...bucketOf(params), where, kind: 'invoiceitem' })
  return listReply(transaction, 'invoice_items', { page, url: '/v1/invoiceitems' })
}

function bucketOf(params: Stripe.InvoiceItemListParams): { index?: 'customer' | 'invoice'; key?: string } {
  if (params.invoice !== undefined) return { index: 'invoice', key: params.invoice }
  return params.customer === undefined ? {} : { index: 'customer', key: params.customer }
}

export const invoiceItemHandlers: Handlers = {
  'invoiceitems.create': create,
  'invoiceitems.retrieve': retrieve,
  'invoiceitems.update': update,
  'invoiceitems.delete': remove,
  'invoiceitems.list': list,
}

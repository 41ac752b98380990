import { grantDiscounts, type AskedDiscounts } from '../discounts/discounts.js'
import { invalidRequest, noSuch } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { setTaxAmounts, type AskedTaxAmounts } from '../taxes/given-taxes.js'
import { readTaxRates, setTaxRates } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { createInvoiceItem, itemOfLine, type InvoiceItem } from './invoice-items.js'
import { readPricing, repriced, type AskedPricing } from './item-pricing.js'
import { lineOfItem, type Line } from './lines.js'

/** What a request says about one line, whether it is new or there already. */
export interface AskedLine extends AskedPricing {
  readonly discountable?: boolean
  readonly discounts?: AskedDiscounts
  readonly invoice_item?: string
  readonly metadata?: unknown
  readonly period?: { readonly start: number; readonly end: number }
  readonly tax_amounts?: AskedTaxAmounts
  readonly tax_rates?: '' | readonly string[] | null
}

interface Numbered {
  readonly asked: AskedLine
  /** The parameter it stands in, such as `lines[0]`; empty where the request is about one line alone. */
  readonly param: string
}

/** A line for what is asked: of an item that waits, or of one that is made for it. */
export function newLine(transaction: Transaction, invoice: Invoice, { asked, param }: Numbered): Line {
  const item =
    asked.invoice_item === undefined
      ? newItem(transaction, invoice, { asked, param })
      : takenItem(transaction, invoice, { id: asked.invoice_item, param: within(param, 'invoice_item') })
  const line = lineOfItem(transaction, item)
  if (asked.tax_amounts) setTaxAmounts(transaction, line.id, asked.tax_amounts)
  return line
}

function newItem(transaction: Transaction, invoice: Invoice, { asked, param }: Numbered): InvoiceItem {
  const customer = invoice.customer ?? ''
  const id = transaction.newId('ii')
  const priced = readPricing(transaction, asked, invoice.currency)
  return createInvoiceItem(transaction, {
    ...priced,
    id,
    customer,
    discountable: asked.discountable ?? priced.amount >= 0,
    discounts: discountsOf(transaction, { customer, currency: invoice.currency, id }, { asked, param }),
    invoice: invoice.id,
    metadata: mergeMetadata({}, asked.metadata),
    period: asked.period ?? { start: transaction.now, end: transaction.now },
    tax_rates: readTaxRates(transaction, asked.tax_rates, within(param, 'tax_rates')),
  })
}

function discountsOf(
  transaction: Transaction,
  item: { readonly customer: string; readonly currency: string; readonly id: string },
  { asked, param }: Numbered,
): readonly string[] {
  const { customer, currency, id } = item
  const owner = { customer, invoiceItem: id }
  return grantDiscounts(transaction, asked.discounts, { owner, currency, param: within(param, 'discounts') })
}

function takenItem(
  transaction: Transaction,
  invoice: Invoice,
  { id, param }: { readonly id: string; readonly param: string },
): InvoiceItem {
  const item = transaction.require('invoice_items', id, { kind: 'invoiceitem', param })
  if (item.invoice !== null || item.customer !== invoice.customer || item.currency !== invoice.currency) {
    throw invalidRequest(`The invoice item ${id} cannot be added to this invoice.`, { param })
  }
  return transaction.patch('invoice_items', id, { invoice: invoice.id })
}

/** A line after an update; an item behind it changes with it. */
export function changedLine(transaction: Transaction, line: Line, { asked, param }: Numbered): Line {
  const fields = changes(transaction, line, { asked, param })
  const item = itemOfLine(line)
  if (item !== null) transaction.patch('invoice_items', item, itemFields(fields))
  if (asked.tax_rates !== undefined) {
    const rates = readTaxRates(transaction, asked.tax_rates, within(param, 'tax_rates'))
    setTaxRates(
      transaction,
      line.id,
      rates.map(({ id }) => id),
    )
    if (item !== null) transaction.patch('invoice_items', item, { tax_rates: rates })
  }
  if (asked.tax_amounts !== undefined) setTaxAmounts(transaction, line.id, asked.tax_amounts)
  return { ...line, ...fields }
}

type LineFields = Partial<Line>

function changes(transaction: Transaction, line: Line, { asked, param }: Numbered): LineFields {
  const { description, discountable, discounts, metadata, period } = asked
  const before = { currency: line.currency, pricing: line.pricing, quantity_decimal: line.quantity_decimal ?? '1' }
  const { net_amount: _net, ...priced } = repriced(transaction, before, asked)
  const owner = { customer: null, invoiceItem: itemOfLine(line) ?? line.id }
  return {
    ...priced,
    ...(priced.amount !== undefined && { subtotal: priced.amount }),
    ...(description !== undefined && { description }),
    ...(discountable !== undefined && { discountable }),
    ...(discounts !== undefined && {
      discounts: grantDiscounts(transaction, discounts, {
        owner,
        currency: line.currency,
        param: within(param, 'discounts'),
      }),
    }),
    ...(metadata !== undefined && { metadata: mergeMetadata(line.metadata, metadata) }),
    ...(period !== undefined && { period }),
  }
}

/** Of a line's changes, those that its item has too. */
function itemFields({
  amount,
  description,
  discountable,
  discounts,
  metadata,
  period,
}: LineFields): Partial<InvoiceItem> {
  return {
    ...(amount !== undefined && { amount, net_amount: amount }),
    ...(description !== undefined && { description }),
    ...(discountable !== undefined && { discountable }),
    ...(discounts !== undefined && { discounts }),
    ...(metadata !== undefined && { metadata }),
    ...(period !== undefined && { period }),
  }
}

export function lineIn(invoice: Invoice, id: string, param: string): Line {
  const line = invoice.lines.data.find((candidate) => candidate.id === id)
  if (line === undefined) throw noSuch('line item', id, { param, status: 400 })
  return line
}

function within(param: string, name: string): string {
  return param === '' ? name : `${param}[${name}]`
}

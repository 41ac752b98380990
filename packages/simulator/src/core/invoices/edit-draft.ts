import { invalidRequest, StripeError } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { isLineOf } from './invoice-items.js'
import { lineOfItem, type Line } from './lines.js'
import { recalculate } from './totals.js'

type InvoiceItem = Records['invoice_items']

/** Only a draft can be changed in what it bills. */
export function requireDraft(invoice: Invoice, message = NOT_EDITABLE): Invoice {
  if (invoice.status === 'draft') return invoice
  throw new StripeError(400, { type: 'invalid_request_error', code: 'invoice_not_editable', message })
}

const NOT_EDITABLE = "This invoice is no longer editable because it isn't a draft."

/** The draft that a request adds items to. */
export function draftForItems(transaction: Transaction, id: string): Invoice {
  const invoice = transaction.require('invoices', id, { kind: 'invoice', param: 'invoice' })
  if (invoice.status === 'draft') return invoice
  const message = "You can only add invoice items to draft invoices. This invoice isn't a draft."
  throw invalidRequest(message, { param: 'invoice' })
}

/** Gives a draft these lines, works out its amounts and reports what changed. */
export function setLines(transaction: Transaction, before: Invoice, lines: readonly Line[]): Invoice {
  for (const { id } of before.lines.data) {
    if (lines.some((line) => line.id === id)) continue
    transaction.remove('invoice_line_items', id)
    transaction.remove('line_terms', id)
  }
  const after = recalculate(transaction, before, lines)
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    transaction.emitChange('invoice.updated', 'invoices', { before, after })
  }
  return after
}

export function addItem(transaction: Transaction, invoice: Invoice, item: InvoiceItem): Invoice {
  return setLines(transaction, invoice, [...invoice.lines.data, lineOfItem(transaction, item)])
}

/** An item changed, and with it the line of the draft that it is on. */
export function updateItem(transaction: Transaction, item: InvoiceItem): void {
  if (item.invoice === null) return
  const invoice = transaction.load('invoices', item.invoice)
  const lines = invoice.lines.data.map((line) =>
    isLineOf(line, item.id) ? lineOfItem(transaction, item, line.id) : line,
  )
  setLines(transaction, invoice, lines)
}

export function removeItem(transaction: Transaction, item: InvoiceItem): void {
  if (item.invoice === null) return
  const invoice = transaction.load('invoices', item.invoice)
  const lines = invoice.lines.data.filter((line) => !isLineOf(line, item.id))
  setLines(transaction, invoice, lines)
}

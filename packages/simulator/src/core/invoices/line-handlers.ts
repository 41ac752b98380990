import type Stripe from 'stripe'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import type { Invoice } from './create.js'
import { requireDraft, setLines } from './edit-draft.js'
import { itemOfLine } from './invoice-items.js'
import { changedLine, lineIn, newLine, type AskedLine } from './line-edits.js'
import { listLines } from './lists.js'

function draftIn(transaction: Transaction, id: string | undefined): Invoice {
  const invoice = recordInPath(transaction, 'invoices', { id, kind: 'invoice', param: 'invoice' })
  transaction.enterClockOf(invoice.customer)
  return requireDraft(invoice)
}

interface Bulk<Line> {
  readonly lines: readonly Line[]
  readonly invoice_metadata?: unknown
}

function withMetadata(
  transaction: Transaction,
  invoice: Invoice,
  { invoice_metadata: metadata }: Bulk<unknown>,
): Invoice {
  if (metadata === undefined) return invoice
  return { ...invoice, metadata: mergeMetadata(invoice.metadata ?? {}, metadata) }
}

const addLines: Handler<Bulk<AskedLine>> = (transaction, { path, params }) => {
  const before = draftIn(transaction, path['id'])
  const added = params.lines.map((asked, index) => newLine(transaction, before, { asked, param: `lines[${index}]` }))
  const invoice = withMetadata(transaction, before, params)
  return transaction.render('invoices', setLines(transaction, invoice, [...before.lines.data, ...added]))
}

const updateLines: Handler<Bulk<AskedLine & { readonly id: string }>> = (transaction, { path, params }) => {
  const before = draftIn(transaction, path['id'])
  const changed = new Map(
    params.lines.map((asked, index) => {
      const line = lineIn(before, asked.id, `lines[${index}][id]`)
      return [line.id, changedLine(transaction, line, { asked, param: `lines[${index}]` })]
    }),
  )
  const lines = before.lines.data.map((line) => changed.get(line.id) ?? line)
  return transaction.render('invoices', setLines(transaction, withMetadata(transaction, before, params), lines))
}

/** A line that is removed takes its item with it, or leaves it to wait for another invoice. */
const removeLines: Handler<Bulk<Stripe.InvoiceRemoveLinesParams.Line>> = (transaction, { path, params }) => {
  const before = draftIn(transaction, path['id'])
  const gone = new Set<string>()
  for (const [index, { id, behavior }] of params.lines.entries()) {
    const line = lineIn(before, id, `lines[${index}][id]`)
    const item = itemOfLine(line)
    if (item !== null && behavior === 'unassign') transaction.patch('invoice_items', item, { invoice: null })
    if (item !== null && behavior === 'delete') {
      const record = transaction.load('invoice_items', item)
      transaction.remove('invoice_items', item)
      transaction.emitObject('invoiceitem.deleted', transaction.render('invoice_items', record))
    }
    gone.add(line.id)
  }
  const lines = before.lines.data.filter(({ id }) => !gone.has(id))
  return transaction.render('invoices', setLines(transaction, withMetadata(transaction, before, params), lines))
}

const updateLine: Handler<AskedLine> = (transaction, { path, params }) => {
  const before = draftIn(transaction, path['invoice'])
  const line = lineIn(before, path['id'] ?? '', 'line_item_id')
  const changed = changedLine(transaction, line, { asked: params, param: '' })
  const lines = before.lines.data.map((other) => (other.id === line.id ? changed : other))
  setLines(transaction, before, lines)
  return transaction.render('invoice_line_items', transaction.load('invoice_line_items', line.id))
}

export const lineHandlers: Handlers = {
  'invoices.add_lines': addLines,
  'invoices.lines': listLines,
  'invoices.remove_lines': removeLines,
  'invoices.update_line': updateLine,
  'invoices.update_lines': updateLines,
}

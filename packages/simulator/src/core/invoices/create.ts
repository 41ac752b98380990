import { changeCustomer } from '../customers/customers.js'
import type { Transaction } from '../transaction.js'
import { blankInvoice } from './blank.js'
import type { Invoice, InvoiceDraft } from './invoice-draft.js'
import { lineOfItem } from './lines.js'
import { saveInvoice, withTotals } from './totals.js'

export type { Invoice, InvoiceDraft } from './invoice-draft.js'

/** Writes a draft, with its lines, and announces it. */
export function createInvoice(transaction: Transaction, draft: InvoiceDraft): Invoice {
  const id = draft.id ?? transaction.newId('in')
  const swept = draft.pending.map((item) => lineOfItem(transaction, item))
  for (const item of draft.pending) transaction.patch('invoice_items', item.id, { invoice: id })
  const lines = [...swept, ...draft.lines]
  const invoice = saveInvoice(transaction, withTotals(transaction, blankInvoice(transaction, draft, id), { lines }))
  if (draft.finalizesAt !== null && draft.autoAdvance) {
    transaction.schedule({ kind: 'invoice.finalize', at: draft.finalizesAt, subject: id })
  }
  transaction.emit('invoice.created', 'invoices', invoice)
  adoptCurrency(transaction, draft.customer, draft.currency)
  return invoice
}

/** What a customer is first billed in is their currency from then on. */
function adoptCurrency(transaction: Transaction, customer: string, currency: string): void {
  const { currency: before } = transaction.load('customers', customer)
  if (before === null || before === undefined) changeCustomer(transaction, customer, { currency })
}

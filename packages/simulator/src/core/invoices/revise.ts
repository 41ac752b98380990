import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import { voidInvoice } from './close.js'
import { createInvoice, type Invoice } from './create.js'
import { isPayable } from './settle-payment.js'

/**
 * A draft that is to take the place of a final invoice, with the same lines to begin with. When it becomes final, the one
 * it revises is voided. https://docs.stripe.com/invoicing/invoice-edits
 */
export function createRevision(transaction: Transaction, id: string, fields: Partial<Invoice>): Invoice {
  const original = transaction.require('invoices', id, { kind: 'invoice', param: 'from_invoice[invoice]' })
  transaction.enterClockOf(original.customer)
  requireRevisable(original)
  const lines = original.lines.data.map((line) => {
    const copy = { ...line, id: transaction.newId('il'), invoice: null }
    const terms = transaction.get('line_terms', line.id)
    if (terms !== undefined) transaction.put('line_terms', { ...terms, id: copy.id })
    return copy
  })
  const {
    automatic_tax: tax,
    default_tax_rates: rates,
    description,
    due_date: due,
    footer,
    parent,
    rendering,
  } = original
  return createInvoice(transaction, {
    customer: original.customer ?? '',
    currency: original.currency,
    reason: original.billing_reason ?? 'manual',
    lines,
    pending: [],
    period: { start: original.period_start, end: original.period_end },
    discounts: original.discounts,
    collectionMethod: original.collection_method,
    defaultPaymentMethod: original.default_payment_method,
    metadata: original.metadata ?? {},
    autoAdvance: false,
    finalizesAt: null,
    more: {
      automatic_tax: tax,
      custom_fields: original.custom_fields,
      default_tax_rates: rates,
      description,
      due_date: due,
      footer,
      from_invoice: { action: 'revision', invoice: id },
      parent,
      rendering,
      shipping_cost: original.shipping_cost,
      shipping_details: original.shipping_details,
      ...fields,
    },
  })
}

function requireRevisable(original: Invoice): void {
  const param = 'from_invoice[invoice]'
  if (!isPayable(original)) {
    const message = `You can only revise an invoice that is open or uncollectible. This invoice is ${original.status}.`
    throw invalidRequest(message, { param })
  }
  if (original.amount_paid === 0 && original.latest_revision === null) return
  throw invalidRequest('You cannot revise an invoice that is partly paid, or revised already.', { param })
}

/** A revision is final: what it revises is void, and names it. */
export function replaceRevised(transaction: Transaction, revision: Invoice): void {
  const original = revision.from_invoice?.invoice
  if (original === undefined) return
  transaction.patch('invoices', original, { latest_revision: revision.id })
  if (isPayable(transaction.load('invoices', original))) voidInvoice(transaction, original)
}

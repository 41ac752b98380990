import type { Transaction } from '../transaction.js'
import { addresseeOf, type Addressee } from '../invoices/addressee.js'
import type { SumView } from '../invoices/page-sums.js'

/** What the PDF of a credit note shows. */
export interface CreditNoteView {
  readonly number: string
  readonly invoiceNumber: string
  readonly isVoid: boolean
  readonly businessName: string
  readonly customer: Addressee
  readonly currency: string
  readonly issuedAt: number
  readonly memo: string | null
  readonly lines: readonly SumView[]
  readonly steps: readonly SumView[]
  readonly total: number
}

export function creditNoteView(transaction: Transaction, id: string): CreditNoteView | undefined {
  const note = transaction.get('credit_notes', id)
  if (note === undefined) return undefined
  const invoice = transaction.load('invoices', note.invoice)
  const credits = note.pretax_credit_amounts.reduce((sum, { amount }) => sum + amount, 0)
  const tax = (note.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0)
  const number = invoice.number ?? ''
  return {
    number: note.number,
    invoiceNumber: number,
    isVoid: note.status === 'void',
    businessName: invoice.account_name ?? '',
    customer: addresseeOf(invoice),
    currency: note.currency,
    issuedAt: note.effective_at ?? note.created,
    memo: note.memo,
    lines: note.lines.data.map(({ amount, description }) => ({
      label: description ?? `Credit for invoice ${number}`,
      value: amount,
    })),
    steps: [
      { label: 'Discounts', value: -credits },
      { label: 'Tax', value: tax },
    ].filter(({ value }) => value !== 0),
    total: note.total,
  }
}

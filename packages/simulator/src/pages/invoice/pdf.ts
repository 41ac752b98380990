import type { InvoiceLineView, InvoiceView } from '../../core/invoices/invoice-pages.js'
import { addresseeLines } from '../address-line.js'
import { pdfOf, type Paper, type PaperRow, type PaperSum } from '../pdf.js'
import type { PageResponse } from '../request.js'
import { cardInWords, day, money } from '../words.js'

/** The invoice as a file to keep. */
export function invoicePdf(view: InvoiceView): PageResponse {
  const { dueAt, issuedAt, paidAt, status } = view
  const facts: readonly (readonly [string, string])[] = [
    ['Date', day(issuedAt)],
    ...(dueAt !== null && status === 'open' ? [['Due', day(dueAt)] as const] : []),
    ...(paidAt === null ? [] : [['Paid', day(paidAt)] as const]),
    ['Status', STATUS[status]],
  ]
  const paid = view.amountPaid === 0 ? [] : [amount(view, 'Paid', -view.amountPaid)]
  const open = { ...amount(view, 'To pay', status === 'void' ? 0 : view.remaining), isStrong: true }
  const sums = [...totals(view), ...paid, open]
  return fileOf(`Invoice-${view.number}`, { ...paper(view), title: `Invoice ${view.number}`, facts, sums })
}

/** What was paid, when and with what. */
export function receiptPdf(view: InvoiceView): PageResponse {
  const { issuedAt, number, paidAt, paidWith } = view
  const facts: readonly (readonly [string, string])[] = [
    ['Invoice', number],
    ['Date paid', day(paidAt ?? issuedAt)],
    ...(paidWith === null ? [] : [['Paid with', cardInWords(paidWith)] as const]),
  ]
  const sums = [...totals(view), { ...amount(view, 'Amount paid', view.amountPaid), isStrong: true }]
  return fileOf(`Receipt-${number}`, { ...paper(view), title: `Receipt for invoice ${number}`, facts, sums })
}

/** A PDF as an answer. */
export function fileOf(name: string, document: Paper): PageResponse {
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${name.replaceAll(/[^\w-]/g, '')}.pdf"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return { status: 200, headers, body: pdfOf(document) }
}

export const SIMULATED = 'This document is a simulation. No real money moved.'

const STATUS: Readonly<Record<InvoiceView['status'], string>> = {
  open: 'Open',
  paid: 'Paid',
  uncollectible: 'Uncollectible',
  void: 'Void',
}

type Frame = Pick<Paper, 'from' | 'headings' | 'madeAt' | 'notes' | 'rows' | 'to'>

function paper(view: InvoiceView): Frame {
  return {
    from: [`From ${view.businessName}`, SIMULATED],
    to: addresseeLines(view.customer),
    headings: ['Description', 'Amount'],
    rows: view.lines.map((line) => rowOf(view, line)),
    notes: view.notes,
    madeAt: view.issuedAt,
  }
}

function rowOf({ currency }: InvoiceView, { description, period, value }: InvoiceLineView): PaperRow {
  const row = { text: description, amount: money({ value, currency }) }
  return period.end > period.start ? { ...row, detail: `${day(period.start)} to ${day(period.end)}` } : row
}

function totals(view: InvoiceView): readonly PaperSum[] {
  const { balanceApplied, credited, steps, total } = view
  return [
    ...steps.map(({ label, value }) => amount(view, label, value)),
    amount(view, 'Total', total),
    ...(balanceApplied === 0 ? [] : [amount(view, balanceApplied < 0 ? 'Your credit' : 'Balance', balanceApplied)]),
    ...(credited === 0 ? [] : [amount(view, 'Credited', -credited)]),
  ]
}

function amount({ currency }: InvoiceView, label: string, value: number): PaperSum {
  return { label, amount: money({ value, currency }) }
}

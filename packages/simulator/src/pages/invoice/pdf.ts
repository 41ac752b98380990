import type { InvoiceLineView, InvoiceView } from '../../core/invoices/invoice-pages.js'
import { pdfOf, type PdfRow } from '../pdf.js'
import type { PageResponse } from '../request.js'
import { day, money } from '../words.js'

/** As many characters as surely fit beside an amount. */
const LONGEST = 76

/** The invoice as a file to keep. */
export function invoicePdf(view: InvoiceView): PageResponse {
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="Invoice-${view.number.replaceAll(/[^\w-]/g, '')}.pdf"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return {
    status: 200,
    headers,
    body: pdfOf([...headRows(view), ...view.lines.flatMap(lineRows(view)), ...sums(view)]),
  }
}

const STATUS: Readonly<Record<InvoiceView['status'], string>> = {
  open: 'Open',
  paid: 'Paid',
  uncollectible: 'Uncollectible',
  void: 'Void',
}

function headRows(view: InvoiceView): readonly PdfRow[] {
  const { customer, dueAt, issuedAt, paidAt, status } = view
  const facts: readonly (readonly [string, string])[] = [
    ['Date', day(issuedAt)],
    ...(dueAt !== null && status === 'open' ? [['Due', day(dueAt)] as const] : []),
    ...(paidAt === null ? [] : [['Paid', day(paidAt)] as const]),
    ['Status', STATUS[status]],
  ]
  const to = [customer.name, customer.email].filter((text) => text !== null)
  return [
    { text: `Invoice ${view.number}`, size: 20, bold: true },
    { text: `From ${view.businessName}` },
    { text: 'This invoice is a simulation. No real money moved.' },
    ...to.map((text, index) => ({ text: index === 0 ? `To ${text}` : text, above: index === 0 ? 16 : 0 })),
    ...facts.map(([name, value], index) => ({ text: `${name}: ${value}`, above: index === 0 ? 16 : 0 })),
    { text: 'Description', right: 'Amount', bold: true, above: 24 },
  ]
}

function lineRows({ currency }: InvoiceView): (line: InvoiceLineView) => readonly PdfRow[] {
  return ({ description, period, value }) => {
    const [first = '', ...rest] = wrapped(description)
    const span = period.end > period.start ? [`${day(period.start)} to ${day(period.end)}`] : []
    return [
      { text: first, right: money({ value, currency }), above: 8 },
      ...[...rest, ...span].map((text) => ({ text })),
    ]
  }
}

function sums(view: InvoiceView): readonly PdfRow[] {
  const { amountPaid, balanceApplied, currency, remaining, status, total } = view
  const row = (text: string, value: number): PdfRow => ({ text, right: money({ value, currency }) })
  return [
    { ...row('Total', total), above: 24 },
    ...(balanceApplied === 0 ? [] : [row(balanceApplied < 0 ? 'Your credit' : 'Balance', balanceApplied)]),
    ...(amountPaid === 0 ? [] : [row('Paid', -amountPaid)]),
    { ...row('To pay', status === 'void' ? 0 : remaining), bold: true },
  ]
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && longer.length <= LONGEST) lines[lines.length - 1] = longer
    else lines.push(word.slice(0, LONGEST))
  }
  return lines
}

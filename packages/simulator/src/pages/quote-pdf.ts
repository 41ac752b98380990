import type { QuoteView } from '../core/quotes/quote-view.js'
import { fileOf, SIMULATED } from './invoice/pdf.js'
import type { PaperSum } from './pdf.js'
import type { PageResponse } from './request.js'
import { day, money, per } from './words.js'

/** The quote as a file to send. */
export function quotePdf(view: QuoteView): PageResponse {
  const { currency, customer, expiresAt, issuedAt, number, status } = view
  return fileOf(`Quote-${number}`, {
    title: `Quote ${number}`,
    from: [`From ${view.businessName}`, SIMULATED],
    to: [customer.name, customer.email].filter((text) => text !== null),
    facts: [
      ['Date', day(issuedAt)],
      ['Valid until', day(expiresAt)],
      ['Status', STATUS[status] ?? status],
    ],
    headings: ['Description', 'Due at once'],
    rows: view.lines.map(({ description, quantity, value }) => ({
      text: quantity === null ? description : `${quantity} × ${description}`,
      amount: money({ value, currency }),
    })),
    sums: sums(view),
    notes: [view.header, view.description, view.footer].filter((text) => text !== null),
    madeAt: issuedAt,
  })
}

const STATUS: Readonly<Record<string, string>> = { accepted: 'Accepted', canceled: 'Canceled', open: 'Open' }

function sums({ currency, discount, recurring, subtotal, tax, total }: QuoteView): readonly PaperSum[] {
  const amount = (label: string, value: number): PaperSum => ({ label, amount: money({ value, currency }) })
  return [
    amount('Subtotal', subtotal),
    ...(discount === 0 ? [] : [amount('Discount', -discount)]),
    ...(tax === 0 ? [] : [amount('Tax', tax)]),
    { ...amount('Total due at once', total), isStrong: true },
    ...(recurring === null
      ? []
      : [amount(`Then ${per(recurring.interval, recurring.intervalCount)}`, recurring.value)]),
  ]
}

import { creditNoteView } from '../../core/credit-notes/page-view.js'
import { addresseeLines } from '../address-line.js'
import { notFoundPage } from '../layout.js'
import type { PageRequest, PageResponse } from '../request.js'
import type { PageWorld } from '../run.js'
import { day, money } from '../words.js'
import { fileOf, SIMULATED } from './pdf.js'

/** A credit note as a file to keep. */
export function serveCreditNote(world: PageWorld, _request: PageRequest, id: string): PageResponse {
  const view = creditNoteView(world.view(), id)
  if (view === undefined) return notFoundPage()
  const { currency } = view
  const amount = (value: number): string => money({ value, currency })
  return fileOf(`CreditNote-${view.number}`, {
    title: `Credit note ${view.number}`,
    from: [`From ${view.businessName}`, SIMULATED],
    to: addresseeLines(view.customer),
    facts: [
      ['Invoice', view.invoiceNumber],
      ['Date', day(view.issuedAt)],
      ['Status', view.isVoid ? 'Void' : 'Issued'],
    ],
    headings: ['Description', 'Credited'],
    rows: view.lines.map(({ label, value }) => ({ text: label, amount: amount(value) })),
    sums: [
      ...view.steps.map(({ label, value }) => ({ label, amount: amount(value) })),
      { label: 'Total credited', amount: amount(view.total), isStrong: true },
    ],
    notes: view.memo === null ? [] : [view.memo],
    madeAt: view.issuedAt,
  })
}

import type { Breakdown, ShownDiscount } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Line = Records['invoice_line_items']

/** What a breakdown is shown with, in place of what only a rehearsal had. */
export interface BreakdownOwner {
  readonly customer: string | null
  readonly checkoutSession: string | null
}

/** What was taken off invoice lines and put on them, each discount and each tax by itself. */
export function breakdownOf(transaction: Transaction, lines: readonly Line[], owner: BreakdownOwner): Breakdown {
  return {
    discounts: lines.flatMap((line) =>
      (line.discount_amounts ?? []).map(({ amount, discount }) => ({
        amount,
        discount: shownDiscount(transaction, discount, owner),
      })),
    ),
    taxes: lines.flatMap((line) =>
      (line.taxes ?? []).map((tax) => ({
        amount: tax.amount,
        rate: transaction.load('tax_rates', tax.tax_rate_details?.tax_rate ?? ''),
        // Of rates that the merchant chose themselves nothing is known.
        taxability_reason: tax.taxability_reason === 'not_available' ? null : tax.taxability_reason,
        taxable_amount: tax.taxable_amount,
      })),
    ),
  }
}

function shownDiscount(transaction: Transaction, id: string, owner: BreakdownOwner): ShownDiscount {
  const { endedAt: _endedAt, ...discount } = transaction.load('discounts', id)
  const isReal = transaction.original('discounts', id) !== undefined
  return {
    ...discount,
    id: isReal ? id : nobodys(id),
    checkout_session: owner.checkoutSession,
    customer: owner.customer,
    invoice: null,
    invoice_item: null,
    subscription: null,
    subscription_item: null,
  }
}

/** The ids of a rehearsal are given out once more afterwards, to others; backwards they are nobody's. */
function nobodys(id: string): string {
  return `di_${id.slice('di_'.length).split('').toReversed().join('')}`
}

/** Several breakdowns as one, with each discount, and each tax for each of its reasons, once. */
export function summedBreakdown(breakdowns: readonly Breakdown[]): Breakdown {
  const discounts = new Map<string, Breakdown['discounts'][number]>()
  const taxes = new Map<string, Breakdown['taxes'][number]>()
  for (const entry of breakdowns.flatMap((breakdown) => breakdown.discounts)) {
    const before = discounts.get(entry.discount.id)
    discounts.set(entry.discount.id, { ...entry, amount: entry.amount + (before?.amount ?? 0) })
  }
  for (const entry of breakdowns.flatMap((breakdown) => breakdown.taxes)) {
    const key = `${entry.rate.id} ${entry.taxability_reason}`
    const before = taxes.get(key)
    const taxable = (entry.taxable_amount ?? 0) + (before?.taxable_amount ?? 0)
    taxes.set(key, { ...entry, amount: entry.amount + (before?.amount ?? 0), taxable_amount: taxable })
  }
  return { discounts: [...discounts.values()], taxes: [...taxes.values()] }
}

import { couponOf } from '../catalogue/coupons.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Invoice = Records['invoices']

/** One step on the way from what is billed to the total; what is taken off is negative. */
export interface SumView {
  readonly label: string
  readonly value: number
}

/** What lies between the lines of an invoice and its total, for its page and its PDF; nothing where they are the same. */
export function stepsToTotal(transaction: Transaction, invoice: Invoice): readonly SumView[] {
  const discounts = (invoice.total_discount_amounts ?? []).filter(({ amount }) => amount !== 0)
  const credits = (invoice.total_pretax_credit_amounts ?? []).filter(({ type }) => type !== 'discount')
  const taxes = invoice.total_taxes ?? []
  const lines = invoice.lines.data.reduce((sum, { amount }) => sum + amount, 0)
  const steps = [
    ...discounts.map(({ amount, discount }) => ({ label: discountLabel(transaction, discount), value: -amount })),
    ...credits.map(({ amount }) => ({ label: 'Billing credits', value: -amount })),
    ...(invoice.amount_shipping === 0 ? [] : [{ label: 'Shipping', value: invoice.amount_shipping }]),
    ...taxes.map((tax) => ({ label: taxLabel(transaction, tax), value: tax.amount })),
  ]
  return steps.length === 0 ? [] : [{ label: 'Subtotal', value: lines }, ...steps]
}

function discountLabel(transaction: Transaction, id: string): string {
  const coupon = couponOf(transaction, transaction.load('discounts', id).source.coupon ?? '')
  const name = coupon.name ?? 'Discount'
  return coupon.percent_off === null ? name : `${name} (${coupon.percent_off}% off)`
}

function taxLabel(transaction: Transaction, tax: NonNullable<Invoice['total_taxes']>[number]): string {
  const rate = transaction.get('tax_rates', tax.tax_rate_details?.tax_rate ?? '')
  const name = `${rate?.display_name ?? 'Tax'} (${rate?.percentage ?? 0}%)`
  if (tax.taxability_reason === 'reverse_charge') return `${name}, reverse charge`
  return tax.tax_behavior === 'inclusive' ? `${name}, included` : name
}

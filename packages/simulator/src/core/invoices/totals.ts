import { minimumCharge } from '../arithmetic/currency.js'
import { discountLines, type DiscountTerms } from '../arithmetic/discounts.js'
import { applyCredits, spendCredits } from '../credits/apply.js'
import { termsOf } from '../discounts/discounts.js'
import type { Records } from '../records.js'
import { taxInsideLine, taxLine } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'
import { settle } from './amounts.js'
import type { Line } from './lines.js'

type Invoice = Records['invoices']

export interface TotalsOptions {
  /** The invoice becomes final: credit grants are spent rather than only shown. */
  readonly isFinal?: boolean
}

/**
 * An invoice with these lines and every amount that follows from them, in Stripe's order: lines, their own discounts, those
 * of the invoice, credit grants, taxes, total, and the customer's balance. The lines come back with their shares.
 */
export function withTotals(
  transaction: Transaction,
  invoice: Invoice,
  { lines, isFinal = false }: TotalsOptions & { readonly lines: readonly Line[] },
): Invoice {
  const discounted = withDiscounts(transaction, invoice, lines)
  const spend = isFinal ? spendCredits : applyCredits
  const credited = spend(transaction, invoice, discounted)
  const taxed = credited.lines.map((line) => {
    const taxes = taxLine(transaction, invoice, { line, net: netOf(line) })
    return { ...line, invoice: invoice.id, taxes }
  })
  const sums = sumsOf(transaction, invoice, taxed)
  const balance = invoice.customer === null ? 0 : (transaction.get('customers', invoice.customer)?.balance ?? 0)
  const { amountDue } = settle(sums.total, balance, minimumCharge(invoice.currency))
  return {
    ...invoice,
    ...sums,
    amount_due: amountDue,
    amount_remaining: amountDue - invoice.amount_paid,
    lines: { object: 'list', data: taxed, has_more: false, url: `/v1/invoices/${invoice.id}/lines` },
    starting_balance: balance,
    total_pretax_credit_amounts: credited.totalPretaxCreditAmounts,
  }
}

/** Writes an invoice and the lines it holds, which also stand in a table of their own. */
export function saveInvoice(transaction: Transaction, invoice: Invoice): Invoice {
  for (const line of invoice.lines.data) transaction.put('invoice_line_items', line)
  return transaction.put('invoices', invoice)
}

/** Works an invoice's amounts out anew, with these lines or the ones it has. */
export function recalculate(
  transaction: Transaction,
  invoice: Invoice,
  lines: readonly Line[] = invoice.lines.data,
): Invoice {
  return saveInvoice(transaction, withTotals(transaction, invoice, { lines }))
}

function withDiscounts(transaction: Transaction, invoice: Invoice, lines: readonly Line[]): readonly Line[] {
  const terms = (ids: readonly string[]): DiscountTerms[] => ids.map((id) => termsOf(transaction, id, invoice.currency))
  const discounts = terms(invoice.discounts)
  if (discounts.length === 0 && lines.every((line) => line.discounts.length === 0)) return lines.map(undiscounted)
  const shares = discountLines(
    lines.map((line) => ({
      amount: line.amount,
      product: line.pricing?.price_details?.product ?? null,
      isDiscountable: line.discountable,
      own: terms(line.discounts),
    })),
    discounts,
  )
  return lines.map((line, index) => {
    const amounts = shares[index] ?? []
    const credits = amounts.map((share) => ({ ...share, type: 'discount' as const }))
    return { ...line, discount_amounts: amounts, pretax_credit_amounts: credits }
  })
}

function undiscounted(line: Line): Line {
  if (line.discount_amounts?.length === 0 && line.pretax_credit_amounts?.length === 0) return line
  return { ...line, discount_amounts: [], pretax_credit_amounts: [] }
}

/** What of a line is left to be taxed. */
function netOf(line: Line): number {
  return line.amount - sum((line.pretax_credit_amounts ?? []).map(({ amount }) => amount))
}

type Sums = Pick<
  Invoice,
  | 'amount_shipping'
  | 'subtotal'
  | 'subtotal_excluding_tax'
  | 'total'
  | 'total_discount_amounts'
  | 'total_excluding_tax'
  | 'total_taxes'
>

function sumsOf(transaction: Transaction, invoice: Invoice, lines: readonly Line[]): Sums {
  const shipping = invoice.shipping_cost?.amount_total ?? 0
  const reduced = lines.map((line) => ({ line, net: line.amount - ownDiscountsOf(line) }))
  const subtotal = sum(reduced.map(({ net }) => net))
  const taxes = lines.flatMap((line) => line.taxes ?? [])
  const isInside = taxes.some((tax) => tax.tax_behavior === 'inclusive')
  const inside = isInside ? sum(reduced.map((entry) => taxInsideLine(transaction, invoice, entry))) : 0
  const exclusive = taxes.filter((tax) => tax.tax_behavior === 'exclusive')
  const total = sum(lines.map(netOf)) + sum(exclusive.map(({ amount }) => amount)) + shipping
  return {
    amount_shipping: shipping,
    subtotal,
    subtotal_excluding_tax: subtotal - inside,
    total,
    total_discount_amounts: totalDiscounts(invoice, lines),
    total_excluding_tax: total - sum(taxes.map(({ amount }) => amount)),
    total_taxes: totalTaxes(taxes),
  }
}

/** What a line's own discounts take off it: the subtotal of the invoice is without them. */
function ownDiscountsOf(line: Line): number {
  const own = (line.discount_amounts ?? []).filter(({ discount }) => line.discounts.includes(discount))
  return sum(own.map(({ amount }) => amount))
}

/** Each discount once, with all that it took off; one of the invoice is named though it took off nothing. */
function totalDiscounts(invoice: Invoice, lines: readonly Line[]): NonNullable<Invoice['total_discount_amounts']> {
  const shares = lines.flatMap((line) => line.discount_amounts ?? [])
  const ids = new Set([...invoice.discounts, ...shares.map(({ discount }) => discount)])
  return [...ids].map((discount) => {
    const amounts = shares.filter((share) => share.discount === discount).map(({ amount }) => amount)
    return { amount: sum(amounts), discount }
  })
}

type Taxes = NonNullable<Invoice['total_taxes']>

/** Each tax once, for each reason it was or was not taken. */
export function totalTaxes(taxes: Taxes): Taxes {
  const totals = new Map<string, Taxes[number]>()
  for (const tax of taxes) {
    const key = `${tax.tax_rate_details?.tax_rate} ${tax.taxability_reason}`
    const before = totals.get(key)
    const taxable = (before?.taxable_amount ?? 0) + (tax.taxable_amount ?? 0)
    totals.set(key, { ...tax, amount: (before?.amount ?? 0) + tax.amount, taxable_amount: taxable })
  }
  return [...totals.values()]
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}

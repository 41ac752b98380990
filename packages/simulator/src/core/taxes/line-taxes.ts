import { taxesOn, taxInside, type TaxTerms } from '../arithmetic/taxes.js'
import { invalidRequest } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { automaticTaxOf } from './automatic.js'

type Invoice = Records['invoices']
type Line = Records['invoice_line_items']
type TaxRate = Records['tax_rates']
export type LineTax = NonNullable<Line['taxes']>[number]

/** What a line is taxed with, and why nothing is taken if nothing is. */
interface Levy {
  readonly rate: TaxRate
  readonly reason: string
  readonly isTaken: boolean
}

/** The taxes on what discounts and credits leave of a line. */
export function taxLine(
  transaction: Transaction,
  invoice: Invoice,
  { line, net }: { readonly line: Line; readonly net: number },
): readonly LineTax[] {
  const given = transaction.get('line_terms', line.id)?.taxAmounts ?? null
  if (given !== null) return given.map((tax) => givenTax(transaction, tax))
  const levies = leviesOn(transaction, invoice, line)
  const shares = taxesOn(net, levies.filter(({ isTaken }) => isTaken).map(termsOf))
  return levies.map(({ rate, reason, isTaken }) => {
    const share = isTaken ? shares.find(({ tax }) => tax === rate.id) : undefined
    return taxOf(rate, { amount: share?.amount ?? 0, taxable: share?.taxable ?? 0, reason })
  })
}

/** The inclusive taxes inside an amount of this line. */
export function taxInsideLine(
  transaction: Transaction,
  invoice: Invoice,
  { line, net }: { readonly line: Line; readonly net: number },
): number {
  const taken = leviesOn(transaction, invoice, line).filter(({ isTaken }) => isTaken)
  return taxInside(net, taken.map(termsOf))
}

function termsOf({ rate }: Levy): TaxTerms {
  return { id: rate.id, percentage: rate.percentage, isInclusive: rate.inclusive }
}

function givenTax(
  transaction: Transaction,
  tax: { readonly amount: number; readonly taxable: number; readonly taxRate: string; readonly reason: string },
): LineTax {
  return taxOf(transaction.load('tax_rates', tax.taxRate), tax)
}

function taxOf(
  rate: TaxRate,
  tax: { readonly amount: number; readonly taxable: number; readonly reason: string },
): LineTax {
  return {
    amount: tax.amount,
    tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: tax.reason,
    taxable_amount: tax.taxable,
    type: 'tax_rate_details',
  }
}

/** A line's own rates, else those of its invoice, else the ones that Stripe works out. */
function leviesOn(transaction: Transaction, invoice: Invoice, line: Line): readonly Levy[] {
  const customer = invoice.customer === null ? undefined : transaction.get('customers', invoice.customer)
  const own = transaction.get('line_terms', line.id)?.taxRates ?? null
  const manual =
    own === null || own.length === 0 ? invoice.default_tax_rates : own.map((id) => transaction.load('tax_rates', id))
  if (manual.length > 0) return manual.map((rate) => manualLevy(rate, customer?.tax_exempt ?? 'none'))
  if (!invoice.automatic_tax.enabled || customer === undefined) return []
  const tax = automaticTaxOf(transaction, customer, { isInclusive: behaviorOf(transaction, line) === 'inclusive' })
  return tax === undefined ? [] : [{ ...tax, isTaken: tax.reason === 'standard_rated' }]
}

function manualLevy(rate: TaxRate, exempt: string): Levy {
  switch (exempt) {
    case 'exempt':
      return { rate, reason: 'customer_exempt', isTaken: false }
    case 'reverse':
      return { rate, reason: 'reverse_charge', isTaken: false }
    default:
      return { rate, reason: 'not_available', isTaken: true }
  }
}

/** A price that does not say is one to which tax is added, which is the account's default. */
function behaviorOf(transaction: Transaction, line: Line): string {
  const id = line.pricing?.price_details?.price
  const ofPrice = (id === undefined ? undefined : transaction.get('prices', id)?.tax_behavior) ?? 'unspecified'
  if (ofPrice !== 'unspecified') return ofPrice
  const item = (line.parent?.subscription_item_details ?? line.parent?.invoice_item_details)?.invoice_item ?? ''
  return transaction.get('item_tax_behaviors', item)?.behavior ?? 'unspecified'
}

/** Keeps what a request says of an invoice item, which does not show it. */
export function setTaxBehavior(transaction: Transaction, item: string, behavior: string | undefined): void {
  if (behavior === undefined) return
  if (behavior === 'exclusive' || behavior === 'inclusive') {
    transaction.put('item_tax_behaviors', { id: item, behavior })
    return
  }
  if (transaction.get('item_tax_behaviors', item) !== undefined) transaction.remove('item_tax_behaviors', item)
}

/** A line's own rates, kept beside the line, which does not show them. */
export function setTaxRates(transaction: Transaction, line: string, taxRates: readonly string[]): void {
  if (taxRates.length > 0) transaction.put('line_terms', { id: line, taxRates, taxAmounts: null })
  else if (transaction.get('line_terms', line) !== undefined) transaction.remove('line_terms', line)
}

const MOST_TAX_RATES = 5

/** The tax rates that a request names. */
export function readTaxRates(
  transaction: Transaction,
  ids: '' | null | readonly string[] | undefined,
  param: string,
): readonly TaxRate[] {
  if (ids === undefined || ids === null || ids === '') return []
  if (ids.length > MOST_TAX_RATES) {
    throw invalidRequest(`You cannot specify more than ${MOST_TAX_RATES} tax rates.`, { param })
  }
  return ids.map((id, index) => {
    const rate = transaction.require('tax_rates', id, { kind: 'tax rate', param: `${param}[${index}]` })
    if (rate.active) return rate
    throw invalidRequest(`The tax rate ${id} is archived and cannot be used.`, { param: `${param}[${index}]` })
  })
}

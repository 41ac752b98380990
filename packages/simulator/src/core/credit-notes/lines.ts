import type Stripe from 'stripe'
import { decimalOf, multiply, rounded } from '../arithmetic/decimal.js'
import { partOf } from '../arithmetic/fractions.js'
import { taxesOn } from '../arithmetic/taxes.js'
import { amountInWords } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter, noSuch } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { readTaxRates } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'

type Invoice = Records['invoices']
type InvoiceLine = Records['invoice_line_items']
type NoteLine = Omit<Records['credit_note_lines'], 'credit_note'>
type AskedLine = NonNullable<Stripe.CreditNoteCreateParams['lines']>[number]

interface Numbered {
  readonly asked: AskedLine
  readonly param: string
}

const plain = {
  object: 'credit_note_line_item',
  discount_amount: 0,
  discount_amounts: [],
  livemode: false,
  pretax_credit_amounts: [],
  tax_rates: [],
  taxes: [],
} as const

/** What a credit note credits, line by line. */
export function creditLines(transaction: Transaction, invoice: Invoice, asked: readonly AskedLine[]): NoteLine[] {
  const credited = creditedBefore(transaction, invoice)
  return asked.map((line, index) => {
    const numbered = { asked: line, param: `lines[${index}]` }
    if (line.type !== 'invoice_line_item') return customLine(transaction, numbered)
    const made = lineOfInvoice(transaction, invoice, numbered)
    const source = made.invoice_line_item ?? ''
    const before = credited.get(source) ?? 0
    requireWithin(invoice, { source, before, more: made.amount }, numbered.param)
    credited.set(source, before + made.amount)
    return made
  })
}

function requireWithin(
  invoice: Invoice,
  credit: { readonly source: string; readonly before: number; readonly more: number },
  param: string,
): void {
  const line = invoice.lines.data.find(({ id }) => id === credit.source)
  if (line === undefined || Math.abs(credit.before + credit.more) <= Math.abs(line.amount)) return
  const words = (amount: number): string => amountInWords(amount, invoice.currency)
  const left = line.amount - credit.before
  const message = `The amount to credit (${words(credit.more)}) exceeds what is left of the invoice line item (${words(left)}).`
  throw invalidRequest(message, { param: `${param}[amount]` })
}

/** What earlier credit notes took of each line of an invoice. */
function creditedBefore(transaction: Transaction, invoice: Invoice): Map<string, number> {
  const credited = new Map<string, number>()
  for (const note of transaction.by('credit_notes', 'invoice', invoice.id)) {
    if (note.status === 'void') continue
    for (const { invoice_line_item: id = '', amount } of note.lines.data) {
      credited.set(id, (credited.get(id) ?? 0) + amount)
    }
  }
  return credited
}

/** A credited part of a line takes with it that part of the line's discounts and taxes. */
function lineOfInvoice(transaction: Transaction, invoice: Invoice, { asked, param }: Numbered): NoteLine {
  const id = asked.invoice_line_item
  if (id === undefined) throw missingParameter(`${param}[invoice_line_item]`)
  const line = invoice.lines.data.find((candidate) => candidate.id === id)
  if (line === undefined) throw noSuch('invoice line item', id, { param: `${param}[invoice_line_item]`, status: 400 })
  const amount = amountOfLine(line, { asked, param })
  const share = (whole: number): number => partOf(whole, amount, line.amount)
  const discounts = (line.discount_amounts ?? []).map((entry) => ({ ...entry, amount: share(entry.amount) }))
  const taxes = (line.taxes ?? []).map((tax) => ({
    ...tax,
    amount: share(tax.amount),
    taxable_amount: share(tax.taxable_amount ?? 0),
  }))
  return {
    ...plain,
    id: transaction.newId('cnli'),
    amount,
    description: asked.description ?? line.description,
    discount_amount: sum(discounts),
    discount_amounts: discounts,
    invoice_line_item: line.id,
    metadata: mergeMetadata({}, asked.metadata),
    pretax_credit_amounts: (line.pretax_credit_amounts ?? []).map((entry) => ({
      amount: share(entry.amount),
      type: entry.type,
      ...(entry.discount !== undefined && { discount: entry.discount }),
      ...(entry.credit_balance_transaction != null && { credit_balance_transaction: entry.credit_balance_transaction }),
    })),
    quantity: asked.quantity ?? (amount === line.amount ? line.quantity : null),
    tax_rates: taxes.flatMap((tax) => transaction.get('tax_rates', tax.tax_rate_details?.tax_rate ?? '') ?? []),
    taxes,
    type: 'invoice_line_item',
    unit_amount: null,
    unit_amount_decimal: line.pricing?.unit_amount_decimal ?? null,
  }
}

function amountOfLine(line: InvoiceLine, { asked, param }: Numbered): number {
  const { amount, quantity } = asked
  if (amount !== undefined && quantity !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: amount, quantity.', { param })
  }
  if (amount !== undefined) return amount
  if (quantity === undefined) return line.amount
  const whole = line.quantity ?? 1
  if (quantity <= whole) return partOf(line.amount, quantity, whole)
  const message = `The quantity to credit (${quantity}) exceeds that of the invoice line item (${whole}).`
  throw invalidRequest(message, { param: `${param}[quantity]` })
}

/** A credit for something of its own, taxed with the rates that are named for it. */
function customLine(transaction: Transaction, { asked, param }: Numbered): NoteLine {
  const { quantity = 1, unit_amount: whole, unit_amount_decimal: decimal } = asked
  const unit = decimal === undefined ? whole : String(decimal)
  if (unit === undefined) throw missingParameter(`${param}[unit_amount]`)
  const amount = rounded(multiply(decimalOf(unit), decimalOf(quantity)))
  const rates = readTaxRates(transaction, asked.tax_rates, `${param}[tax_rates]`)
  const shares = taxesOn(
    amount,
    rates.map(({ id, percentage, inclusive: isInclusive }) => ({ id, percentage, isInclusive })),
  )
  return {
    ...customFields(transaction, amount, asked.description ?? null),
    metadata: mergeMetadata({}, asked.metadata),
    quantity,
    tax_rates: rates,
    taxes: shares.map((share) => ({
      amount: share.amount,
      tax_behavior: share.isInclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: share.tax },
      taxability_reason: 'not_available',
      taxable_amount: share.taxable,
      type: 'tax_rate_details',
    })),
    unit_amount: whole ?? null,
    unit_amount_decimal: String(unit),
  }
}

/** The one line of a credit note that names an amount and nothing else. */
export function amountLine(transaction: Transaction, amount: number): NoteLine {
  return {
    ...customFields(transaction, amount, null),
    metadata: {},
    quantity: 1,
    unit_amount: amount,
    unit_amount_decimal: String(amount),
  }
}

function customFields(
  transaction: Transaction,
  amount: number,
  description: string | null,
): typeof plain & Pick<NoteLine, 'amount' | 'description' | 'id' | 'type'> {
  return { ...plain, id: transaction.newId('cnli'), amount, description, type: 'custom_line_item' }
}

function sum(entries: readonly { readonly amount: number }[]): number {
  return entries.reduce((total, { amount }) => total + amount, 0)
}

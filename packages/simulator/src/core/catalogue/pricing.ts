import { decimalInWords, decimalOf, divideWhole, multiply, rounded, type Decimal } from '../arithmetic/decimal.js'
import { exponentOf } from '../arithmetic/currency.js'
import { graduatedParts, volumeParts } from '../arithmetic/tiers.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Price = Records['prices']

/** A part of what a quantity of a price costs, which is a line of its own on an invoice. */
export interface PricePart {
  readonly amount: number
  /** In the price's own units, as a decimal. */
  readonly quantity: string
  /** Of one unit in minor units, as a decimal; of a flat part, the whole of it. */
  readonly unitAmount: string
  /** The tier it comes from, counted from one; `null` where there are no tiers. */
  readonly tier: number | null
  /** What a tier costs once, whatever the quantity. */
  readonly isFlat: boolean
}

/** What a quantity of a price costs, rounded to the minor unit where the price is finer than that. */
export function amountOf(price: Price, quantity: number | string): number {
  return partsOf(price, quantity).reduce((sum, part) => sum + part.amount, 0)
}

/**
 * The lines that a quantity of a price makes: one, except with tiers, where each tier entered and each flat amount is one.
 * That tiers make lines of their own is inferred from invoices of real accounts; each line is rounded alone.
 */
export function partsOf(price: Price, quantity: number | string): readonly PricePart[] {
  const units = transformed(price, decimalOf(quantity))
  if (price.billing_scheme !== 'tiered') {
    const unitAmount = unitAmountOf(price)
    const amount = rounded(multiply(decimalOf(unitAmount), units))
    return [{ amount, quantity: decimalInWords(decimalOf(quantity)), unitAmount, tier: null, isFlat: false }]
  }
  const parts = price.tiers_mode === 'volume' ? volumeParts : graduatedParts
  const isGraduated = price.tiers_mode !== 'volume'
  return parts(price.tiers ?? [], units).map((part) => ({
    amount: part.amount,
    quantity: decimalInWords(part.quantity),
    unitAmount: part.unitAmount,
    tier: isGraduated || part.kind === 'flat' ? part.tier : null,
    isFlat: part.kind === 'flat',
  }))
}

/** In packs, where the price counts in packs. */
function transformed(price: Price, quantity: Decimal): Decimal {
  const { transform_quantity: packs } = price
  if (packs === null) return quantity
  return divideWhole(quantity, packs.divide_by, packs.round === 'down' ? 'down' : 'up')
}

/** The price of one unit in minor units, as a decimal. */
export function unitAmountOf(price: Price): string {
  return price.unit_amount_decimal ?? String(price.unit_amount ?? 0)
}

/** The price as it is in another of its currencies; `undefined` when it has none of that currency. */
export function priceIn(price: Price, currency: string): Price | undefined {
  const code = currency.toLowerCase()
  if (code === price.currency) return price
  const option = price.currency_options?.[code]
  if (option === undefined) return undefined
  const {
    custom_unit_amount: custom,
    tax_behavior: tax,
    tiers,
    unit_amount: whole,
    unit_amount_decimal: decimal,
  } = option
  const amounts = { custom_unit_amount: custom, tax_behavior: tax, unit_amount: whole, unit_amount_decimal: decimal }
  return { ...price, currency: code, ...amounts, ...(tiers !== undefined && { tiers }) }
}

/** A quantity of what a price is for, such as `3 seat × Pro`. */
export function quantityInWords(transaction: Transaction, price: Price, quantity: number): string {
  const product = transaction.get('products', price.product)
  const label = product?.unit_label ?? null
  const count = label === null ? String(quantity) : `${quantity} ${label}`
  return `${count} × ${product?.name ?? price.product}`
}

/** The same without a quantity of one, as prorations name it. */
export function quantityInShort(transaction: Transaction, price: Price, quantity: number): string {
  if (quantity !== 1) return quantityInWords(transaction, price, quantity)
  return productName(transaction, price)
}

export function productName(transaction: Transaction, price: Price): string {
  return transaction.get('products', price.product)?.name ?? price.product
}

/** How often and how much, such as `at $10.00 / month`, or `Tier 2 at $6.50 / month` of a part. */
export function rateInWords(price: Price, part?: PricePart): string {
  const money = moneyInWords(part?.unitAmount ?? unitAmountOf(price), price.currency)
  const { interval, interval_count: count } = price.recurring ?? { interval: 'month', interval_count: 1 }
  const packs = price.transform_quantity === null ? '' : ` per ${price.transform_quantity.divide_by}`
  const rate = count === 1 ? `at ${money}${packs} / ${interval}` : `at ${money}${packs} every ${count} ${interval}s`
  if (part === undefined || part.tier === null) return rate
  return part.isFlat ? `Tier ${part.tier} flat fee ${rate}` : `Tier ${part.tier} ${rate}`
}

/** An amount of minor units, given as a decimal, as an American reader would write it. */
function moneyInWords(amount: string, currency: string): string {
  const exponent = exponentOf(currency)
  const { digits, scale } = decimalOf(amount)
  const places = exponent + scale
  const text = digits.toString().padStart(places + 1, '0')
  const decimal = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
  // Guaranteed: digits and one point. Given as text, so that no binary fraction comes in between.
  return formatOf(currency, exponent).format(decimal as `${number}`)
}

/** Making a format takes a hundred times as long as using it. */
const formats = new Map<string, Intl.NumberFormat>()

function formatOf(currency: string, exponent: number): Intl.NumberFormat {
  const known = formats.get(currency)
  if (known !== undefined) return known
  const options = { style: 'currency', currency, minimumFractionDigits: exponent, maximumFractionDigits: 12 } as const
  const format = new Intl.NumberFormat('en-US', options)
  formats.set(currency, format)
  return format
}

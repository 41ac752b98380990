import { divideNearestTiesDown } from '../arithmetic/rounding.js'
import { exponentOf } from '../arithmetic/currency.js'
import { notSimulated } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Price = Records['prices']

/** What a quantity of a price costs, rounded to the minor unit where the price is finer than that. */
export function amountOf(price: Price, quantity: number): number {
  if (price.billing_scheme !== 'per_unit') throw notSimulated('Tiered pricing', 'price')
  if (price.transform_quantity !== null) throw notSimulated('transform_quantity', 'price')
  const { digits, scale } = decimalOf(unitAmountOf(price))
  return Number(divideNearestTiesDown(digits * BigInt(quantity), 10n ** BigInt(scale)))
}

/** The price of one unit in minor units, as a decimal. */
export function unitAmountOf(price: Price): string {
  return price.unit_amount_decimal ?? String(price.unit_amount ?? 0)
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

/** How often and how much, such as `at $10.00 / month`. */
export function rateInWords(price: Price): string {
  const money = moneyInWords(unitAmountOf(price), price.currency)
  const { interval, interval_count: count } = price.recurring ?? { interval: 'month', interval_count: 1 }
  return count === 1 ? `at ${money} / ${interval}` : `at ${money} every ${count} ${interval}s`
}

/** An amount of minor units, given as a decimal, as an American reader would write it. */
function moneyInWords(amount: string, currency: string): string {
  const exponent = exponentOf(currency)
  const { digits, scale } = decimalOf(amount)
  const places = exponent + scale
  const text = digits.toString().padStart(places + 1, '0')
  const decimal = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
  const options = { style: 'currency', currency, minimumFractionDigits: exponent, maximumFractionDigits: 12 } as const
  // Guaranteed: digits and one point. Given as text, so that no binary fraction comes in between.
  return new Intl.NumberFormat('en-US', options).format(decimal as `${number}`)
}

function decimalOf(text: string): { digits: bigint; scale: number } {
  const [whole = '0', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

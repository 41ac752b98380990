import type Stripe from 'stripe'
import { decimalInWords, decimalOf, multiply, rounded } from '../arithmetic/decimal.js'
import { requireCurrency } from '../arithmetic/currency.js'
import { adHocPrice } from '../catalogue/ad-hoc-price.js'
import { createPrice } from '../catalogue/create-price.js'
import { createProduct } from '../catalogue/create-product.js'
import { amountOf, priceIn, productName, unitAmountOf } from '../catalogue/pricing.js'
import { invalidRequest, missingParameter } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { pricingOf } from './lines.js'

type InvoiceItem = Records['invoice_items']
type Price = Records['prices']

export type Priced = Pick<
  InvoiceItem,
  'amount' | 'currency' | 'description' | 'pricing' | 'quantity' | 'quantity_decimal'
>

/** At the edges decimals are texts, which is what the SDK makes of its own. */
type DecimalText = Stripe.Decimal | string

/** How a request says what an item or a line costs: an amount, a price, or what would be one. */
export interface AskedPricing {
  readonly amount?: number
  readonly description?: string
  readonly price_data?: AskedPrice
  readonly pricing?: { readonly price?: string }
  readonly quantity?: number
  readonly quantity_decimal?: DecimalText
  readonly unit_amount_decimal?: DecimalText
}

interface AskedPrice {
  readonly currency: string
  readonly product?: string
  readonly product_data?: { readonly name: string; readonly description?: string; readonly tax_code?: string }
  readonly tax_behavior?: string
  readonly unit_amount?: number
  readonly unit_amount_decimal?: DecimalText
}

/** What a request makes an item or a line cost. */
export function readPricing(transaction: Transaction, asked: AskedPricing, currency: string | undefined): Priced {
  const price = askedPrice(transaction, asked)
  if (price !== undefined) {
    const priced = pricedBy(transaction, inCurrency(price, currency), quantityOf(asked))
    return asked.description ? { ...priced, description: asked.description } : priced
  }
  if (currency === undefined) throw missingParameter('currency')
  return byAmount(transaction, asked, requireCurrency(currency))
}

function inCurrency(price: Price, currency: string | undefined): Price {
  if (currency === undefined) return price
  const fitting = priceIn(price, currency)
  if (fitting !== undefined) return fitting
  const message = `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${currency}\`.`
  throw invalidRequest(message, { param: 'pricing[price]' })
}

function askedPrice(transaction: Transaction, { pricing, price_data: data }: AskedPricing): Price | undefined {
  if (pricing?.price !== undefined && data !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: pricing, price_data.', { param: 'pricing' })
  }
  if (data !== undefined) return describedPrice(transaction, data)
  if (pricing?.price === undefined) return undefined
  const price = transaction.require('prices', pricing.price, { kind: 'price', param: 'pricing[price]' })
  if (price.type !== 'recurring') return price
  const message =
    'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.'
  throw invalidRequest(message, { param: 'pricing[price]' })
}

function describedPrice(transaction: Transaction, data: AskedPrice): Price {
  const { product: named, product_data: described } = data
  if (named === undefined && described === undefined) throw missingParameter('price_data[product]')
  const product =
    named === undefined
      ? createProduct(transaction, { active: false, name: described?.name ?? '', ...described })
      : transaction.require('products', named, { kind: 'product', param: 'price_data[product]' })
  return createPrice(transaction, {
    active: false,
    currency: data.currency,
    product: product.id,
    ...(data.tax_behavior !== undefined && { tax_behavior: data.tax_behavior }),
    ...(data.unit_amount !== undefined && { unit_amount: data.unit_amount }),
    ...(data.unit_amount_decimal !== undefined && { unit_amount_decimal: String(data.unit_amount_decimal) }),
  })
}

function quantityOf({ quantity, quantity_decimal: decimal }: AskedPricing): string {
  if (quantity !== undefined && decimal !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: quantity, quantity_decimal.')
  }
  return decimal === undefined ? String(quantity ?? 1) : decimalInWords(decimalOf(String(decimal)))
}

/** An amount without a price gets one of its own, unless it is a credit. */
function byAmount(transaction: Transaction, asked: AskedPricing, currency: string): Priced {
  const quantity = quantityOf(asked)
  const unit = asked.unit_amount_decimal === undefined ? undefined : String(asked.unit_amount_decimal)
  const amount =
    asked.amount ?? (unit === undefined ? undefined : rounded(multiply(decimalOf(unit), decimalOf(quantity))))
  if (amount === undefined) throw missingParameter('amount')
  const name = asked.description || 'Invoice item'
  return {
    amount,
    currency,
    description: asked.description ?? null,
    pricing: pricingOfAmount(transaction, { unit: unit ?? String(amount), currency, name }),
    ...quantities(quantity),
  }
}

function pricingOfAmount(
  transaction: Transaction,
  { unit, currency, name }: { readonly unit: string; readonly currency: string; readonly name: string },
): InvoiceItem['pricing'] {
  const whole = Number(unit)
  if (whole < 0 || !Number.isInteger(whole)) return { type: 'price_details', unit_amount_decimal: unit }
  return pricingOf(adHocPrice(transaction, { amount: whole, currency, name }), unit)
}

/** A quantity as both fields show it: the whole units, and all of it. */
function quantities(decimal: string): Pick<Priced, 'quantity' | 'quantity_decimal'> {
  return { quantity: Math.trunc(Number(decimal)), quantity_decimal: decimal }
}

/** An item for a quantity of a one-time price. */
export function pricedBy(transaction: Transaction, price: Price, quantity: number | string): Priced {
  return {
    amount: amountOf(price, quantity),
    currency: price.currency,
    description: productName(transaction, price),
    pricing: pricingOf(price, unitAmountOf(price)),
    ...quantities(String(quantity)),
  }
}

const pricing = ['amount', 'price_data', 'pricing', 'quantity', 'quantity_decimal', 'unit_amount_decimal'] as const

/** What an item costs after an update; what is not said of price and quantity stays. */
export function repriced(
  transaction: Transaction,
  before: Pick<InvoiceItem, 'currency' | 'pricing' | 'quantity_decimal'>,
  asked: AskedPricing,
): Partial<Priced & Pick<Required<InvoiceItem>, 'net_amount'>> {
  if (pricing.every((name) => asked[name] === undefined)) return {}
  const keepsPrice = asked.amount === undefined && asked.price_data === undefined && asked.pricing === undefined
  const keepsQuantity =
    asked.amount === undefined && asked.quantity === undefined && asked.quantity_decimal === undefined
  const { description: _description, ...fields } = readPricing(
    transaction,
    {
      ...(keepsPrice && knownPrice(before, asked)),
      ...asked,
      ...(keepsQuantity && { quantity_decimal: before.quantity_decimal }),
    },
    before.currency,
  )
  return { ...fields, net_amount: fields.amount }
}

function knownPrice({ pricing: known }: Pick<InvoiceItem, 'pricing'>, asked: AskedPricing): AskedPricing {
  if (asked.unit_amount_decimal !== undefined) return {}
  const price = known?.price_details?.price
  if (price !== undefined) return { pricing: { price } }
  return { unit_amount_decimal: known?.unit_amount_decimal ?? '0' }
}

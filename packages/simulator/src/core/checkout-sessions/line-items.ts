import { createPrice, type PriceParams } from '../catalogue/create-price.js'
import { createProduct } from '../catalogue/create-product.js'
import { amountOf, priceIn, productName } from '../catalogue/pricing.js'
import { shownPrice } from '../catalogue/shown-price.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { readTaxRates } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'
import type { LineItem } from './line-item.js'
import { adjustableQuantityOf } from './quantities.js'
import type { CreateParams } from './create-params.js'

type Price = Records['prices']
export type ItemParams = NonNullable<CreateParams['line_items']>[number]

/** What is sold. Prices that the request describes are made, and named in `asked` from then on. */
export interface ReadItems {
  readonly lineItems: readonly LineItem[]
  readonly asked: readonly ItemParams[]
}

export function readLineItems(transaction: Transaction, params: CreateParams): ReadItems {
  const asked = params.line_items ?? []
  if (asked.length === 0) throw missingParameter('line_items')
  const read = asked.map((item, index) => {
    const price = readPrice(transaction, item, `line_items[${index}]`)
    return { price, item: named(item, price) }
  })
  const currency = currencyOf(
    read.map(({ price }) => price),
    params,
  )
  const lineItems = read.map(({ price, item }, index) => {
    readTaxRates(transaction, item.tax_rates, `line_items[${index}][tax_rates]`)
    return lineItem(transaction, { price: priceOf(price, currency, params), item, at: `line_items[${index}]` })
  })
  return { lineItems, asked: read.map(({ item }) => item) }
}

/** One more item, for a session that is open already. */
export function readLineItem(
  transaction: Transaction,
  item: ItemParams,
  place: { readonly at: string; readonly currency: string },
): { readonly lineItem: LineItem; readonly asked: ItemParams } {
  const { at, currency } = place
  const price = readPrice(transaction, item, at)
  const asked = named(item, price)
  return { lineItem: lineItem(transaction, { price: priceOf(price, currency, {}), item: asked, at }), asked }
}

function named({ price_data: _data, ...item }: ItemParams, { id }: Price): ItemParams {
  return { ...item, price: id }
}

function readPrice(transaction: Transaction, item: ItemParams, at: string): Price {
  if (item.price_data !== undefined && item.price !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', { param: at })
  }
  if (item.price_data !== undefined) return priceOfData(transaction, item.price_data, at)
  if (item.price === undefined) throw missingParameter(`${at}[price]`)
  const price = transaction.require('prices', item.price, { kind: 'price', param: `${at}[price]` })
  if (price.active) return price
  const message = 'The price specified is inactive. This field only accepts active prices.'
  throw invalidRequest(message, { param: `${at}[price]` })
}

function priceOfData(transaction: Transaction, data: NonNullable<ItemParams['price_data']>, at: string): Price {
  const { product_data: described, product, recurring, unit_amount_decimal: decimal, ...price } = data
  if (described === undefined && product === undefined) throw missingParameter(`${at}[price_data][product]`)
  if (product !== undefined) {
    transaction.require('products', product, { kind: 'product', param: `${at}[price_data][product]` })
  }
  if (described?.tax_details !== undefined)
    throw notSimulated('tax_details', `${at}[price_data][product_data][tax_details]`)
  const id = product ?? createProduct(transaction, { ...described, name: described?.name ?? '' }).id
  const params: PriceParams = {
    ...price,
    product: id,
    ...(decimal !== undefined && { unit_amount_decimal: String(decimal) }),
    ...(recurring !== undefined && { recurring }),
  }
  return createPrice(transaction, params)
}

function lineItem(
  transaction: Transaction,
  { price, item, at }: { readonly price: Price; readonly item: ItemParams; readonly at: string },
): LineItem {
  const quantity = quantityOf(price, item, at)
  const amount = amountOf(price, quantity ?? 0)
  const isChosen = price.custom_unit_amount !== null
  const value = isChosen ? (price.custom_unit_amount?.preset ?? 0) : amount
  return {
    id: transaction.newId('li'),
    object: 'item',
    adjustable_quantity: adjustableQuantityOf(item.adjustable_quantity, quantity, at),
    amount_discount: 0,
    amount_subtotal: value,
    amount_tax: 0,
    amount_total: value,
    currency: price.currency,
    description: productName(transaction, price),
    metadata: mergeMetadata({}, item.metadata),
    price: shownPrice(price),
    quantity,
  }
}

/** What is measured has no quantity; everything else must have one. */
function quantityOf(price: Price, item: ItemParams, at: string): number | null {
  const isMetered = price.recurring?.usage_type === 'metered'
  if (isMetered && item.quantity === undefined) return null
  if (isMetered) {
    const message = 'You cannot specify a quantity for a price with `usage_type=metered`.'
    throw invalidRequest(message, { param: `${at}[quantity]` })
  }
  if (item.quantity !== undefined) return item.quantity
  const message = `Quantity is required. Add \`quantity\` to \`${at}\``
  throw invalidRequest(message, { code: 'parameter_missing', param: `${at}[quantity]` })
}

/** Everything is sold in one currency: the one that is asked for, else the first price's own. */
function currencyOf(prices: readonly Price[], { mode, currency }: CreateParams): string {
  const isRecurring = (price: Price): boolean => price.type === 'recurring'
  if (mode === 'payment' && prices.some(isRecurring)) {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      { param: 'line_items' },
    )
  }
  if (mode === 'subscription' && !prices.some(isRecurring)) {
    const message = 'You must provide at least one recurring price in `subscription` mode when using prices.'
    throw invalidRequest(message, { param: 'line_items' })
  }
  return currency?.toLowerCase() ?? prices[0]?.currency ?? ''
}

function priceOf(price: Price, wanted: string, { currency }: CreateParams): Price {
  const found = priceIn(price, wanted)
  if (found !== undefined) return found
  const message = `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${wanted}\`.`
  throw invalidRequest(message, { param: currency === undefined ? 'line_items' : 'currency' })
}

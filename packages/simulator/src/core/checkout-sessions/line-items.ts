import { amountInWords, minimumCharge } from '../arithmetic/currency.js'
import { createPrice, type PriceParams } from '../catalogue/create-price.js'
import { createProduct } from '../catalogue/create-product.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { amountOf, productName } from '../catalogue/pricing.js'
import type { CheckoutOrder } from '../private-records.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { CreateParams } from './params.js'

export type LineItem = CheckoutOrder['lineItems'][number]
type Price = Records['prices']
type ItemParams = NonNullable<CreateParams['line_items']>[number]

/** What is sold, priced as it is due when the session is paid: in a trial, what recurs costs nothing yet. */
export function readLineItems(transaction: Transaction, params: CreateParams): LineItem[] {
  const asked = params.line_items ?? []
  if (asked.length === 0) throw missingParameter('line_items')
  const isTrial = hasTrial(params.subscription_data)
  const items = asked.map((item, index) => {
    const price = readPrice(transaction, item, index)
    return lineItem(transaction, { price, item, index, isFree: isTrial && price.type === 'recurring' })
  })
  requireFittingPrices(items, params)
  return items
}

function hasTrial(data: CreateParams['subscription_data']): boolean {
  return data?.trial_end !== undefined || data?.trial_period_days !== undefined
}

function readPrice(transaction: Transaction, item: ItemParams, index: number): Price {
  const at = `line_items[${index}]`
  if (item.adjustable_quantity?.enabled === true)
    throw notSimulated('adjustable_quantity', `${at}[adjustable_quantity]`)
  if ((item.tax_rates ?? []).length > 0) throw notSimulated('tax_rates', `${at}[tax_rates]`)
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
  const { product_data: named, product, recurring, ...price } = data
  if (named === undefined && product === undefined) throw missingParameter(`${at}[price_data][product]`)
  if (product !== undefined) {
    transaction.require('products', product, { kind: 'product', param: `${at}[price_data][product]` })
  }
  if (named?.tax_details !== undefined)
    throw notSimulated('tax_details', `${at}[price_data][product_data][tax_details]`)
  const id = product ?? createProduct(transaction, { ...named, name: named?.name ?? '' }).id
  const params: PriceParams = { ...price, product: id, ...(recurring !== undefined && { recurring }) }
  return createPrice(transaction, params)
}

function lineItem(
  transaction: Transaction,
  asked: { readonly price: Price; readonly item: ItemParams; readonly index: number; readonly isFree: boolean },
): LineItem {
  const { price, item, index } = asked
  if (item.quantity === undefined) {
    const message = `Quantity is required. Add \`quantity\` to \`line_items[${index}]\``
    throw invalidRequest(message, { code: 'parameter_missing', param: `line_items[${index}][quantity]` })
  }
  const amount = asked.isFree ? 0 : amountOf(price, item.quantity)
  return {
    id: transaction.newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: productName(transaction, price),
    metadata: mergeMetadata({}, item.metadata),
    price,
    quantity: item.quantity,
  }
}

function requireFittingPrices(items: readonly LineItem[], { mode, currency }: CreateParams): void {
  const isRecurring = (item: LineItem): boolean => item.price?.type === 'recurring'
  if (mode === 'payment' && items.some(isRecurring)) {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      { param: 'line_items' },
    )
  }
  if (mode === 'subscription' && !items.some(isRecurring)) {
    const message = 'You must provide at least one recurring price in `subscription` mode when using prices.'
    throw invalidRequest(message, { param: 'line_items' })
  }
  const wanted = currency?.toLowerCase() ?? items[0]?.currency ?? ''
  const strange = items.find((item) => item.currency !== wanted)
  if (strange !== undefined) {
    const message = `The price specified only supports \`${strange.currency}\`. This doesn't match the expected currency: \`${wanted}\`.`
    throw invalidRequest(message, { param: currency === undefined ? 'line_items' : 'currency' })
  }
}

export function totalOf(items: readonly LineItem[]): number {
  return items.reduce((sum, item) => sum + item.amount_total, 0)
}

/** Too little to charge is refused when the session is made, not when the customer pays. */
export function requireChargeable(total: number, currency: string, mode: CreateParams['mode']): void {
  if (total === 0 && mode === 'payment') throw notSimulated('A payment of nothing', 'line_items')
  const least = minimumCharge(currency)
  if (total === 0 || total >= least) return
  const message = `The Checkout Session's total amount due must add up to at least ${amountInWords(least, currency)}`
  throw invalidRequest(message, { code: 'amount_too_small' })
}

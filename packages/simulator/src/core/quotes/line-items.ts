import type Stripe from 'stripe'
import { createPrice } from '../catalogue/create-price.js'
import { productName } from '../catalogue/pricing.js'
import { invalidRequest, missingParameter } from '../error.js'
import type { QuoteDetails } from '../private-records.js'
import type { Records } from '../records.js'
import { readTaxRates } from '../taxes/line-taxes.js'
import type { Transaction } from '../transaction.js'

type Price = Records['prices']
type ItemParams = Stripe.QuoteCreateParams.LineItem & { readonly id?: string }
export type QuoteItem = QuoteDetails['items'][number]

/** What a quote offers. Prices that the request describes are made for it alone; what has an id was offered before. */
export function readItems(
  transaction: Transaction,
  asked: readonly ItemParams[] = [],
  before: readonly QuoteItem[] = [],
): QuoteItem[] {
  const items = asked.map((item, index) => readItem(transaction, { item, before, at: `line_items[${index}]` }))
  const [first] = items
  const strange = items.find(({ price }) => price.currency !== first?.price.currency)
  if (first !== undefined && strange !== undefined) {
    const message = `The price specified only supports \`${strange.price.currency}\`. This doesn't match the expected currency: \`${first.price.currency}\`.`
    throw invalidRequest(message, { param: 'line_items' })
  }
  return items
}

function readItem(
  transaction: Transaction,
  asked: { readonly item: ItemParams; readonly before: readonly QuoteItem[]; readonly at: string },
): QuoteItem {
  const { item, before, at } = asked
  const known = item.id === undefined ? undefined : before.find(({ id }) => id === item.id)
  if (item.id !== undefined && known === undefined) {
    throw invalidRequest(`No such line item: '${item.id}'`, { code: 'resource_missing', param: `${at}[id]` })
  }
  const price = readPrice(transaction, item, at) ?? known?.price
  if (price === undefined) throw missingParameter(`${at}[price]`)
  const rates = readTaxRates(transaction, item.tax_rates, `${at}[tax_rates]`).map(({ id }) => id)
  return {
    id: known?.id ?? transaction.newId('li'),
    price,
    quantity: quantityOf(price, item.quantity ?? known?.quantity ?? undefined, at),
    description: productName(transaction, price),
    discounts: (item.discounts === undefined ? known?.discounts : item.discounts || []) ?? [],
    taxRates: item.tax_rates === undefined ? (known?.taxRates ?? []) : rates,
  }
}

function readPrice(transaction: Transaction, item: ItemParams, at: string): Price | undefined {
  const { price, price_data: data } = item
  if (price !== undefined && data !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', { param: at })
  }
  if (data !== undefined) {
    transaction.require('products', data.product, { kind: 'product', param: `${at}[price_data][product]` })
    return createPrice(transaction, { ...data, active: false })
  }
  if (price === undefined) return undefined
  const found = transaction.require('prices', price, { kind: 'price', param: `${at}[price]` })
  if (found.active) return found
  const message = 'The price specified is inactive. This field only accepts active prices.'
  throw invalidRequest(message, { param: `${at}[price]` })
}

/** What is measured has no quantity. */
function quantityOf(price: Price, quantity: number | undefined, at: string): number | null {
  if (price.recurring?.usage_type !== 'metered') return quantity ?? 1
  if (quantity === undefined) return null
  const message = 'You cannot specify a quantity for a price with `usage_type=metered`.'
  throw invalidRequest(message, { param: `${at}[quantity]` })
}

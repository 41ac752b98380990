import { invalidRequest } from '../error.js'
import type { CheckoutOrder } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { CreateParams } from './create-params.js'
import type { LineItem } from './line-item.js'
import { readLineItem } from './line-items.js'
import type { CheckoutSession } from './session.js'

const MOST = 10

type Params = Pick<CreateParams, 'mode' | 'optional_items' | 'ui_mode'>

/** What the customer may add to the order. https://docs.stripe.com/payments/checkout/optional-items */
export function readOptionalItems(transaction: Transaction, params: Params, currency: string): readonly LineItem[] {
  const { mode, optional_items: asked = [], ui_mode: uiMode } = params
  if (asked.length === 0) return []
  if (uiMode === 'elements' || uiMode === 'form') {
    throw invalidRequest(`\`optional_items\` can not be used when \`ui_mode\` is \`${uiMode}\`.`, refused)
  }
  if (asked.length > MOST) throw invalidRequest(`You can specify at most ${MOST} optional items.`, refused)
  const items = asked.map((item, index) => {
    const { lineItem } = readLineItem(transaction, item, { at: `optional_items[${index}]`, currency })
    return lineItem
  })
  if (mode === 'payment' && items.some(({ price }) => price?.type === 'recurring')) {
    throw invalidRequest('You can not use recurring prices as optional items in `payment` mode.', refused)
  }
  return items
}

const refused = { param: 'optional_items' }

/** How an object shows what may be added. */
export function shownOptionalItems(items: readonly LineItem[]): NonNullable<CheckoutSession['optional_items']> {
  return items.map(({ adjustable_quantity: bounds, price, quantity }) => ({
    adjustable_quantity: bounds,
    price: price?.id ?? '',
    quantity: quantity ?? 0,
  }))
}

/** The order with one of them added at the end, or taken out again. Any other name changes nothing. */
export function withOptionalItem(
  order: CheckoutOrder,
  { item: id, isTaken }: { readonly item: string; readonly isTaken: boolean },
): CheckoutOrder {
  const item = order.optionalItems.find((candidate) => candidate.id === id)
  if (item === undefined) return order
  const others = order.lineItems.filter((candidate) => candidate.id !== id)
  return { ...order, lineItems: isTaken ? [...others, item] : others }
}

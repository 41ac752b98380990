import type Stripe from 'stripe'
import { addressOf } from '../customers/shipping.js'
import { invalidRequest, noSuch } from '../error.js'
import type { Handler } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { CheckoutOrder } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import type { LineItem } from './line-item.js'
import { readLineItem } from './line-items.js'
import { adjustableQuantityOf } from './quantities.js'
import { reprice } from './reprice.js'
import type { CheckoutSession } from './session.js'
import { readShippingOptions, shippingCostOf } from './shipping.js'

type Params = Stripe.Checkout.SessionUpdateParams
type AskedItem = NonNullable<Params['line_items']>[number]

/** Changes an open session: what is sold, how it is sent, and where to. Metadata can be changed whenever. */
export const updateSession: Handler<Params> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['collected_information', 'line_items', 'metadata', 'shipping_options'])
  const named = { id: path['id'], kind: 'checkout.session', param: 'session' }
  const session = recordInPath(transaction, 'checkout_sessions', named)
  const { id, metadata } = session
  const { collected_information: collected, line_items: items, shipping_options: shipping } = params
  const changesOrder = [collected, items, shipping].some((value) => value !== undefined)
  if (changesOrder && session.status !== 'open') {
    throw invalidRequest(`You can only update open Checkout Sessions. This one is ${session.status}.`)
  }
  transaction.patch('checkout_sessions', id, {
    metadata: mergeMetadata(metadata ?? {}, params.metadata),
    ...collectedOf(collected),
    ...(shipping !== undefined && shippingOf(transaction, session, shipping)),
  })
  if (items !== undefined) replaceItems(transaction, session, items)
  if (changesOrder && session.mode !== 'setup') reprice(transaction, id)
  return transaction.render('checkout_sessions', transaction.load('checkout_sessions', id))
}

function collectedOf(asked: Params['collected_information']): Partial<CheckoutSession> {
  const details = asked?.shipping_details
  if (details === undefined) return {}
  const shipping = { name: details.name, address: addressOf(details.address) }
  return { collected_information: { business_name: null, individual_name: null, shipping_details: shipping } }
}

function shippingOf(
  transaction: Transaction,
  { currency, shipping_cost: cost }: CheckoutSession,
  asked: Params['shipping_options'],
): Pick<CheckoutSession, 'shipping_cost' | 'shipping_options'> {
  const options = readShippingOptions(transaction, asked || [], currency)
  return { shipping_options: options, shipping_cost: shippingCostOf(options, cost?.shipping_rate ?? null) }
}

/** The list takes the place of the one that was there: items keep their ids by being named, the others are new. */
function replaceItems(transaction: Transaction, session: CheckoutSession, asked: readonly AskedItem[]): void {
  const order = transaction.load('checkout_orders', session.id)
  const read = asked.map((item, index) => {
    const at = `line_items[${index}]`
    return item.id === undefined ? newItem(transaction, session, { item, at }) : keptItem(order, item, at)
  })
  const rates = read.map(({ lineItem, taxRates }) => [lineItem.id, taxRates] as const)
  transaction.put('checkout_orders', {
    ...order,
    lineItems: read.map(({ lineItem }) => lineItem),
    taxRates: Object.fromEntries(rates.filter(([, own]) => own.length > 0)),
  })
}

interface ReadItem {
  readonly lineItem: LineItem
  readonly taxRates: readonly string[]
}

function newItem(
  transaction: Transaction,
  { currency }: CheckoutSession,
  { item, at }: { readonly item: AskedItem; readonly at: string },
): ReadItem {
  const { id: _id, metadata, tax_rates: rates, ...rest } = item
  const described = { ...rest, ...(metadata && { metadata }) }
  const { lineItem } = readLineItem(transaction, described, { at, currency: currency ?? '' })
  return { lineItem, taxRates: rates || [] }
}

function keptItem({ lineItems, taxRates }: CheckoutOrder, item: AskedItem, at: string): ReadItem {
  const before = lineItems.find(({ id }) => id === item.id)
  if (before === undefined) throw noSuch('line_item', item.id ?? '', { param: `${at}[id]`, status: 400 })
  const quantity = item.quantity ?? before.quantity
  const { adjustable_quantity: asked } = item
  const bounds = asked === undefined ? before.adjustable_quantity : adjustableQuantityOf(asked, quantity, at)
  return {
    lineItem: {
      ...before,
      adjustable_quantity: bounds,
      metadata: mergeMetadata(before.metadata ?? {}, item.metadata),
      quantity,
    },
    taxRates: item.tax_rates === undefined ? (taxRates[before.id] ?? []) : item.tax_rates || [],
  }
}

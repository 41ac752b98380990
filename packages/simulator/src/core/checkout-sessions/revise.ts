import type { Handler } from '../handler.js'
import type { CheckoutPayer } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { discountOfCode } from './discounts.js'
import { withOptionalItem } from './optional-items.js'
import { reprice } from './reprice.js'
import { inQuantities } from './quantities.js'
import type { CheckoutSession } from './session.js'
import { shippingCostOf } from './shipping.js'

/** What the customer changes of the order before they pay; what is left out stays. */
export interface Revision {
  /** How many of each item, by the line item's id. */
  readonly quantities?: Readonly<Record<string, number>>
  /** What they give for an item that lets them say. */
  readonly amounts?: Readonly<Record<string, number>>
  /** What may be added and now is, or is not any more. */
  readonly optional?: { readonly item: string; readonly isTaken: boolean }
  /** A promotion code as it was typed; empty takes away the one that is there. */
  readonly code?: string
  readonly shippingRate?: string
  /** Where they are, which decides the tax. */
  readonly payer?: CheckoutPayer
}

export interface Revised {
  readonly status: 'revised' | 'closed'
  /** Why a code takes nothing off. */
  readonly code: 'unknown' | 'unfit' | null
}

/** The customer changes their order on the page. */
export const reviseCheckout: Handler<Readonly<Record<string, unknown>> & Revision> = (
  transaction,
  { path, params },
): Revised => {
  const session = transaction.require('checkout_sessions', path['id'] ?? '', { kind: 'checkout.session' })
  if (session.status !== 'open') return { status: 'closed', code: null }
  const before = transaction.load('checkout_orders', session.id)
  const order = params.optional === undefined ? before : withOptionalItem(before, params.optional)
  const lineItems = inQuantities(order.lineItems, params.quantities ?? {})
  const chosenAmounts = { ...order.chosenAmounts, ...chosenOf(lineItems, params.amounts ?? {}) }
  transaction.put('checkout_orders', { ...order, lineItems, chosenAmounts })
  transaction.patch('checkout_sessions', session.id, {
    ...(params.shippingRate !== undefined && {
      shipping_cost: shippingCostOf(session.shipping_options, params.shippingRate),
    }),
  })
  const code = params.code === undefined ? null : applyCode(transaction, session, params.code)
  reprice(transaction, session.id, params.payer)
  return { status: 'revised', code }
}

type LineItems = ReturnType<typeof inQuantities>

/** Amounts within what the price allows. */
function chosenOf(items: LineItems, amounts: Readonly<Record<string, number>>): Record<string, number> {
  const chosen = items.flatMap(({ id, price }) => {
    const custom = price?.custom_unit_amount ?? null
    const wanted = amounts[id]
    if (custom === null || wanted === undefined || !Number.isSafeInteger(wanted)) return []
    return [[id, Math.min(Math.max(wanted, custom.minimum ?? 0), custom.maximum ?? wanted)] as const]
  })
  return Object.fromEntries(chosen)
}

function applyCode(transaction: Transaction, session: CheckoutSession, typed: string): Revised['code'] {
  const { id, allow_promotion_codes: allows, currency, customer } = session
  if (allows !== true) return null
  if (typed.trim() === '') {
    transaction.patch('checkout_sessions', id, { discounts: [] })
    return null
  }
  const { amount_subtotal: subtotal } = reprice(transaction, id)
  transaction.enterClockOf(customer)
  const found = discountOfCode(transaction, typed, { customer, currency, subtotal: subtotal ?? 0 })
  transaction.enterClock(null)
  if (!found.ok) return found.reason
  transaction.patch('checkout_sessions', id, { discounts: found.discounts })
  return null
}

import type { Period } from '../arithmetic/proration.js'
import { quantityInWords, rateInWords, unitAmountOf, type PricePart } from '../catalogue/pricing.js'
import { createInvoiceItem } from '../invoices/invoice-items.js'
import { pricingOf, serviceLine, type Line } from '../invoices/lines.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { billUsage, isMetered, openWindow, type UsageWindow } from './billing.js'

type Item = Records['subscription_items']
type Price = Records['prices']
type Service = Pick<Records['subscriptions'], 'id' | 'metadata' | 'billing_mode' | 'customer'>

interface Billing {
  /** The items as they were in the period whose usage is billed. */
  readonly items: readonly Item[]
  /** Up to when, where that is before the end of their period. */
  readonly until?: number
  /** The invoice that the lines are for, so that usage which arrives while it is a draft can still join them. */
  readonly invoice: string
}

/** Lines for what was used of each metered item in its period; also where nothing was used. */
export function usageLines(transaction: Transaction, subscription: Service, billing: Billing): Line[] {
  const metered = billing.items.filter((item) => isMetered(item.price))
  return metered.toReversed().flatMap((item) => linesOfItem(transaction, subscription, { ...billing, item }))
}

/** Whether anything was used of an item that is still to be billed at an instant. */
export function hasOpenUsage(transaction: Transaction, subscription: Service, { item, at }: ItemUsage): boolean {
  if (!isMetered(item.price)) return false
  const window = openWindow(transaction, item, at)
  return billUsage(transaction, { price: item.price, customer: subscription.customer }, window).quantity.digits !== 0n
}

interface ItemUsage {
  readonly item: Item
  readonly at: number
}

/** The time that a line says it bills. */
function spanOf({ start }: UsageWindow, item: Item, at = Infinity): Period {
  return { start, end: Math.max(start, Math.min(item.current_period_end, at)) }
}

function linesOfItem(
  transaction: Transaction,
  subscription: Service,
  { item, until, invoice }: Billing & { readonly item: Item },
): Line[] {
  const window = openWindow(transaction, item, until)
  const { price } = item
  const { customer } = subscription
  const span = spanOf(window, item, until)
  const service = { subscription, item: item.id, price, period: span, terms: item }
  const { parts } = billUsage(transaction, { price, customer }, window)
  const lines = parts.map((part) => lineOf(transaction, service, part))
  const [first] = lines
  if (first !== undefined) {
    const ids = lines.map(({ id }) => id)
    transaction.put('billed_usage', {
      id: first.id,
      invoice,
      item: item.id,
      price: price.id,
      customer,
      ...window,
      lines: ids,
    })
  }
  return lines
}

/** In classic billing mode the first invoice names metered items, too, of which nothing was used yet. */
export function unusedLines(transaction: Transaction, subscription: Service, items: readonly Item[]): Line[] {
  if (subscription.billing_mode.type !== 'classic') return []
  return items
    .filter(({ price }) => isMetered(price))
    .map((item) => {
      const { price } = item
      const period = { start: item.current_period_start, end: item.current_period_end }
      const nothing = { amount: 0, quantity: '0', unitAmount: unitAmountOf(price), tier: null, isFlat: false }
      return lineOf(transaction, { subscription, item: item.id, price, period, terms: item }, nothing)
    })
}

interface MeteredService {
  readonly subscription: Service
  readonly item: string
  readonly price: Price
  readonly period: Period
  /** The item's own discounts and tax rates. */
  readonly terms: Pick<Item, 'discounts' | 'tax_rates'>
}

function lineOf(transaction: Transaction, service: MeteredService, part: PricePart): Line {
  const line = serviceLine(transaction, { ...service, quantity: wholeOf(part) }, part.amount)
  return { ...line, ...worded(transaction, service.price, part) }
}

interface Worded {
  readonly description: string
  readonly pricing: NonNullable<Line['pricing']>
  readonly quantity: number
  readonly quantity_decimal: string
}

function worded(transaction: Transaction, price: Price, part: PricePart): Worded {
  return {
    description: `${quantityInWords(transaction, price, Number(part.quantity))} (${rateInWords(price, part)})`,
    pricing: pricingOf(price, part.unitAmount),
    quantity: wholeOf(part),
    quantity_decimal: part.quantity,
  }
}

/** The quantity as older clients read it, its fraction cut off. */
function wholeOf({ quantity }: PricePart): number {
  return Math.trunc(Number(quantity))
}

/**
 * The lines of a draft with the usage that has arrived since. A usage line that has gone from the draft stays away; where
 * more tiers are filled now, their lines follow the others of their item.
 */
export function withLateUsage(transaction: Transaction, invoice: string, lines: readonly Line[]): readonly Line[] {
  return transaction.by('billed_usage', 'invoice', invoice).reduce((current, billed) => {
    const place = current.findIndex((line) => billed.lines.includes(line.id))
    const old = current[place]
    if (old === undefined) return current
    const price = transaction.load('prices', billed.price)
    const { parts } = billUsage(transaction, { price, customer: billed.customer }, billed)
    const fresh = parts.map((part, index) => refreshed(transaction, { old, part, price, id: billed.lines[index] }))
    transaction.put('billed_usage', { ...billed, lines: fresh.map(({ id }) => id) })
    for (const id of billed.lines.slice(fresh.length)) transaction.remove('invoice_line_items', id)
    const others = current.filter((line) => !billed.lines.includes(line.id))
    return [...others.slice(0, place), ...fresh, ...others.slice(place)]
  }, lines)
}

function refreshed(
  transaction: Transaction,
  { old, part, price, id }: { old: Line; part: PricePart; price: Price; id: string | undefined },
): Line {
  const { amount } = part
  return {
    ...old,
    ...worded(transaction, price, part),
    id: id ?? transaction.newId('il'),
    amount,
    subtotal: amount,
  }
}

/**
 * Bills what was used of an item until an instant as pending invoice items, as when the item goes or gets another price.
 * Nothing used makes no item.
 */
export function settleUsage(transaction: Transaction, subscription: Service, { item, at }: ItemUsage): void {
  if (!isMetered(item.price)) return
  const window = openWindow(transaction, item, at)
  const { price } = item
  const { parts } = billUsage(transaction, { price, customer: subscription.customer }, window)
  const details = { subscription: subscription.id, subscription_item: item.id }
  for (const part of parts.filter(({ amount, quantity }) => amount !== 0 || quantity !== '0')) {
    createInvoiceItem(transaction, {
      ...worded(transaction, price, part),
      amount: part.amount,
      currency: price.currency,
      customer: subscription.customer,
      parent: { type: 'subscription_details', subscription_details: details },
      period: spanOf(window, item, at),
    })
  }
}

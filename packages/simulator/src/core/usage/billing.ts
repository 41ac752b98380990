import { decimalInWords, decimalOf, type Decimal } from '../arithmetic/decimal.js'
import { partsOf, type PricePart } from '../catalogue/pricing.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { MeterUsage, UsageMark } from '../usage-records.js'
import { partsSince } from './parts-since.js'
import { billable, usageAt, usageOf, type Stretch } from './readings.js'

type Price = Records['prices']
type Item = Records['subscription_items']

/** What is billed of an item's usage. What was billed up to `start` may have filled the lower tiers, from `tiersFrom` on. */
export interface UsageWindow extends Stretch {
  readonly tiersFrom: number | null
  /** Usage of the first second that was billed before. */
  readonly counted: readonly string[]
}

export interface UsageBill {
  readonly quantity: Decimal
  readonly parts: readonly PricePart[]
}

/** A price that is billed by what a meter counts, after the fact. */
export function isMetered(price: Pick<Price, 'recurring'>): boolean {
  return price.recurring?.usage_type === 'metered'
}

/** The usage of an item that is still to be billed, up to the end of its period, or up to and with an earlier second. */
export function openWindow(transaction: Transaction, item: Item, at = Infinity): UsageWindow {
  const mark = transaction.get('usage_marks', item.id)
  const { current_period_start: periodStart, current_period_end: periodEnd } = item
  const start = Math.max(periodStart, item.created, mark?.from ?? 0)
  const end = Math.min(periodEnd, at + 1)
  if (mark === undefined || mark.from !== start) return { start, end, tiersFrom: null, counted: [] }
  return { start, end, tiersFrom: mark.tiersFrom, counted: mark.counted }
}

/** What the usage of a window costs at a price. */
export function billUsage(
  transaction: Transaction,
  { price, customer }: { readonly price: Price; readonly customer: string },
  { start, end, tiersFrom, counted }: UsageWindow,
): UsageBill {
  const meter = transaction.get('meters', price.recurring?.meter ?? '')
  const used = (stretch: Stretch, where: (usage: MeterUsage) => boolean): Decimal =>
    meter === undefined ? ZERO : billable(usageOf(transaction, meter, { customer, ...stretch, where }))
  const isBilled = ({ id, date }: MeterUsage): boolean => date < start || counted.includes(id)
  const quantity = used({ start, end }, (usage) => !isBilled(usage))
  if (tiersFrom === null) return { quantity, parts: partsOf(price, decimalInWords(quantity)) }
  const all = partsOf(price, decimalInWords(used({ start: tiersFrom, end }, () => true)))
  const before = partsOf(price, decimalInWords(used({ start: tiersFrom, end: start + 1 }, isBilled)))
  return { quantity, parts: partsSince(all, before) }
}

const ZERO = decimalOf(0)

/**
 * After this second the usage of an item counts anew: what was used until now is billed, or forgotten. With `keepsTiers`
 * it still fills the lower tiers, as after an invoice that a threshold caused.
 */
export function markUsage(
  transaction: Transaction,
  item: Item,
  { customer, keepsTiers = false }: { readonly customer: string; readonly keepsTiers?: boolean },
): void {
  const { now } = transaction
  const meter = transaction.get('meters', item.price.recurring?.meter ?? '')
  const counted = meter === undefined ? [] : usageAt(transaction, meter, { customer, at: now }).map(({ id }) => id)
  const before = openWindow(transaction, item)
  const tiersFrom = keepsTiers ? (before.tiersFrom ?? before.start) : null
  transaction.put('usage_marks', { id: item.id, from: now, tiersFrom, counted })
}

/** The marks of these items, to put back or to keep for later. */
export function marksOf(transaction: Transaction, items: readonly Item[]): UsageMark[] {
  return items.flatMap(({ id }) => transaction.get('usage_marks', id) ?? [])
}

import { boundaryAt } from '../arithmetic/periods.js'
import { proratePart, type Period } from '../arithmetic/proration.js'
import { invalidRequest } from '../error.js'
import type { Bill } from './billing.js'
import { intervalOf, servicePeriod, type SubscriptionItem } from './items.js'

/** No invoice has more lines. */
const MOST_LINES = 250

/**
 * In flexible billing mode the time from a day in the past on is billed in its natural periods, one line each, the last of
 * which is the one that is running. https://docs.stripe.com/billing/subscriptions/backdate
 */
export function elapsedBills(item: SubscriptionItem, anchor: number, { start, end }: Period): Bill[] {
  const bills: Bill[] = []
  for (let at = start; at < end;) {
    const natural = servicePeriod(anchor, item.price, at)
    bills.push({ item, natural, used: { start: at, end: Math.min(natural.end, end) } })
    at = natural.end
    if (bills.length > MOST_LINES) throw tooManyLines()
  }
  return bills
}

function tooManyLines(): ReturnType<typeof invalidRequest> {
  const message = `backdate_start_date is too far in the past: the first invoice would have more than ${MOST_LINES} lines.`
  return invalidRequest(message, { param: 'backdate_start_date' })
}

/**
 * In classic billing mode that time is one line: whole imagined periods counted from the day in the past, and of the last
 * one the part that has gone by.
 */
export function elapsedAmount(full: number, price: SubscriptionItem['price'], { start, end }: Period): number {
  const interval = intervalOf(price)
  let whole = 0
  while (boundaryAt(start, interval, whole + 1) <= end) whole += 1
  const rest = { start: boundaryAt(start, interval, whole), end: boundaryAt(start, interval, whole + 1) }
  return whole * full + proratePart(full, rest, { start: rest.start, end })
}

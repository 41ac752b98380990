import type { Period } from './proration.js'

const DAY = 86_400

export interface Interval {
  readonly unit: 'day' | 'week' | 'month' | 'year'
  readonly count: number
}

/**
 * The n-th boundary of a billing cycle, counted from its anchor (n may be negative). Months and years keep the anchor's
 * day and time of day in UTC, clipped to the last day of the month; always from the anchor, so that 31 January is followed
 * by 28 February and then 31 March. https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function boundaryAt(anchor: number, interval: Interval, n: number): number {
  const step = n * interval.count
  switch (interval.unit) {
    case 'day':
      return anchor + step * DAY
    case 'week':
      return anchor + step * 7 * DAY
    case 'month':
      return addMonths(anchor, step)
    case 'year':
      return addMonths(anchor, 12 * step)
    default:
      return interval.unit satisfies never
  }
}

/** The period of a billing cycle that an instant falls into. */
export function periodAt(anchor: number, interval: Interval, at: number): Period {
  let n = Math.floor((at - anchor) / longestLength(interval))
  while (boundaryAt(anchor, interval, n) > at) n -= 1
  while (boundaryAt(anchor, interval, n + 1) <= at) n += 1
  return { start: boundaryAt(anchor, interval, n), end: boundaryAt(anchor, interval, n + 1) }
}

/** Unix seconds as a day in words, such as `10 Nov 2025`. */
export function dayInWords(at: number): string {
  const { year, month, day } = civilOf(Math.floor(at / DAY))
  return `${String(day).padStart(2, '0')} ${MONTHS[month - 1] ?? ''} ${year}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const longest = { day: DAY, week: 7 * DAY, month: 31 * DAY, year: 366 * DAY } as const

/** No period is longer; dividing by it gives a first guess that is never far off. */
function longestLength(interval: Interval): number {
  return longest[interval.unit] * interval.count
}

function addMonths(anchor: number, months: number): number {
  const days = Math.floor(anchor / DAY)
  const { year, month, day } = civilOf(days)
  const index = year * 12 + (month - 1) + months
  const target = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 }
  const clipped = Math.min(day, daysInMonth(target.year, target.month))
  return daysOf({ ...target, day: clipped }) * DAY + (anchor - days * DAY)
}

export function daysInMonth(year: number, month: number): number {
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 }
  return daysOf({ ...next, day: 1 }) - daysOf({ year, month, day: 1 })
}

/** A day of the calendar. */
export interface CivilDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Days since 1970-01-01. Years start in March here, so that the leap day is the last of its year. */
export function daysOf({ year, month, day }: CivilDay): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export function civilOf(days: number): CivilDay {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const leapsPassed = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapsPassed) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

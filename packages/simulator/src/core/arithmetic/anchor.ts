import { civilOf, daysInMonth, daysOf } from './periods.js'

const DAY = 86_400

/** A day of the month, or of the year when a month is named, at a time of day in UTC. */
export interface AnchorConfig {
  readonly day_of_month: number
  readonly month: number | null
  readonly hour: number | null
  readonly minute: number | null
  readonly second: number | null
}

/** February the 29th comes no more rarely than this, in months. */
const FURTHEST = 12 * 8 + 1

/**
 * The next instant of such a day. A part that is not named is that of the present instant. Months that lack the day are
 * passed over, so that the boundaries counted from there fall on the last day of shorter months.
 * https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function nextOccurrence(config: AnchorConfig, now: number): number {
  const time = timeOf(config, now)
  const today = civilOf(Math.floor(now / DAY))
  for (let ahead = 0; ahead < FURTHEST; ahead++) {
    const index = today.year * 12 + today.month - 1 + ahead
    const month = { year: Math.floor(index / 12), month: (index % 12) + 1 }
    if (config.month !== null && config.month !== month.month) continue
    if (config.day_of_month > daysInMonth(month.year, month.month)) continue
    const at = daysOf({ ...month, day: config.day_of_month }) * DAY + time
    if (at >= now) return at
  }
  throw new Error(`No month has a day ${config.day_of_month}.`)
}

function timeOf({ hour, minute, second }: AnchorConfig, now: number): number {
  const time = now % DAY
  const parts = [
    hour ?? Math.floor(time / 3600),
    minute ?? Math.floor((time % 3600) / 60),
    second ?? time % 60,
  ] as const
  return parts[0] * 3600 + parts[1] * 60 + parts[2]
}

import type { UnixSeconds } from '../domain/time.js'

const DAY = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' })

/** The day with its month as a word, which everybody reads alike: `December 3, 2026 (UTC)`. */
export function formatDay(at: UnixSeconds): string {
  return `${DAY.format(at * 1000)} (UTC)`
}

import type { Seen } from '../domain/seen.js'

/** How far the clocks of Stripe's machines, and the whole seconds of a header, may be apart. */
const SPREAD_SECONDS = 2

/** Nothing is proven by an answer that says no time. */
export const ANY_TIME: Seen = { from: 0, until: 253_402_300_799 }

interface Answered {
  readonly lastResponse: { readonly headers: Readonly<Record<string, string>> }
}

/** Measures how long reading takes, so that the time in an answer's header tells of what instant all that was read is. */
export function startReading(): { seen(answer: Answered): Seen } {
  const start = performance.now()
  return {
    seen: ({ lastResponse }) => {
      const milliseconds = Date.parse(lastResponse.headers['date'] ?? '')
      if (Number.isNaN(milliseconds)) return ANY_TIME
      const date = Math.floor(milliseconds / 1000)
      // The header was written at some time of the reading, and every part was read at some time of it.
      const longest = Math.ceil((performance.now() - start) / 1000) + SPREAD_SECONDS
      return { from: date - longest, until: date + longest }
    },
  }
}

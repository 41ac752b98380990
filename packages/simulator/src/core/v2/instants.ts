import { invalidRequest } from '../error.js'
import type { UnixSeconds } from '../unix-seconds.js'

/** An instant as version 2 of the API writes it. */
export function isoOf(at: UnixSeconds): string {
  return new Date(at * 1000).toISOString()
}

/** An instant as version 2 of the API reads it, its fraction of a second cut off. */
export function readInstant(text: string, param: string): UnixSeconds {
  const at = Date.parse(text)
  if (!Number.isNaN(at)) return Math.floor(at / 1000)
  throw invalidRequest(`Invalid timestamp: ${text}. Write it as RFC 3339 does.`, { code: 'invalid_fields', param })
}

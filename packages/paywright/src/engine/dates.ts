import type { UnixSeconds } from '../domain/time.js'

/** An instant as it stands at the public face. */
export function toDate(seconds: UnixSeconds): Date {
  return new Date(seconds * 1000)
}

export function toDateOrNull(seconds: UnixSeconds | null): Date | null {
  return seconds === null ? null : toDate(seconds)
}

/** The whole second in which the instant lies. */
export function toSeconds(date: Date): UnixSeconds {
  return Math.floor(date.getTime() / 1000)
}

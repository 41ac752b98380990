/** An instant as Stripe writes it: whole seconds since 1970, UTC. */
export type UnixSeconds = number

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const

/** A length of time as it stands in options: a number and a unit, such as `7d` or `12h`. */
export type Duration = `${number}${keyof typeof SECONDS}`

/** The length in seconds, or `null` where the text is no duration. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+)([smhdw])$/.exec(text)
  if (match === null) return null
  const [, count, unit] = match
  return Number(count) * SECONDS[unit as keyof typeof SECONDS]
}

/** Which addresses of the app a customer may be sent back to. */
export interface ReturnOrigins {
  /** Such as `https://app.example`. */
  readonly origin: string
  readonly allowed: readonly string[]
}

/**
 * The absolute address of a path of the app, or of an address on an allowed origin; `null` for any other.
 *
 * The answer is what the URL parser made of it, so that what was checked is what is used: a parser reads `/\evil.example`
 * and `//evil.example` as other hosts, and drops line breaks.
 */
export function resolveReturn(path: string, origins: ReturnOrigins): string | null {
  if (!path.startsWith('/') && !/^https?:\/\//i.test(path)) return null
  if (!URL.canParse(path, origins.origin)) return null
  const url = new URL(path, origins.origin)
  if (url.username !== '' || url.password !== '') return null
  const isAllowed = url.origin === origins.origin || origins.allowed.includes(url.origin)
  return isAllowed ? url.href : null
}

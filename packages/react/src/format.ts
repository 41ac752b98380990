/**
 * Currencies whose minor unit at Stripe is not the one that `Intl` knows: written with two decimals that are always 00.
 * https://docs.stripe.com/currencies#special-cases
 */
const STRIPE_DECIMALS: Readonly<Record<string, number>> = { isk: 2, ugx: 2 }

/** Dates and amounts stand in sentences, so they are in the language of the page and not of the reader's browser. */
function pageLanguage(): string | undefined {
  return typeof document === 'undefined' ? undefined : document.documentElement.lang || undefined
}

/**
 * An amount of minor units in words, in the language of the page unless another is given.
 *
 * @example
 * ```ts
 * import { formatAmount } from '@paywright/react'
 *
 * formatAmount(2000, 'usd', 'en-US') // $20.00
 * ```
 */
export function formatAmount(amount: number, currency: string, locale = pageLanguage()): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  const shown = format.resolvedOptions().maximumFractionDigits ?? 2
  const decimals = STRIPE_DECIMALS[currency.toLowerCase()] ?? shown
  return format.format(amount / 10 ** decimals)
}

/**
 * A day in words, such as "24 November 2026", in the language of the page unless another is given; the day is that of UTC, as Stripe bills.
 *
 * @example
 * ```ts
 * import { formatDate } from '@paywright/react'
 *
 * formatDate('2026-11-24T00:00:00.000Z', 'en-GB') // 24 November 2026
 * ```
 */
export function formatDate(at: string, locale = pageLanguage()): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at))
}

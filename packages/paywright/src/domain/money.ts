/** An amount in minor units beside its currency. */
export interface Money {
  readonly amount: number
  /** ISO 4217, lower case as Stripe writes it. */
  readonly currency: string
}

/** Decimals of the amounts on Stripe's wire; two for all others. See https://docs.stripe.com/currencies. */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...['bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'].map(
    (currency) => [currency, 0] as const,
  ),
  ...['bhd', 'jod', 'kwd', 'omr', 'tnd'].map((currency) => [currency, 3] as const),
])

/** They have no minor unit, and Stripe still writes them with two decimals that are always 00. */
const WRITTEN_WITH_TWO_ZEROS: ReadonlySet<string> = new Set(['isk', 'ugx'])

/** How many decimals the amounts of this currency have on Stripe's wire. */
export function currencyExponent(currency: string): number {
  return EXPONENTS.get(currency.toLowerCase()) ?? 2
}

/** The amount as a person reads it, such as `$20.00`, `¥500` or `KWD 5.000`; exact for every safe integer. */
export function formatMoney({ amount, currency }: Money, locale = 'en-US'): string {
  const decimals = shownDecimals({ amount, currency })
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return format.format(toDecimal(amount, currencyExponent(currency)))
}

function shownDecimals({ amount, currency }: Money): number {
  const isWhole = WRITTEN_WITH_TWO_ZEROS.has(currency.toLowerCase()) && amount % 100 === 0
  return isWhole ? 0 : currencyExponent(currency)
}

/** The digits with a point put in, because dividing would round. */
function toDecimal(amount: number, exponent: number): Intl.StringNumericLiteral {
  const digits = Math.abs(amount)
    .toString()
    .padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const fraction = digits.slice(digits.length - exponent)
  const text = exponent === 0 ? whole : `${whole}.${fraction}`
  return asNumeric(amount < 0 ? `-${text}` : text)
}

/** `text` is made of digits, at most one point and a leading minus, which the type cannot say of a joined string. */
function asNumeric(text: string): Intl.StringNumericLiteral {
  return text as Intl.StringNumericLiteral
}

import { exponentOf } from '../core/arithmetic/currency.js'

interface Money {
  readonly value: number
  readonly currency: string
}

/** An amount of minor units as people write it, such as `$20.00`. */
export function money({ value, currency }: Money): string {
  const places = exponentOf(currency)
  const decimal = decimalText({ value: Math.abs(value), currency })
  const options = { style: 'currency', currency, minimumFractionDigits: places, maximumFractionDigits: places } as const
  // Guaranteed: digits and at most one point. Given as text, so that no binary fraction comes in between.
  const text = new Intl.NumberFormat('en-US', options).format(decimal as `${number}`)
  return value < 0 ? `−${text}` : text
}

/** An amount as it stands in a field for numbers, such as `20.00`. */
export function decimalText({ value, currency }: Money): string {
  const places = exponentOf(currency)
  const digits = String(value).padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** What was typed into such a field, in minor units; `undefined` when it is no amount. */
export function minorUnits(text: string, currency: string): number | undefined {
  const places = exponentOf(currency)
  const [, whole, part = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim()) ?? []
  if (whole === undefined || part.length > places) return undefined
  return Number(`${whole}${part.padEnd(places, '0')}`)
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** Unix seconds as a day, such as `23 December 2026`; in UTC, like all that the simulator says. */
export function day(at: number): string {
  return dayFormat.format(new Date(at * 1000))
}

/** The same for machines, as the `datetime` of a `time` element. */
export function isoDay(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 10)
}

/** How often: `per month`, `every 3 months`. */
export function per(interval: string, count: number): string {
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

const ADVERBS: Readonly<Record<string, string>> = { day: 'daily', week: 'weekly', month: 'monthly', year: 'yearly' }

/** How often, after a first time: `monthly`, `every 3 months`. */
export function adverb(interval: string, count: number): string {
  return count === 1 ? (ADVERBS[interval] ?? per(interval, 1)) : per(interval, count)
}

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

export function brandName(brand: string): string {
  return BRANDS[brand] ?? 'Card'
}

/** The ways to pay, as a customer calls them. */
const METHODS: Readonly<Record<string, string>> = {
  acss_debit: 'Pre-authorized debit',
  affirm: 'Affirm',
  afterpay_clearpay: 'Afterpay',
  alipay: 'Alipay',
  amazon_pay: 'Amazon Pay',
  au_becs_debit: 'BECS Direct Debit',
  bacs_debit: 'Bacs Direct Debit',
  bancontact: 'Bancontact',
  card: 'Card',
  cashapp: 'Cash App Pay',
  eps: 'EPS',
  giropay: 'giropay',
  grabpay: 'GrabPay',
  ideal: 'iDEAL',
  klarna: 'Klarna',
  link: 'Link',
  p24: 'Przelewy24',
  paypal: 'PayPal',
  revolut_pay: 'Revolut Pay',
  sepa_debit: 'SEPA Direct Debit',
  sofort: 'Sofort',
  us_bank_account: 'US bank account',
}

export function methodName(type: string): string {
  return METHODS[type] ?? type
}

/** A card as its owner knows it. */
export function cardInWords({ brand, last4 }: { readonly brand: string; readonly last4: string }): string {
  return `${brandName(brand)} ending in ${last4}`
}

const regionNames = new Intl.DisplayNames(['en'], { type: 'region' })

const CODES =
  'AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW SA SB SC SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW'

/** The countries that a card can be from, by name. */
export const COUNTRIES: readonly { readonly code: string; readonly name: string }[] = CODES.split(' ')
  .map((code) => ({ code, name: regionNames.of(code) ?? code }))
  .toSorted((left, right) => left.name.localeCompare(right.name, 'en'))

export function countryName(code: string): string {
  return COUNTRIES.find((country) => country.code === code)?.name ?? code
}

export function isCountry(code: string): boolean {
  return COUNTRIES.some((country) => country.code === code)
}

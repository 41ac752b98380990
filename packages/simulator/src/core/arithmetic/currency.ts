import { invalidRequest } from '../error.js'

/** https://docs.stripe.com/currencies#presentment-currencies */
const SUPPORTED = (
  'usd, aed, afn, all, amd, ang, aoa, ars, aud, awg, azn, bam, bbd, bdt, bhd, bif, bmd, bnd, bob, brl, bsd, bwp, byn, bzd, ' +
  'cad, cdf, chf, clp, cny, cop, crc, cve, czk, djf, dkk, dop, dzd, egp, etb, eur, fjd, fkp, gbp, gel, gip, gmd, gnf, gtq, ' +
  'gyd, hkd, hnl, htg, huf, idr, ils, inr, isk, jmd, jod, jpy, kes, kgs, khr, kmf, krw, kwd, kyd, kzt, lak, lbp, lkr, lrd, ' +
  'lsl, mad, mdl, mga, mkd, mmk, mnt, mop, mur, mvr, mwk, mxn, myr, mzn, nad, ngn, nio, nok, npr, nzd, omr, pab, pen, pgk, ' +
  'php, pkr, pln, pyg, qar, ron, rsd, rub, rwf, sar, sbd, scr, sek, sgd, shp, sle, sos, srd, std, szl, thb, tjs, tnd, top, ' +
  'try, ttd, twd, tzs, uah, ugx, uyu, uzs, vnd, vuv, wst, xaf, xcd, xof, xpf, yer, zar, zmw'
).split(', ')

/** The currency in lower case, if Stripe charges in it. */
export function requireCurrency(currency: string): string {
  const code = currency.toLowerCase()
  if (SUPPORTED.includes(code)) return code
  const message = `Invalid currency: ${currency}. Stripe currently supports these currencies: ${SUPPORTED.join(', ')}`
  throw invalidRequest(message, { param: 'currency' })
}

/** https://docs.stripe.com/currencies#zero-decimal */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))

/** https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))

/** How many decimals the currency's minor unit stands for at Stripe: 2 for dollars, 0 for yen, 3 for dinars. */
export function exponentOf(currency: string): number {
  const code = currency.toLowerCase()
  if (ZERO_DECIMAL.has(code)) return 0
  return THREE_DECIMAL.has(code) ? 3 : 2
}

/** The least that can be charged, in minor units. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const MINIMUM: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
}

/** The least that can be charged in this currency; 50 units of hundredths where Stripe names none. */
export function minimumCharge(currency: string): number {
  return MINIMUM[currency.toLowerCase()] ?? 50
}

/** The greatest amount: eight digits. */
export const MAXIMUM_CHARGE = 99_999_999

/** An amount with its currency the way Stripe's messages write it, such as `$0.50 usd`. */
export function amountInWords(amount: number, currency: string): string {
  const places = exponentOf(currency)
  const digits = String(amount).padStart(places + 1, '0')
  const decimal = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
  const options = { style: 'currency', currency, minimumFractionDigits: places } as const
  // Guaranteed: digits and at most one point. Given as text, so that no binary fraction comes in between.
  return `${new Intl.NumberFormat('en-US', options).format(decimal as `${number}`)} ${currency.toLowerCase()}`
}

import { requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter, type StripeError } from '../error.js'
import type { Records } from '../records.js'

type Price = Records['prices']
type Tiers = NonNullable<Price['tiers']>
type CustomAmount = Price['custom_unit_amount']
type CurrencyOptions = NonNullable<Price['currency_options']>

interface TierParams {
  readonly flat_amount?: number
  readonly flat_amount_decimal?: unknown
  readonly unit_amount?: number
  readonly unit_amount_decimal?: unknown
  readonly up_to: string | number
}

/** What a price costs, in one currency. */
export interface AmountParams {
  readonly custom_unit_amount?: {
    readonly enabled: boolean
    readonly maximum?: number
    readonly minimum?: number
    readonly preset?: number
  }
  readonly tax_behavior?: string
  readonly tiers?: readonly TierParams[]
  readonly unit_amount?: number
  readonly unit_amount_decimal?: unknown
}

type Amounts = Pick<Price, 'custom_unit_amount' | 'tiers' | 'unit_amount' | 'unit_amount_decimal'>

/** The amounts of a price in one currency; `within` are the names of what holds them in the request. */
export function amountsOf(params: AmountParams, scheme: string, within: readonly string[] = []): Amounts {
  const at = placesIn(within)
  if (scheme === 'tiered') return { ...nothing, tiers: tiersOf(params, within) }
  if (params.tiers !== undefined) {
    throw invalidRequest('You may only specify `tiers` when `billing_scheme` is `tiered`.', { param: at('tiers') })
  }
  if (params.custom_unit_amount?.enabled === true) return { ...nothing, custom_unit_amount: customOf(params, at) }
  const text = decimalText(params, 'unit_amount', at)
  if (text === undefined) throw missingParameter(at('unit_amount'))
  return { custom_unit_amount: null, unit_amount: wholeOf(text), unit_amount_decimal: text }
}

const nothing = { custom_unit_amount: null, unit_amount: null, unit_amount_decimal: null } as const

type At = (name: string) => string

/** How a request calls what is inside of something: `currency_options[eur][unit_amount]`. */
function placesIn(within: readonly string[]): At {
  return (name) => [...within, name].map((part, index) => (index === 0 ? part : `[${part}]`)).join('')
}

function tiersOf(params: AmountParams, within: readonly string[]): Tiers {
  const { tiers = [] } = params
  const at = placesIn(within)
  refuseUnitAmount(params, '`billing_scheme` is `tiered`', at)
  if (tiers.length === 0) throw missingParameter(at('tiers'))
  let last = 0
  return tiers.map((tier, index) => {
    const inTier = placesIn([...within, 'tiers', String(index)])
    const upTo = boundOf(tier.up_to, { isLast: index === tiers.length - 1, after: last, param: inTier('up_to') })
    last = upTo ?? last
    return tierOf(tier, upTo, inTier)
  })
}

function boundOf(
  upTo: TierParams['up_to'],
  place: { readonly isLast: boolean; readonly after: number; readonly param: string },
): number | null {
  const { isLast, after, param } = place
  if (upTo === 'inf' && isLast) return null
  if (upTo === 'inf' || isLast)
    throw invalidRequest('The last tier, and only it, must have `up_to` = `inf`.', { param })
  if (Number(upTo) > after) return Number(upTo)
  throw invalidRequest('Each tier must have an `up_to` greater than that of the tier before.', { param })
}

function tierOf(tier: TierParams, upTo: number | null, at: At): Tiers[number] {
  const flat = decimalText(tier, 'flat_amount', at)
  const unit = decimalText(tier, 'unit_amount', at)
  if (flat === undefined && unit === undefined) throw missingParameter(at('unit_amount'))
  return {
    flat_amount: flat === undefined ? null : wholeOf(flat),
    flat_amount_decimal: flat ?? null,
    unit_amount: unit === undefined ? null : wholeOf(unit),
    unit_amount_decimal: unit ?? null,
    up_to: upTo,
  }
}

function customOf(params: AmountParams, at: At): CustomAmount {
  refuseUnitAmount(params, '`custom_unit_amount` is enabled', at)
  const { maximum = null, minimum = null, preset = null } = params.custom_unit_amount ?? {}
  const isInOrder = minimum === null || maximum === null || minimum <= maximum
  const fits = preset === null || ((minimum === null || preset >= minimum) && (maximum === null || preset <= maximum))
  if (isInOrder && fits) return { maximum, minimum, preset }
  const message = 'The preset of a custom amount must lie between its minimum and its maximum.'
  throw invalidRequest(message, { param: at('custom_unit_amount') })
}

function refuseUnitAmount(params: AmountParams, when: string, at: At): void {
  if (params.unit_amount === undefined && params.unit_amount_decimal === undefined) return
  throw invalidRequest(`You may not specify \`unit_amount\` when ${when}.`, { param: at('unit_amount') })
}

/** An amount of minor units as a decimal of up to twelve places, however the request gives it. */
function decimalText(
  params: Pick<TierParams, 'flat_amount' | 'flat_amount_decimal' | 'unit_amount' | 'unit_amount_decimal'>,
  name: 'flat_amount' | 'unit_amount',
  at: At,
): string | undefined {
  const whole = params[name]
  const decimal = params[`${name}_decimal`]
  if (whole !== undefined && decimal !== undefined) throw oneOfTwo(name)
  if (whole === undefined && decimal === undefined) return undefined
  const text = String(whole ?? decimal)
  if (/^\d+(\.\d{1,12})?$/.test(text)) return text
  if (whole !== undefined) {
    throw invalidRequest('Invalid non-negative integer', { code: 'parameter_invalid_integer', param: at(name) })
  }
  const details = { code: 'parameter_invalid_decimal', param: at(`${name}_decimal`) }
  throw invalidRequest('Invalid non-negative decimal', details)
}

function oneOfTwo(name: string): StripeError {
  return invalidRequest(`You may only specify one of these parameters: ${name}, ${name}_decimal.`)
}

function wholeOf(text: string): number | null {
  return Number.isInteger(Number(text)) ? Number(text) : null
}

/** A price's amounts in its other currencies, as an object shows them: with those of its own currency. */
export function currencyOptionsOf(
  price: Pick<Price, 'billing_scheme' | 'currency' | 'currency_options' | 'tax_behavior'> & Amounts,
  asked: Readonly<Record<string, AmountParams>> | undefined,
): CurrencyOptions | undefined {
  if (asked === undefined) return price.currency_options
  const added = Object.entries(asked).map(([currency, params]) => {
    const amounts = amountsOf(params, price.billing_scheme, ['currency_options', currency])
    return [requireCurrency(currency), { ...amounts, tax_behavior: params.tax_behavior ?? 'unspecified' }] as const
  })
  return { ...price.currency_options, ...Object.fromEntries(added), [price.currency]: ownOption(price) }
}

/** The amounts in each of a price's currencies; one that knows only its own shows that. */
export function optionsOf(price: Price): CurrencyOptions {
  return price.currency_options ?? { [price.currency]: ownOption(price) }
}

function ownOption(price: Pick<Price, 'tax_behavior'> & Amounts): CurrencyOptions[string] {
  const {
    custom_unit_amount: custom,
    tax_behavior: tax,
    tiers,
    unit_amount: whole,
    unit_amount_decimal: decimal,
  } = price
  return {
    custom_unit_amount: custom,
    tax_behavior: tax,
    ...(tiers !== undefined && { tiers }),
    unit_amount: whole,
    unit_amount_decimal: decimal,
  }
}

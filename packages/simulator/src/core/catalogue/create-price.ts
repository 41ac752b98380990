import { requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import { planOf } from './plans.js'
import type { Transaction } from '../transaction.js'

type Price = Records['prices']

/** What `prices.create`, a product's default price and inline `price_data` have in common. */
export interface PriceParams {
  readonly active?: boolean
  readonly billing_scheme?: string
  readonly currency: string
  readonly currency_options?: unknown
  readonly custom_unit_amount?: unknown
  readonly lookup_key?: string
  readonly metadata?: unknown
  readonly nickname?: string
  readonly product: string
  readonly recurring?: {
    interval: string
    interval_count?: number
    meter?: string
    usage_type?: string
    trial_period_days?: number
  }
  readonly tax_behavior?: string
  readonly tiers?: unknown
  readonly tiers_mode?: unknown
  readonly transfer_lookup_key?: boolean
  readonly transform_quantity?: { divide_by: number; round: string }
  readonly unit_amount?: number
  readonly unit_amount_decimal?: unknown
}

const NOT_BUILT = ['currency_options', 'custom_unit_amount', 'tiers', 'tiers_mode', 'transform_quantity'] as const

/** Makes a price and reports it. */
export function createPrice(transaction: Transaction, params: PriceParams): Price {
  for (const param of NOT_BUILT) if (params[param] !== undefined) throw notSimulated(`The parameter ${param}`, param)
  if (params.recurring?.usage_type === 'metered' || params.recurring?.meter !== undefined) {
    throw notSimulated('Metered usage', 'recurring')
  }
  if (params.billing_scheme === 'tiered') throw notSimulated('Tiered pricing', 'billing_scheme')
  const amount = unitAmount(params)
  const price: Price = {
    id: transaction.newId('price'),
    object: 'price',
    active: params.active ?? true,
    billing_scheme: 'per_unit',
    created: transaction.now,
    currency: requireCurrency(params.currency),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: claimLookupKey(transaction, params),
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product: params.product,
    recurring: recurringOf(params.recurring),
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: params.recurring === undefined ? 'one_time' : 'recurring',
    unit_amount: Number.isInteger(Number(amount)) ? Number(amount) : null,
    unit_amount_decimal: amount,
  }
  transaction.put('prices', price)
  if (price.recurring !== null) transaction.emitObject('plan.created', planOf(price))
  transaction.emit('price.created', 'prices', price)
  return price
}

/** The amount of one unit as a decimal in minor units; up to twelve places. */
function unitAmount({ unit_amount: whole, unit_amount_decimal: decimal }: PriceParams): string {
  if (whole !== undefined && decimal !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: unit_amount, unit_amount_decimal.')
  }
  if (whole === undefined && decimal === undefined) throw missingParameter('unit_amount')
  const param = whole === undefined ? 'unit_amount_decimal' : 'unit_amount'
  const text = String(whole ?? decimal)
  if (!/^\d+(\.\d{1,12})?$/.test(text)) {
    const code = whole === undefined ? 'parameter_invalid_decimal' : 'parameter_invalid_integer'
    throw invalidRequest(`Invalid non-negative ${whole === undefined ? 'decimal' : 'integer'}`, { code, param })
  }
  return text
}

const LONGEST = { day: 1095, week: 156, month: 36, year: 3 } as const

function recurringOf(recurring: PriceParams['recurring']): Price['recurring'] {
  if (recurring === undefined) return null
  const { interval, interval_count: count = 1, trial_period_days: trial = null } = recurring
  if (!(interval in LONGEST)) {
    const message = 'Invalid recurring[interval]: must be one of day, month, week, or year'
    throw invalidRequest(message, { param: 'recurring[interval]' })
  }
  const longest = LONGEST[interval as keyof typeof LONGEST]
  if (count < 1 || count > longest) {
    const message = `Invalid recurring[interval_count]: must be between 1 and ${longest} for the interval ${interval}.`
    throw invalidRequest(message, { param: 'recurring[interval_count]' })
  }
  return { interval, interval_count: count, meter: null, trial_period_days: trial, usage_type: 'licensed' }
}

/** A lookup key belongs to one active price; `transfer_lookup_key` takes it from the one that has it. */
export function claimLookupKey(
  transaction: Transaction,
  params: Pick<PriceParams, 'lookup_key' | 'transfer_lookup_key'>,
): string | null {
  const { lookup_key: key, transfer_lookup_key: transfer = false } = params
  if (key === undefined || key === '') return null
  for (const holder of transaction.by('prices', 'lookup_key', key)) {
    if (!transfer) {
      throw invalidRequest(`A price (\`${holder.id}\`) already uses that lookup key.`, { param: 'lookup_key' })
    }
    const after = transaction.patch('prices', holder.id, { lookup_key: null })
    transaction.emitChange('price.updated', 'prices', { before: holder, after })
  }
  return key
}

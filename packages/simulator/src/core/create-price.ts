import { invalidRequest, missingParameter, notSimulated } from './error.js'
import { mergeMetadata } from './metadata.js'
import type { Records } from './records.js'
import type { Transaction } from './transaction.js'

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
  const amount = unitAmount(params)
  const price: Price = {
    id: transaction.newId('price'),
    object: 'price',
    active: params.active ?? true,
    billing_scheme: 'per_unit',
    created: transaction.now,
    currency: params.currency.toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: claimLookupKey(transaction, params),
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product: params.product,
    recurring: recurringOf(params.recurring),
    tax_behavior: (params.tax_behavior ?? 'unspecified') as Price['tax_behavior'],
    tiers_mode: null,
    transform_quantity: null,
    type: params.recurring === undefined ? 'one_time' : 'recurring',
    unit_amount: Number.isInteger(Number(amount)) ? Number(amount) : null,
    unit_amount_decimal: amount,
  }
  transaction.put('prices', price)
  transaction.emit('plan.created', 'prices', price)
  transaction.emit('price.created', 'prices', price)
  return price
}

function unitAmount({ unit_amount: whole, unit_amount_decimal: decimal }: PriceParams): string {
  if (whole !== undefined && decimal !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: unit_amount, unit_amount_decimal.')
  }
  if (whole === undefined && decimal === undefined) throw missingParameter('unit_amount')
  const text = whole === undefined ? String(decimal) : String(whole)
  if (text.startsWith('-')) {
    throw invalidRequest('Invalid non-negative integer', { code: 'parameter_invalid_integer', param: 'unit_amount' })
  }
  return text
}

function recurringOf(recurring: PriceParams['recurring']): Price['recurring'] {
  if (recurring === undefined) return null
  const { interval, interval_count: count = 1, trial_period_days: trial = null } = recurring
  return {
    interval: interval as NonNullable<Price['recurring']>['interval'],
    interval_count: count,
    meter: null,
    trial_period_days: trial,
    usage_type: 'licensed',
  }
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
      const message = `A price (\`${holder.id}\`) already uses that lookup key. Pass \`transfer_lookup_key=true\` to move it.`
      throw invalidRequest(message, { code: 'resource_already_exists', param: 'lookup_key' })
    }
    const after = transaction.patch('prices', holder.id, { lookup_key: null })
    transaction.emit('price.updated', 'prices', after, holder)
  }
  return key
}

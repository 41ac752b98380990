import { requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { planOf } from './plan.js'
import { amountsOf, currencyOptionsOf, type AmountParams } from './price-amounts.js'
import { recurringOf, type RecurringParams } from './recurring.js'

type Price = Records['prices']

/** What `prices.create`, a product's default price and inline `price_data` have in common. */
export interface PriceParams extends AmountParams {
  readonly active?: boolean
  readonly billing_scheme?: string
  readonly currency: string
  readonly currency_options?: Readonly<Record<string, AmountParams>>
  /** Only plans are given one. */
  readonly id?: string
  readonly lookup_key?: string
  readonly metadata?: unknown
  readonly nickname?: string
  readonly product: string
  readonly recurring?: RecurringParams
  readonly tiers_mode?: string
  readonly transfer_lookup_key?: boolean
  readonly transform_quantity?: { readonly divide_by: number; readonly round: string }
}

/** Makes a price and reports it. */
export function createPrice(transaction: Transaction, params: PriceParams): Price {
  const { billing_scheme: scheme = 'per_unit' } = params
  refuseContradictions(params)
  const price: Price = {
    id: params.id ?? transaction.newId('price'),
    object: 'price',
    active: params.active ?? true,
    billing_scheme: scheme,
    created: transaction.now,
    currency: requireCurrency(params.currency),
    ...amountsOf(params, scheme),
    livemode: false,
    lookup_key: claimLookupKey(transaction, params),
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product: params.product,
    recurring: recurringOf(transaction, params.recurring),
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: params.tiers_mode ?? null,
    transform_quantity: packsOf(params.transform_quantity),
    type: params.recurring === undefined ? 'one_time' : 'recurring',
  }
  const options = currencyOptionsOf(price, params.currency_options)
  return announced(transaction, options === undefined ? price : { ...price, currency_options: options })
}

function announced(transaction: Transaction, price: Price): Price {
  transaction.put('prices', price)
  if (price.recurring !== null) transaction.emitObject('plan.created', planOf(price))
  transaction.emit('price.created', 'prices', price)
  return price
}

function refuseContradictions(params: PriceParams): void {
  const { billing_scheme: scheme, custom_unit_amount: custom, recurring, tiers_mode: mode } = params
  if (scheme === 'tiered' && mode === undefined) throw missingParameter('tiers_mode')
  if (scheme !== 'tiered' && mode !== undefined) {
    const message = 'You may only specify `tiers_mode` when `billing_scheme` is `tiered`.'
    throw invalidRequest(message, { param: 'tiers_mode' })
  }
  if (scheme === 'tiered' && params.transform_quantity !== undefined) {
    const message = 'You may not specify `transform_quantity` when `billing_scheme` is `tiered`.'
    throw invalidRequest(message, { param: 'transform_quantity' })
  }
  if (custom?.enabled === true && recurring !== undefined) {
    const message = 'You may not specify `custom_unit_amount` for a recurring price.'
    throw invalidRequest(message, { param: 'custom_unit_amount' })
  }
}

function packsOf(packs: PriceParams['transform_quantity']): Price['transform_quantity'] {
  if (packs === undefined) return null
  if (packs.divide_by >= 1) return { divide_by: packs.divide_by, round: packs.round }
  const details = { code: 'parameter_invalid_integer', param: 'transform_quantity[divide_by]' }
  throw invalidRequest('This value must be greater than or equal to 1.', details)
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

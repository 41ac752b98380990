import type Stripe from 'stripe'
import { requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { checkedTaxCode } from './tax-codes.js'

type ShippingRate = Records['shipping_rates']
type FixedAmount = NonNullable<ShippingRate['fixed_amount']>

/** Makes a shipping rate, as also a Checkout session's `shipping_rate_data` does. Stripe reports none. */
export function createShippingRate(transaction: Transaction, params: Stripe.ShippingRateCreateParams): ShippingRate {
  if (params.fixed_amount === undefined) throw missingParameter('fixed_amount')
  const { maximum = null, minimum = null } = params.delivery_estimate ?? {}
  return transaction.put('shipping_rates', {
    id: transaction.newId('shr'),
    object: 'shipping_rate',
    active: true,
    created: transaction.now,
    delivery_estimate: params.delivery_estimate === undefined ? null : { maximum, minimum },
    display_name: params.display_name,
    fixed_amount: fixedAmount(params.fixed_amount),
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tax_code: params.tax_code === undefined ? null : checkedTaxCode(params.tax_code, 'tax_code'),
    type: 'fixed_amount',
  })
}

function fixedAmount(params: Stripe.ShippingRateCreateParams.FixedAmount): FixedAmount {
  const { amount, currency_options: options } = params
  requireAmount(amount, 'fixed_amount[amount]')
  const currency = requireCurrency(params.currency)
  if (options === undefined) return { amount, currency }
  const own = { [currency]: { amount, tax_behavior: 'unspecified' } }
  return { amount, currency, currency_options: optionsAfter(own, options) }
}

type Options = NonNullable<FixedAmount['currency_options']>

function optionsAfter(
  before: Options,
  asked: Readonly<Record<string, { amount?: number; tax_behavior?: string }>>,
): Options {
  const added = Object.entries(asked).map(([currency, option]) => {
    const param = `fixed_amount[currency_options][${currency}][amount]`
    const amount = option.amount ?? before[currency]?.amount
    if (amount === undefined) throw missingParameter(param)
    requireAmount(amount, param)
    const behavior = option.tax_behavior ?? before[currency]?.tax_behavior ?? 'unspecified'
    return [requireCurrency(currency), { amount, tax_behavior: behavior }] as const
  })
  return { ...before, ...Object.fromEntries(added) }
}

function requireAmount(amount: number, param: string): void {
  if (amount < 0) throw invalidRequest('Invalid non-negative integer', { code: 'parameter_invalid_integer', param })
}

const create: Handler<Stripe.ShippingRateCreateParams> = (transaction, { params }) =>
  transaction.render('shipping_rates', createShippingRate(transaction, params))

const named = { kind: 'shipping rate', param: 'shipping_rate_token' } as const

const update: Handler<Stripe.ShippingRateUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'shipping_rates', { id: path['id'], ...named })
  const { active, fixed_amount: amount, metadata, tax_behavior: behavior } = params
  if (behavior !== undefined && before.tax_behavior !== 'unspecified' && behavior !== before.tax_behavior) {
    throw invalidRequest('`tax_behavior` cannot be changed once it is set.', { param: 'tax_behavior' })
  }
  const fixed = before.fixed_amount
  const options = amount?.currency_options
  const after = transaction.patch('shipping_rates', before.id, {
    ...(active !== undefined && { active }),
    ...(fixed !== undefined && options !== undefined && { fixed_amount: withOptions(fixed, options) }),
    metadata: mergeMetadata(before.metadata, metadata),
    ...(behavior !== undefined && { tax_behavior: behavior }),
  })
  return transaction.render('shipping_rates', after)
}

function withOptions(
  fixed: FixedAmount,
  options: Readonly<Record<string, { amount?: number; tax_behavior?: string }>>,
): FixedAmount {
  const own = { [fixed.currency]: { amount: fixed.amount, tax_behavior: 'unspecified' } }
  return { ...fixed, currency_options: optionsAfter(fixed.currency_options ?? own, options) }
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('shipping_rates', recordInPath(transaction, 'shipping_rates', { id: path['id'], ...named }))

const list: Handler<Stripe.ShippingRateListParams> = (transaction, { params }) => {
  const { active, currency } = params
  const where = (rate: ShippingRate): boolean =>
    (active === undefined || rate.active === active) &&
    (currency === undefined || rate.fixed_amount?.currency === currency.toLowerCase()) &&
    isWithin(rate.created, params.created)
  const page = transaction.page('shipping_rates', params, { where, kind: 'shipping rate' })
  return listReply(transaction, 'shipping_rates', { page, url: '/v1/shipping_rates' })
}

/** Without the field that must be asked for. */
function shownShippingRate(_transaction: Transaction, rate: ShippingRate): unknown {
  if (rate.fixed_amount === undefined) return rate
  const { currency_options: _options, ...amount } = rate.fixed_amount
  return { ...rate, fixed_amount: amount }
}

export const shippingRatesHandlers: Handlers = {
  'shipping_rates.create': create,
  'shipping_rates.list': list,
  'shipping_rates.retrieve': retrieve,
  'shipping_rates.update': update,
}

export const shippingRatesRenderers: Renderers = { shipping_rates: shownShippingRate }

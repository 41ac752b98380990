import type Stripe from 'stripe'
import { requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type Coupon = Records['coupons']
type CreateParams = Stripe.CouponCreateParams

const ID_LENGTH = 8
const LONGEST_NAME = 40
const FIVE_YEARS = 5 * 366 * 24 * 3600

const create: Handler<CreateParams> = (transaction, { params }) => {
  const id = params.id ?? transaction.newId('').slice(1, 1 + ID_LENGTH)
  if (transaction.get('coupons', id) !== undefined) {
    throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const coupon = transaction.put('coupons', {
    id,
    object: 'coupon',
    ...amountFields(params),
    ...(params.applies_to !== undefined && { applies_to: appliesTo(transaction, params.applies_to) }),
    created: transaction.now,
    ...durationFields(params),
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    name: checkedName(params.name),
    redeem_by: checkedDeadline(transaction, params.redeem_by),
    times_redeemed: 0,
    valid: true,
  })
  transaction.emit('coupon.created', 'coupons', coupon)
  return transaction.render('coupons', coupon)
}

type AmountFields = Pick<Coupon, 'amount_off' | 'currency' | 'currency_options' | 'percent_off'>

/** A coupon takes off a part or an amount, never both. */
function amountFields(params: CreateParams): AmountFields {
  const { amount_off: amount, percent_off: percent, currency } = params
  if (amount !== undefined && percent !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: amount_off, percent_off.')
  }
  if (amount === undefined) return percentFields(percent)
  if (currency === undefined) throw missingParameter('currency')
  requirePositive(amount, 'amount_off')
  const code = requireCurrency(currency)
  const others = optionsAfter({}, params.currency_options)
  const options = Object.keys(others).length > 0 && { currency_options: { [code]: { amount_off: amount }, ...others } }
  return { amount_off: amount, currency: code, percent_off: null, ...options }
}

function percentFields(percent: number | undefined): AmountFields {
  if (percent === undefined) {
    throw invalidRequest('You must pass either `percent_off` or `amount_off`.', { code: 'parameter_missing' })
  }
  if (percent <= 0 || percent > 100) {
    const message = 'Invalid percent_off: must be a number greater than 0 and at most 100.'
    throw invalidRequest(message, { param: 'percent_off' })
  }
  return { amount_off: null, currency: null, percent_off: percent }
}

type Options = NonNullable<Coupon['currency_options']>

function optionsAfter(before: Options, asked: CreateParams['currency_options']): Options {
  const added = Object.entries(asked ?? {}).map(([currency, { amount_off: amount }]) => {
    requirePositive(amount, `currency_options[${currency}][amount_off]`)
    return [requireCurrency(currency), { amount_off: amount }] as const
  })
  return { ...before, ...Object.fromEntries(added) }
}

function requirePositive(value: number, param: string): void {
  if (value > 0) return
  throw invalidRequest('This value must be greater than or equal to 1.', { code: 'parameter_invalid_integer', param })
}

function durationFields(params: CreateParams): Pick<Coupon, 'duration' | 'duration_in_months'> {
  const { duration = 'once', duration_in_months: months } = params
  if (duration !== 'repeating') {
    if (months === undefined) return { duration, duration_in_months: null }
    const message = 'You may only specify `duration_in_months` when `duration` is `repeating`.'
    throw invalidRequest(message, { param: 'duration_in_months' })
  }
  if (months === undefined) throw missingParameter('duration_in_months')
  requirePositive(months, 'duration_in_months')
  return { duration, duration_in_months: months }
}

function appliesTo(
  transaction: Transaction,
  asked: NonNullable<CreateParams['applies_to']>,
): { readonly products: readonly string[] } {
  const products = asked.products ?? []
  products.forEach((id, index) =>
    transaction.require('products', id, { kind: 'product', param: `applies_to[products][${index}]` }),
  )
  return { products }
}

function checkedName(name: string | undefined): string | null {
  if (name === undefined || name === '') return null
  if (name.length <= LONGEST_NAME) return name
  const message = `Invalid string: ${name.slice(0, 10)}…; must be at most ${LONGEST_NAME} characters`
  throw invalidRequest(message, { param: 'name' })
}

function checkedDeadline(transaction: Transaction, redeemBy: number | undefined): number | null {
  if (redeemBy === undefined) return null
  if (redeemBy <= transaction.now) throw invalidRequest('The value is in the past.', { param: 'redeem_by' })
  if (redeemBy <= transaction.now + FIVE_YEARS) return redeemBy
  throw invalidRequest('`redeem_by` cannot be more than five years in the future.', { param: 'redeem_by' })
}

const named = { kind: 'coupon', param: 'coupon' } as const

const update: Handler<Stripe.CouponUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'coupons', { id: path['id'], ...named })
  const { currency_options: options, metadata, name } = params
  if (options !== undefined && (before.amount_off === null || before.currency === null)) {
    const message = '`currency_options` can only be set on a coupon that takes off an amount.'
    throw invalidRequest(message, { param: 'currency_options' })
  }
  const own = { [before.currency ?? '']: { amount_off: before.amount_off ?? 0 } }
  const after = transaction.patch('coupons', before.id, {
    ...(options !== undefined && { currency_options: optionsAfter(before.currency_options ?? own, options) }),
    metadata: mergeMetadata(before.metadata ?? {}, metadata),
    ...(name !== undefined && { name: checkedName(name) }),
  })
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    transaction.emitChange('coupon.updated', 'coupons', { before, after })
  }
  return transaction.render('coupons', after)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('coupons', recordInPath(transaction, 'coupons', { id: path['id'], ...named }))

/** Who has the coupon's discount keeps it, so what the coupon was must still be known. */
const remove: Handler = (transaction, { path }) => {
  const coupon = recordInPath(transaction, 'coupons', { id: path['id'], ...named })
  transaction.emitObject('coupon.deleted', { ...shownCoupon(transaction, coupon), valid: false })
  transaction.remove('coupons', coupon.id)
  transaction.put('deleted_coupons', { ...coupon, valid: false })
  transaction.put('deleted_objects', { id: coupon.id, object: 'coupon' })
  return { id: coupon.id, object: 'coupon', deleted: true }
}

const list: Handler<Stripe.CouponListParams> = (transaction, { params }) => {
  const where = (coupon: Coupon): boolean => isWithin(coupon.created, params.created)
  const page = transaction.page('coupons', params, { where, kind: 'coupon' })
  return listReply(transaction, 'coupons', { page, url: '/v1/coupons' })
}

/** Whether it could be redeemed at this instant. */
export function isRedeemable(transaction: Transaction, coupon: Coupon): boolean {
  const { max_redemptions: most, redeem_by: deadline, times_redeemed: times } = coupon
  return coupon.valid && (most === null || times < most) && (deadline === null || transaction.now <= deadline)
}

/** What a discount's coupon is or was before it was deleted. */
export function couponOf(transaction: Transaction, id: string): Coupon {
  return transaction.get('coupons', id) ?? transaction.load('deleted_coupons', id)
}

/** What it takes off in a currency; `undefined` when it takes off a part, or nothing of that currency. */
export function amountOffIn(coupon: Coupon, currency: string): number | undefined {
  if (coupon.amount_off === null) return undefined
  if (coupon.currency === currency) return coupon.amount_off
  return coupon.currency_options?.[currency]?.amount_off
}

/** Without the fields that must be asked for. */
function shownCoupon(transaction: Transaction, coupon: Coupon): Coupon {
  const { applies_to: _products, currency_options: _options, ...shown } = coupon
  return { ...shown, valid: isRedeemable(transaction, coupon) }
}

export const couponsHandlers: Handlers = {
  'coupons.create': create,
  'coupons.delete': remove,
  'coupons.list': list,
  'coupons.retrieve': retrieve,
  'coupons.update': update,
}

export const couponsRenderers: Renderers = { coupons: shownCoupon, deleted_coupons: shownCoupon }

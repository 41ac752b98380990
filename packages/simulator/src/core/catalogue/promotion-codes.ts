import type Stripe from 'stripe'
import { requireCurrency } from '../arithmetic/currency.js'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { isRedeemable, type Coupon } from './coupons.js'

export type PromotionCode = Records['promotion_codes']
type CreateParams = Stripe.PromotionCodeCreateParams

const CODE_LENGTH = 8

const create: Handler<CreateParams> = (transaction, { params }) => {
  if (params.customer_account !== undefined) throw notSimulated('customer_account', 'customer_account')
  const coupon = promotedCoupon(transaction, params)
  const { customer } = params
  if (customer !== undefined) transaction.require('customers', customer, { kind: 'customer', param: 'customer' })
  const code =
    params.code ??
    transaction
      .newId('')
      .slice(1, 1 + CODE_LENGTH)
      .toUpperCase()
  requireSpelling(code)
  if (params.active !== false) requireFree(transaction, code, customer ?? null)
  const promotionCode = transaction.put('promotion_codes', {
    id: transaction.newId('promo'),
    object: 'promotion_code',
    active: params.active ?? true,
    code,
    created: transaction.now,
    customer: customer ?? null,
    customer_account: null,
    expires_at: checkedExpiry(transaction, params.expires_at, coupon),
    livemode: false,
    max_redemptions: checkedMost(params.max_redemptions, coupon),
    metadata: mergeMetadata({}, params.metadata),
    promotion: { coupon: coupon.id, type: 'coupon' },
    restrictions: restrictionsOf(params.restrictions),
    times_redeemed: 0,
  })
  transaction.emit('promotion_code.created', 'promotion_codes', promotionCode)
  return transaction.render('promotion_codes', promotionCode)
}

function promotedCoupon(transaction: Transaction, { promotion }: CreateParams): Coupon {
  if (promotion.type !== 'coupon') throw notSimulated('A promotion of anything but a coupon', 'promotion[type]')
  if (promotion.coupon === undefined) throw missingParameter('promotion[coupon]')
  const coupon = transaction.require('coupons', promotion.coupon, { kind: 'coupon', param: 'promotion[coupon]' })
  if (isRedeemable(transaction, coupon)) return coupon
  const message = `Coupon expired: ${coupon.id}`
  throw invalidRequest(message, { code: 'coupon_expired', param: 'promotion[coupon]' })
}

function requireSpelling(code: string): void {
  if (/^[A-Za-z0-9-]{1,500}$/.test(code)) return
  const message = 'Promotion codes can only contain letters, digits, and dashes.'
  throw invalidRequest(message, { param: 'code' })
}

/** A code belongs to one active promotion code, whatever its case, unless each is for another customer. */
function requireFree(transaction: Transaction, code: string, customer: string | null): void {
  const holders = transaction.by('promotion_codes', 'code', code.toUpperCase())
  const clash = holders.find(
    (holder) =>
      isActive(transaction, holder) && (customer === null || holder.customer === null || holder.customer === customer),
  )
  if (clash === undefined) return
  throw invalidRequest(`An active promotion code with \`code: ${code}\` already exists.`, {
    code: 'resource_already_exists',
    param: 'code',
  })
}

function checkedExpiry(transaction: Transaction, expiresAt: number | undefined, coupon: Coupon): number | null {
  if (expiresAt === undefined) return coupon.redeem_by
  if (expiresAt <= transaction.now) {
    throw invalidRequest('The `expires_at` must be in the future.', { param: 'expires_at' })
  }
  if (coupon.redeem_by === null || expiresAt <= coupon.redeem_by) return expiresAt
  const message = "The promotion code's `expires_at` cannot be later than the coupon's `redeem_by`."
  throw invalidRequest(message, { param: 'expires_at' })
}

function checkedMost(most: number | undefined, coupon: Coupon): number | null {
  if (most === undefined) return null
  if (most < 1) {
    const message = 'This value must be greater than or equal to 1.'
    throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'max_redemptions' })
  }
  if (coupon.max_redemptions === null || most <= coupon.max_redemptions) return most
  const message = "The promotion code's `max_redemptions` cannot be greater than the coupon's `max_redemptions`."
  throw invalidRequest(message, { param: 'max_redemptions' })
}

type Restrictions = PromotionCode['restrictions']

function restrictionsOf(params: CreateParams['restrictions'] = {}): Restrictions {
  const { minimum_amount: amount, minimum_amount_currency: currency, currency_options: options } = params
  if (amount !== undefined && currency === undefined) throw missingParameter('restrictions[minimum_amount_currency]')
  if (amount === undefined && currency !== undefined) throw missingParameter('restrictions[minimum_amount]')
  const code = currency === undefined ? null : requireCurrency(currency)
  const own = code === null || amount === undefined ? {} : { [code]: { minimum_amount: amount } }
  return {
    ...(options !== undefined && { currency_options: minimumsAfter(own, options) }),
    first_time_transaction: params.first_time_transaction ?? false,
    minimum_amount: amount ?? null,
    minimum_amount_currency: code,
  }
}

type Minimums = NonNullable<Restrictions['currency_options']>

function minimumsAfter(before: Minimums, asked: Readonly<Record<string, { minimum_amount?: number }>>): Minimums {
  const added = Object.entries(asked).map(([currency, { minimum_amount: amount }]) => {
    if (amount === undefined) throw missingParameter(`restrictions[currency_options][${currency}][minimum_amount]`)
    return [requireCurrency(currency), { minimum_amount: amount }] as const
  })
  return { ...before, ...Object.fromEntries(added) }
}

const named = { kind: 'promotion code', param: 'promotion_code' } as const

const update: Handler<Stripe.PromotionCodeUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'promotion_codes', { id: path['id'], ...named })
  const { active, metadata, restrictions } = params
  const options = restrictions?.currency_options
  if (active === true && !isActive(transaction, before)) requireReactivable(transaction, before)
  const after = transaction.patch('promotion_codes', before.id, {
    ...(active !== undefined && { active }),
    metadata: mergeMetadata(before.metadata ?? {}, metadata),
    ...(options !== undefined && { restrictions: withMinimums(before.restrictions, options) }),
  })
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    transaction.emitChange('promotion_code.updated', 'promotion_codes', { before, after })
  }
  return transaction.render('promotion_codes', after)
}

function withMinimums(
  before: Restrictions,
  options: Readonly<Record<string, { minimum_amount?: number }>>,
): Restrictions {
  const { minimum_amount: amount, minimum_amount_currency: currency } = before
  if (amount === null || currency === null) {
    const message = '`currency_options` can only be set on a promotion code with a `minimum_amount`.'
    throw invalidRequest(message, { param: 'restrictions[currency_options]' })
  }
  const own = before.currency_options ?? { [currency]: { minimum_amount: amount } }
  return { ...before, currency_options: minimumsAfter(own, options) }
}

function requireReactivable(transaction: Transaction, promotionCode: PromotionCode): void {
  if (!isActive(transaction, { ...promotionCode, active: true })) {
    const message = 'This promotion code cannot be activated because it has expired or its coupon is no longer valid.'
    throw invalidRequest(message, { param: 'active' })
  }
  requireFree(transaction, promotionCode.code, promotionCode.customer)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('promotion_codes', recordInPath(transaction, 'promotion_codes', { id: path['id'], ...named }))

const list: Handler<Stripe.PromotionCodeListParams> = (transaction, { params }) => {
  const { active, code, coupon, customer } = params
  const where = (promotionCode: PromotionCode): boolean =>
    (active === undefined || isActive(transaction, promotionCode) === active) &&
    (code === undefined || promotionCode.code.toUpperCase() === code.toUpperCase()) &&
    (coupon === undefined || promotionCode.promotion.coupon === coupon) &&
    (customer === undefined || promotionCode.customer === customer) &&
    isWithin(promotionCode.created, params.created)
  const options = { ...bucketOf(code, coupon), where, kind: 'promotion code' }
  const page = transaction.page('promotion_codes', params, options)
  return listReply(transaction, 'promotion_codes', { page, url: '/v1/promotion_codes' })
}

function bucketOf(code: string | undefined, coupon: string | undefined): { index?: 'code' | 'coupon'; key?: string } {
  if (code !== undefined) return { index: 'code', key: code.toUpperCase() }
  return coupon === undefined ? {} : { index: 'coupon', key: coupon }
}

/** Whether customers could use it at this instant. */
export function isActive(transaction: Transaction, promotionCode: PromotionCode): boolean {
  const { active, expires_at: expiresAt, max_redemptions: most, promotion, times_redeemed: times } = promotionCode
  const coupon = promotion.coupon === null ? undefined : transaction.get('coupons', promotion.coupon)
  if (!active || coupon === undefined || !isRedeemable(transaction, coupon)) return false
  return (most === null || times < most) && (expiresAt === null || transaction.now <= expiresAt)
}

/** The active promotion code that a customer typed, for them or for anyone. */
export function promotionCodeNamed(
  transaction: Transaction,
  code: string,
  customer: string | null,
): PromotionCode | undefined {
  const holders = transaction.by('promotion_codes', 'code', code.trim().toUpperCase())
  const usable = holders.filter((holder) => isActive(transaction, holder))
  const own = usable.find((holder) => holder.customer !== null && holder.customer === customer)
  return own ?? usable.find((holder) => holder.customer === null)
}

function shownPromotionCode(transaction: Transaction, promotionCode: PromotionCode): unknown {
  const { currency_options: _options, ...restrictions } = promotionCode.restrictions
  return { ...promotionCode, active: isActive(transaction, promotionCode), restrictions }
}

export const promotionCodesHandlers: Handlers = {
  'promotion_codes.create': create,
  'promotion_codes.list': list,
  'promotion_codes.retrieve': retrieve,
  'promotion_codes.update': update,
}

export const promotionCodesRenderers: Renderers = { promotion_codes: shownPromotionCode }

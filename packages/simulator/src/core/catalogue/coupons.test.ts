import { describe, expect, test } from 'vitest'
import { StripeError } from '../error.js'
import { view } from '../machine.js'
import type { Records } from '../records.js'
import { Bench, DAY } from '../testing/bench.js'
import type { Transaction } from '../transaction.js'
import { checkRedemption, redeem, type Redemption } from './redemption.js'
import { promotionCodeNamed } from './promotion-codes.js'

type Coupon = Records['coupons']
type PromotionCode = Records['promotion_codes']
type Named = Parameters<typeof checkRedemption>[1]

const half = { percent_off: 50 }

function look(bench: Bench): Transaction {
  return view(bench.state, bench.now, '2026-10-28.endive')
}

/** Why it may not be redeemed, or what may. */
function check(bench: Bench, named: Named, redemption: Partial<Redemption> = {}): string {
  try {
    return checkRedemption(look(bench), named, { customer: null, param: 'discounts[0]', ...redemption }).coupon.id
  } catch (error) {
    if (error instanceof StripeError) return `${error.body.message} ${error.body.param}`
    throw error
  }
}

function codeFor(bench: Bench, params: object = {}, coupon: object = half): PromotionCode {
  const { id } = bench.run('coupons.create', coupon)
  return bench.run('promotion_codes.create', { promotion: { type: 'coupon', coupon: id }, ...params })
}

describe('coupons', () => {
  test('take off a part', () => {
    const bench = new Bench()
    const coupon = bench.run<Coupon>('coupons.create', { percent_off: 25.5, name: 'Spring', metadata: { a: '1' } })
    expect(coupon).toEqual({
      id: expect.stringMatching(/^\w{8}$/),
      object: 'coupon',
      amount_off: null,
      created: bench.now,
      currency: null,
      duration: 'once',
      duration_in_months: null,
      livemode: false,
      max_redemptions: null,
      metadata: { a: '1' },
      name: 'Spring',
      percent_off: 25.5,
      redeem_by: null,
      times_redeemed: 0,
      valid: true,
    })
    bench.takeEvents()
    bench.run('coupons.update', { name: 'Summer', metadata: { a: '' } }, coupon.id)
    expect(bench.lastEvent('coupon.updated').data.previous_attributes).toEqual({ name: 'Spring', metadata: { a: '1' } })
    bench.takeEvents()
    expect(bench.run('coupons.delete', {}, coupon.id)).toEqual({ id: coupon.id, object: 'coupon', deleted: true })
    expect(bench.takeEvents()).toEqual(['coupon.deleted'])
    expect(bench.fail('coupons.retrieve', {}, coupon.id)).toMatchObject({
      status: 404,
      message: `No such coupon: '${coupon.id}'`,
    })
    expect(bench.run<{ data: unknown }>('coupons.list').data).toEqual([])
  })

  test('take off an amount, in several currencies', () => {
    const bench = new Bench()
    const product = bench.run('products.create', { name: 'Pro' }).id
    const id = 'TENOFF'
    const shown = bench.run('coupons.create', {
      id,
      amount_off: 1000,
      currency: 'USD',
      currency_options: { eur: { amount_off: 900 } },
      applies_to: { products: [product] },
      duration: 'repeating',
      duration_in_months: 3,
    })
    expect(shown).not.toHaveProperty('applies_to')
    expect(shown).not.toHaveProperty('currency_options')
    const options = { usd: { amount_off: 1000 }, eur: { amount_off: 900 } }
    expect(bench.get('coupons', id)).toMatchObject({ applies_to: { products: [product] }, currency_options: options })
    expect(bench.fail('coupons.create', { id, ...half }).code).toBe('resource_already_exists')
    expect(check(bench, { coupon: id }, { currency: 'eur' })).toBe(id)
    expect(check(bench, { coupon: id }, { currency: 'gbp' })).toMatch('is for the currency `usd`')
    bench.run('coupons.update', { currency_options: { gbp: { amount_off: 800 } } }, id)
    expect(check(bench, { coupon: id }, { currency: 'gbp' })).toBe(id)
  })

  test.each([
    [{}, 'parameter_missing', undefined],
    [{ percent_off: 0 }, undefined, 'percent_off'],
    [{ percent_off: 101 }, undefined, 'percent_off'],
    [{ percent_off: 5, amount_off: 5 }, undefined, undefined],
    [{ amount_off: 5 }, 'parameter_missing', 'currency'],
    [{ amount_off: 0, currency: 'usd' }, 'parameter_invalid_integer', 'amount_off'],
    [{ ...half, duration: 'repeating' }, 'parameter_missing', 'duration_in_months'],
    [{ ...half, duration_in_months: 3 }, undefined, 'duration_in_months'],
    [{ ...half, redeem_by: 1 }, undefined, 'redeem_by'],
    [{ ...half, redeem_by: 4_000_000_000 }, undefined, 'redeem_by'],
    [{ ...half, name: 'x'.repeat(41) }, undefined, 'name'],
    [{ ...half, applies_to: { products: ['prod_none'] } }, 'resource_missing', 'applies_to[products][0]'],
  ])('with %o are refused', (params, code, param) => {
    const refusal = new Bench().fail('coupons.create', params)
    expect({ code: refusal.code, param: refusal.param, status: refusal.status }).toEqual({ code, param, status: 400 })
  })

  test('end with their time and with their last redemption', () => {
    const bench = new Bench()
    const dated = bench.run('coupons.create', { ...half, redeem_by: bench.now + DAY }).id
    bench.now += DAY + 1
    expect(bench.run('coupons.retrieve', {}, dated)).toMatchObject({ valid: false })
    expect(check(bench, { coupon: dated })).toBe(`Coupon expired: ${dated} discounts[0][coupon]`)
    expect(check(bench, { coupon: 'none' })).toBe("No such coupon: 'none' discounts[0][coupon]")
    const single = bench.run('coupons.create', { ...half, max_redemptions: 1 }).id
    const transaction = look(bench)
    const param = 'discounts[0]'
    redeem(transaction, checkRedemption(transaction, { coupon: single }, { customer: null, param }))
    expect(transaction.get('coupons', single)?.times_redeemed).toBe(1)
    expect(() => checkRedemption(transaction, { coupon: single }, { customer: null, param })).toThrow('Coupon expired')
  })
})

test('what takes off a part knows no currencies, and what asks for no minimum neither', () => {
  const bench = new Bench()
  const code = codeFor(bench)
  const options = { currency_options: { eur: { amount_off: 1 } } }
  expect(bench.fail('coupons.update', options, String(code.promotion.coupon)).param).toBe('currency_options')
  const restrictions = { currency_options: { eur: { minimum_amount: 1 } } }
  expect(bench.fail('promotion_codes.update', { restrictions }, code.id).param).toBe('restrictions[currency_options]')
  const both = { coupon: String(code.promotion.coupon), promotion_code: code.id }
  expect(check(bench, both)).toMatch('You may only specify one')
})

describe('promotion codes', () => {
  test('that are inactive share their code', () => {
    const bench = new Bench()
    codeFor(bench, { code: 'TWICE' })
    expect(codeFor(bench, { code: 'TWICE', active: false }).active).toBe(false)
  })

  test('are made up or chosen, and belong to one coupon', () => {
    const bench = new Bench()
    expect(codeFor(bench)).toMatchObject({ active: true, code: expect.stringMatching(/^[A-Z0-9]{8}$/) })
    const code = codeFor(bench, { code: 'Spring-25' })
    expect(code).toMatchObject({
      object: 'promotion_code',
      code: 'Spring-25',
      customer: null,
      expires_at: null,
      max_redemptions: null,
      promotion: { type: 'coupon', coupon: expect.any(String) },
      restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
      times_redeemed: 0,
    })
    const again = { code: 'SPRING-25', promotion: code.promotion }
    expect(bench.fail('promotion_codes.create', again).message).toBe(
      'An active promotion code with `code: SPRING-25` already exists.',
    )
    bench.run('promotion_codes.update', { active: false }, code.id)
    const second = bench.run('promotion_codes.create', again)
    expect(bench.fail('promotion_codes.update', { active: true }, code.id).param).toBe('code')
    const listed = (params: object): string[] =>
      bench.run<{ data: { id: string }[] }>('promotion_codes.list', params).data.map(({ id }) => id)
    expect(listed({ code: 'spring-25' })).toEqual([second.id, code.id])
    expect(listed({ code: 'spring-25', active: true })).toEqual([second.id])
    expect(listed({ coupon: code.promotion.coupon })).toEqual([second.id, code.id])
    expect(promotionCodeNamed(look(bench), ' spring-25 ', null)?.id).toBe(second.id)
  })

  test('are tied to a customer', () => {
    const bench = new Bench()
    const [ada, bob] = [bench.customer(null), bench.customer(null)]
    const code = codeFor(bench, { customer: ada, code: 'HELLO' })
    const other = codeFor(bench, { customer: bob, code: 'HELLO' })
    expect(check(bench, { promotion_code: code.id }, { customer: ada })).toBe(code.promotion.coupon)
    expect(check(bench, { promotion_code: code.id }, { customer: bob })).toMatch('it belongs to another customer')
    expect(promotionCodeNamed(look(bench), 'hello', bob)?.id).toBe(other.id)
    expect(promotionCodeNamed(look(bench), 'hello', null)).toBeUndefined()
  })

  test('for first-time customers are for no others', () => {
    const bench = new Bench()
    const customer = bench.customer()
    const code = codeFor(bench, { restrictions: { first_time_transaction: true } })
    const named = { promotion_code: code.id }
    expect(check(bench, named, { customer })).toBe(code.promotion.coupon)
    bench.subscribe(customer, bench.price())
    expect(check(bench, named, { customer })).toBe(
      'This promotion code cannot be redeemed because the associated customer has prior transactions. discounts[0][promotion_code]',
    )
    const onTrial = bench.customer()
    bench.subscribe(onTrial, bench.price(), { trial_period_days: 7 })
    expect(check(bench, named, { customer: onTrial })).toMatch('prior transactions')
  })

  test('ask for a minimum, in the currencies that they know', () => {
    const bench = new Bench()
    const restrictions = {
      minimum_amount: 5000,
      minimum_amount_currency: 'usd',
      currency_options: { eur: { minimum_amount: 4000 } },
    }
    const code = codeFor(bench, { restrictions })
    const named = { promotion_code: code.id }
    const buy = (subtotal: number, currency: string): string => check(bench, named, { subtotal, currency })
    expect(buy(5000, 'usd')).toBe(code.promotion.coupon)
    expect(buy(4999, 'usd')).toMatch('below its minimum of $50.00 usd')
    expect(buy(4000, 'eur')).toBe(code.promotion.coupon)
    expect(buy(9999, 'gbp')).toMatch('its minimum amount is in `usd`')
    bench.run('promotion_codes.update', { restrictions: { currency_options: { gbp: { minimum_amount: 1 } } } }, code.id)
    expect(buy(9999, 'gbp')).toBe(code.promotion.coupon)
  })

  test('end when they expire, are used up, or their coupon is gone', () => {
    const bench = new Bench()
    const code = codeFor(bench, { expires_at: bench.now + DAY })
    const inherits = codeFor(bench, {}, { ...half, redeem_by: bench.now + DAY })
    expect(inherits.expires_at).toBe(bench.now + DAY)
    const coupon = String(inherits.promotion.coupon)
    bench.run('coupons.delete', {}, String(code.promotion.coupon))
    expect(bench.run('promotion_codes.retrieve', {}, code.id)).toMatchObject({ active: false })
    expect(check(bench, { promotion_code: code.id })).toMatch('it is inactive or has expired')
    bench.now += DAY + 1
    expect(bench.run('promotion_codes.retrieve', {}, inherits.id)).toMatchObject({ active: false })
    expect(bench.fail('promotion_codes.update', { active: true }, inherits.id).param).toBe('active')
    const late = { promotion: { type: 'coupon', coupon } }
    expect(bench.fail('promotion_codes.create', late).code).toBe('coupon_expired')
  })

  test.each([
    [{ code: 'no spaces' }, undefined, 'code'],
    [{ expires_at: 1 }, undefined, 'expires_at'],
    [{ expires_at: 4_000_000_000 }, undefined, 'expires_at'],
    [{ max_redemptions: 6 }, undefined, 'max_redemptions'],
    [{ max_redemptions: 0 }, 'parameter_invalid_integer', 'max_redemptions'],
    [{ restrictions: { minimum_amount: 1 } }, 'parameter_missing', 'restrictions[minimum_amount_currency]'],
    [{ restrictions: { minimum_amount_currency: 'usd' } }, 'parameter_missing', 'restrictions[minimum_amount]'],
    [{ customer: 'cus_none' }, 'resource_missing', 'customer'],
    [{ promotion: { type: 'coupon' } }, 'parameter_missing', 'promotion[coupon]'],
  ])('with %o are refused', (params, code, param) => {
    const bench = new Bench()
    const { id } = bench.run('coupons.create', { ...half, max_redemptions: 5, redeem_by: bench.now + DAY })
    const refusal = bench.fail('promotion_codes.create', { promotion: { type: 'coupon', coupon: id }, ...params })
    expect({ code: refusal.code, param: refusal.param, status: refusal.status }).toEqual({ code, param, status: 400 })
  })
})

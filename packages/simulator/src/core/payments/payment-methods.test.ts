import { describe, expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench } from '../testing/bench.js'

type PaymentMethod = Records['payment_methods']
interface List {
  readonly data: readonly { readonly id: string }[]
}

const card = { number: '4242424242424242', exp_month: 8, exp_year: 2030 }
const withCode = { ...card, cvc: '314' }
const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

test('a card is made of its number, which is not shown again', () => {
  const bench = new Bench()
  const details = { name: 'Ada', email: 'ada@example.com', address: { country: 'GB', postal_code: 'N1' } }
  const params = { type: 'card', card: { ...card, cvc: '314' }, billing_details: details, metadata: { a: '1' } }
  const method = bench.run<PaymentMethod>('payment_methods.create', params)
  expect(method).toMatchObject({
    allow_redisplay: 'unspecified',
    billing_details: {
      name: 'Ada',
      email: 'ada@example.com',
      phone: null,
      address: { ...address, country: 'GB', postal_code: 'N1' },
    },
    card: { brand: 'visa', display_brand: 'visa', exp_month: 8, exp_year: 2030, funding: 'credit', last4: '4242' },
    customer: null,
    metadata: { a: '1' },
    type: 'card',
  })
  expect(JSON.stringify(method)).not.toContain(card.number)
  expect(bench.takeEvents()).toEqual([])
})

test('the same number has the same fingerprint, another has another', () => {
  const bench = new Bench()
  const print = (number: string): string | null | undefined =>
    bench.run<PaymentMethod>('payment_methods.create', { type: 'card', card: { ...card, number } }).card?.fingerprint
  expect(print('4242424242424242')).toBe(print('4242424242424242'))
  expect(print('4242424242424242')).not.toBe(print('5555555555554444'))
})

test('attaching and detaching', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const id = bench.get('customers', customer).invoice_settings.default_payment_method ?? ''
  expect(bench.lastEvent('payment_method.attached').data.object).toMatchObject({ id, customer })
  bench.takeEvents()
  bench.run('payment_methods.attach', { customer }, id)
  expect(bench.takeEvents()).toEqual([])
  const other = bench.customer(null)
  expect(bench.fail('payment_methods.attach', { customer: other }, id).message).toContain('already been attached')
  bench.takeEvents()
  expect(bench.run('payment_methods.detach', {}, id)).toMatchObject({ customer: null })
  expect(bench.lastEvent('payment_method.detached').data.previous_attributes).toEqual({ customer })
  expect(bench.get('customers', customer).invoice_settings.default_payment_method).toBeNull()
  expect(bench.takeEvents()).toEqual(['payment_method.detached', 'customer.updated'])
  expect(bench.fail('payment_methods.detach', {}, id).message).toContain('is not attached to a customer')
  expect(bench.fail('payment_methods.attach', { customer }, id).message).toContain('was detached from a Customer')
})

describe('what was entered beside the number is checked when the card is attached', () => {
  test.each([
    ['4242424242424242', { cvc_check: 'pass', address_postal_code_check: 'pass', address_line1_check: 'pass' }],
    ['4000000000000101', { cvc_check: 'fail', address_postal_code_check: 'pass', address_line1_check: 'pass' }],
    ['4000000000000036', { cvc_check: 'pass', address_postal_code_check: 'fail', address_line1_check: 'pass' }],
    ['4000000000000028', { cvc_check: 'pass', address_postal_code_check: 'pass', address_line1_check: 'fail' }],
    ['4000000000000010', { cvc_check: 'pass', address_postal_code_check: 'fail', address_line1_check: 'fail' }],
  ])('%s', (number, checks) => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const billing = { address: { line1: '1 Main St', postal_code: '94102' } }
    const { id } = bench.run('payment_methods.create', {
      type: 'card',
      card: { ...withCode, number },
      billing_details: billing,
    })
    expect(bench.run('payment_methods.attach', { customer }, id)).toMatchObject({ card: { checks } })
  })
})

describe('what was entered beside the number is checked when the card pays for the first time', () => {
  const billing = { address: { postal_code: '94102' } }
  const payment = { amount: 1000, currency: 'usd', confirm: true, return_url: 'https://example.com' }
  const paidWith = (number: string, fields: object): object | null | undefined => {
    const bench = new Bench()
    const { id } = bench.run('payment_methods.create', { type: 'card', card: { ...withCode, number }, ...fields })
    bench.try('payment_intents.create', { ...payment, payment_method: id })
    const [charge] = bench.all('charges')
    const { checks } = bench.get('payment_methods', id).card ?? {}
    expect(charge?.payment_method_details?.card?.checks).toEqual(checks)
    return checks
  }
  test.each([
    ['4242424242424242', 'pass', 'pass'],
    ['4000000000000101', 'fail', 'pass'],
    ['4000000000000036', 'pass', 'fail'],
    ['4000000000000127', 'fail', 'pass'],
    ['4000000000000002', 'pass', 'pass'],
  ])('%s: code %s, postal code %s', (number, code, postal) => {
    const checks = { address_line1_check: null, address_postal_code_check: postal, cvc_check: code }
    expect(paidWith(number, { billing_details: billing })).toEqual(checks)
  })

  test('and not before', () => {
    const created = new Bench().run('payment_methods.create', {
      type: 'card',
      card: withCode,
      billing_details: billing,
    })
    const checks = { address_line1_check: null, address_postal_code_check: 'unchecked', cvc_check: 'unchecked' }
    expect(created).toMatchObject({ card: { checks } })
  })

  test('what was not entered is not checked', () => {
    expect(paidWith('4000000000000101', { card: { ...card, number: '4000000000000101' } })).toMatchObject({
      cvc_check: null,
    })
  })

  test('a card of a magic name was entered with its code', () => {
    const bench = new Bench()
    bench.run('payment_intents.create', { ...payment, payment_method: 'pm_card_cvcCheckFail' })
    expect(bench.all('charges')).toMatchObject([
      { payment_method_details: { card: { checks: { cvc_check: 'fail' } } } },
    ])
  })
})

test('an update changes expiry, name and metadata of a card that belongs to somebody', () => {
  const bench = new Bench()
  const { id } = bench.run('payment_methods.create', {
    type: 'card',
    card,
    billing_details: { name: 'Ada', phone: '1' },
  })
  expect(bench.fail('payment_methods.update', { metadata: { a: '1' } }, id).message).toContain(
    'save this PaymentMethod to a customer',
  )
  const customer = bench.customer(null)
  bench.run('payment_methods.attach', { customer }, id)
  const update = {
    card: { exp_year: 2032 },
    billing_details: { name: 'Ada L', phone: '', address: { city: 'Rome' } },
    metadata: { a: '1' },
  }
  expect(bench.run('payment_methods.update', update, id)).toMatchObject({
    billing_details: { name: 'Ada L', phone: null, address: { ...address, city: 'Rome' } },
    card: { exp_month: 8, exp_year: 2032, last4: '4242' },
    metadata: { a: '1' },
  })
  expect(Object.keys(bench.lastEvent('payment_method.updated').data.previous_attributes ?? {})).toEqual([
    'billing_details',
    'card',
    'metadata',
  ])
})

test('lists are of one customer, newest first', () => {
  const bench = new Bench()
  const [one, two] = [bench.customer(null), bench.customer()]
  const ids = ['pm_card_visa', 'pm_card_mastercard'].map(
    (name) => bench.run('payment_methods.attach', { customer: one }, name).id,
  )
  const listed = bench
    .run<List>('payment_methods.list', { customer: one, type: 'card' })
    .data.map((method) => method.id)
  expect(listed).toEqual(ids.toReversed())
  expect(bench.run<List>('payment_methods.list', { customer: one, type: 'us_bank_account' }).data).toEqual([])
  expect(bench.run<List>('payment_methods.list', { customer: two }).data).toHaveLength(1)
  expect(bench.fail('payment_methods.list', { customer: 'cus_none' })).toMatchObject({ status: 400, param: 'customer' })
})

test.each([
  [{ type: 'card' }, 'parameter_missing', 'card'],
  [{ type: 'card', card: { number: card.number, exp_month: 8 } }, 'parameter_missing', 'card[exp_year]'],
  [{ type: 'card', card: { token: 'tok_none' } }, 'resource_missing', 'card[token]'],
  [{ type: 'konbini' }, 'not_simulated', 'type'],
])('%o is refused', (params, code, param) => {
  expect(new Bench().fail('payment_methods.create', params)).toMatchObject({ code, param, status: 400 })
})

test('an unknown payment method', () => {
  const missing = {
    status: 404,
    code: 'resource_missing',
    message: "No such PaymentMethod: 'pm_none'",
    param: 'payment_method',
  }
  const bench = new Bench()
  const customer = bench.customer(null)
  expect(bench.fail('payment_methods.retrieve', {}, 'pm_none')).toMatchObject(missing)
  expect(bench.fail('payment_methods.attach', { customer }, 'pm_none')).toMatchObject(missing)
  expect(bench.fail('payment_methods.detach', {}, 'pm_none')).toMatchObject(missing)
})

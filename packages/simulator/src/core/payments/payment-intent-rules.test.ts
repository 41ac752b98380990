import { expect, test } from 'vitest'
import { Bench } from '../testing/bench.js'

const back = 'https://example.com/back'
const ten = { amount: 1000, currency: 'usd' }

test('a payment is made once', () => {
  const bench = new Bench()
  const { id } = bench.run('payment_intents.create', {
    ...ten,
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: back,
  })
  const refusal = bench.fail('payment_intents.confirm', { payment_method: 'pm_card_visa', return_url: back }, id)
  expect(refusal.message).toContain('because it has already succeeded')
  expect(refusal).toMatchObject({ code: 'payment_intent_unexpected_state', payment_intent: { id } })
  expect(bench.all('charges')).toHaveLength(1)
  expect(bench.fail('payment_intents.update', { amount: 5 }, id).message).toContain(
    "This PaymentIntent's amount could not be updated",
  )
  bench.run('payment_intents.update', { metadata: { order: '7' } }, id)
  expect(bench.get('payment_intents', id)).toMatchObject({ amount: 1000, metadata: { order: '7' } })
})

test.each([
  [{ amount: 0, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
  [{ amount: 49, currency: 'usd' }, 'amount_too_small', 'amount'],
  [{ amount: 100_000_000, currency: 'usd' }, 'amount_too_large', 'amount'],
  [{ amount: 49, currency: 'jpy' }, 'amount_too_small', 'amount'],
  [{ ...ten, currency: 'xyz' }, undefined, 'currency'],
  [{ ...ten, payment_method_types: ['card'] }, 'payment_method_types_no_longer_supported', 'payment_method_types'],
  [{ ...ten, customer: 'cus_none' }, 'resource_missing', 'customer'],
  [{ ...ten, payment_method: 'pm_none' }, 'resource_missing', 'payment_method'],
  [{ ...ten, receipt_email: 'nobody' }, 'email_invalid', 'receipt_email'],
  [{ ...ten, transfer_data: { destination: 'acct_1' } }, 'not_simulated', 'transfer_data'],
  [{ ...ten, payment_method_options: { konbini: {} } }, 'not_simulated', 'payment_method_options[konbini]'],
  [{ ...ten, allowed_payment_method_types: ['card'], excluded_payment_method_types: ['link'] }, undefined, undefined],
  [{ ...ten, statement_descriptor: '*' }, undefined, 'statement_descriptor'],
])('%o is refused', (params, code, param) => {
  const refusal = new Bench().fail('payment_intents.create', params)
  expect({ code: refusal.code, param: refusal.param, status: refusal.status }).toEqual({ code, param, status: 400 })
})

test('the least amount is named with its currency', () => {
  const bench = new Bench()
  expect(bench.fail('payment_intents.create', { amount: 10, currency: 'usd' }).message).toBe(
    'Amount must be at least $0.50 usd',
  )
  expect(bench.fail('payment_intents.create', { amount: 10, currency: 'jpy' }).message).toBe(
    'Amount must be at least ¥50 jpy',
  )
})

test('confirmed by the server, a payment needs a way back or no redirects', () => {
  const bench = new Bench()
  const params = { ...ten, payment_method: 'pm_card_visa', confirm: true }
  expect(bench.fail('payment_intents.create', params).message).toContain('you must provide a `return_url`')
  const automatic = { enabled: true, allow_redirects: 'never' }
  expect(bench.run('payment_intents.create', { ...params, automatic_payment_methods: automatic })).toMatchObject({
    status: 'succeeded',
  })
})

test('confirming without a payment method is refused', () => {
  const bench = new Bench()
  const { id } = bench.run('payment_intents.create', ten)
  expect(bench.fail('payment_intents.confirm', { return_url: back }, id)).toMatchObject({
    code: 'payment_intent_unexpected_state',
  })
})

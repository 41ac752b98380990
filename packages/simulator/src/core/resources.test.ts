import { expect, test } from 'vitest'
import type { Records } from './records.js'
import { Bench } from './testing/bench.js'

test('a customer keeps metadata that is merged and unset key by key', () => {
  const bench = new Bench()
  const { id } = bench.run('customers.create', { email: 'ada@example.com', metadata: { a: '1', b: '2' } })
  const after = bench.run<Records['customers']>('customers.update', { metadata: { a: '', c: '3' } }, id)
  expect(after.metadata).toEqual({ b: '2', c: '3' })
})

test('a declined card is not attached, and leaves nothing behind', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  expect(bench.fail('payment_methods.attach', { customer }, 'pm_card_chargeDeclined')).toMatchObject({
    status: 402,
    code: 'card_declined',
    decline_code: 'generic_decline',
  })
  expect(bench.run<{ data: unknown }>('payment_methods.list', { customer }).data).toEqual([])
})

test('the card that fails later is attached', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const method = bench.run('payment_methods.attach', { customer }, 'pm_card_chargeCustomerFail')
  expect(method).toMatchObject({ customer, card: { last4: '0341' } })
})

test('a lookup key belongs to one price until it is transferred', () => {
  const bench = new Bench()
  const product = bench.run('products.create', { name: 'Pro' }).id
  const price = { product, currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' }, lookup_key: 'pro' }
  const first = bench.run('prices.create', price)
  expect(bench.fail('prices.create', price)).toMatchObject({ status: 400 })
  const second = bench.run('prices.create', { ...price, transfer_lookup_key: true })
  expect(bench.run('prices.retrieve', {}, first.id)).toMatchObject({ lookup_key: null })
  expect(second).toMatchObject({ lookup_key: 'pro' })
})

test('an unknown id answers as Stripe does', () => {
  expect(new Bench().fail('customers.retrieve', {}, 'cus_none')).toMatchObject({
    status: 404,
    code: 'resource_missing',
    message: "No such customer: 'cus_none'",
  })
})

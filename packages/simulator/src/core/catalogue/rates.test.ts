import { expect, test } from 'vitest'
import { Bench } from '../testing/bench.js'

const shipping = { display_name: 'Ground', fixed_amount: { amount: 500, currency: 'usd' } }

test.each([
  ['tax_rates', { display_name: 'VAT', inclusive: true, percentage: -1 }, undefined, 'percentage'],
  ['shipping_rates', { display_name: 'Ground' }, 'parameter_missing', 'fixed_amount'],
  [
    'shipping_rates',
    { ...shipping, fixed_amount: { amount: -1, currency: 'usd' } },
    'parameter_invalid_integer',
    'fixed_amount[amount]',
  ],
  ['shipping_rates', { ...shipping, tax_code: 'shipping' }, 'resource_missing', 'tax_code'],
  ['products', { name: 'Pro', tax_code: 'software' }, 'resource_missing', 'tax_code'],
])('%s with %o are refused', (resource, params, code, param) => {
  const refusal = new Bench().fail(`${resource}.create`, params)
  expect({ code: refusal.code, param: refusal.param, status: refusal.status }).toEqual({ code, param, status: 400 })
})

test('whether shipping includes tax is said once', () => {
  const bench = new Bench()
  const { id } = bench.run('shipping_rates.create', shipping)
  bench.run('shipping_rates.update', { tax_behavior: 'inclusive' }, id)
  expect(bench.fail('shipping_rates.update', { tax_behavior: 'exclusive' }, id).param).toBe('tax_behavior')
  expect(bench.get('shipping_rates', id)).toMatchObject({ tax_behavior: 'inclusive' })
})

test('a change of a tax rate is reported once', () => {
  const bench = new Bench()
  const { id } = bench.run('tax_rates.create', { display_name: 'VAT', inclusive: true, percentage: 20 })
  bench.run('tax_rates.update', { description: 'Old', metadata: { a: '1' } }, id)
  expect(bench.lastEvent('tax_rate.updated').data.previous_attributes).toMatchObject({ description: null })
  bench.takeEvents()
  bench.run('tax_rates.update', { description: 'Old' }, id)
  expect(bench.takeEvents()).toEqual([])
})

import { describe, expect, test } from 'vitest'
import type { Records } from '../records.js'
import { createState } from '../state.js'
import { Bench } from '../testing/bench.js'

type Product = Records['products']
type Price = Records['prices']
interface List {
  readonly data: readonly { readonly id: string }[]
}

const monthly = { currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' } }

describe('products', () => {
  test('are made, changed and emptied', () => {
    const bench = new Bench()
    const product = bench.run<Product>('products.create', {
      name: 'Pro',
      description: 'All of it',
      unit_label: 'seat',
      metadata: { a: '1' },
    })
    expect(product).toMatchObject({
      active: true,
      created: bench.now,
      default_price: null,
      description: 'All of it',
      images: [],
      marketing_features: [],
      metadata: { a: '1' },
      type: 'service',
      unit_label: 'seat',
      updated: bench.now,
    })
    bench.now += 60
    const features = [{ name: 'Export' }]
    const after = bench.run<Product>(
      'products.update',
      { name: 'Pro+', active: false, description: '', marketing_features: features },
      product.id,
    )
    expect(after).toMatchObject({
      name: 'Pro+',
      active: false,
      description: null,
      marketing_features: features,
      updated: bench.now,
    })
    expect(bench.lastEvent('product.updated').data.previous_attributes).toMatchObject({
      active: true,
      description: 'All of it',
      name: 'Pro',
    })
    bench.takeEvents()
    bench.run('products.update', { name: 'Pro+' }, product.id)
    expect(bench.takeEvents()).toEqual([])
  })

  test('bring their default price along', () => {
    const bench = new Bench()
    const product = bench.run<Product>('products.create', { name: 'Pro', default_price_data: monthly })
    expect(bench.get('prices', String(product.default_price))).toMatchObject({
      product: product.id,
      unit_amount: 2000,
      type: 'recurring',
    })
    expect(bench.takeEvents()).toEqual(['product.created', 'plan.created', 'price.created', 'product.updated'])
    const refusal = bench.fail('prices.update', { active: false }, String(product.default_price))
    expect(refusal.message).toBe('This price cannot be archived because it is the default price of its product.')
  })

  test('take only a price of their own as the default', () => {
    const bench = new Bench()
    const { id } = bench.run('products.create', { name: 'Pro' })
    const price = bench.price()
    expect(bench.fail('products.update', { default_price: price }, id)).toMatchObject({
      status: 400,
      param: 'default_price',
    })
    expect(bench.fail('products.update', { default_price: 'price_none' }, id)).toMatchObject({
      code: 'resource_missing',
      param: 'default_price',
    })
    const own = bench.run('prices.create', { ...monthly, product: id }).id
    expect(bench.run('products.update', { default_price: own }, id)).toMatchObject({ default_price: own })
  })

  test('are deleted only while they have no prices', () => {
    const bench = new Bench()
    const { id } = bench.run('products.create', { name: 'Pro', id: 'pro' })
    expect(id).toBe('pro')
    expect(bench.fail('products.create', { name: 'Pro', id: 'pro' }).code).toBe('resource_already_exists')
    const { product } = bench.get('prices', bench.price())
    expect(bench.fail('products.delete', {}, product).message).toContain('has one or more user-created prices')
    bench.takeEvents()
    expect(bench.run('products.delete', {}, id)).toEqual({ id, object: 'product', deleted: true })
    expect(bench.takeEvents()).toEqual(['product.deleted'])
    expect(bench.fail('products.update', { name: 'Pro' }, id)).toMatchObject({
      status: 404,
      message: "No such product: 'pro'",
    })
  })

  test('are listed', () => {
    const bench = new Bench()
    const [one = '', two = ''] = ['a', 'b'].map(
      (name) => bench.run('products.create', { name, url: `https://${name}.example.com` }).id,
    )
    bench.run('products.update', { active: false }, one)
    const listed = (params: object): string[] =>
      bench.run<List>('products.list', params).data.map((product) => product.id)
    expect(listed({})).toEqual([two, one])
    expect(listed({ active: true })).toEqual([two])
    expect(listed({ ids: [one] })).toEqual([one])
    expect(listed({ url: 'https://b.example.com' })).toEqual([two])
  })

  test('keep what taxes ask about', () => {
    const bench = new Bench()
    const details = { tax_code: 'txcd_10103001' }
    const { id } = bench.run('products.create', { name: 'Pro', tax_code: 'txcd_10103001', tax_details: details })
    expect(bench.get('products', id)).toMatchObject({
      tax_code: 'txcd_10103001',
      tax_details: { performance_location: null, tax_code: 'txcd_10103001' },
    })
    expect(bench.run('products.update', { tax_details: '' }, id)).toMatchObject({ tax_details: null })
  })

  test('need a name', () => {
    expect(new Bench().fail('products.create', { name: '' })).toMatchObject({
      code: 'parameter_invalid_empty',
      param: 'name',
    })
  })
})

describe('prices', () => {
  test('recur', () => {
    const bench = new Bench()
    const { id: product } = bench.run('products.create', { name: 'Pro' })
    bench.takeEvents()
    const recurring = { interval: 'month', interval_count: 3 }
    const price = bench.run<Price>('prices.create', {
      ...monthly,
      currency: 'USD',
      product,
      recurring,
      nickname: 'Quarter',
      lookup_key: 'pro',
    })
    expect(price).toMatchObject({
      active: true,
      billing_scheme: 'per_unit',
      currency: 'usd',
      lookup_key: 'pro',
      nickname: 'Quarter',
      product,
      recurring: { interval: 'month', interval_count: 3, meter: null, trial_period_days: null, usage_type: 'licensed' },
      tax_behavior: 'unspecified',
      type: 'recurring',
      unit_amount: 2000,
      unit_amount_decimal: '2000',
    })
    expect(bench.takeEvents()).toEqual(['plan.created', 'price.created'])
    expect(bench.run('plans.retrieve', {}, price.id)).toMatchObject({
      object: 'plan',
      amount: 2000,
      interval: 'month',
      interval_count: 3,
    })
  })

  test('of one time make their product', () => {
    const bench = new Bench()
    const price = bench.run<Price>('prices.create', {
      currency: 'jpy',
      unit_amount_decimal: '0.5',
      product_data: { name: 'Drop' },
    })
    expect(price).toMatchObject({ type: 'one_time', recurring: null, unit_amount: null, unit_amount_decimal: '0.5' })
    expect(bench.get('products', price.product).name).toBe('Drop')
    expect(bench.takeEvents()).toEqual(['product.created', 'price.created'])
  })

  test('change but for the amount', () => {
    const bench = new Bench()
    const price = bench.price()
    bench.takeEvents()
    const update = {
      active: false,
      nickname: 'Old',
      metadata: { a: '1' },
      lookup_key: 'old',
      tax_behavior: 'exclusive',
    }
    expect(bench.run('prices.update', update, price)).toMatchObject(update)
    expect(bench.takeEvents()).toEqual(['plan.updated', 'price.updated'])
    expect(bench.run('prices.update', { nickname: '', lookup_key: '' }, price)).toMatchObject({
      nickname: null,
      lookup_key: null,
    })
    expect(bench.fail('prices.update', { unit_amount: 1 }, price)).toMatchObject({
      code: 'not_simulated',
      param: 'unit_amount',
    })
  })

  test('share no lookup key, but may take it over', () => {
    const bench = new Bench()
    const { id: product } = bench.run('products.create', { name: 'Pro' })
    const first = bench.run('prices.create', { ...monthly, product, lookup_key: 'pro' }).id
    const again = { ...monthly, product, lookup_key: 'pro' }
    expect(bench.fail('prices.create', again).message).toBe(`A price (\`${first}\`) already uses that lookup key.`)
    const second = bench.run<Price>('prices.create', { ...again, transfer_lookup_key: true })
    expect(second.lookup_key).toBe('pro')
    expect(bench.get('prices', first).lookup_key).toBeNull()
    expect(bench.lastEvent('price.updated').data).toMatchObject({
      object: { id: first },
      previous_attributes: { lookup_key: 'pro' },
    })
    expect(bench.run<List>('prices.list', { lookup_keys: ['pro'] }).data.map(({ id }) => id)).toEqual([second.id])
    expect(bench.fail('prices.update', { lookup_key: 'pro' }, first).param).toBe('lookup_key')
    expect(bench.run('prices.update', { lookup_key: 'pro' }, second.id)).toMatchObject({ lookup_key: 'pro' })
  })

  test('are listed', () => {
    const bench = new Bench()
    const month = bench.price()
    const year = bench.price({ interval: 'year', currency: 'eur' })
    const once = bench.run('prices.create', {
      currency: 'usd',
      unit_amount: 1,
      product_data: { name: 'Once' },
      lookup_key: 'once',
    }).id
    bench.run('prices.update', { active: false }, month)
    const listed = (params: object): string[] => bench.run<List>('prices.list', params).data.map((price) => price.id)
    expect(listed({})).toEqual([once, year, month])
    expect(listed({ active: true })).toEqual([once, year])
    expect(listed({ currency: 'eur' })).toEqual([year])
    expect(listed({ type: 'one_time' })).toEqual([once])
    expect(listed({ product: bench.get('prices', year).product })).toEqual([year])
    expect(listed({ recurring: { interval: 'month' } })).toEqual([month])
    expect(listed({ lookup_keys: ['once', 'twice'] })).toEqual([once])
    expect(bench.fail('prices.list', { lookup_keys: Array.from({ length: 11 }, String) }).param).toBe('lookup_keys')
  })

  test.each([
    [{ unit_amount: 1 }, 'parameter_missing', 'product'],
    [{ unit_amount: 1, product: 'prod_none' }, 'resource_missing', 'product'],
    [{ product_data: { name: 'a' } }, 'parameter_missing', 'unit_amount'],
    [{ unit_amount: -1, product_data: { name: 'a' } }, 'parameter_invalid_integer', 'unit_amount'],
    [{ unit_amount_decimal: '1e3', product_data: { name: 'a' } }, 'parameter_invalid_decimal', 'unit_amount_decimal'],
    [{ unit_amount: 1, unit_amount_decimal: '1', product_data: { name: 'a' } }, undefined, undefined],
    [{ unit_amount: 1, product_data: { name: 'a' }, currency: 'xyz' }, undefined, 'currency'],
    [
      { unit_amount: 1, product_data: { name: 'a' }, recurring: { interval: 'decade' } },
      undefined,
      'recurring[interval]',
    ],
    [
      { unit_amount: 1, product_data: { name: 'a' }, recurring: { interval: 'year', interval_count: 4 } },
      undefined,
      'recurring[interval_count]',
    ],
    [
      { unit_amount: 1, product_data: { name: 'a' }, recurring: { interval: 'day', interval_count: 0 } },
      undefined,
      'recurring[interval_count]',
    ],
    [
      { unit_amount: 1, product_data: { name: 'a' }, recurring: { interval: 'month', usage_type: 'metered' } },
      'parameter_missing',
      'recurring[meter]',
    ],
    [{ billing_scheme: 'tiered', product_data: { name: 'a' } }, 'parameter_missing', 'tiers_mode'],
    [{ tiers: [], tiers_mode: 'graduated', product_data: { name: 'a' } }, undefined, 'tiers_mode'],
    [{ unit_amount: 1, product: 'prod_1', product_data: { name: 'a' } }, undefined, undefined],
  ])('with %o are refused', (params, code, param) => {
    const refusal = new Bench().fail('prices.create', { currency: 'usd', ...params })
    expect({ code: refusal.code, param: refusal.param, status: refusal.status }).toEqual({ code, param, status: 400 })
  })

  test('that are not there', () => {
    expect(new Bench().fail('prices.retrieve', {}, 'price_none')).toMatchObject({
      status: 404,
      code: 'resource_missing',
      message: "No such price: 'price_none'",
      param: 'price',
    })
  })
})

test('the account has an id of its own in each world', () => {
  const account = (seed: number): { id: string } => {
    const bench = new Bench({}, createState(seed))
    bench.run('customers.create', {})
    return bench.run('account.retrieve')
  }
  expect(account(1).id).toMatch(/^acct_\w{16}$/)
  expect(account(1)).toEqual(account(1))
  expect(account(1).id).not.toBe(account(2).id)
})

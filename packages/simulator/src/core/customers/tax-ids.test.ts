import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench } from '../testing/bench.js'

type TaxId = Records['tax_ids']

interface List {
  readonly data: readonly TaxId[]
  readonly url: string
}

test('a VAT number is looked up, and what the register says is told', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  bench.takeEvents()
  const made = bench.run<TaxId>('customers.create_tax_id', { type: 'eu_vat', value: 'de123456789' }, { customer })
  expect(made).toEqual({
    id: expect.stringMatching(/^txi_/),
    object: 'tax_id',
    country: 'DE',
    created: bench.now,
    customer,
    customer_account: null,
    livemode: false,
    owner: { customer, customer_account: null, type: 'customer' },
    type: 'eu_vat',
    value: 'DE123456789',
    verification: { status: 'pending', verified_address: null, verified_name: null },
  })
  expect(bench.takeEvents()).toEqual(['customer.tax_id.created'])
  bench.advanceTo(bench.now + 60)
  expect(bench.lastEvent('customer.tax_id.updated').data.previous_attributes).toMatchObject({
    verification: { status: 'pending' },
  })
  const path = { customer, id: made.id }
  expect(bench.run<TaxId>('customers.retrieve_tax_id', {}, path).verification?.status).toBe('verified')
  bench.takeEvents()
  bench.run('customers.delete_tax_id', {}, path)
  expect(bench.takeEvents()).toEqual(['customer.tax_id.deleted'])
  expect(bench.run<List>('customers.list_tax_ids', {}, { customer })).toMatchObject({
    data: [],
    url: `/v1/customers/${customer}/tax_ids`,
  })
})

test.each([
  ['eu_vat', '000000000', 'verified', null],
  ['eu_vat', '111111111', 'unverified', null],
  ['au_abn', '222222222', 'pending', 'AU'],
  ['eu_vat', 'EL123456789', 'verified', 'GR'],
  ['us_ein', '12-3456789', 'unavailable', 'US'],
  ['us_ein', '000000000', 'unavailable', 'US'],
  ['za_vat', '4123456789', 'unavailable', 'ZA'],
])('%s %s comes out %s', (type, value, status, country) => {
  const bench = new Bench()
  const { id } = bench.run('customers.create_tax_id', { type, value }, { customer: bench.customer(null) })
  bench.advanceTo(bench.now + 60)
  expect(bench.get('tax_ids', id)).toMatchObject({ country, verification: { status } })
})

test.each([
  ['gb_vat', 'XI123456789'],
  ['eu_vat', 'DE12345678'],
  ['eu_vat', 'XX123456789'],
  ['us_ein', 'abc'],
  ['za_vat', ''],
])('%s %s is refused', (type, value) => {
  const bench = new Bench()
  const refusal = bench.fail('customers.create_tax_id', { type, value }, { customer: bench.customer(null) })
  expect(refusal).toMatchObject({ code: 'tax_id_invalid', param: 'value', message: `Invalid value for ${type}.` })
})

test('what is not answered, or no longer asked, is not reported', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  bench.run('customers.create_tax_id', { type: 'eu_vat', value: '222222222' }, { customer })
  const { id } = bench.run('customers.create_tax_id', { type: 'eu_vat', value: '000000000' }, { customer })
  bench.run('customers.delete_tax_id', {}, { customer, id })
  expect(bench.all('timers')).toEqual([])
  bench.advanceTo(bench.now + 60)
  expect(bench.takeEvents()).not.toContain('customer.tax_id.updated')
})

test("a customer's tax ids can come with them, are theirs alone, and go with them", () => {
  const bench = new Bench()
  const customer = bench.run('customers.create', { tax_id_data: [{ type: 'us_ein', value: '12-3456789' }] }).id
  const [taxId] = bench.run<List>('customers.list_tax_ids', {}, { customer }).data
  const id = taxId?.id ?? ''
  const other = bench.customer(null)
  expect(bench.fail('customers.retrieve_tax_id', {}, { customer: other, id }).status).toBe(404)
  expect(bench.run('tax_ids.retrieve', {}, id)).toMatchObject({ id, customer })
  bench.run('customers.delete', {}, customer)
  expect(bench.fail('tax_ids.retrieve', {}, id).status).toBe(404)
})

test('the account has tax ids of its own', () => {
  const bench = new Bench()
  const own = bench.run<TaxId>('tax_ids.create', { type: 'us_ein', value: '12-3456789' })
  expect(own).toMatchObject({ customer: null, owner: { type: 'self' } })
  const customer = bench.customer(null)
  const owner = { type: 'customer', customer }
  const theirs = bench.run<TaxId>('tax_ids.create', { type: 'us_ein', value: '12-3456789', owner })
  const ids = (params: object): string[] => bench.run<List>('tax_ids.list', params).data.map(({ id }) => id)
  expect(ids({})).toEqual([own.id])
  expect(ids({ owner })).toEqual([theirs.id])
  expect(bench.fail('tax_ids.create', { type: 'us_ein', value: '1', owner: { type: 'customer' } })).toMatchObject({
    code: 'parameter_missing',
    param: 'owner[customer]',
  })
  bench.run('tax_ids.delete', {}, own.id)
  expect(ids({})).toEqual([])
})

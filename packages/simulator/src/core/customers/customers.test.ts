import { expect, test } from 'vitest'
import { enterBalance } from './balance.js'
import { createCustomer, setDefaultPaymentMethod } from './customers.js'
import { nextInvoiceNumber } from '../invoices/numbering.js'
import { view } from '../machine.js'
import type { Records } from '../records.js'
import { Bench } from '../testing/bench.js'

type Customer = Records['customers']
interface List {
  readonly data: readonly { readonly id: string }[]
  readonly has_more: boolean
  readonly url: string
}

test('a customer with nothing but an e-mail address', () => {
  const bench = new Bench()
  const customer = bench.run<Customer>('customers.create', { email: 'ada@example.com' })
  expect(customer).toEqual({
    id: customer.id,
    object: 'customer',
    address: null,
    balance: 0,
    created: bench.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: 'ada@example.com',
    invoice_prefix: expect.stringMatching(/^[A-Z0-9]{8}$/),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  })
  expect(customer.id).toMatch(/^cus_\w+$/)
  expect(bench.takeEvents()).toEqual(['customer.created'])
})

test('everything a customer can be given is kept, and emptied again', () => {
  const bench = new Bench()
  const given = {
    address: { line1: '1 Main St', city: 'Rome', country: 'IT' },
    balance: -500,
    description: 'A friend',
    invoice_prefix: 'ADA',
    name: 'Ada',
    next_invoice_sequence: 7,
    phone: '+1',
    preferred_locales: ['it'],
    shipping: { name: 'Ada', address: { city: 'Rome' } },
    tax_exempt: 'exempt',
  }
  const customer = bench.run<Customer>('customers.create', { ...given, invoice_settings: { footer: 'Thanks' } })
  expect(customer).toMatchObject(given)
  expect(customer.invoice_settings.footer).toBe('Thanks')
  const emptied = {
    address: '',
    description: '',
    email: '',
    name: '',
    phone: '',
    shipping: '',
    tax_exempt: '',
    invoice_settings: { footer: '' },
  }
  const nothing = {
    address: null,
    description: null,
    email: null,
    name: null,
    phone: null,
    shipping: null,
    tax_exempt: 'none',
  }
  expect(bench.run('customers.update', emptied, customer.id)).toMatchObject({
    ...nothing,
    invoice_settings: { footer: null },
  })
})

test('a change is reported once, with what it was; no change is not', () => {
  const bench = new Bench()
  const id = bench.customer()
  const card = bench.get('customers', id).invoice_settings.default_payment_method
  bench.takeEvents()
  bench.run(
    'customers.update',
    { name: 'Ada', metadata: { plan: 'pro' }, invoice_settings: { default_payment_method: '' } },
    id,
  )
  expect(bench.lastEvent('customer.updated').data.previous_attributes).toEqual({
    name: null,
    metadata: { plan: null },
    invoice_settings: { default_payment_method: card },
  })
  expect(bench.takeEvents()).toEqual(['customer.updated'])
  bench.run('customers.update', { name: 'Ada' }, id)
  expect(bench.takeEvents()).toEqual([])
})

test('metadata: keys are merged, an empty value removes its key, an empty text all of them', () => {
  const bench = new Bench()
  const { id } = bench.run('customers.create', { metadata: { a: '1', b: '2' } })
  expect(bench.run('customers.update', { metadata: { b: '', c: '3' } }, id)).toMatchObject({
    metadata: { a: '1', c: '3' },
  })
  expect(bench.run<Customer>('customers.update', { metadata: '' }, id).metadata).toEqual({})
})

test.each([
  [{ ['k'.repeat(41)]: 'v' }, 'metadata', /Metadata keys/],
  [{ k: 'v'.repeat(501) }, 'metadata[k]', /Metadata values can have up to 500 characters/],
  [Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v'])), 'metadata', /50 keys/],
])('metadata has limits', (metadata, param, message) => {
  const refusal = new Bench().fail('customers.create', { metadata })
  expect(refusal).toMatchObject({ status: 400, param })
  expect(refusal.message).toMatch(message)
})

test('metadata at its limits is kept', () => {
  const metadata = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`${index}`.padEnd(40, 'k'), 'v'.repeat(500)]),
  )
  expect(new Bench().run('customers.create', { metadata })).toMatchObject({ metadata })
})

test.each(['nobody', 'a@b', 'a b@c.d', '@example.com', `${'a'.repeat(510)}@b.c`])(
  '%s is no e-mail address',
  (email) => {
    expect(new Bench().fail('customers.create', { email })).toMatchObject({
      status: 400,
      code: 'email_invalid',
      message: `Invalid email address: ${email}`,
      param: 'email',
    })
  },
)

test('the card of a customer from the start', () => {
  const bench = new Bench()
  const params = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } }
  const { id, invoice_settings: settings } = bench.run<Customer>('customers.create', params)
  const [method, ...others] = bench.all('payment_methods')
  expect(others).toEqual([])
  expect(method).toMatchObject({ customer: id, card: { last4: '4242' } })
  expect(settings.default_payment_method).toBe(method?.id)
})

test('only a card that is attached to the customer becomes the default', () => {
  const bench = new Bench()
  const id = bench.customer(null)
  const settings = {
    invoice_settings: { default_payment_method: bench.run('payment_methods.retrieve', {}, 'pm_card_visa').id },
  }
  const param = 'invoice_settings[default_payment_method]'
  expect(bench.fail('customers.update', settings, id)).toMatchObject({ status: 400, code: 'resource_missing', param })
  const unknown = { invoice_settings: { default_payment_method: 'pm_none' } }
  expect(bench.fail('customers.update', unknown, id)).toMatchObject({ status: 400, code: 'resource_missing', param })
})

test('deleting leaves a mark, releases the cards and is reported', () => {
  const bench = new Bench()
  const id = bench.customer()
  const card = bench.get('customers', id).invoice_settings.default_payment_method ?? ''
  bench.takeEvents()
  expect(bench.run('customers.delete', {}, id)).toEqual({ id, object: 'customer', deleted: true })
  expect(bench.lastEvent('customer.deleted').data.object).toMatchObject({ id, email: 'ada@example.com' })
  expect(bench.run('customers.retrieve', {}, id)).toEqual({ id, object: 'customer', deleted: true })
  expect(bench.get('payment_methods', card).customer).toBeNull()
  const next = bench.customer(null)
  expect(bench.fail('payment_methods.attach', { customer: next }, card).message).toContain('It may not be used again.')
  const gone = { status: 404, code: 'resource_missing', message: `No such customer: '${id}'`, param: 'id' }
  expect(bench.fail('customers.update', { name: 'Ada' }, id)).toMatchObject(gone)
  expect(bench.fail('customers.delete', {}, id)).toMatchObject(gone)
  expect(bench.fail('payment_methods.attach', { customer: id }, 'pm_card_visa')).toMatchObject({
    ...gone,
    status: 400,
    param: 'customer',
  })
  expect(bench.run<List>('customers.list').data.map((customer) => customer.id)).toEqual([next])
})

test('lists: newest first, by e-mail, by time, page by page', () => {
  const bench = new Bench()
  const ids = ['a@example.com', 'b@example.com', 'a@example.com'].map((email, index) => {
    bench.now += index
    return bench.run('customers.create', { email }).id
  })
  const [first = '', second = '', third = ''] = ids
  const listed = (params: object): string[] =>
    bench.run<List>('customers.list', params).data.map((customer) => customer.id)
  expect(listed({})).toEqual([third, second, first])
  expect(listed({ email: 'a@example.com' })).toEqual([third, first])
  expect(listed({ created: { gte: bench.get('customers', second).created } })).toEqual([third, second])
  expect(listed({ created: bench.get('customers', first).created })).toEqual([first])
  expect(bench.run<List>('customers.list', { limit: 2 })).toMatchObject({ has_more: true, url: '/v1/customers' })
  expect(listed({ limit: 2, starting_after: third })).toEqual([second, first])
  expect(listed({ limit: 1, ending_before: first })).toEqual([second])
  expect(bench.fail('customers.list', { starting_after: 'cus_none' })).toMatchObject({
    status: 400,
    param: 'starting_after',
  })
})

test('customers on a test clock live at its time and are listed apart', () => {
  const bench = new Bench()
  const clock = bench.run('test_clocks.create', { frozen_time: bench.now + 1000 }).id
  const customer = bench.run<Customer>('customers.create', { test_clock: clock })
  expect(customer).toMatchObject({ created: bench.now + 1000, test_clock: clock })
  expect(bench.run<List>('customers.list').data).toEqual([])
  expect(bench.run<List>('customers.list', { test_clock: clock }).data.map(({ id }) => id)).toEqual([customer.id])
  expect(bench.fail('customers.create', { test_clock: 'clock_none' })).toMatchObject({
    status: 400,
    param: 'test_clock',
  })
})

test.each(['ab', 'abc', 'TOO-LONG', 'ABCDEFGHIJKLM'])('%s is no invoice prefix', (prefix) => {
  expect(new Bench().fail('customers.create', { invoice_prefix: prefix })).toMatchObject({
    status: 400,
    param: 'invoice_prefix',
  })
})

test.each(['cash_balance'])('%s is said not to be built', (param) => {
  expect(new Bench().fail('customers.create', { [param]: {} })).toMatchObject({ code: 'not_simulated', param })
})

test('what the other resources use', () => {
  const transaction = view(new Bench().state, 1000, '2026-10-28.endive')
  const { id } = createCustomer(transaction, { invoice_prefix: 'ADA' })
  expect([nextInvoiceNumber(transaction, id), nextInvoiceNumber(transaction, id)]).toEqual(['ADA-0001', 'ADA-0002'])
  expect(transaction.load('customers', id).next_invoice_sequence).toBe(3)
  expect(enterBalance(transaction, id, { amount: -300, type: 'adjustment' }).ending_balance).toBe(-300)
  expect(enterBalance(transaction, id, { amount: 100, type: 'adjustment' }).ending_balance).toBe(-200)
  expect(setDefaultPaymentMethod(transaction, id, 'pm_1').invoice_settings.default_payment_method).toBe('pm_1')
  const types = transaction.finish().events.map((event) => event.type)
  expect(types).toEqual(['customer.created', 'customer.updated', 'customer.updated', 'customer.updated'])
})

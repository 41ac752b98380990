import { expect, test } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY, HOUR } from '../testing/bench.js'

type Invoice = Records['invoices']
type Customer = object

function rate(bench: Bench, percentage: number, inclusive = false): string {
  return bench.run('tax_rates.create', { display_name: 'VAT', percentage, inclusive }).id
}

/** An invoice of 1000 and 250 by hand, whose second item has rates of its own. */
function invoiced(bench: Bench, params: object, customer: Customer = {}): Invoice {
  const owner = bench.customer('pm_card_visa', customer)
  const { id } = bench.run('invoices.create', { customer: owner, ...params })
  bench.run('invoiceitems.create', { invoice: id, amount: 1000, currency: 'usd' })
  return bench.invoice(id)
}

test('a tax rate on top', () => {
  const bench = new Bench()
  const vat = rate(bench, 20)
  const invoice = invoiced(bench, { default_tax_rates: [vat] })
  expect(invoice).toMatchObject({
    subtotal: 1000,
    subtotal_excluding_tax: 1000,
    total: 1200,
    total_excluding_tax: 1000,
    amount_due: 1200,
    default_tax_rates: [{ id: vat }],
    total_taxes: [
      {
        amount: 200,
        tax_behavior: 'exclusive',
        tax_rate_details: { tax_rate: vat },
        taxability_reason: 'not_available',
        taxable_amount: 1000,
        type: 'tax_rate_details',
      },
    ],
  })
})

test('a tax rate inside', () => {
  const bench = new Bench()
  const invoice = invoiced(bench, { default_tax_rates: [rate(bench, 25, true)] })
  expect(invoice).toMatchObject({ subtotal: 1000, subtotal_excluding_tax: 800, total: 1000, total_excluding_tax: 800 })
  expect(invoice.total_taxes).toMatchObject([{ amount: 200, tax_behavior: 'inclusive', taxable_amount: 800 }])
})

test('tax is taken of what discounts leave', () => {
  const bench = new Bench()
  const { id: coupon } = bench.run('coupons.create', { percent_off: 50 })
  const params = { default_tax_rates: [rate(bench, 20)], discounts: [{ coupon }] }
  expect(invoiced(bench, params)).toMatchObject({ subtotal: 1000, total: 600, total_excluding_tax: 500 })
})

test('an item has its own rates instead of those of the invoice', () => {
  const bench = new Bench()
  const invoice = invoiced(bench, { default_tax_rates: [rate(bench, 20)] })
  const item = { invoice: invoice.id, amount: 500, currency: 'usd', tax_rates: [rate(bench, 10), rate(bench, 1)] }
  const { id } = bench.run('invoiceitems.create', item)
  expect(bench.invoice(invoice.id).total).toBe(1200 + 555)
  bench.run('invoiceitems.update', { tax_rates: '' }, id)
  expect(bench.invoice(invoice.id).total).toBe(1200 + 600)
})

test.each([
  ['exempt', 'customer_exempt'],
  ['reverse', 'reverse_charge'],
])('a customer who is %s pays no tax', (exempt, reason) => {
  const bench = new Bench()
  const invoice = invoiced(bench, { default_tax_rates: [rate(bench, 20)] }, { tax_exempt: exempt })
  expect(invoice).toMatchObject({ total: 1000, customer_tax_exempt: exempt })
  expect(invoice.total_taxes).toMatchObject([{ amount: 0, taxability_reason: reason }])
})

const automatic = { automatic_tax: { enabled: true } }

test.each([
  ['DE', { country: 'DE' }, 1190, 'standard_rated'],
  ['a state with sales tax', { country: 'US', state: 'NY' }, 1089, 'standard_rated'],
  ['a state without', { country: 'US', state: 'OR' }, 1000, 'not_collecting'],
  ['a province', { country: 'CA', state: 'ON' }, 1130, 'standard_rated'],
  ['a country that is not in the table', { country: 'BR' }, 1000, 'not_collecting'],
])('automatic tax in %s', (_name, address, total, reason) => {
  const bench = new Bench()
  const invoice = invoiced(bench, automatic, { address })
  expect(invoice).toMatchObject({ total, automatic_tax: { enabled: true, status: 'complete', provider: 'stripe' } })
  expect(invoice.total_taxes?.[0]?.taxability_reason).toBe(reason)
  expect(bench.get('tax_rates', invoice.total_taxes?.[0]?.tax_rate_details?.tax_rate ?? '').active).toBe(false)
})

test('a business with a VAT number reckons its tax itself', () => {
  const bench = new Bench()
  const customer = bench.customer('pm_card_visa', { address: { country: 'DE' } })
  bench.run('tax_ids.create', { type: 'eu_vat', value: 'DE123456789', owner: { type: 'customer', customer } })
  const { id } = bench.run('invoices.create', { customer, ...automatic })
  bench.run('invoiceitems.create', { invoice: id, amount: 1000, currency: 'usd' })
  expect(bench.invoice(id)).toMatchObject({ total: 1000, customer_tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] })
  expect(bench.invoice(id).total_taxes).toMatchObject([{ amount: 0, taxability_reason: 'reverse_charge' }])
})

test('an address that says too little keeps an invoice from becoming final', () => {
  const bench = new Bench()
  const invoice = invoiced(bench, { ...automatic, auto_advance: true })
  expect(invoice.automatic_tax.status).toBe('requires_location_inputs')
  expect(bench.fail('invoices.finalize', {}, invoice.id)).toMatchObject({
    status: 400,
    code: 'customer_tax_location_invalid',
  })
  bench.advanceTo(bench.now + HOUR)
  expect(bench.lastEvent('invoice.finalization_failed').data.object).toMatchObject({ id: invoice.id, status: 'draft' })
  expect(bench.invoice(invoice.id).last_finalization_error?.code).toBe('customer_tax_location_invalid')
  bench.run('customers.update', { address: { country: 'FR' } }, invoice.customer ?? '')
  expect(bench.run('invoices.finalize', {}, invoice.id)).toMatchObject({ status: 'paid', total: 1200 })
})

test('a subscription is taxed at each renewal, by the address of the day', () => {
  const bench = new Bench()
  const customer = bench.customer('pm_card_visa', { address: { country: 'DE' } })
  const { latest_invoice: first } = bench.subscribe(customer, bench.price({ amount: 1000 }), automatic)
  expect(bench.invoice(first).total).toBe(1190)
  bench.run('customers.update', { address: { country: 'FR' } }, customer)
  bench.advanceTo(bench.now + 32 * DAY)
  expect(bench.all('invoices').at(-1)).toMatchObject({ status: 'paid', total: 1200 })
})

test('an inclusive price holds its automatic tax', () => {
  const bench = new Bench()
  const product = bench.run('products.create', { name: 'Pro' }).id
  const recurring = { interval: 'month' }
  const price = { product, currency: 'eur', unit_amount: 1190, recurring, tax_behavior: 'inclusive' }
  const customer = bench.customer('pm_card_visa', { address: { country: 'DE' } })
  const subscription = bench.subscribe(customer, bench.run('prices.create', price).id, automatic)
  expect(bench.invoice(subscription.latest_invoice)).toMatchObject({ total: 1190, total_excluding_tax: 1000 })
})

test('a customer whose location must be known at once', () => {
  const bench = new Bench()
  const tax = { validate_location: 'immediately' }
  expect(bench.fail('customers.create', { tax })).toMatchObject({ status: 400, code: 'customer_tax_location_invalid' })
  const { id } = bench.run('customers.create', { tax, address: { country: 'DE' }, business_name: 'Ada Ltd' })
  expect(bench.get('customers', id).business_name).toBe('Ada Ltd')
})

import { expect, test } from 'vitest'
import { view } from '../machine.js'
import { Bench, DAY, START } from '../testing/bench.js'
import { URLS, address, codeFor, coupon, itemsOf, open, openOnce, read, submit } from '../testing/checkout.js'
import type { CheckoutSession } from './session.js'
import { checkoutView } from './view.js'

test('a coupon takes its part off the session, its items, the payment and every invoice', () => {
  const bench = new Bench()
  const { id, ...session } = open(bench, { discounts: [{ coupon: coupon(bench) }] })
  expect(session).toMatchObject({ amount_subtotal: 2000, amount_total: 1500, total_details: { amount_discount: 500 } })
  expect(itemsOf(bench, id)).toMatchObject([{ amount_subtotal: 2000, amount_discount: 500, amount_total: 1500 }])
  submit(bench, id)
  const { invoice, subscription } = read(bench, id)
  expect(bench.invoice(invoice)).toMatchObject({ subtotal: 2000, total: 1500, amount_paid: 1500, status: 'paid' })
  expect(bench.subscription(String(subscription)).discounts).toHaveLength(1)
})

test('a promotion code that the customer types is applied, taken away, and held against its restrictions', () => {
  const bench = new Bench()
  codeFor(bench, 'SPRING')
  codeFor(bench, 'BIG', { minimum_amount: 50_000, minimum_amount_currency: 'usd' })
  const { id } = open(bench, { allow_promotion_codes: true })
  const type = (code: string): unknown => bench.run('checkout_pages.revise', { code }, id)
  expect(type('nope')).toEqual({ status: 'revised', code: 'unknown' })
  expect(type('BIG')).toEqual({ status: 'revised', code: 'unfit' })
  expect(read(bench, id).amount_total).toBe(2000)
  expect(type(' spring ')).toEqual({ status: 'revised', code: null })
  expect(read(bench, id).amount_total).toBe(1500)
  expect(type('')).toEqual({ status: 'revised', code: null })
  expect(read(bench, id)).toMatchObject({ amount_total: 2000, discounts: [] })
})

test('codes are not taken where the session does not ask for them', () => {
  const bench = new Bench()
  codeFor(bench, 'SPRING')
  const { id } = open(bench)
  bench.run('checkout_pages.revise', { code: 'SPRING' }, id)
  expect(read(bench, id)).toMatchObject({ amount_total: 2000, discounts: [] })
})

test('what costs nothing at all is ordered without a card', () => {
  const bench = new Bench()
  const { id } = openOnce(bench, { discounts: [{ coupon: coupon(bench, { percent_off: 100, duration: 'once' }) }] })
  expect(submit(bench, id, { card: null })).toEqual({ status: 'succeeded' })
  expect(read(bench, id)).toMatchObject({
    amount_total: 0,
    payment_status: 'no_payment_required',
    payment_intent: null,
  })
})

test.each([
  [5, 5],
  [0, 1],
  [99, 10],
  [2.5, 1],
])('a quantity of %d becomes %d between its bounds', (asked, quantity) => {
  const bench = new Bench()
  const adjustable_quantity = { enabled: true, minimum: 1, maximum: 10 }
  const { id } = open(bench, { line_items: [{ price: bench.price(), quantity: 1, adjustable_quantity }] })
  const [item] = itemsOf(bench, id)
  expect(item?.adjustable_quantity).toEqual(adjustable_quantity)
  bench.run('checkout_pages.revise', { quantities: { [item?.id ?? '']: asked } }, id)
  expect(read(bench, id).amount_total).toBe(2000 * quantity)
  submit(bench, id)
  const { subscription } = read(bench, id)
  expect(bench.subscription(String(subscription)).items.data[0]?.quantity).toBe(quantity)
})

test('an item at none is taken out, but not the last one', () => {
  const bench = new Bench()
  const adjustable_quantity = { enabled: true }
  const line = (name: string): object => ({
    price_data: { currency: 'usd', unit_amount: 500, product_data: { name } },
    quantity: 1,
    adjustable_quantity,
  })
  const { id } = openOnce(bench, { line_items: [line('Mug'), line('Cup')] })
  const quantities = Object.fromEntries(itemsOf(bench, id).map((item) => [item.id, 0]))
  const [first = ''] = Object.keys(quantities)
  bench.run('checkout_pages.revise', { quantities: { [first]: 0 } }, id)
  expect(itemsOf(bench, id).map((item) => item.description)).toEqual(['Cup'])
  bench.run('checkout_pages.revise', { quantities }, id)
  expect(itemsOf(bench, id)).toHaveLength(1)
})

test('tax rates of an item are in the total and on the invoice', () => {
  const bench = new Bench()
  const rate = bench.run('tax_rates.create', { display_name: 'VAT', percentage: 10, inclusive: false }).id
  const { id, ...session } = open(bench, { line_items: [{ price: bench.price(), quantity: 1, tax_rates: [rate] }] })
  expect(session).toMatchObject({ amount_subtotal: 2000, amount_total: 2200, total_details: { amount_tax: 200 } })
  submit(bench, id)
  expect(bench.invoice(read(bench, id).invoice)).toMatchObject({ total: 2200, amount_paid: 2200 })
})

test('automatic tax waits for the address, and the customer sees the total before they pay it', () => {
  const bench = new Bench()
  const { id, ...session } = open(bench, { automatic_tax: { enabled: true } })
  expect(session).toMatchObject({ amount_total: 2000, automatic_tax: { status: 'requires_location_inputs' } })
  const details = { address }
  expect(submit(bench, id, { details, expectedAmount: 2000 })).toMatchObject({
    status: 'failed',
    error: { code: 'checkout_amount_mismatch', message: expect.stringContaining('$23.80') },
  })
  expect(read(bench, id)).toMatchObject({ amount_total: 2380, automatic_tax: { status: 'complete' }, status: 'open' })
  const shown = checkoutView(view(bench.state, bench.now, '2026-10-28.endive'), id)
  expect(shown).toMatchObject({ dueNow: 2380, tax: 380, next: { value: 2380 } })
  expect(submit(bench, id, { details, expectedAmount: 2380 })).toEqual({ status: 'succeeded' })
  const { invoice, customer } = read(bench, id)
  expect(bench.invoice(invoice)).toMatchObject({ total: 2380, amount_paid: 2380, automatic_tax: { enabled: true } })
  expect(bench.get('customers', String(customer)).address).toEqual(address)
})

test('a business with a VAT number reckons its tax itself', () => {
  const bench = new Bench()
  const { id } = open(bench, { automatic_tax: { enabled: true }, tax_id_collection: { enabled: true } })
  const details = { address, businessName: 'Analytical GmbH', taxId: { type: 'eu_vat', value: 'DE123456789' } }
  expect(submit(bench, id, { details, expectedAmount: 2000 })).toEqual({ status: 'succeeded' })
  const { customer_details: shown, collected_information: collected, customer } = read(bench, id)
  expect(shown).toMatchObject({ business_name: 'Analytical GmbH', tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] })
  expect(collected).toMatchObject({ business_name: 'Analytical GmbH' })
  expect(bench.all('tax_ids')).toMatchObject([{ customer, value: 'DE123456789' }])
})

test('tax for a known customer without an address needs leave to keep what is typed', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const params = { ...URLS, mode: 'subscription', customer, line_items: [{ price: bench.price(), quantity: 1 }] }
  const taxed = { ...params, automatic_tax: { enabled: true } }
  expect(bench.fail('checkout_sessions.create', taxed).code).toBe('customer_tax_location_invalid')
  const { id } = bench.run('checkout_sessions.create', { ...taxed, customer_update: { address: 'auto' } })
  submit(bench, id, { details: { address } })
  expect(bench.get('customers', customer).address).toEqual(address)
  expect(read(bench, id).amount_total).toBe(2380)
})

test('a one-time payment makes an invoice where one is asked for', () => {
  const bench = new Bench()
  const { id } = openOnce(bench, { invoice_creation: { enabled: true, invoice_data: { description: 'Thanks' } } })
  submit(bench, id)
  const { invoice, customer } = read(bench, id)
  expect(customer).toMatch(/^cus_/)
  expect(bench.invoice(invoice)).toMatchObject({
    status: 'paid',
    total: 2000,
    amount_paid: 2000,
    description: 'Thanks',
  })
  expect(bench.all('payment_intents')).toHaveLength(1)
})

test('the page asks the bank to see the customer where the request says so', () => {
  const bench = new Bench()
  const { id } = openOnce(bench, { payment_method_options: { card: { request_three_d_secure: 'any' } } })
  const card = { number: '4000000000003055', expMonth: 12, expYear: 2030, cvc: '123' }
  expect(submit(bench, id, { card }).status).toBe('requires_action')
})

test('what is collected is on the session when it is complete', () => {
  const bench = new Bench()
  const label = { custom: 'Size', type: 'custom' }
  const options = [{ label: 'Small', value: 'small' }]
  const { id, ...session } = openOnce(bench, {
    custom_fields: [{ key: 'size', label, type: 'dropdown', dropdown: { options } }],
    consent_collection: { terms_of_service: 'required', promotions: 'auto' },
    phone_number_collection: { enabled: true },
    shipping_address_collection: { allowed_countries: ['DE'] },
    customer_creation: 'always',
  })
  expect(session).toMatchObject({
    consent: null,
    collected_information: null,
    phone_number_collection: { enabled: true },
  })
  submit(bench, id, {
    answers: { size: 'small' },
    consent: { terms: true, promotions: false },
    details: { phone: '+493012345', shipping: { name: 'Ada', address } },
  })
  const after = read(bench, id)
  expect(after).toMatchObject({
    consent: { terms_of_service: 'accepted', promotions: 'opt_out' },
    custom_fields: [{ key: 'size', dropdown: { value: 'small' } }],
    customer_details: { phone: '+493012345' },
    collected_information: { shipping_details: { name: 'Ada', address } },
  })
  expect(bench.get('customers', String(after.customer))).toMatchObject({
    phone: '+493012345',
    shipping: { name: 'Ada' },
  })
  expect(bench.get('payment_intents', String(after.payment_intent)).shipping).toMatchObject({ name: 'Ada' })
})

test('the way to send the goods is in the total, and the customer may choose another', () => {
  const bench = new Bench()
  const rate = (name: string, amount: number): string =>
    bench.run('shipping_rates.create', { display_name: name, fixed_amount: { amount, currency: 'usd' } }).id
  const [slow, fast] = [rate('Slow', 300), rate('Fast', 900)]
  const { id, ...session } = openOnce(bench, { shipping_options: [{ shipping_rate: slow }, { shipping_rate: fast }] })
  expect(session).toMatchObject({ amount_total: 2300, shipping_cost: { amount_total: 300, shipping_rate: slow } })
  bench.run('checkout_pages.revise', { shippingRate: fast }, id)
  expect(read(bench, id)).toMatchObject({ amount_total: 2900, total_details: { amount_shipping: 900 } })
})

test('a session inside of the application’s own page has a secret and no address', () => {
  const bench = new Bench()
  const params = { ui_mode: 'embedded_page', return_url: 'https://app.example/back', success_url: undefined }
  const { id, ...session } = open(bench, params)
  expect(session).toMatchObject({ url: null, success_url: null, return_url: 'https://app.example/back' })
  expect(session.client_secret).toMatch(new RegExp(`^${id}_secret_`))
  expect(submit(bench, id)).toEqual({ status: 'succeeded' })
})

test('an expired session is recovered as a copy, for thirty days', () => {
  const bench = new Bench({ origin: 'http://localhost:4242' })
  const { id } = open(bench, { after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } } })
  bench.advanceTo(START + 2 * DAY)
  const { recovery } = read(bench, id).after_expiration ?? {}
  expect(recovery).toMatchObject({ expires_at: START + DAY + 30 * DAY, url: expect.stringContaining('/r/') })
  const page = recovery?.url?.split('/').at(-1)
  const { url } = bench.run<{ url: string }>('checkout_pages.recover', {}, page)
  const copy = read(bench, url.split('/').at(-1) ?? '')
  expect(copy).toMatchObject({ status: 'open', recovered_from: id, amount_total: 2000, allow_promotion_codes: true })
  expect(bench.all('prices')).toHaveLength(1)
  bench.advanceTo(START + 40 * DAY)
  expect(bench.run('checkout_pages.recover', {}, page)).toEqual({ url: null })
})

test('customers say how much they give, within bounds', () => {
  const bench = new Bench()
  const product = bench.run('products.create', { name: 'Donation' }).id
  const custom_unit_amount = { enabled: true, minimum: 500, maximum: 5000, preset: 1000 }
  const price = bench.run('prices.create', { product, currency: 'usd', custom_unit_amount }).id
  const { id, amount_total: total } = openOnce(bench, { line_items: [{ price, quantity: 1 }], submit_type: 'donate' })
  expect(total).toBe(1000)
  const [item] = itemsOf(bench, id)
  bench.run('checkout_pages.revise', { amounts: { [item?.id ?? '']: 20_000 } }, id)
  submit(bench, id)
  expect(bench.all('payment_intents')).toMatchObject([{ amount: 5000, status: 'succeeded' }])
})

test('a price of several currencies is sold in the one that is asked for', () => {
  const bench = new Bench()
  const product = bench.run('products.create', { name: 'Pro' }).id
  const price = bench.run('prices.create', {
    product,
    currency: 'usd',
    unit_amount: 2000,
    currency_options: { eur: { unit_amount: 1800 } },
    recurring: { interval: 'month' },
  }).id
  const { id } = open(bench, { currency: 'eur', line_items: [{ price, quantity: 1 }] })
  expect(read(bench, id)).toMatchObject({ amount_total: 1800, currency: 'eur' })
  submit(bench, id)
  expect(bench.invoice(read(bench, id).invoice)).toMatchObject({ total: 1800, currency: 'eur' })
})

test('an open session is changed by the application: its items, its shipping and where it goes', () => {
  const bench = new Bench()
  const { id } = openOnce(bench)
  const [item] = itemsOf(bench, id)
  const price_data = { currency: 'usd', unit_amount: 400, product_data: { name: 'Cup' } }
  const data = { display_name: 'Post', fixed_amount: { amount: 300, currency: 'usd' } }
  const params = {
    line_items: [
      { id: item?.id, quantity: 3 },
      { price_data, quantity: 1 },
    ],
    shipping_options: [{ shipping_rate_data: data }],
    collected_information: { shipping_details: { name: 'Ada', address } },
  }
  const after = bench.run<CheckoutSession>('checkout_sessions.update', params, id)
  expect(after).toMatchObject({
    amount_subtotal: 3400,
    amount_total: 3700,
    collected_information: { shipping_details: { name: 'Ada' } },
  })
  expect(itemsOf(bench, id).map(({ description, quantity }) => [description, quantity])).toEqual([
    ['Mug', 3],
    ['Cup', 1],
  ])
  expect(bench.fail('checkout_sessions.update', { line_items: [{ id: 'li_none' }] }, id).code).toBe('resource_missing')
  submit(bench, id)
  expect(bench.fail('checkout_sessions.update', { line_items: [] }, id).message).toContain('complete')
})

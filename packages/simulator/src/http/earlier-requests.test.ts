import { expect, test } from 'vitest'
import { modernize, modernRoute, refuseGone } from './earlier-requests.js'
import { decodeForm } from './form-codec.js'

const UNSAID = undefined

test.each([
  ['a promotion code', 'POST /v1/promotion_codes', 'coupon=C', { promotion: { type: 'coupon', coupon: 'C' } }],
  ['a discount', 'POST /v1/subscriptions', 'coupon=C', { discounts: { 0: { coupon: 'C' } } }],
  ['no discount', 'POST /v1/subscriptions/:id', 'coupon=', { discounts: '' }],
  [
    'two discounts',
    'POST /v1/subscriptions',
    'coupon=C&promotion_code=P',
    {
      discounts: { 0: { coupon: 'C' }, 1: { promotion_code: 'P' } },
    },
  ],
  ['an anchor', 'POST /v1/subscriptions/:id', 'billing_cycle_anchor=now', { billing_cycle_anchor: { type: 'now' } }],
  ['an item', 'POST /v1/subscriptions', 'plan=basic&quantity=2', { items: { 0: { plan: 'basic', quantity: '2' } } }],
  [
    'what is said of a product',
    'POST /v1/products',
    'features[0][name]=Fast',
    { marketing_features: { 0: { name: 'Fast' } } },
  ],
  ['an invoice item', 'POST /v1/invoiceitems', 'price=P&quantity=2', { pricing: { price: 'P' }, quantity: '2' }],
  ['an amount', 'POST /v1/invoiceitems/:id', 'unit_amount=5', { unit_amount_decimal: '5' }],
  [
    'a phase with a discount',
    'POST /v1/subscription_schedules',
    'phases[0][coupon]=C',
    { phases: { 0: { discounts: { 0: { coupon: 'C' } } } } },
  ],
  [
    'a preview',
    'POST /v1/invoices/create_preview',
    'subscription=S&subscription_items[0][price]=P&subscription_billing_cycle_anchor=now&coupon=C',
    {
      subscription: 'S',
      discounts: { 0: { coupon: 'C' } },
      subscription_details: { items: { 0: { price: 'P' } }, billing_cycle_anchor: { type: 'now' } },
    },
  ],
  [
    'an instant in a preview',
    'POST /v1/invoices/create_preview',
    'subscription_details[billing_cycle_anchor]=1900000000',
    { subscription_details: { billing_cycle_anchor: { type: 'timestamp', timestamp: '1900000000' } } },
  ],
  ['the page', 'POST /v1/checkout/sessions', 'ui_mode=hosted', { ui_mode: 'hosted_page' }],
  [
    'ways to pay',
    'POST /v1/checkout/sessions',
    'payment_method_types[]=sepa_debit',
    {
      allowed_payment_method_types: { 0: 'sepa_debit' },
    },
  ],
  [
    'ways to pay that stay',
    'POST /v1/payment_intents',
    'payment_method_types[]=card',
    {
      allowed_payment_method_types: { 0: 'card' },
      automatic_payment_methods: { enabled: 'true', allow_redirects: 'never' },
    },
  ],
  [
    'ways to pay elsewhere',
    'POST /v1/payment_intents',
    'payment_method_types[]=ideal',
    {
      allowed_payment_method_types: { 0: 'ideal' },
    },
  ],
  [
    'cards, when nothing is said',
    'POST /v1/setup_intents',
    '',
    {
      allowed_payment_method_types: { 0: 'card' },
      automatic_payment_methods: { enabled: 'true', allow_redirects: 'never' },
    },
  ],
])('without a version, %s may be written as it was', (_what, route, query, today) => {
  expect({ ...modernize(route, decodeForm(query), UNSAID) }).toEqual(today)
})

test.each([
  ['POST /v1/promotion_codes', 'coupon=C', '2025-09-30.clover'],
  ['POST /v1/subscriptions', 'coupon=C', '2025-03-31.basil'],
  ['POST /v1/subscriptions/:id', 'billing_cycle_anchor=now', '2026-09-30.endive'],
  ['POST /v1/payment_intents', 'payment_method_types[]=card', '2026-10-28.endive'],
  ['POST /v1/subscriptions', 'billing_cycle_anchor=1900000000', '2024-06-20'],
])('%s?%s is read as it is written in %s', (route, query, version) => {
  expect(modernize(route, decodeForm(query), version)).toMatchObject({ ...decodeForm(query) })
})

test.each([
  ['POST /v1/payment_intents', 'amount=1&automatic_payment_methods[enabled]=true', '2024-04-10', 'capture_method'],
  ['POST /v1/subscriptions', 'customer=cus_1', '2025-09-30.clover', 'billing_mode'],
  ['POST /v1/subscription_schedules', 'customer=cus_1', '2025-09-30.clover', 'billing_mode'],
])('%s?%s means something else only before %s', (route, query, since, name) => {
  expect(modernize(route, decodeForm(query), '2023-10-16')).toHaveProperty(name)
  expect(modernize(route, decodeForm(query), since)).not.toHaveProperty(name)
  expect(modernize(route, decodeForm(query), UNSAID)).not.toHaveProperty(name)
})

test('an intent that says how to pay keeps what it says', () => {
  const form = decodeForm('automatic_payment_methods[enabled]=true')
  expect(modernize('POST /v1/payment_intents', form, '2022-11-15')).toEqual({ ...form, capture_method: 'automatic' })
})

test.each([
  ['POST /v1/customers', 'coupon=C', '2025-03-31.basil', 'coupon'],
  ['POST /v1/customers/:id', 'promotion_code=P', '2026-10-28.endive', 'promotion_code'],
  ['POST /v1/subscription_schedules', 'phases[1][iterations]=2', '2025-09-30.clover', 'phases[1][iterations]'],
])('%s?%s is refused in %s', (route, query, version, param) => {
  expect(() => refuseGone(route, decodeForm(query), version)).toThrow(`Received unknown parameter: ${param}`)
})

test.each([
  ['POST /v1/customers', 'coupon=C', '2024-06-20'],
  ['POST /v1/customers', 'coupon=C', UNSAID],
  ['POST /v1/subscription_schedules', 'phases[0][items][0][price]=p', '2026-10-28.endive'],
])('%s?%s is taken in version %s', (route, query, version) => {
  expect(() => refuseGone(route, decodeForm(query), version)).not.toThrow()
})

test.each([
  ['2025-02-24.acacia', 'POST /v1/invoices/create_preview'],
  [UNSAID, 'POST /v1/invoices/create_preview'],
  ['2025-03-31.basil', 'GET /v1/invoices/:id'],
])('in version %s the upcoming invoice is at %s', (version, route) => {
  const found = { route: 'GET /v1/invoices/:id', target: 'invoices.retrieve', path: { id: 'upcoming' } }
  expect(modernRoute(found, version).route).toBe(route)
  const other = { ...found, path: { id: 'in_1' } }
  expect(modernRoute(other, version)).toBe(other)
})

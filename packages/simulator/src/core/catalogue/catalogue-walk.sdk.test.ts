import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../../index.js'

let simulator: Simulator
let stripe: Stripe

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterAll(() => simulator.close())

function idOf(object: string | { readonly id: string } | null): string {
  return typeof object === 'string' ? object : (object?.id ?? '')
}

const monthly = { currency: 'usd', recurring: { interval: 'month' as const } }

describe('prices', () => {
  test('with tiers, whose tiers are shown on request', async () => {
    const price = await stripe.prices.create({
      ...monthly,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 10, unit_amount: 500 },
        { up_to: 'inf', unit_amount: 400 },
      ],
      product_data: { name: 'Seats' },
      expand: ['tiers'],
    })
    expect(price.tiers?.map((tier) => [tier.up_to, tier.unit_amount])).toEqual([
      [10, 500],
      [null, 400],
    ])
    expect(await stripe.prices.retrieve(price.id)).not.toHaveProperty('tiers')
    const plan = await stripe.plans.retrieve(price.id, { expand: ['tiers'] })
    expect(plan.tiers).toHaveLength(2)
    const listed = await stripe.prices.list({ product: idOf(price.product), expand: ['data.tiers'] })
    expect(listed.data[0]?.tiers).toHaveLength(2)
  })

  test('in several currencies', async () => {
    const { id } = await stripe.prices.create({
      ...monthly,
      unit_amount: 1000,
      currency_options: { eur: { unit_amount: 900 } },
      product_data: { name: 'Pro' },
    })
    await stripe.prices.update(id, { currency_options: { gbp: { unit_amount: 800 } } })
    const price = await stripe.prices.retrieve(id, { expand: ['currency_options'] })
    expect(Object.keys(price.currency_options ?? {}).toSorted()).toEqual(['eur', 'gbp', 'usd'])
  })
})

test('plans, as clients of their age use them', async () => {
  const plan = await stripe.plans.create({
    id: 'gold',
    amount: 2500,
    currency: 'usd',
    interval: 'month',
    product: { name: 'Gold' },
  })
  expect(plan).toMatchObject({ id: 'gold', amount: 2500, object: 'plan' })
  expect((await stripe.plans.update('gold', { nickname: 'G' })).nickname).toBe('G')
  expect((await stripe.plans.list({ product: idOf(plan.product) })).data.map(({ id }) => id)).toEqual(['gold'])
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ plan: 'gold' }] })
  expect(await stripe.plans.del('gold')).toMatchObject({ id: 'gold', deleted: true })
  const kept = await stripe.subscriptions.retrieve(subscription.id, { expand: ['items.data.price.product'] })
  expect(kept.items.data[0]?.price).toMatchObject({ id: 'gold', product: { name: 'Gold' } })
})

test('coupons and promotion codes', async () => {
  const product = await stripe.products.create({ name: 'Pro' })
  const coupon = await stripe.coupons.create({
    id: 'SPRING',
    amount_off: 500,
    currency: 'usd',
    applies_to: { products: [product.id] },
    expand: ['applies_to'],
  })
  expect(coupon.applies_to?.products).toEqual([product.id])
  expect(await stripe.coupons.update('SPRING', { name: 'Spring' })).toMatchObject({ name: 'Spring', valid: true })
  expect(await stripe.coupons.retrieve('SPRING')).not.toHaveProperty('applies_to')
  expect((await stripe.coupons.list()).data.map(({ id }) => id)).toEqual(['SPRING'])
  const code = await stripe.promotionCodes.create({
    code: 'HELLO',
    promotion: { type: 'coupon', coupon: 'SPRING' },
    restrictions: {
      minimum_amount: 1000,
      minimum_amount_currency: 'usd',
      currency_options: { eur: { minimum_amount: 900 } },
    },
    expand: ['promotion.coupon', 'restrictions.currency_options'],
  })
  expect(code.promotion.coupon).toMatchObject({ id: 'SPRING', amount_off: 500 })
  expect(code.restrictions.currency_options).toMatchObject({ eur: { minimum_amount: 900 } })
  expect(await stripe.promotionCodes.update(code.id, { active: false })).toMatchObject({ active: false })
  expect((await stripe.promotionCodes.retrieve(code.id)).restrictions).not.toHaveProperty('currency_options')
  expect((await stripe.promotionCodes.list({ code: 'hello' })).data).toHaveLength(1)
  expect(await stripe.coupons.del('SPRING')).toMatchObject({ deleted: true })
  const after = await stripe.promotionCodes.retrieve(code.id, { expand: ['promotion.coupon'] })
  expect(after.promotion.coupon).toMatchObject({ id: 'SPRING', amount_off: 500, valid: false })
})

test('tax rates, tax codes and shipping rates', async () => {
  const rate = await stripe.taxRates.create({ display_name: 'VAT', inclusive: true, percentage: 19.5, country: 'DE' })
  expect(rate).toMatchObject({ active: true, percentage: 19.5, inclusive: true, jurisdiction: null })
  expect(await stripe.taxRates.update(rate.id, { active: false, display_name: 'USt' })).toMatchObject({
    active: false,
    display_name: 'USt',
  })
  expect(await stripe.taxRates.retrieve(rate.id)).toMatchObject({ country: 'DE' })
  expect((await stripe.taxRates.list({ active: true })).data).toEqual([])
  expect((await stripe.taxRates.list({ inclusive: true })).data).toHaveLength(1)
  await expect(stripe.taxRates.create({ display_name: 'x', inclusive: true, percentage: 101 })).rejects.toMatchObject({
    param: 'percentage',
  })
  const codes = await stripe.taxCodes.list({ limit: 5 }).autoPagingToArray({ limit: 100 })
  expect(codes.map(({ id }) => id)).toContain('txcd_10103001')
  expect(new Set(codes.map(({ id }) => id)).size).toBe(codes.length)
  const [first, second] = codes
  expect((await stripe.taxCodes.list({ ending_before: second?.id ?? '' })).data).toEqual([first])
  expect((await stripe.taxCodes.retrieve('txcd_99999999')).name).toBe('General - Tangible Goods')
  await expect(stripe.taxCodes.retrieve('txcd_1')).rejects.toMatchObject({ statusCode: 404 })
  const shipping = await stripe.shippingRates.create({
    display_name: 'Ground',
    delivery_estimate: { minimum: { unit: 'day', value: 2 } },
    fixed_amount: { amount: 500, currency: 'usd', currency_options: { eur: { amount: 450 } } },
    tax_code: 'txcd_92010001',
    expand: ['fixed_amount.currency_options'],
  })
  expect(shipping.fixed_amount?.currency_options).toMatchObject({ eur: { amount: 450 }, usd: { amount: 500 } })
  expect(shipping.delivery_estimate).toEqual({ maximum: null, minimum: { unit: 'day', value: 2 } })
  const update = { active: false, fixed_amount: { currency_options: { eur: { amount: 400 } } } }
  expect(await stripe.shippingRates.update(shipping.id, update)).toMatchObject({ active: false })
  const kept = await stripe.shippingRates.retrieve(shipping.id, {
    expand: ['fixed_amount.currency_options', 'tax_code'],
  })
  expect(kept.fixed_amount?.currency_options?.['eur']).toMatchObject({ amount: 400, tax_behavior: 'unspecified' })
  expect(kept.tax_code).toMatchObject({ object: 'tax_code', name: 'Shipping' })
  expect((await stripe.shippingRates.list({ active: true })).data).toEqual([])
})

test('features, and who is entitled to them', async () => {
  const feature = await stripe.entitlements.features.create({ lookup_key: 'sso', name: 'Single sign-on' })
  expect(await stripe.entitlements.features.update(feature.id, { name: 'SSO' })).toMatchObject({ name: 'SSO' })
  expect((await stripe.entitlements.features.retrieve(feature.id)).active).toBe(true)
  expect((await stripe.entitlements.features.list({ lookup_key: 'sso' })).data).toHaveLength(1)
  const price = await stripe.prices.create({ ...monthly, unit_amount: 100, product_data: { name: 'Team' } })
  const product = idOf(price.product)
  const link = await stripe.products.createFeature(product, { entitlement_feature: feature.id })
  expect(link.entitlement_feature).toMatchObject({ id: feature.id, name: 'SSO' })
  expect((await stripe.products.retrieveFeature(product, link.id)).id).toBe(link.id)
  expect((await stripe.products.listFeatures(product)).data).toHaveLength(1)
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  const active = await stripe.entitlements.activeEntitlements.list({ customer: customer.id, expand: ['data.feature'] })
  expect(active.data).toMatchObject([{ lookup_key: 'sso', feature: { id: feature.id, name: 'SSO' } }])
  const [own] = active.data
  expect(await stripe.entitlements.activeEntitlements.retrieve(own?.id ?? '')).toMatchObject({ feature: feature.id })
  expect(await stripe.products.deleteFeature(product, link.id)).toMatchObject({ deleted: true })
  const [event] = (await stripe.events.list({ type: 'entitlements.active_entitlement_summary.updated' })).data
  expect(event?.data.object).toMatchObject({ customer: customer.id, entitlements: { data: [{ lookup_key: 'sso' }] } })
})

test('tax ids', async () => {
  const customer = await stripe.customers.create({
    tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }],
    expand: ['tax_ids'],
  })
  expect(customer.tax_ids?.data).toMatchObject([{ type: 'eu_vat', value: 'DE123456789', country: 'DE' }])
  const made = await stripe.customers.createTaxId(customer.id, { type: 'gb_vat', value: 'GB123456789' })
  expect((await stripe.customers.retrieveTaxId(customer.id, made.id)).verification?.status).toBe('pending')
  await simulator.clock.advance(10)
  expect((await stripe.taxIds.retrieve(made.id, { expand: ['customer'] })).customer).toMatchObject({ id: customer.id })
  expect((await stripe.customers.listTaxIds(customer.id)).data.map((taxId) => taxId.verification?.status)).toEqual([
    'verified',
    'verified',
  ])
  expect(await stripe.customers.deleteTaxId(customer.id, made.id)).toMatchObject({ deleted: true })
  const own = await stripe.taxIds.create({ type: 'us_ein', value: '12-3456789' })
  expect((await stripe.taxIds.list()).data.map(({ id }) => id)).toEqual([own.id])
  expect(await stripe.taxIds.del(own.id)).toMatchObject({ deleted: true })
})

test('search', async () => {
  const names = Array.from({ length: 5 }, (_, index) => `Needle ${index}`)
  for (const name of names) await stripe.products.create({ name, metadata: { hay: 'yes' } })
  const query = 'metadata["hay"]:"yes" AND name~"needle"'
  const found = await stripe.products.search({ query, limit: 2 }).autoPagingToArray({ limit: 100 })
  expect(found.map(({ name }) => name)).toEqual(names.toReversed())
  const page = await stripe.products.search({ query, limit: 2, expand: ['total_count', 'data.default_price'] })
  expect(page).toMatchObject({ object: 'search_result', has_more: true, total_count: 5 })
  expect(await stripe.products.search({ query })).not.toHaveProperty('total_count')
  const empty = { query: 'metadata["hay"]:"no"' }
  for (const resource of ['charges', 'customers', 'invoices', 'paymentIntents', 'prices', 'subscriptions'] as const) {
    expect((await stripe[resource].search(empty)).data).toEqual([])
  }
})

test('quotes', async () => {
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  const price = await stripe.prices.create({ ...monthly, unit_amount: 1200, product_data: { name: 'Quoted' } })
  const draft = await stripe.quotes.create({
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 2 }],
    expand: ['line_items', 'computed.upfront.line_items'],
  })
  expect(draft.line_items?.data).toMatchObject([{ amount_total: 2400, description: 'Quoted', quantity: 2 }])
  expect(draft.computed.upfront.line_items?.data).toHaveLength(1)
  expect(await stripe.quotes.update(draft.id, { header: 'For you' })).toMatchObject({ header: 'For you' })
  expect((await stripe.quotes.listLineItems(draft.id)).data).toHaveLength(1)
  expect((await stripe.quotes.listComputedUpfrontLineItems(draft.id)).data).toHaveLength(1)
  expect(await stripe.quotes.finalizeQuote(draft.id)).toMatchObject({ status: 'open' })
  const file = await stripe.quotes.pdf(draft.id)
  let size = 0
  for await (const chunk of file) size += chunk.length
  expect(size).toBeGreaterThan(500)
  const accepted = await stripe.quotes.accept(draft.id, { expand: ['subscription.latest_invoice'] })
  expect(accepted).toMatchObject({
    status: 'accepted',
    subscription: { latest_invoice: { total: 2400, status: 'paid' } },
  })
  const other = await stripe.quotes.create({ customer: customer.id })
  expect(await stripe.quotes.cancel(other.id)).toMatchObject({ status: 'canceled' })
  expect((await stripe.quotes.list({ status: 'canceled' })).data.map(({ id }) => id)).toEqual([other.id])
  expect(await stripe.quotes.retrieve(draft.id, { expand: ['customer'] })).toMatchObject({
    customer: { id: customer.id },
  })
})

test('customer sessions', async () => {
  const customer = await stripe.customers.create()
  const session = await stripe.customerSessions.create({
    customer: customer.id,
    components: {
      pricing_table: { enabled: true },
      payment_element: { enabled: true, features: { payment_method_save: 'enabled' } },
    },
  })
  expect(session).toMatchObject({
    object: 'customer_session',
    customer: customer.id,
    components: {
      buy_button: { enabled: false },
      payment_element: {
        enabled: true,
        features: { payment_method_redisplay: 'disabled', payment_method_save: 'enabled' },
      },
      pricing_table: { enabled: true },
    },
  })
  expect(session.client_secret).toMatch(/^cuss_secret_/)
  expect(session.expires_at).toBeGreaterThan(session.created)
})

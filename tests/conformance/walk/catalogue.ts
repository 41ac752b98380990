import { gone, holding, type Stretches, type Walk } from './walk.js'

async function walkProducts({ stripe, visit }: Walk): Promise<void> {
  const product = await visit('POST /v1/products', () => stripe.products.create({ name: 'Pro' }), { active: true })
  await visit('GET /v1/products/:id', () => stripe.products.retrieve(product.id), product)
  await visit('POST /v1/products/:id', () => stripe.products.update(product.id, { name: 'Team' }), { name: 'Team' })
  await visit('GET /v1/products', () => stripe.products.list({ active: true }), holding(product))
  const found = { object: 'search_result', data: [{ id: product.id }] }
  await visit('GET /v1/products/search', () => stripe.products.search({ query: "name:'Team'" }), found)
  await visit('DELETE /v1/products/:id', () => stripe.products.del(product.id), gone(product))
}

async function walkPrices({ stripe, visit }: Walk): Promise<void> {
  const price = await visit(
    'POST /v1/prices',
    () =>
      stripe.prices.create({ currency: 'usd', unit_amount: 700, lookup_key: 'walk', product_data: { name: 'One' } }),
    { type: 'one_time', unit_amount: 700 },
  )
  await visit('GET /v1/prices/:id', () => stripe.prices.retrieve(price.id), { id: price.id, lookup_key: 'walk' })
  await visit('POST /v1/prices/:id', () => stripe.prices.update(price.id, { nickname: 'one' }), { nickname: 'one' })
  await visit('GET /v1/prices', () => stripe.prices.list({ lookup_keys: ['walk'] }), { data: [{ id: price.id }] })
  const query = "lookup_key:'walk' AND active:'true'"
  await visit('GET /v1/prices/search', () => stripe.prices.search({ query }), { data: [{ id: price.id }] })
}

async function walkPlans({ stripe, visit }: Walk): Promise<void> {
  const wanted = { currency: 'usd', interval: 'month', amount: 2000, product: { name: 'Old' } } as const
  const plan = await visit('POST /v1/plans', () => stripe.plans.create(wanted), { amount: 2000, interval: 'month' })
  await visit('GET /v1/plans/:id', () => stripe.plans.retrieve(plan.id), { id: plan.id })
  await visit('POST /v1/plans/:id', () => stripe.plans.update(plan.id, { nickname: 'x' }), { nickname: 'x' })
  await visit('GET /v1/plans', () => stripe.plans.list(), holding(plan))
  await visit('DELETE /v1/plans/:id', () => stripe.plans.del(plan.id), gone(plan))
}

async function walkFeatures({ stripe, visit }: Walk): Promise<void> {
  const { features, activeEntitlements } = stripe.entitlements
  const feature = await visit(
    'POST /v1/entitlements/features',
    () => features.create({ name: 'Export', lookup_key: 'export' }),
    { active: true },
  )
  await visit('GET /v1/entitlements/features/:id', () => features.retrieve(feature.id), feature)
  await visit('POST /v1/entitlements/features/:id', () => features.update(feature.id, { name: 'X' }), { name: 'X' })
  await visit('GET /v1/entitlements/features', () => features.list(), holding(feature))
  const { id: product } = await stripe.products.create({ name: 'Featured' })
  const attached = await visit(
    'POST /v1/products/:product/features',
    () => stripe.products.createFeature(product, { entitlement_feature: feature.id }),
    { entitlement_feature: { id: feature.id } },
  )
  await visit(
    'GET /v1/products/:product/features/:id',
    () => stripe.products.retrieveFeature(product, attached.id),
    attached,
  )
  await visit('GET /v1/products/:product/features', () => stripe.products.listFeatures(product), holding(attached))
  const { id: customer } = await stripe.customers.create({ payment_method: 'pm_card_visa' })
  const recurring = { interval: 'month' } as const
  const price = await stripe.prices.create({ currency: 'usd', unit_amount: 0, product, recurring })
  await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  const entitled = await visit(
    'GET /v1/entitlements/active_entitlements',
    () => activeEntitlements.list({ customer }),
    { data: [{ feature: feature.id, lookup_key: 'export' }] },
  )
  const [first = { id: '' }] = entitled.data
  await visit('GET /v1/entitlements/active_entitlements/:id', () => activeEntitlements.retrieve(first.id), first)
  await visit(
    'DELETE /v1/products/:product/features/:id',
    () => stripe.products.deleteFeature(product, attached.id),
    gone(attached),
  )
}

async function walkCoupons({ stripe, visit }: Walk): Promise<void> {
  const coupon = await visit('POST /v1/coupons', () => stripe.coupons.create({ percent_off: 20 }), { valid: true })
  await visit('GET /v1/coupons/:id', () => stripe.coupons.retrieve(coupon.id), coupon)
  await visit('POST /v1/coupons/:id', () => stripe.coupons.update(coupon.id, { name: 'Fifth' }), { name: 'Fifth' })
  await visit('GET /v1/coupons', () => stripe.coupons.list(), holding(coupon))
  const code = await visit(
    'POST /v1/promotion_codes',
    () => stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'WALK' }),
    { code: 'WALK', active: true, promotion: { coupon: coupon.id } },
  )
  await visit('GET /v1/promotion_codes/:id', () => stripe.promotionCodes.retrieve(code.id), code)
  await visit('POST /v1/promotion_codes/:id', () => stripe.promotionCodes.update(code.id, { active: false }), {
    active: false,
  })
  await visit('GET /v1/promotion_codes', () => stripe.promotionCodes.list({ code: 'WALK' }), holding(code))
  await visit('DELETE /v1/coupons/:id', () => stripe.coupons.del(coupon.id), gone(coupon))
}

async function walkRates({ stripe, visit }: Walk): Promise<void> {
  const vat = { display_name: 'VAT', inclusive: false, percentage: 20 }
  const rate = await visit('POST /v1/tax_rates', () => stripe.taxRates.create(vat), vat)
  await visit('GET /v1/tax_rates/:id', () => stripe.taxRates.retrieve(rate.id), rate)
  await visit('POST /v1/tax_rates/:id', () => stripe.taxRates.update(rate.id, { active: false }), { active: false })
  await visit('GET /v1/tax_rates', () => stripe.taxRates.list({ active: false }), holding(rate))
  const amount = { amount: 500, currency: 'usd' }
  const shipping = await visit(
    'POST /v1/shipping_rates',
    () => stripe.shippingRates.create({ display_name: 'Post', type: 'fixed_amount', fixed_amount: amount }),
    { fixed_amount: amount },
  )
  await visit('GET /v1/shipping_rates/:id', () => stripe.shippingRates.retrieve(shipping.id), shipping)
  await visit('POST /v1/shipping_rates/:id', () => stripe.shippingRates.update(shipping.id, { active: false }), {
    active: false,
  })
  await visit('GET /v1/shipping_rates', () => stripe.shippingRates.list(), holding(shipping))
  const codes = await visit('GET /v1/tax_codes', () => stripe.taxCodes.list({ limit: 2 }), { object: 'list' })
  const [code = { id: '' }] = codes.data
  await visit('GET /v1/tax_codes/:id', () => stripe.taxCodes.retrieve(code.id), code)
}

/** What is sold and for how much. */
export const catalogue: Stretches = {
  products: walkProducts,
  prices: walkPrices,
  plans: walkPlans,
  'features and entitlements': walkFeatures,
  'coupons and promotion codes': walkCoupons,
  'tax rates, tax codes and shipping rates': walkRates,
}

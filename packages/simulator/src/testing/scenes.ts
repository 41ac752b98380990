import type Stripe from 'stripe'
import type { Simulator } from '../server.js'
import { cardTyped, submit, visit } from './visitor.js'

/** Does things until objects have been in many of their states. */
export type Scene = (stripe: Stripe, simulator: Simulator) => Promise<void>

const DAY = 86_400
const BACK = 'https://app.example/back'
const USD = { currency: 'usd' } as const
const EVERY_MONTH = { recurring: { interval: 'month' } } as const
const CALIFORNIA = { line1: '1 Way', city: 'Town', state: 'CA', postal_code: '94016', country: 'US' }

async function priceOf(stripe: Stripe, extra: Partial<Stripe.PriceCreateParams> = {}): Promise<string> {
  const params = { ...USD, ...EVERY_MONTH, unit_amount: 1000, product_data: { name: 'Pro' }, ...extra }
  return (await stripe.prices.create(params)).id
}

async function customerWith(stripe: Stripe, card: string, extra: Stripe.CustomerCreateParams = {}): Promise<string> {
  const settings = { payment_method: card, invoice_settings: { default_payment_method: card } }
  return (await stripe.customers.create({ ...settings, ...extra })).id
}

async function seeCatalogue(stripe: Stripe): Promise<void> {
  await stripe.accounts.retrieveCurrent()
  const product = await stripe.products.create({
    name: 'Pro',
    tax_code: 'txcd_10000000',
    images: ['https://a.example/i'],
  })
  const tiers = [
    { up_to: 10, unit_amount: 5 },
    { up_to: 'inf' as const, flat_amount: 7 },
  ]
  const tiered = {
    ...USD,
    ...EVERY_MONTH,
    product: product.id,
    billing_scheme: 'tiered',
    tiers_mode: 'volume',
    tiers,
  } as const
  const price = await stripe.prices.create({
    ...tiered,
    expand: ['tiers'],
  })
  await stripe.prices.update(price.id, { active: false, expand: ['currency_options'] })
  const { id } = await stripe.prices.create({ ...USD, product: product.id, custom_unit_amount: { enabled: true } })
  await stripe.products.update(product.id, { default_price: id })
  await stripe.products.del((await stripe.products.create({ name: 'Gone' })).id)
  await stripe.plans.create({ ...USD, amount: 5, interval: 'year', product: product.id })
  await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: true })
  await stripe.shippingRates.create({ display_name: 'Post', type: 'fixed_amount', fixed_amount: { amount: 5, ...USD } })
  const applies = { applies_to: { products: [product.id] } }
  const coupon = await stripe.coupons.create({
    amount_off: 100,
    ...USD,
    duration: 'repeating',
    duration_in_months: 3,
    ...applies,
  })
  await stripe.coupons.create({ percent_off: 5, expand: ['applies_to', 'currency_options'] })
  const promotion = { type: 'coupon', coupon: coupon.id } as const
  const restrictions = { minimum_amount: 50, minimum_amount_currency: 'usd' }
  await stripe.promotionCodes.create({ promotion, code: 'TEN', max_redemptions: 2, restrictions })
}

async function seeEntitlements(stripe: Stripe): Promise<void> {
  const feature = await stripe.entitlements.features.create({ name: 'Export', lookup_key: 'export' })
  const product = await stripe.products.create({ name: 'Featured' })
  await stripe.products.createFeature(product.id, { entitlement_feature: feature.id })
  const customer = await customerWith(stripe, 'pm_card_visa')
  const price = await stripe.prices.create({ ...USD, ...EVERY_MONTH, unit_amount: 100, product: product.id })
  await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  const { data } = await stripe.entitlements.activeEntitlements.list({ customer })
  for (const { id } of data) await stripe.entitlements.activeEntitlements.retrieve(id)
}

async function seeCustomers(stripe: Stripe): Promise<void> {
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
  const { id } = await stripe.customers.create({
    name: 'Ada',
    email: 'ada@example.com',
    address: CALIFORNIA,
    phone: '1',
  })
  await stripe.customers.update(id, { shipping: { name: 'Ada', address: CALIFORNIA }, preferred_locales: ['fr'] })
  await stripe.customers.createBalanceTransaction(id, { amount: -500, ...USD })
  await stripe.customers.createTaxId(id, { type: 'eu_vat', value: 'DE123456789' })
  await stripe.customers.createSource(id, { source: 'tok_visa' })
  const promotion = { type: 'coupon', coupon: coupon.id } as const
  const code = await stripe.promotionCodes.create({ promotion, customer: id })
  const subscription = await stripe.subscriptions.create({
    customer: id,
    items: [{ price: await priceOf(stripe) }],
    discounts: [{ promotion_code: code.id }],
    expand: ['discounts'],
  })
  await stripe.subscriptions.deleteDiscount(subscription.id)
  await stripe.customers.del(id)
}

async function seePayments(stripe: Stripe, simulator: Simulator): Promise<void> {
  const { paymentIntents, setupIntents } = stripe
  const customer = await customerWith(stripe, 'pm_card_visa')
  const ten = { amount: 1000, ...USD, customer }
  const paid = { ...ten, payment_method: 'pm_card_visa', confirm: true, return_url: BACK }
  await paymentIntents.create({ ...ten, payment_method: 'pm_card_visa' })
  await paymentIntents.cancel((await paymentIntents.create(ten)).id)
  await paymentIntents.create({ ...paid, payment_method: 'pm_card_authenticationRequired' })
  const held = await paymentIntents.create({ ...paid, capture_method: 'manual' })
  await paymentIntents.capture(held.id, { amount_to_capture: 400 })
  await paymentIntents.create({ ...paid, payment_method: 'pm_card_visa_chargeDeclined' }).catch(() => undefined)
  await paymentIntents.create({ ...paid, payment_method: 'pm_card_createIssuerFraudRecord' })
  const refunded = await paymentIntents.create(paid)
  await stripe.refunds.create({ payment_intent: refunded.id, amount: 300, reason: 'requested_by_customer' })
  const failing = await paymentIntents.create({ ...paid, payment_method: 'pm_card_refundFail' })
  await stripe.refunds.create({ payment_intent: failing.id })
  await paymentIntents.create({
    ...ten,
    allowed_payment_method_types: ['sepa_debit'],
    currency: 'eur',
    payment_method_data: {
      type: 'sepa_debit',
      sepa_debit: { iban: 'DE89370400440532013000' },
      billing_details: { name: 'A', email: 'a@example.com' },
    },
    mandate_data: { customer_acceptance: { type: 'offline' } },
    confirm: true,
  })
  await setupIntents.create({ customer })
  await setupIntents.create({ customer, payment_method: 'pm_card_visa' })
  await setupIntents.create({ customer, payment_method: 'pm_card_visa', confirm: true, return_url: BACK })
  const strict = { customer, payment_method: 'pm_card_authenticationRequired', confirm: true, return_url: BACK }
  await setupIntents.cancel((await setupIntents.create(strict)).id)
  await simulator.clock.advance(10)
}

async function seeDisputes(stripe: Stripe, simulator: Simulator): Promise<void> {
  const customer = await customerWith(stripe, 'pm_card_visa')
  const disputed = {
    amount: 1000,
    ...USD,
    customer,
    payment_method: 'pm_card_createDispute',
    confirm: true,
    return_url: BACK,
  }
  for (const text of ['winning_evidence', 'losing_evidence']) {
    const intent = await stripe.paymentIntents.create(disputed)
    const { data } = await stripe.disputes.list({ payment_intent: intent.id })
    for (const { id } of data)
      await stripe.disputes.update(id, { evidence: { uncategorized_text: text }, submit: true })
  }
  await simulator.clock.advance(10)
  for (const { id } of (await stripe.balanceTransactions.list({ limit: 100 })).data)
    await stripe.balanceTransactions.retrieve(id)
}

async function seeInvoices(stripe: Stripe): Promise<void> {
  const { invoices, invoiceItems, creditNotes } = stripe
  const customer = await customerWith(stripe, 'pm_card_visa', { address: CALIFORNIA })
  const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
  const draft = async (extra: Stripe.InvoiceCreateParams = {}): Promise<string> => {
    const invoice = await invoices.create({ customer, ...extra })
    await invoiceItems.create({ customer, invoice: invoice.id, amount: 2000, ...USD, tax_rates: [rate.id] })
    return invoice.id
  }
  const open = async (): Promise<string> => {
    const { id } = await invoices.finalizeInvoice(await draft({ collection_method: 'send_invoice', days_until_due: 3 }))
    return id
  }
  await invoices.del(await draft())
  await draft({ automatic_tax: { enabled: true } })
  const paid = await invoices.pay(await open(), {})
  await invoices.voidInvoice(await open())
  await invoices.markUncollectible(await open())
  await invoices.sendInvoice(await open())
  await creditNotes.voidCreditNote((await creditNotes.create({ invoice: await open(), amount: 100 })).id)
  const first = paid.lines.data[0]?.id ?? ''
  const line = { type: 'invoice_line_item', invoice_line_item: first, quantity: 1 } as const
  await creditNotes.create({ invoice: paid.id, lines: [line], credit_amount: 2400 })
  const item = await invoiceItems.create({ customer, amount: 300, ...USD })
  await invoiceItems.del(item.id)
  await invoices.createPreview({ customer, subscription_details: { items: [{ price: await priceOf(stripe) }] } })
  await invoices.listLineItems(paid.id)
  await stripe.invoicePayments.list({ limit: 100 })
  await stripe.customers.listBalanceTransactions(customer)
}

async function seeSubscriptions(stripe: Stripe): Promise<void> {
  const { subscriptions } = stripe
  const price = await priceOf(stripe)
  const items = [{ price }]
  const customer = await customerWith(stripe, 'pm_card_visa')
  const { id, items: kept } = await subscriptions.create({ customer, items, automatic_tax: { enabled: false } })
  const added = await stripe.subscriptionItems.create({ subscription: id, price: await priceOf(stripe), quantity: 2 })
  await stripe.subscriptionItems.del(added.id)
  await subscriptions.update(id, { items: [{ id: kept.data[0]?.id ?? '', quantity: 3 }], cancel_at_period_end: true })
  const paused = await subscriptions.create({ customer, items })
  await subscriptions.update(paused.id, { pause_collection: { behavior: 'void' } })
  await subscriptions.pause(paused.id, { type: 'subscription' })
  const poor = await customerWith(stripe, 'pm_card_chargeCustomerFail')
  await subscriptions.create({ customer: poor, items })
  await subscriptions.cancel((await subscriptions.create({ customer, items, trial_period_days: 9 })).id, {
    prorate: true,
  })
  await subscriptions
    .update(id, {
      items: [{ id: kept.data[0]?.id ?? '', price: await priceOf(stripe, { unit_amount: 9000 }) }],
      payment_behavior: 'pending_if_incomplete',
      proration_behavior: 'always_invoice',
      default_payment_method: (await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })).id,
      cancel_at_period_end: false,
    })
    .catch(() => undefined)
}

async function seeTime(stripe: Stripe, simulator: Simulator): Promise<void> {
  const now = simulator.clock.now()
  const { testClocks } = stripe.testHelpers
  const clock = await testClocks.create({ frozen_time: now, name: 'A quarter' })
  const customer = await customerWith(stripe, 'pm_card_visa', { test_clock: clock.id })
  const items = [{ price: await priceOf(stripe) }]
  await stripe.subscriptions.create({ customer, items, trial_period_days: 5 })
  const failing = await stripe.subscriptions.create({ customer, items })
  const poor = (await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })).id
  await stripe.subscriptions.update(failing.id, { default_payment_method: poor })
  const other = await stripe.customers.create({ test_clock: clock.id })
  await stripe.subscriptions.create({ customer: other.id, items, payment_behavior: 'default_incomplete' })
  await testClocks.advance(clock.id, { frozen_time: now + 33 * DAY })
  await testClocks.advance(clock.id, { frozen_time: now + 61 * DAY })
  await stripe.invoices.list({ customer, limit: 100 })
  const gone = await testClocks.create({ frozen_time: now })
  await testClocks.del(gone.id)
}

async function seeSchedules(stripe: Stripe, simulator: Simulator): Promise<void> {
  const { subscriptionSchedules: schedules } = stripe
  const now = simulator.clock.now()
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now })
  const customer = await customerWith(stripe, 'pm_card_visa', { test_clock: clock.id })
  const phases = [
    { items: [{ price: await priceOf(stripe) }], duration: { interval: 'month', interval_count: 1 } as const },
  ]
  const later = { customer, start_date: now + DAY, phases } as const
  await schedules.create(later)
  await schedules.cancel((await schedules.create(later)).id)
  await schedules.release((await schedules.create({ ...later, start_date: 'now' })).id)
  await schedules.create({ ...later, start_date: 'now' })
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: now + 40 * DAY })
  await schedules.list({ customer })
  const lasting = await customerWith(stripe, 'pm_card_visa')
  await schedules.create({ ...later, customer: lasting, start_date: 'now' })
  await stripe.subscriptions.list({ customer: lasting })
}

async function seeUsage(stripe: Stripe, simulator: Simulator): Promise<void> {
  const { alerts, creditBalanceTransactions, creditGrants, meterEvents, meters } = stripe.billing
  const now = simulator.clock.now()
  const customer = await customerWith(stripe, 'pm_card_visa')
  const counted = { display_name: 'Calls', event_name: 'calls', default_aggregation: { formula: 'sum' } } as const
  const meter = await meters.create(counted)
  const usage_threshold = { gte: 2, meter: meter.id, recurrence: 'one_time' } as const
  const alert = await alerts.create({ alert_type: 'usage_threshold', title: 'Much', usage_threshold })
  const metered = { recurring: { interval: 'month', usage_type: 'metered', meter: meter.id } } as const
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: await priceOf(stripe, metered) }],
  })
  const amount = { type: 'monetary', monetary: { ...USD, value: 500 } } as const
  const applicability_config = { scope: { price_type: 'metered' } } as const
  await creditGrants.create({ customer, amount, applicability_config, category: 'paid', name: 'Start' })
  const payload = { stripe_customer_id: customer, value: '3' }
  const { identifier } = await meterEvents.create({ event_name: 'calls', payload, timestamp: now })
  const cancel = { event_name: 'calls', type: 'cancel', cancel: { identifier } } as const
  await stripe.billing.meterEventAdjustments.create(cancel)
  await meterEvents.create({ event_name: 'calls', payload, timestamp: now })
  await meters.listEventSummaries(meter.id, {
    customer,
    start_time: now - (now % DAY),
    end_time: now - (now % DAY) + DAY,
  })
  await stripe.subscriptions.cancel(subscription.id, { invoice_now: true })
  await stripe.billing.creditBalanceSummaries.retrieve({
    customer,
    filter: { type: 'applicability_scope', applicability_scope: { price_type: 'metered' } },
  })
  await creditBalanceTransactions.list({ customer })
  await alerts.deactivate(alert.id)
  await alerts.archive(alert.id)
  await meters.deactivate(meter.id)
}

async function seePages(stripe: Stripe): Promise<void> {
  const { checkout, billingPortal } = stripe
  const one = [{ price: await priceOf(stripe), quantity: 1 }]
  const wanted = { mode: 'subscription', line_items: one, success_url: BACK } as const
  const session = await checkout.sessions.create(wanted)
  await submit(session.url ?? '', { email: 'ada@example.com', ...cardTyped('4242424242424242') })
  await checkout.sessions.retrieve(session.id, { expand: ['line_items'] })
  await checkout.sessions.expire((await checkout.sessions.create(wanted)).id)
  await checkout.sessions.create({ mode: 'setup', currency: 'usd', success_url: BACK })
  await checkout.sessions.create({
    ...wanted,
    mode: 'payment',
    line_items: [{ price_data: { ...USD, unit_amount: 500, product_data: { name: 'One' } }, quantity: 1 }],
  })
  const link = await stripe.paymentLinks.create({ line_items: one })
  await visit(link.url)
  await checkout.sessions.list({ payment_link: link.id })
  const customer = await customerWith(stripe, 'pm_card_visa')
  await stripe.quotes.create({ customer, line_items: one })
  const features = {
    payment_method_update: { enabled: true },
    invoice_history: { enabled: true },
    subscription_cancel: { enabled: true },
  }
  const configuration = (await billingPortal.configurations.create({ features })).id
  await billingPortal.sessions.create({
    customer,
    configuration,
    flow_data: { type: 'payment_method_update' },
    return_url: BACK,
  })
}

/** Scenes that leave, together, something of every kind in every state. */
export const scenes: Readonly<Record<string, Scene>> = {
  catalogue: seeCatalogue,
  entitlements: seeEntitlements,
  customers: seeCustomers,
  payments: seePayments,
  disputes: seeDisputes,
  invoices: seeInvoices,
  subscriptions: seeSubscriptions,
  time: seeTime,
  schedules: seeSchedules,
  usage: seeUsage,
  pages: seePages,
}

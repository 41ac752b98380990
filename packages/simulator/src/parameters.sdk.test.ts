import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './server.js'

const BERLIN = { line1: 'Way 1', city: 'Berlin', postal_code: '10115', country: 'DE' }

let simulator: Simulator
let stripe: Stripe
let customer: string
let price: string

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000, settings: { dueNotice: 86_400 } })
  const { host, port, secretKey } = simulator
  stripe = new Stripe(secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
  const settings = { default_payment_method: 'pm_card_visa' }
  customer = (
    await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: settings, address: BERLIN })
  ).id
  const recurring = { interval: 'month' } as const
  price = (await stripe.prices.create({ currency: 'usd', unit_amount: 1000, recurring, product_data: { name: 'Pro' } }))
    .id
})

afterEach(() => simulator.close())

async function typesOfEvents(): Promise<readonly string[]> {
  return (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type)
}

async function thinTypesOf(id: string): Promise<readonly string[]> {
  const { data } = await stripe.v2.core.events.list({ object_id: id })
  return data.map(({ type }) => type).toSorted()
}

test('an invoice item says whether its tax is inside, also in a preview', async () => {
  const totals: number[] = []
  for (const tax_behavior of ['inclusive', 'exclusive'] as const) {
    const { id } = await stripe.invoices.create({ customer, automatic_tax: { enabled: true } })
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 1190, currency: 'usd', tax_behavior })
    const { total } = await stripe.invoices.retrieve(id)
    const invoice_items = [{ amount: 1190, currency: 'usd', tax_behavior }]
    const preview = await stripe.invoices.createPreview({ customer, automatic_tax: { enabled: true }, invoice_items })
    expect(preview.total).toBe(total)
    totals.push(total)
  }
  expect(totals).toEqual([1190, 1416])
})

test('a change of how an item states its tax changes its draft', async () => {
  const { id } = await stripe.invoices.create({ customer, automatic_tax: { enabled: true } })
  const item = await stripe.invoiceItems.create({ customer, invoice: id, amount: 1190, currency: 'usd' })
  await stripe.invoiceItems.update(item.id, { tax_behavior: 'inclusive' })
  expect((await stripe.invoices.retrieve(id)).total).toBe(1190)
})

test('a subscription that asks for 3-D Secure gets it', async () => {
  const { id } = await stripe.paymentMethods.attach('pm_card_threeDSecureOptional', { customer })
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price }],
    default_payment_method: id,
    payment_settings: { payment_method_options: { card: { request_three_d_secure: 'any' } } },
  })
  expect(subscription.status).toBe('incomplete')
  const [invoice] = (await stripe.invoices.list({ subscription: subscription.id })).data
  expect(invoice?.payment_settings.payment_method_options?.card?.request_three_d_secure).toBe('any')
})

test('what a capture says of the statement is on the charge', async () => {
  const method = { payment_method: 'pm_card_visa', confirm: true, return_url: 'https://app.example/' }
  const held = await stripe.paymentIntents.create({ amount: 900, currency: 'usd', capture_method: 'manual', ...method })
  const expand = ['latest_charge']
  const after = await stripe.paymentIntents.capture(held.id, { statement_descriptor_suffix: 'SEATS', expand })
  expect(after).toMatchObject({
    statement_descriptor_suffix: 'SEATS',
    latest_charge: { statement_descriptor_suffix: 'SEATS' },
  })
})

test.each<[string, () => Promise<unknown>, object]>([
  [
    'an unknown source',
    () => stripe.invoices.create({ customer, default_source: 'card_x' }),
    { code: 'resource_missing', param: 'default_source' },
  ],
  [
    'a version of no template',
    () => stripe.invoices.create({ customer, rendering: { template_version: 3 } }),
    { param: 'rendering[template_version]' },
  ],
  [
    'a liable account',
    () =>
      stripe.invoices.create({
        customer,
        automatic_tax: { enabled: true, liability: { type: 'account', account: 'acct_x' } },
      }),
    { param: 'automatic_tax[liability][account]' },
  ],
  [
    'a time for a draft that does not advance',
    async () =>
      stripe.invoices.update((await stripe.invoices.create({ customer })).id, {
        automatically_finalizes_at: 1_800_000_900,
      }),
    { param: 'automatically_finalizes_at' },
  ],
  [
    'a feedback option',
    async () =>
      stripe.subscriptions.cancel((await stripe.subscriptions.create({ customer, items: [{ price }] })).id, {
        cancellation_details: { feedback_option: 'x' },
      }),
    { code: 'resource_missing', param: 'cancellation_details[feedback_option]' },
  ],
  [
    'an unknown line of a link',
    async () =>
      stripe.paymentLinks.update((await stripe.paymentLinks.create({ line_items: [{ price, quantity: 1 }] })).id, {
        line_items: [{ id: 'li_x', quantity: 4 }],
      }),
    { code: 'resource_missing', param: 'line_items[0][id]' },
  ],
  [
    'a configuration of payment methods',
    () =>
      stripe.billingPortal.configurations.create({
        features: { payment_method_update: { enabled: true, payment_method_configuration: 'pmc_x' } },
      }),
    { code: 'resource_missing' },
  ],
])('%s is refused rather than ignored', async (_what, call, refusal) => {
  await expect(call()).rejects.toMatchObject(refusal)
})

test('an invoice will be due before it is overdue', async () => {
  const { id } = await stripe.invoices.create({ customer, collection_method: 'send_invoice', days_until_due: 3 })
  await stripe.invoiceItems.create({ customer, invoice: id, amount: 900, currency: 'usd' })
  await stripe.invoices.finalizeInvoice(id)
  await simulator.clock.advance(2 * 86_400)
  expect(await typesOfEvents()).toContain('invoice.will_be_due')
  expect(await typesOfEvents()).not.toContain('invoice.overdue')
})

test('an early fraud warning calls for nothing any more once the charge is refunded', async () => {
  const method = {
    payment_method: 'pm_card_createIssuerFraudRecord',
    confirm: true,
    return_url: 'https://app.example/',
  }
  const intent = await stripe.paymentIntents.create({ amount: 900, currency: 'usd', ...method })
  const actionable = async (): Promise<boolean | undefined> =>
    (await stripe.radar.earlyFraudWarnings.list({ payment_intent: intent.id })).data[0]?.actionable
  await stripe.refunds.create({ payment_intent: intent.id, amount: 100 })
  expect(await actionable()).toBe(true)
  await stripe.refunds.create({ payment_intent: intent.id })
  expect(await actionable()).toBe(false)
  const [event] = (await stripe.events.list({ type: 'radar.early_fraud_warning.updated' })).data
  expect(event?.data.previous_attributes).toEqual({ actionable: true })
})

test('thin events tell the parts of a draft and of its payment', async () => {
  const { id } = await stripe.invoices.create({ customer })
  const item = await stripe.invoiceItems.create({ customer, invoice: id, amount: 900, currency: 'usd' })
  await stripe.invoiceItems.update(item.id, { amount: 800 })
  const coupon = await stripe.coupons.create({ percent_off: 10 })
  await stripe.invoices.update(id, { discounts: [{ coupon: coupon.id }] })
  await stripe.invoices.finalizeInvoice(id)
  expect(await thinTypesOf(item.id)).toEqual(['v1.invoiceitem.amount_changed', 'v1.invoiceitem.created'])
  const told = await thinTypesOf(id)
  expect(told).toEqual(
    expect.arrayContaining([
      'v1.invoice.line_item_added',
      'v1.invoice.line_item_pricing_changed',
      'v1.invoice.discount_added',
    ]),
  )
  const [payment] = (await stripe.invoicePayments.list({ invoice: id })).data
  await stripe.invoices.voidInvoice(id)
  expect(await thinTypesOf(payment?.id ?? '')).toEqual(['v1.invoice_payment.canceled', 'v1.invoice_payment.open'])
})

test('thin events tell the phases of a schedule, and that a code is used up', async () => {
  const phases = [{ items: [{ price }], duration: { interval: 'month', interval_count: 1 } as const }]
  const start_date = 1_800_086_400
  const { id } = await stripe.subscriptionSchedules.create({ customer, start_date, phases })
  await stripe.subscriptionSchedules.update(id, {
    phases: [
      { ...phases[0], items: [{ price }], start_date },
      { items: [{ price }], duration: { interval: 'year' } },
    ],
  })
  expect(await thinTypesOf(id)).toContain('v1.subscription_schedule.phase_added')
  const coupon = await stripe.coupons.create({ percent_off: 10 })
  const promotion = { type: 'coupon', coupon: coupon.id } as const
  const code = await stripe.promotionCodes.create({ promotion, max_redemptions: 1 })
  await stripe.subscriptions.create({ customer, items: [{ price }], discounts: [{ promotion_code: code.id }] })
  expect(await thinTypesOf(code.id)).toContain('v1.promotion_code.fully_redeemed')
})

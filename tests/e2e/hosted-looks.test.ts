import { createSimulator, type Simulator } from '@paywright/simulator'
import type { Browser, Page } from 'playwright-core'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser } from './browser.js'
import { expectGoodLooks } from './look.js'
import { expectSeen } from './seen.js'

/** Every look takes a second or two, and there are many. */
const LONG_MILLISECONDS = 120_000

let simulator: Simulator
let stripe: Stripe
let browser: Browser
let complaints: string[] = []

beforeAll(async () => {
  simulator = await createSimulator()
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http' })
  browser = await openBrowser()
})

afterEach(() => {
  const said = complaints
  complaints = []
  expect(said).toEqual([])
})

afterAll(async () => {
  await browser.close()
  await simulator.close()
})

async function visit(url: string | null): Promise<Page> {
  const page = await browser.newPage({ locale: 'en-US', reducedMotion: 'reduce' })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url ?? '')
  return page
}

async function plan(name: string, amount: number): Promise<{ product: string; price: string }> {
  const { id: product } = await stripe.products.create({ name, description: `${name} for everybody` })
  const recurring = { interval: 'month' } as const
  const { id: price } = await stripe.prices.create({ product, currency: 'eur', unit_amount: amount, recurring })
  return { product, price }
}

async function coupon(): Promise<string> {
  const { id } = await stripe.coupons.create({ percent_off: 20, duration: 'repeating', duration_in_months: 3 })
  await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: id }, code: `SPRING${id.slice(0, 4)}` })
  return id
}

function idOf(object: { readonly id: string } | string | null): string {
  return typeof object === 'string' ? object : (object?.id ?? '')
}

const DROPDOWN = { options: [{ label: 'A friend', value: 'friend' }] }

test('a checkout page that asks for everything', { timeout: LONG_MILLISECONDS }, async () => {
  const { price } = await plan('Team', 2000)
  const { url } = await stripe.checkout.sessions.create({
    mode: 'subscription',
    success_url: 'https://app.example/done',
    cancel_url: 'https://app.example/pricing',
    line_items: [{ price, quantity: 3, adjustable_quantity: { enabled: true } }],
    allow_promotion_codes: true,
    allowed_payment_method_types: ['card', 'sepa_debit'],
    automatic_tax: { enabled: true },
    consent_collection: { terms_of_service: 'required', promotions: 'auto' },
    custom_fields: [
      { key: 'from', label: { custom: 'Who told you of us?', type: 'custom' }, type: 'dropdown', dropdown: DROPDOWN },
    ],
    phone_number_collection: { enabled: true },
    tax_id_collection: { enabled: true },
  })
  const page = await visit(url)
  await expectGoodLooks(page, 'checkout-everything')
  await page.getByLabel('E-mail', { exact: true }).fill('ada@example.com')
  await page.getByLabel('Promotion code').fill('NOPE')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expectSeen(page.getByText('is not known or has expired'))
  expect(await page.getByLabel('E-mail', { exact: true }).inputValue()).toBe('ada@example.com')
  await page.getByRole('button', { name: /^Pay/ }).click()
  await expectSeen(page.getByText('Agree to the terms to go on.'))
  await expectGoodLooks(page, 'checkout-everything-missing')
  await page.getByRole('radio', { name: 'SEPA Direct Debit' }).check()
  await expectSeen(page.getByLabel('IBAN'))
  await expectGoodLooks(page, 'checkout-sepa')
})

test('a payment link with goods that are sent', { timeout: LONG_MILLISECONDS }, async () => {
  const rate = async (name: string, amount: number): Promise<{ shipping_rate: string }> => {
    const fixed_amount = { amount, currency: 'usd' }
    return { shipping_rate: (await stripe.shippingRates.create({ display_name: name, fixed_amount })).id }
  }
  const price_data = { currency: 'usd', unit_amount: 1500, product_data: { name: 'Mug' } }
  const { id, url } = await stripe.paymentLinks.create({
    line_items: [{ price_data, quantity: 1 }],
    shipping_address_collection: { allowed_countries: ['US', 'CA'] },
    shipping_options: [await rate('Standard', 500), await rate('Express', 1500)],
    after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: 'Your mug is coming.' } },
  })
  const page = await visit(url)
  await page.getByRole('radio', { name: /Express/ }).check()
  await expectSeen(page.getByRole('button', { name: 'Pay $30.00' }))
  await expectGoodLooks(page, 'link')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Full name').fill('Ada Lovelace')
  await page.getByLabel('Address', { exact: true }).fill('1 Main Street')
  await page.getByLabel('Postal code').fill('10001')
  await page.getByLabel('City').fill('New York')
  await page.getByLabel(/^State/).fill('NY')
  await page.getByRole('link', { name: /^Works/ }).click()
  await page.getByLabel('Name on card').fill('Ada Lovelace')
  await page.getByRole('button', { name: 'Pay $30.00' }).click()
  await expectSeen(page.getByText('Your mug is coming.'))
  await expectGoodLooks(page, 'link-done')
  await stripe.paymentLinks.update(id, { active: false })
  await page.goto(url)
  await expectSeen(page.getByText('This link is no longer active'))
})

test('a portal that does everything', { timeout: LONG_MILLISECONDS }, async () => {
  const [small, big] = [await plan('Pro', 2000), await plan('Team', 5000)]
  const card = 'pm_card_visa'
  const { id: customer } = await stripe.customers.create({
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    address: { line1: 'Hauptstraße 1', city: 'Berlin', postal_code: '10115', country: 'DE' },
    payment_method: card,
    invoice_settings: { default_payment_method: card },
  })
  await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
  const { id: subscription } = await stripe.subscriptions.create({ customer, items: [{ price: big.price }] })
  const { id: configuration } = await stripe.billingPortal.configurations.create({
    features: {
      customer_update: { enabled: true, allowed_updates: ['address', 'email', 'name', 'phone', 'tax_id'] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ['unused', 'other'] } },
      subscription_pause: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price', 'quantity', 'promotion_code'],
        products: [small, big].map(({ product, price }) => ({
          product,
          prices: [price],
          adjustable_quantity: { enabled: true },
        })),
        schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
      },
    },
  })
  const retention = { type: 'coupon_offer', coupon_offer: { coupon: await coupon() } } as const
  const opened = async (flow_data?: Stripe.BillingPortal.SessionCreateParams.FlowData): Promise<string> => {
    const flow = flow_data === undefined ? {} : { flow_data }
    return (await stripe.billingPortal.sessions.create({ customer, configuration, ...flow })).url
  }
  const page = await visit(await opened())
  await expectGoodLooks(page, 'portal-everything')
  await page.getByRole('link', { name: 'Change plan' }).click()
  await expectGoodLooks(page, 'portal-everything-change')
  await page.getByRole('radio', { name: /Pro/ }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: /^Change plan on/ }).click()
  await expectSeen(page.getByText('Your plan will change'))
  await expectGoodLooks(page, 'portal-scheduled')
  await page.getByRole('button', { name: 'Keep current plan' }).click()
  await page.getByRole('link', { name: 'Edit details' }).click()
  await expectGoodLooks(page, 'portal-details')
  await page.goto(await opened({ type: 'subscription_cancel', subscription_cancel: { subscription, retention } }))
  await expectSeen(page.getByText('Stay and get 20% off for 3 months.'))
  await expectGoodLooks(page, 'portal-offer')
  await page.goto(await opened({ type: 'subscription_pause', subscription_pause: { subscription } }))
  await expectGoodLooks(page, 'portal-pause')
  await page.getByRole('button', { name: 'Pause subscription' }).click()
  await expectSeen(page.getByRole('button', { name: 'Resume subscription' }))
  await expectGoodLooks(page, 'portal-paused')
})

test('the small pages around a payment', { timeout: LONG_MILLISECONDS }, async () => {
  const wallet = await stripe.paymentIntents.create({
    amount: 1500,
    currency: 'usd',
    confirm: true,
    payment_method_data: { type: 'cashapp' },
    return_url: 'https://app.example/done',
  })
  const page = await visit(wallet.next_action?.redirect_to_url?.url ?? null)
  await expectGoodLooks(page, 'wallet')
  const debit = await stripe.setupIntents.create({
    confirm: true,
    payment_method_data: {
      type: 'sepa_debit',
      sepa_debit: { iban: 'DE89370400440532013000' },
      billing_details: { name: 'Ada Lovelace', email: 'ada@example.com' },
    },
    mandate_data: { customer_acceptance: { type: 'offline', offline: {} } },
    return_url: 'https://app.example/done',
  })
  await page.goto((await stripe.mandates.retrieve(idOf(debit.mandate))).payment_method_details.sepa_debit?.url ?? '')
  await expectGoodLooks(page, 'mandate')
  const paid = await stripe.paymentIntents.create({
    amount: 1500,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    return_url: 'https://app.example/done',
  })
  await page.goto((await stripe.charges.retrieve(idOf(paid.latest_charge))).receipt_url ?? '')
  await expectGoodLooks(page, 'receipt')
  const { login_page: login } = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } },
    login_page: { enabled: true },
  })
  await page.goto(login.url ?? '')
  await expectGoodLooks(page, 'login')
})

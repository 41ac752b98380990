import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSimulator, type Simulator } from '../index.js'
import { submit, visit } from '../testing/visitor.js'

const EMAIL = 'ada@example.com'
const BACK = 'https://app.example/done'

let simulator: Simulator
let stripe: Stripe

beforeEach(async () => {
  simulator = await createSimulator({ now: 1_800_000_000, settings: { debitDelay: 3600 } })
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })
})

afterEach(() => simulator.close())

type Method = NonNullable<Stripe.Checkout.SessionCreateParams['allowed_payment_method_types']>[number]

async function opened(currency: string, methods: Method[]): Promise<{ id: string; url: string }> {
  const { id, url } = await stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: BACK,
    line_items: [{ price_data: { currency, unit_amount: 1500, product_data: { name: 'Mug' } }, quantity: 1 }],
    allowed_payment_method_types: methods,
  })
  return { id, url: url ?? '' }
}

test('what does not fit the currency, or cannot be taken here, is not offered', async () => {
  const { id } = await opened('usd', ['card', 'sepa_debit', 'cashapp', 'oxxo', 'us_bank_account'])
  const { payment_method_types: types } = await stripe.checkout.sessions.retrieve(id)
  expect(types).toEqual(['card', 'cashapp', 'us_bank_account'])
})

test('a wallet asks on a page of its own, and takes a refusal for an answer', async () => {
  const { id, url } = await opened('usd', ['card', 'cashapp'])
  const pay = (): ReturnType<typeof submit> => submit(url, { method: 'cashapp', email: EMAIL })
  const asked = await pay()
  const wallet = `${simulator.url}${asked.location}`
  expect((await visit(wallet)).text).toContain('Pay $15.00 with Cash App Pay')
  const refused = await submit(wallet, { outcome: 'failed' })
  expect(refused.location).toContain(new URL(url).pathname)
  expect((await visit(refused.location ?? '')).text).toContain('Cash App Pay did not go through.')
  expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open')
  const again = `${simulator.url}${(await pay()).location}`
  expect(await submit(again, { outcome: 'succeeded' })).toMatchObject({ location: BACK })
  expect((await stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid')
})

test('a debit needs an account that there is', async () => {
  const { id, url } = await opened('eur', ['sepa_debit'])
  const typed = { email: EMAIL, holder: 'Ada Lovelace' }
  expect((await submit(url, typed)).text).toContain('Enter the IBAN of your account.')
  const wrong = await submit(url, { ...typed, iban: 'DE00 1111' })
  expect(wrong).toMatchObject({ status: 422, text: expect.stringContaining('id="iban-error"') })
  expect(await submit(url, { ...typed, iban: 'DE89 3704 0044 0532 0130 00' })).toMatchObject({ location: BACK })
  expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
})

test('an American account is chosen at the test bank, and one without money fails later', async () => {
  const { id, url } = await opened('usd', ['us_bank_account'])
  expect((await visit(url)).text).toContain('has too little money')
  expect(await submit(url, { email: EMAIL, account: '000222222227' })).toMatchObject({ location: BACK })
  await simulator.clock.advance(86_400)
  const { data } = await stripe.events.list({ type: 'checkout.session.async_payment_failed' })
  expect(data).toMatchObject([{ data: { object: { id, payment_status: 'unpaid' } } }])
})

test('the owner of an American account tells which small deposit came', async () => {
  const account = {
    account_number: '000123456789',
    routing_number: '110000000',
    account_holder_type: 'individual',
  } as const
  const { id, next_action: action } = await stripe.paymentIntents.create({
    amount: 1500,
    currency: 'usd',
    allowed_payment_method_types: ['us_bank_account'],
    payment_method_data: {
      type: 'us_bank_account',
      us_bank_account: account,
      billing_details: { name: 'Ada Lovelace', email: EMAIL },
    },
    payment_method_options: { us_bank_account: { verification_method: 'microdeposits' } },
    mandate_data: { customer_acceptance: { type: 'offline' } },
    confirm: true,
    return_url: BACK,
  })
  const page = action?.verify_with_microdeposits?.hosted_verification_url ?? ''
  expect((await visit(page)).text).toContain('ending in 6789')
  expect((await submit(page, { code: '12' })).text).toContain('Enter the six characters that begin with SM.')
  expect((await submit(page, { code: 'SM99ZZ' })).text).toContain('does not match')
  expect((await submit(page, { code: 'sm11aa' })).text).toContain('Account verified')
  expect((await stripe.paymentIntents.retrieve(id)).status).toBe('processing')
  expect((await visit(page)).text).toContain('There is nothing to verify')
})

test('a mandate is a page of its own, and says when it is over', async () => {
  const { id: customer } = await stripe.customers.create({ name: 'Ada Lovelace' })
  const { mandate, payment_method: method } = await stripe.setupIntents.create({
    customer,
    confirm: true,
    payment_method_data: {
      type: 'sepa_debit',
      sepa_debit: { iban: 'DE89370400440532013000' },
      billing_details: { name: 'Ada Lovelace', email: EMAIL },
    },
    mandate_data: { customer_acceptance: { type: 'offline', offline: {} } },
    return_url: BACK,
  })
  const { payment_method_details: details } = await stripe.mandates.retrieve(idOf(mandate))
  const url = details.sepa_debit?.url ?? ''
  const { status, text } = await visit(url)
  expect(status).toBe(200)
  expect(text).toContain('SEPA Direct Debit mandate')
  expect(text).toContain(details.sepa_debit?.reference)
  expect(text).toContain('ending in 3000')
  await stripe.paymentMethods.detach(idOf(method))
  expect((await visit(url)).text).toContain('can no longer collect payments')
  expect(await visit(`${url}x`)).toMatchObject({ status: 404 })
})

test('a charge has a receipt, which says what was given back', async () => {
  const intent = await stripe.paymentIntents.create({
    amount: 1500,
    currency: 'usd',
    confirm: true,
    description: 'A mug',
    payment_method: 'pm_card_visa',
    return_url: BACK,
  })
  const { receipt_url: url } = await stripe.charges.retrieve(idOf(intent.latest_charge))
  const { status, text } = await visit(url ?? '')
  expect(status).toBe(200)
  expect(text).toContain('A mug')
  expect(text).toContain('Visa ending in 4242')
  expect(text).not.toContain('Refunded')
  await stripe.refunds.create({ payment_intent: intent.id, amount: 500 })
  expect((await visit(url ?? '')).text).toContain('$5.00')
})

/** The id of what the SDK declares as an id or the object itself. */
function idOf(reference: string | { readonly id: string } | null | undefined): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '')
}

import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSimulator, type Simulator } from './index.js'

const START = 1_800_000_000

let simulator: Simulator
let stripe: Stripe
beforeAll(async () => {
  simulator = await createSimulator({ now: START })
  const { host, port } = simulator
  stripe = new Stripe('sk_test_payment_extras', { host, port, protocol: 'http', maxNetworkRetries: 0 })
})
afterAll(() => simulator.close())

const back = 'https://example.com/back'
const ten = { amount: 1000, currency: 'usd', return_url: back, confirm: true } as const
/** The id in a field that might have been expanded. */
function idOf(field: string | { readonly id: string } | null | undefined): string {
  return typeof field === 'string' ? field : (field?.id ?? '')
}

const offline = { customer_acceptance: { type: 'offline' as const, accepted_at: START } }

test('refunds', async () => {
  const { id: intent, latest_charge: charge } = await stripe.paymentIntents.create({
    ...ten,
    payment_method: 'pm_card_visa',
  })
  const refund = await stripe.refunds.create({ payment_intent: intent, amount: 400 })
  expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ amount: 400, charge, status: 'succeeded' })
  expect(await stripe.refunds.update(refund.id, { metadata: { order_id: '6735' } })).toMatchObject({
    metadata: { order_id: '6735' },
  })
  await expect(stripe.refunds.cancel(refund.id)).rejects.toMatchObject({ statusCode: 400 })
  await stripe.refunds.create({ charge: idOf(charge) })
  expect((await stripe.refunds.list({ payment_intent: intent })).data.map(({ amount }) => amount)).toEqual([600, 400])
  const expanded = await stripe.charges.retrieve(idOf(charge), { expand: ['refunds', 'balance_transaction'] })
  expect(expanded.refunds).toMatchObject({ total_count: 2, data: [{ amount: 600 }, { amount: 400 }] })
  await expect(stripe.refunds.create({ charge: idOf(charge) })).rejects.toMatchObject({
    code: 'charge_already_refunded',
  })
})

test('disputes and warnings', async () => {
  const intent = await stripe.paymentIntents.create({ ...ten, payment_method: 'pm_card_createDispute' })
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data
  const id = dispute?.id ?? ''
  const sent = await stripe.disputes.update(id, { evidence: { uncategorized_text: 'winning_evidence' } })
  expect(sent.status).toBe('under_review')
  await simulator.clock.advance(4)
  const won = await stripe.disputes.retrieve(id, { expand: ['charge'] })
  expect(won).toMatchObject({ status: 'won', charge: { disputed: true }, payment_method_details: { type: 'card' } })
  expect(won.balance_transactions.map(({ net }) => net)).toEqual([-2500, 1000])
  const types = (await stripe.events.list({ limit: 5 })).data.map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['charge.dispute.closed', 'charge.dispute.funds_reinstated']))
  const inquiry = await stripe.paymentIntents.create({ ...ten, payment_method: 'pm_card_createDisputeInquiry' })
  const [asked] = (await stripe.disputes.list({ charge: idOf(inquiry.latest_charge) })).data
  expect(await stripe.disputes.close(asked?.id ?? '')).toMatchObject({ status: 'warning_closed' })
  const warned = await stripe.paymentIntents.create({ ...ten, payment_method: 'pm_card_createIssuerFraudRecord' })
  const [warning] = (await stripe.radar.earlyFraudWarnings.list({ payment_intent: warned.id })).data
  expect(await stripe.radar.earlyFraudWarnings.retrieve(warning?.id ?? '')).toMatchObject({ actionable: true })
})

test('debits', async () => {
  const method = await stripe.paymentMethods.create({
    type: 'sepa_debit',
    sepa_debit: { iban: 'AT321904300235473204' },
    billing_details: { name: 'Bob', email: 'bob@example.com' },
  })
  const params = { ...ten, currency: 'eur', payment_method: method.id, mandate_data: offline }
  const intent = await stripe.paymentIntents.create({ ...params, expand: ['latest_charge'] })
  expect(intent).toMatchObject({ status: 'processing', latest_charge: { status: 'pending' } })
  const { latest_charge: charge } = intent
  const mandate = typeof charge === 'object' ? charge?.payment_method_details?.sepa_debit?.mandate : null
  expect(await stripe.mandates.retrieve(idOf(mandate))).toMatchObject({ status: 'active', payment_method: method.id })
  await simulator.clock.advance(200)
  expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded')
})

test('a debit on a test clock is answered without waiting for the clock', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: START })
  const customer = await stripe.customers.create({ test_clock: clock.id })
  const made = await stripe.paymentIntents.create({
    ...ten,
    customer: customer.id,
    payment_method: 'pm_usBankAccount_success',
    mandate_data: offline,
  })
  expect(made.status).toBe('processing')
  expect((await stripe.paymentIntents.retrieve(made.id)).status).toBe('succeeded')
})

test('microdeposits', async () => {
  const method = await stripe.paymentMethods.create({
    type: 'us_bank_account',
    us_bank_account: { account_number: '000123456789', routing_number: '110000000', account_holder_type: 'individual' },
    billing_details: { name: 'Ada' },
  })
  const paid = await stripe.paymentIntents.create({ ...ten, payment_method: method.id, mandate_data: offline })
  expect(paid.next_action?.type).toBe('verify_with_microdeposits')
  expect((await stripe.paymentIntents.verifyMicrodeposits(paid.id, { amounts: [32, 45] })).status).toBe('processing')
  const other = await stripe.paymentMethods.create({
    type: 'us_bank_account',
    us_bank_account: { account_number: '000123456789', routing_number: '110000000' },
    billing_details: { name: 'Ada' },
  })
  const setup = { payment_method: other.id, mandate_data: offline, confirm: true, return_url: back }
  const made = await stripe.setupIntents.create(setup)
  const verified = await stripe.setupIntents.verifyMicrodeposits(made.id, { descriptor_code: 'SM11AA' })
  expect(verified.status).toBe('succeeded')
  expect((await stripe.setupAttempts.list({ setup_intent: made.id })).data).toMatchObject([{ status: 'succeeded' }])
})

test('charges, tokens and sources', async () => {
  const card = { number: '4242424242424242', exp_month: '8', exp_year: '2030', cvc: '314' }
  const token = await stripe.tokens.create({ card })
  expect(await stripe.tokens.retrieve(token.id)).toMatchObject({ used: false, card: { last4: '4242' } })
  const customer = await stripe.customers.create()
  const source = await stripe.customers.createSource(customer.id, { source: token.id })
  expect(await stripe.customers.retrieveSource(customer.id, source.id)).toMatchObject({ object: 'card', last4: '4242' })
  expect(await stripe.customers.updateSource(customer.id, source.id, { metadata: { foo: 'bar' } })).toMatchObject({
    metadata: { foo: 'bar' },
  })
  expect((await stripe.customers.listSources(customer.id)).data).toHaveLength(1)
  const expanded = await stripe.customers.retrieve(customer.id, { expand: ['sources'] })
  expect(expanded).toMatchObject({ default_source: source.id, sources: { data: [{ id: source.id }] } })
  const held = await stripe.charges.create({ amount: 1000, currency: 'usd', customer: customer.id, capture: false })
  expect(await stripe.charges.capture(held.id)).toMatchObject({ captured: true, amount_captured: 1000 })
  expect(await stripe.customers.deleteSource(customer.id, source.id)).toMatchObject({ deleted: true })
})

test('confirmation tokens', async () => {
  const token = await stripe.testHelpers.confirmationTokens.create({ payment_method: 'pm_card_visa', return_url: back })
  expect(await stripe.confirmationTokens.retrieve(token.id)).toMatchObject({ payment_method_preview: { type: 'card' } })
  const paid = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    confirm: true,
    confirmation_token: token.id,
  })
  expect(paid.status).toBe('succeeded')
})

test('more cannot be set aside', async () => {
  const held = await stripe.paymentIntents.create({ ...ten, payment_method: 'pm_card_visa', capture_method: 'manual' })
  await expect(stripe.paymentIntents.incrementAuthorization(held.id, { amount: 2000 })).rejects.toMatchObject({
    statusCode: 400,
  })
})

test('the balance', async () => {
  const before = await stripe.balance.retrieve()
  const paid = await stripe.paymentIntents.create({
    ...ten,
    capture_method: 'automatic',
    payment_method: 'pm_card_bypassPending',
    expand: ['latest_charge'],
  })
  const charge = typeof paid.latest_charge === 'object' ? paid.latest_charge : null
  const { data } = await stripe.balanceTransactions.list({ source: charge?.id ?? '' })
  expect(data).toMatchObject([{ amount: 1000, fee: 59, net: 941, status: 'available' }])
  expect(await stripe.balanceTransactions.retrieve(data[0]?.id ?? '')).toMatchObject({ source: charge?.id })
  const usd = (balance: Stripe.Balance): number =>
    balance.available.find(({ currency }) => currency === 'usd')?.amount ?? 0
  expect(usd(await stripe.balance.retrieve()) - usd(before)).toBe(941)
})

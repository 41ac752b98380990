import { expect, test } from 'vitest'
import type { LegacyCard } from './customer-sources.js'
import type { Records } from '../records.js'
import { Bench, START } from '../testing/bench.js'

type Charge = Records['charges']

const number = { number: '5555555555554444', exp_month: '8', exp_year: '2030', cvc: '314' }

test('a token stands for a card, once', () => {
  const bench = new Bench()
  const token = bench.run<Records['tokens']>('tokens.create', {
    card: { ...number, name: 'Ada', address_zip: '94103' },
  })
  expect(token).toMatchObject({
    card: { address_zip: '94103', brand: 'MasterCard', exp_month: 8, exp_year: 2030, last4: '4444', name: 'Ada' },
    type: 'card',
    used: false,
  })
  expect(bench.all('payment_methods')).toEqual([])
  const made = bench.run<Records['payment_methods']>('payment_methods.create', {
    type: 'card',
    card: { token: token.id },
  })
  expect(made.card).toMatchObject({ brand: 'mastercard', last4: '4444', fingerprint: token.card?.fingerprint })
  expect(bench.run('tokens.retrieve', {}, token.id)).toMatchObject({ used: true })
  const again = bench.fail('payment_methods.create', { type: 'card', card: { token: token.id } })
  expect(again).toMatchObject({ code: 'token_already_used', param: 'card[token]' })
})

test('a customer’s sources are cards that pay as payment methods do', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  bench.takeEvents()
  const at = { customer }
  const first = bench.run<LegacyCard>('customers.create_source', { source: 'tok_visa' }, at)
  expect(first).toMatchObject({ object: 'card', brand: 'Visa', customer, last4: '4242', cvc_check: 'pass' })
  expect(first.id).toMatch(/^card_/)
  expect(bench.takeEvents()).toEqual(['payment_method.attached', 'customer.source.created', 'customer.updated'])
  expect(bench.get('customers', customer).default_source).toBe(first.id)
  const second = bench.run<LegacyCard>('customers.create_source', { source: 'tok_mastercard' }, at)
  expect(bench.get('customers', customer).default_source).toBe(first.id)
  const listed = bench.run<{ data: readonly LegacyCard[] }>('customers.list_sources', {}, at)
  expect(listed.data.map(({ id }) => id)).toEqual([second.id, first.id])
  bench.takeEvents()
  const updated = bench.run(
    'customers.update_source',
    { metadata: { foo: 'bar' }, exp_year: '2031' },
    { customer, id: first.id },
  )
  expect(updated).toMatchObject({ metadata: { foo: 'bar' }, exp_year: 2031 })
  expect(bench.lastEvent('customer.source.updated').data.previous_attributes).toMatchObject({ metadata: {} })
  expect(bench.run('customers.delete_source', {}, { customer, id: first.id })).toEqual({
    id: first.id,
    object: 'card',
    deleted: true,
  })
  expect(bench.get('customers', customer).default_source).toBe(second.id)
  expect(bench.fail('customers.retrieve_source', {}, { customer, id: first.id }).status).toBe(404)
})

test('a subscription falls to the customer’s default source when there is nothing else', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  bench.run('customers.create_source', { source: 'tok_visa' }, { customer })
  expect(bench.subscribe(customer, bench.price()).status).toBe('active')
})

test('a charge without a payment intent', () => {
  const bench = new Bench()
  const charge = bench.run<Charge>('charges.create', {
    amount: 1000,
    currency: 'usd',
    source: 'tok_visa',
    description: 'Shoes',
  })
  expect(charge).toMatchObject({ paid: true, payment_intent: null, captured: true, description: 'Shoes' })
  expect(bench.run('refunds.create', { charge: charge.id })).toMatchObject({ amount: 1000, payment_intent: null })
  const held = bench.run<Charge>('charges.create', {
    amount: 1000,
    currency: 'usd',
    source: 'tok_visa',
    capture: false,
  })
  expect(held).toMatchObject({ captured: false, balance_transaction: null })
  expect(bench.run('charges.capture', { amount: 600 }, held.id)).toMatchObject({ amount_captured: 600, captured: true })
  const customer = bench.customer(null)
  expect(bench.fail('charges.create', { amount: 1000, currency: 'usd', customer }).param).toBe('source')
  bench.run('charges.create', { amount: 1000, currency: 'usd', customer, source: 'tok_visa' })
  expect(bench.run<Charge>('charges.create', { amount: 1000, currency: 'usd', customer }).customer).toBe(customer)
})

test('a refused charge leaves its trace', () => {
  const bench = new Bench()
  const refusal = bench.fail('charges.create', { amount: 1000, currency: 'usd', source: 'tok_chargeDeclined' })
  expect(refusal).toMatchObject({ code: 'card_declined', decline_code: 'generic_decline', status: 402 })
  expect(bench.get('charges', refusal.charge ?? '')).toMatchObject({ status: 'failed', paid: false })
  expect(bench.takeEvents()).toEqual(['charge.failed'])
})

test('a confirmation token brings along what the customer entered, once', () => {
  const bench = new Bench()
  const back = 'https://example.com/back'
  const token = bench.run('confirmation_tokens.create', {
    payment_method_data: { type: 'card', card: { number: '4242424242424242', exp_month: 8, exp_year: 2030 } },
    return_url: back,
    setup_future_usage: 'off_session',
  })
  expect(token).toMatchObject({
    expires_at: START + 43_200,
    payment_method_preview: { card: { last4: '4242' } },
    return_url: back,
  })
  expect(token).not.toHaveProperty('paymentMethod')
  const customer = bench.customer(null)
  const params = { amount: 1000, currency: 'usd', confirm: true, customer, confirmation_token: token.id }
  const intent = bench.run<Records['payment_intents']>('payment_intents.create', params)
  expect(intent).toMatchObject({ status: 'succeeded', setup_future_usage: 'off_session' })
  expect(bench.get('payment_methods', intent.payment_method ?? '').customer).toBe(customer)
  expect(bench.fail('payment_intents.create', params).param).toBe('confirmation_token')
})

test('with manual confirmation it is the server that goes on after the bank’s page', () => {
  const bench = new Bench()
  const intent = bench.run('payment_intents.create', {
    amount: 1000,
    currency: 'usd',
    confirm: true,
    confirmation_method: 'manual',
    payment_method: 'pm_card_authenticationRequired',
    return_url: 'https://example.com/back',
  })
  bench.run('authentication_pages.answer', { outcome: 'succeeded' }, intent.id)
  expect(bench.get('payment_intents', intent.id).status).toBe('requires_confirmation')
  expect(bench.all('charges')).toEqual([])
  bench.run('payment_intents.confirm', { return_url: 'https://example.com/back' }, intent.id)
  expect(bench.get('payment_intents', intent.id).status).toBe('succeeded')
  expect(bench.all('charges')).toMatchObject([
    { payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } } },
  ])
})

test('options of a type of method come before those of the payment', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const card = { capture_method: 'manual', setup_future_usage: 'off_session' }
  const intent = bench.run<Records['payment_intents']>('payment_intents.create', {
    amount: 1000,
    currency: 'usd',
    confirm: true,
    customer,
    payment_method: 'pm_card_visa',
    payment_method_options: { card },
    return_url: 'https://example.com/back',
  })
  expect(intent).toMatchObject({
    capture_method: 'automatic_async',
    setup_future_usage: null,
    status: 'requires_capture',
  })
  expect(bench.get('payment_methods', intent.payment_method ?? '').customer).toBe(customer)
})

test('each try to set a payment method up is kept', () => {
  const bench = new Bench()
  const back = 'https://example.com/back'
  const { id } = bench.run('setup_intents.create', { payment_method: 'pm_card_authenticationRequired' })
  bench.run('setup_intents.confirm', { return_url: back }, id)
  bench.run('authentication_pages.answer', { outcome: 'failed' }, id)
  bench.run('setup_intents.confirm', { payment_method: 'pm_card_visa', return_url: back }, id)
  const { data } = bench.run<{ data: readonly { status: string; setup_error: unknown }[] }>('setup_attempts.list', {
    setup_intent: id,
  })
  expect(data.map(({ status }) => status)).toEqual(['succeeded', 'failed'])
  expect(data[1]?.setup_error).toMatchObject({ code: 'setup_intent_authentication_failure' })
})

test('the balance is what was taken less what was given back, by the day it can be paid out', () => {
  const bench = new Bench()
  const pay = {
    amount: 1000,
    currency: 'usd',
    confirm: true,
    capture_method: 'automatic',
    return_url: 'https://example.com/back',
  }
  bench.run('payment_intents.create', { ...pay, payment_method: 'pm_card_visa' })
  expect(bench.takeEvents()).not.toContain('balance.available')
  bench.run('payment_intents.create', { ...pay, payment_method: 'pm_card_bypassPending' })
  expect(bench.takeEvents()).toContain('balance.available')
  const usd = (amount: number): object => ({ amount, currency: 'usd', source_types: { card: amount } })
  expect(bench.run('balance.retrieve')).toEqual({
    object: 'balance',
    available: [usd(941)],
    livemode: false,
    pending: [usd(941)],
  })
  bench.advanceTo(START + 8 * 86_400)
  expect(bench.run('balance.retrieve')).toMatchObject({ available: [usd(1882)], pending: [usd(0)] })
  const { data } = bench.run<{ data: readonly { status: string }[] }>('balance_transactions.list', { type: 'charge' })
  expect(data.map(({ status }) => status)).toEqual(['available', 'available'])
})

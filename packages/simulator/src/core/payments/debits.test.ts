import { describe, expect, test } from 'vitest'
import { isIban, isRoutingNumber } from './bank-accounts.js'
import type { Records } from '../records.js'
import { Bench, START } from '../testing/bench.js'

type PaymentIntent = Records['payment_intents']
type SetupIntent = Records['setup_intents']

const offline = { customer_acceptance: { type: 'offline', accepted_at: 1_590_590_577 } }
const back = 'https://example.com/back'
const holder = { name: 'Ada', email: 'ada@example.com' }

function sepa(bench: Bench, iban = 'AT611904300234573201'): string {
  const params = { type: 'sepa_debit', sepa_debit: { iban }, billing_details: holder }
  return bench.run('payment_methods.create', params).id
}

function ach(bench: Bench, number = '000123456789'): string {
  const account = { account_number: number, routing_number: '110000000', account_holder_type: 'individual' }
  return bench.run('payment_methods.create', {
    type: 'us_bank_account',
    us_bank_account: account,
    billing_details: holder,
  }).id
}

function debit(bench: Bench, method: string, params: object = {}): PaymentIntent {
  return bench.run<PaymentIntent>('payment_intents.create', {
    amount: 1000,
    currency: 'eur',
    confirm: true,
    mandate_data: offline,
    payment_method: method,
    return_url: back,
    ...params,
  })
}

test('a debit is processed first and taken when the bank has answered', () => {
  const bench = new Bench()
  const intent = debit(bench, sepa(bench, 'AT321904300235473204'))
  expect(intent).toMatchObject({
    status: 'processing',
    amount_received: 0,
    payment_method_types: ['card', 'sepa_debit'],
  })
  expect(bench.takeEvents()).toEqual(['payment_intent.created', 'charge.pending', 'payment_intent.processing'])
  const charge = intent.latest_charge ?? ''
  expect(charge).toMatch(/^py_/)
  expect(bench.get('charges', charge)).toMatchObject({
    paid: false,
    payment_method_details: { sepa_debit: { bank_code: '19043', country: 'AT', last4: '3204' }, type: 'sepa_debit' },
    status: 'pending',
  })
  bench.advanceTo(START + 179)
  expect(bench.get('payment_intents', intent.id).status).toBe('processing')
  bench.advanceTo(START + 180)
  expect(bench.get('payment_intents', intent.id)).toMatchObject({ status: 'succeeded', amount_received: 1000 })
  expect(bench.get('charges', charge)).toMatchObject({ paid: true, status: 'succeeded' })
  expect(bench.takeEvents()).toEqual(['charge.succeeded', 'payment_intent.succeeded'])
  expect(bench.all('balance_transactions')).toMatchObject([
    { amount: 1000, type: 'payment', reporting_category: 'charge' },
  ])
})

test.each([
  ['AT861904300235473202', 0, 'generic_decline', 'incorrect_account_holder_name'],
  ['AT051904300235473205', 180, 'generic_decline', 'incorrect_account_holder_name'],
  ['AT981904300002222227', 0, 'insufficient_funds', 'insufficient_funds'],
])('%s fails after %i seconds', (iban, delay, decline, code) => {
  const bench = new Bench()
  const intent = debit(bench, sepa(bench, iban))
  bench.takeEvents()
  bench.advanceTo(START + delay)
  expect(bench.get('payment_intents', intent.id)).toMatchObject({
    last_payment_error: { code: '', charge: intent.latest_charge, decline_code: decline, type: 'card_error' },
    payment_method_options: { sepa_debit: {} },
    payment_method: null,
    status: 'requires_payment_method',
  })
  expect(bench.get('charges', intent.latest_charge ?? '')).toMatchObject({
    failure_code: code,
    status: 'failed',
    paid: false,
  })
  expect(bench.takeEvents()).toEqual(['charge.failed', 'payment_intent.payment_failed'])
  expect(bench.all('balance_transactions')).toEqual([])
})

test('a debit that is fetched back', () => {
  const bench = new Bench()
  debit(bench, sepa(bench, 'AT591904300235473203'))
  bench.advanceTo(START)
  expect(bench.takeEvents().slice(-4)).toEqual([
    'charge.succeeded',
    'payment_intent.succeeded',
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
  ])
})

test('the account’s banks may be slower by a setting', () => {
  const bench = new Bench({ debitDelay: 86_400 })
  const { id } = debit(bench, sepa(bench))
  bench.advanceTo(START + 86_399)
  expect(bench.get('payment_intents', id).status).toBe('processing')
  bench.advanceTo(START + 86_400)
  expect(bench.get('payment_intents', id).status).toBe('succeeded')
})

test('a payment that a bank works at is neither canceled nor confirmed', () => {
  const bench = new Bench({ debitDelay: 60 })
  const { id } = debit(bench, sepa(bench))
  expect(bench.fail('payment_intents.cancel', {}, id).code).toBe('payment_intent_unexpected_state')
  expect(bench.fail('payment_intents.confirm', { return_url: back }, id).code).toBe('payment_intent_unexpected_state')
  expect(bench.fail('refunds.create', { payment_intent: id }).status).toBe(400)
})

describe('mandates', () => {
  test('nobody is debited who has not agreed', () => {
    const bench = new Bench()
    const method = sepa(bench)
    const params = { amount: 1000, currency: 'eur', confirm: true, payment_method: method, return_url: back }
    expect(bench.fail('payment_intents.create', params).message).toContain('no existing mandate was found')
  })

  test('a single payment has a mandate for its amount', () => {
    const bench = new Bench()
    debit(bench, sepa(bench))
    expect(bench.all('mandates')).toMatchObject([
      {
        customer_acceptance: { accepted_at: 1_590_590_577, type: 'offline' },
        single_use: { amount: 1000, currency: 'eur' },
        status: 'active',
        type: 'single_use',
      },
    ])
  })

  test('one mandate allows all later payments, and ends with the payment method', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const method = sepa(bench)
    const setup = bench.run<SetupIntent>('setup_intents.create', {
      customer,
      confirm: true,
      mandate_data: offline,
      payment_method: method,
      return_url: back,
    })
    expect(setup).toMatchObject({ status: 'succeeded', payment_method: method })
    expect(bench.run('mandates.retrieve', {}, setup.mandate ?? '')).toMatchObject({
      type: 'multi_use',
      status: 'active',
    })
    const again = debit(bench, method, { customer, mandate_data: undefined })
    expect(again.status).toBe('processing')
    expect(bench.all('mandates')).toHaveLength(1)
    expect(bench.get('charges', again.latest_charge ?? '').payment_method_details?.sepa_debit?.mandate).toBe(
      setup.mandate,
    )
    bench.run('payment_methods.detach', {}, method)
    expect(bench.get('mandates', setup.mandate ?? '').status).toBe('inactive')
    expect(bench.lastEvent('mandate.updated').data.previous_attributes).toEqual({ status: 'active' })
  })
})

describe('American accounts', () => {
  const usd = { currency: 'usd' }

  test('the owner tells which deposits came before the account is debited', () => {
    const bench = new Bench()
    const intent = debit(bench, ach(bench), usd)
    expect(intent).toMatchObject({
      next_action: {
        type: 'verify_with_microdeposits',
        verify_with_microdeposits: { microdeposit_type: 'descriptor_code' },
      },
      status: 'requires_action',
    })
    const wrong = bench.fail('payment_intents.verify_microdeposits', { amounts: [1, 2] }, intent.id)
    expect(wrong.code).toBe('payment_method_microdeposit_verification_amounts_mismatch')
    const right = bench.run('payment_intents.verify_microdeposits', { descriptor_code: 'SM11AA' }, intent.id)
    expect(right).toMatchObject({ status: 'processing', next_action: null })
    bench.advanceTo(bench.now)
    expect(bench.get('payment_intents', intent.id).status).toBe('succeeded')
  })

  test('too many wrong answers', () => {
    const bench = new Bench()
    const { id } = debit(bench, ach(bench), usd)
    const after = bench.run('payment_intents.verify_microdeposits', { amounts: [10, 11] }, id)
    expect(after).toMatchObject({
      last_payment_error: { code: 'payment_method_microdeposit_verification_attempts_exceeded' },
      status: 'requires_payment_method',
    })
  })

  test('a verified account is debited without more ado', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const setup = bench.run('setup_intents.create', {
      customer,
      confirm: true,
      mandate_data: offline,
      payment_method: ach(bench),
      return_url: back,
    })
    expect(setup).toMatchObject({ status: 'requires_action' })
    const done = bench.run<SetupIntent>('setup_intents.verify_microdeposits', { amounts: [45, 32] }, setup.id)
    expect(done.status).toBe('succeeded')
    const paid = debit(bench, done.payment_method ?? '', {
      ...usd,
      customer,
      off_session: true,
      mandate_data: undefined,
    })
    expect(paid.status).toBe('processing')
  })

  test.each([
    ['pm_usBankAccount_success', 'succeeded', undefined],
    ['pm_usBankAccount_noAccount', 'requires_payment_method', 'no_account'],
    ['pm_usBankAccount_accountClosed', 'requires_payment_method', 'account_closed'],
    ['pm_usBankAccount_insufficientFunds', 'requires_payment_method', 'insufficient_funds'],
    ['pm_usBankAccount_debitNotAuthorized', 'requires_payment_method', 'debit_not_authorized'],
    ['pm_usBankAccount_processing', 'processing', undefined],
  ])('%s ends as %s', (method, status, code) => {
    const bench = new Bench()
    const intent = debit(bench, method, usd)
    expect(intent.status).toBe('processing')
    bench.advanceTo(START + 365 * 86_400)
    expect(bench.get('payment_intents', intent.id).status).toBe(status)
    expect(bench.get('charges', intent.latest_charge ?? '').failure_code).toBe(code ?? null)
  })
})

describe('methods with a page of their own', () => {
  test('the customer agrees there, and the payment succeeds', () => {
    const bench = new Bench()
    const method = bench.run('payment_methods.create', { type: 'paypal' }).id
    const intent = debit(bench, method, { mandate_data: undefined })
    expect(intent.next_action).toMatchObject({ type: 'redirect_to_url', redirect_to_url: { return_url: back } })
    bench.run('authentication_pages.answer', { outcome: 'succeeded' }, intent.id)
    expect(bench.get('payment_intents', intent.id).status).toBe('succeeded')
    expect(bench.all('charges')).toMatchObject([
      { payment_method_details: { type: 'paypal' }, outcome: { risk_level: 'not_assessed' } },
    ])
  })

  test('who agreed to later payments need not be there again', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const method = bench.run('payment_methods.create', { type: 'cashapp' }).id
    const setup = bench.run('setup_intents.create', {
      customer,
      confirm: true,
      payment_method: method,
      return_url: back,
    })
    bench.run('authentication_pages.answer', { outcome: 'succeeded' }, setup.id)
    const later = { customer, currency: 'usd', off_session: true, mandate_data: undefined }
    expect(debit(bench, method, later).status).toBe('succeeded')
  })

  test('what works only once is neither kept nor set up', () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const method = bench.run('payment_methods.create', { type: 'klarna' }).id
    expect(bench.fail('payment_methods.attach', { customer }, method).status).toBe(400)
    const setup = { confirm: true, payment_method: method, return_url: back }
    expect(bench.fail('setup_intents.create', setup).message).toContain('works only once')
  })

  test('Link pays at once', () => {
    const bench = new Bench()
    const method = bench.run('payment_methods.create', { type: 'link' }).id
    expect(debit(bench, method, { mandate_data: undefined }).status).toBe('succeeded')
  })
})

test.each([
  [{ currency: 'usd' }, 'currency'],
  [{ allowed_payment_method_types: ['card'] }, 'payment_method'],
  [{ excluded_payment_method_types: ['sepa_debit'] }, 'payment_method'],
  [{ capture_method: 'manual' }, 'capture_method'],
])('a SEPA debit with %o is refused', (params, param) => {
  const bench = new Bench()
  const base = { amount: 1000, currency: 'eur', confirm: true, mandate_data: offline, return_url: back }
  const refusal = bench.fail('payment_intents.create', { ...base, payment_method: sepa(bench), ...params })
  expect(refusal).toMatchObject({ param, status: 400 })
})

test.each([
  [
    { type: 'sepa_debit', sepa_debit: { iban: 'AT611904300234573202' }, billing_details: holder },
    'invalid_bank_account_iban',
  ],
  [{ type: 'sepa_debit', sepa_debit: { iban: 'AT611904300234573201' } }, 'parameter_missing'],
  [
    { type: 'us_bank_account', us_bank_account: { account_number: '1', routing_number: '110000001' } },
    'routing_number_invalid',
  ],
])('%o is refused', (params, code) => {
  expect(new Bench().fail('payment_methods.create', params).code).toBe(code)
})

test('check digits', () => {
  const ibans = [
    'AT611904300234573201',
    'DE89370400440532013000',
    'FR1420041010050500013M02606',
    'IT60X0542811101000000123456',
  ]
  expect(ibans.map(isIban)).toEqual([true, true, true, true])
  expect(isIban('DE89370400440532013001')).toBe(false)
  expect([isRoutingNumber('110000000'), isRoutingNumber('021000021'), isRoutingNumber('021000022')]).toEqual([
    true,
    true,
    false,
  ])
})

describe('a subscription paid by debit', () => {
  function subscriber(bench: Bench, iban: string): { readonly customer: string; readonly method: string } {
    const customer = bench.customer(null)
    const method = sepa(bench, iban)
    bench.run('setup_intents.create', {
      customer,
      confirm: true,
      mandate_data: offline,
      payment_method: method,
      return_url: back,
    })
    bench.run('customers.update', { invoice_settings: { default_payment_method: method } }, customer)
    return { customer, method }
  }

  test('is active while the first debit is under way, and its invoice is paid when the bank has answered', () => {
    const bench = new Bench({ debitDelay: 3600 })
    const { customer } = subscriber(bench, 'AT611904300234573201')
    const { id, latest_invoice: invoice } = bench.subscribe(customer, bench.price({ currency: 'eur' }))
    expect(bench.subscription(id).status).toBe('active')
    expect(bench.invoice(invoice).status).toBe('open')
    bench.advanceTo(START + 3600)
    expect(bench.invoice(invoice).status).toBe('paid')
    expect(bench.subscription(id).status).toBe('active')
  })

  test('is past due when a renewal’s debit fails', () => {
    const bench = new Bench({ debitDelay: 3600 })
    const { customer } = subscriber(bench, 'AT611904300234573201')
    const { id } = bench.subscribe(customer, bench.price({ currency: 'eur' }))
    bench.advanceTo(START + 7200)
    const bad = sepa(bench, 'AT861904300235473202')
    bench.run('payment_methods.attach', { customer }, bad)
    bench.run('customers.update', { invoice_settings: { default_payment_method: bad } }, customer)
    bench.advanceTo(Date.parse('2026-02-15T13:30:00Z') / 1000)
    expect(bench.subscription(id).status).toBe('active')
    bench.advanceTo(Date.parse('2026-02-15T15:00:00Z') / 1000)
    expect(bench.subscription(id).status).toBe('past_due')
  })
})

test.each([
  [{ type: 'ideal', ideal: { bank: 'abn_amro' } }, { ideal: { bank: 'abn_amro', bic: 'ABNANL2A' } }],
  [{ type: 'eps', eps: { bank: 'bank_austria' } }, { eps: { bank: 'bank_austria' } }],
  [{ type: 'boleto', boleto: { tax_id: '000.000.000-00' } }, { boleto: { tax_id: '000.000.000-00' } }],
  [{ type: 'oxxo' }, { oxxo: {} }],
])('%o is kept as it was chosen', (params, shown) => {
  expect(new Bench().run('payment_methods.create', params)).toMatchObject({ ...shown, customer: null })
})

test('paying with a voucher is not simulated, and says so', () => {
  const bench = new Bench()
  const method = bench.run('payment_methods.create', { type: 'oxxo' }).id
  const params = { amount: 1000, currency: 'mxn', confirm: true, payment_method: method, return_url: back }
  expect(bench.fail('payment_intents.create', params).code).toBe('not_simulated')
})

import { expect, test } from 'vitest'
import { view } from '../machine.js'
import type { Records } from '../records.js'
import { authenticateSetupIntent, confirmSetupIntent, createSetupIntent } from './setup-intents.js'
import { Bench } from '../testing/bench.js'

type SetupIntent = Records['setup_intents']

const back = 'https://example.com/back'

test('a setup keeps the card for its customer', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  bench.takeEvents()
  const intent = bench.run<SetupIntent>('setup_intents.create', { customer, metadata: { a: '1' } })
  expect(intent).toMatchObject({ status: 'requires_payment_method', usage: 'off_session', metadata: { a: '1' } })
  expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_\\w+$`))
  const after = bench.run<SetupIntent>(
    'setup_intents.confirm',
    { payment_method: 'pm_card_visa', return_url: back },
    intent.id,
  )
  expect(after.status).toBe('succeeded')
  expect(bench.get('payment_methods', after.payment_method ?? '').customer).toBe(customer)
  expect(bench.takeEvents()).toEqual(['setup_intent.created', 'payment_method.attached', 'setup_intent.succeeded'])
})

test.each([
  ['return_url', back],
  ['mandate_data', { customer_acceptance: { type: 'offline' } }],
])('%s is for what is confirmed at once', (param, value) => {
  const message = `The parameter \`${param}\` cannot be passed when creating a SetupIntent unless \`confirm\` is set to true.`
  const refusal = { status: 400, code: 'setup_intent_invalid_parameter', message, param }
  expect(new Bench().fail('setup_intents.create', { [param]: value })).toMatchObject(refusal)
})

test('the bank may want to see the customer first', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const params = { customer, payment_method: 'pm_card_authenticationRequired', confirm: true, return_url: back }
  const intent = bench.run<SetupIntent>('setup_intents.create', params)
  expect(intent).toMatchObject({
    status: 'requires_action',
    next_action: { redirect_to_url: { return_url: back, url: `http://localhost/3ds/${intent.id}` } },
  })
  bench.takeEvents()
  bench.run('authentication_pages.answer', { outcome: 'failed' }, intent.id)
  expect(bench.get('setup_intents', intent.id)).toMatchObject({
    status: 'requires_payment_method',
    next_action: null,
    last_setup_error: { code: 'setup_intent_authentication_failure' },
  })
  expect(bench.takeEvents()).toEqual(['setup_intent.setup_failed'])
  const again = { payment_method: 'pm_card_authenticationRequired', return_url: back }
  bench.run('setup_intents.confirm', again, intent.id)
  bench.run('authentication_pages.answer', { outcome: 'succeeded' }, intent.id)
  expect(bench.get('setup_intents', intent.id)).toMatchObject({ status: 'succeeded', last_setup_error: null })
  expect(bench.takeEvents()).toEqual([
    'setup_intent.requires_action',
    'payment_method.attached',
    'setup_intent.succeeded',
  ])
})

test('a setup for use on session does not free later payments from the bank', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const card = { payment_method: 'pm_card_authenticationRequiredOnSetup', confirm: true, return_url: back }
  const intent = bench.run<SetupIntent>('setup_intents.create', { customer, usage: 'on_session', ...card })
  bench.run('authentication_pages.answer', { outcome: 'succeeded' }, intent.id)
  const payment = { amount: 1000, currency: 'usd', customer, payment_method: intent.payment_method, confirm: true }
  expect(bench.fail('payment_intents.create', { ...payment, off_session: true }).code).toBe('authentication_required')
})

test('canceling, updating, listing', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const { id } = bench.run('setup_intents.create', {})
  bench.run('setup_intents.update', { customer, description: 'Card on file', metadata: { a: '1' } }, id)
  expect(bench.get('setup_intents', id)).toMatchObject({ customer, description: 'Card on file', metadata: { a: '1' } })
  bench.run('setup_intents.create', {})
  interface List {
    readonly data: readonly { readonly id: string }[]
  }
  expect(bench.run<List>('setup_intents.list', { customer }).data.map((intent) => intent.id)).toEqual([id])
  bench.takeEvents()
  expect(bench.run('setup_intents.cancel', { cancellation_reason: 'abandoned' }, id)).toMatchObject({
    status: 'canceled',
    cancellation_reason: 'abandoned',
  })
  expect(bench.takeEvents()).toEqual(['setup_intent.canceled'])
  const refusal = bench.fail('setup_intents.confirm', { payment_method: 'pm_card_visa', return_url: back }, id)
  expect(refusal).toMatchObject({ status: 400, code: 'setup_intent_unexpected_state', setup_intent: { id } })
  expect(bench.fail('setup_intents.update', { description: '' }, id).message).toContain('may be updated')
  expect(bench.fail('setup_intents.cancel', {}, id).message).toContain('may be canceled')
})

test.each([
  [{ payment_method_types: ['card'] }, 'payment_method_types_no_longer_supported', 'payment_method_types'],
  [{ customer: 'cus_none' }, 'resource_missing', 'customer'],
  [{ payment_method: 'pm_none' }, 'resource_missing', 'payment_method'],
  [{ single_use: { amount: 1, currency: 'usd' } }, 'not_simulated', 'single_use'],
  [{ payment_method_options: { konbini: {} } }, 'not_simulated', 'payment_method_options[konbini]'],
])('%o is refused', (params, code, param) => {
  expect(new Bench().fail('setup_intents.create', params)).toMatchObject({ code, param, status: 400 })
})

test('confirming asks for a way back and for a payment method', () => {
  const bench = new Bench()
  const { id } = bench.run('setup_intents.create', {})
  expect(bench.fail('setup_intents.confirm', {}, id).message).toContain('you must provide a `return_url`')
  expect(bench.fail('setup_intents.confirm', { return_url: back }, id).code).toBe('setup_intent_unexpected_state')
})

test("neither a spent card nor another customer's is set up", () => {
  const bench = new Bench()
  const owner = bench.customer()
  const method = bench.get('customers', owner).invoice_settings.default_payment_method ?? ''
  const transaction = view(bench.state, bench.now, '2026-10-28.endive')
  const { id } = createSetupIntent(transaction, { customer: null })
  expect(() => confirmSetupIntent(transaction, id, { paymentMethod: method })).toThrow(
    `belongs to the Customer ${owner}`,
  )
  expect(() => authenticateSetupIntent(transaction, id, 'succeeded')).toThrow('waits for no authentication')
  bench.run('payment_methods.detach', {}, method)
  const params = { payment_method: method, confirm: true, return_url: back }
  expect(bench.fail('setup_intents.create', params).message).toContain('It may not be used again.')
})

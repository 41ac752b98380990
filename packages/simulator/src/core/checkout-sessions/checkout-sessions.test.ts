import { expect, test } from 'vitest'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'
import type { CheckoutSession } from './session.js'
import type { PageOutcome } from './outcome.js'

const cards = {
  works: '4242424242424242',
  declined: '4000000000000002',
  poor: '4000000000009995',
  secured: '4000002760003184',
  securedThenPoor: '4000008260003178',
  failsLater: '4000000000000341',
}

function open(bench: Bench, params: object = {}): CheckoutSession {
  const common = { mode: 'subscription', success_url: 'https://app.example/ok?id={CHECKOUT_SESSION_ID}' }
  return bench.run<CheckoutSession>('checkout_sessions.create', { ...common, ...params })
}

function openPlan(bench: Bench, params: object = {}): CheckoutSession {
  return open(bench, { line_items: [{ price: bench.price(), quantity: 1 }], ...params })
}

function submit(bench: Bench, session: string, number: string | null = cards.works): PageOutcome {
  const card = number === null ? null : { number, expMonth: 12, expYear: 2030, cvc: '123' }
  const payer = { email: 'ada@example.com', name: 'Ada Lovelace', country: 'GB' }
  return bench.run<PageOutcome>('checkout_pages.submit', { ...payer, card }, session)
}

function read(bench: Bench, id: string): CheckoutSession {
  return bench.run<CheckoutSession>('checkout_sessions.retrieve', {}, id)
}

test('an open session has bought nothing yet', () => {
  const bench = new Bench({ origin: 'http://localhost:4242' })
  const session = openPlan(bench, { metadata: { a: '1' }, client_reference_id: 'user_1' })
  expect(session).toMatchObject({
    status: 'open',
    payment_status: 'unpaid',
    amount_total: 2000,
    currency: 'usd',
    customer: null,
    customer_creation: 'always',
    subscription: null,
    invoice: null,
    expires_at: START + DAY,
    metadata: { a: '1' },
    client_reference_id: 'user_1',
    url: `http://localhost:4242/c/pay/${session.id}`,
  })
  expect(bench.all('subscriptions')).toEqual([])
})

test('paying makes the customer, the subscription and its paid invoice, in that order', () => {
  const bench = new Bench()
  const { id } = openPlan(bench, { subscription_data: { metadata: { app: 'user_1' }, description: 'Pro' } })
  bench.takeEvents()
  expect(submit(bench, id)).toEqual({ status: 'succeeded' })
  expect(bench.takeEvents().filter((type) => type !== 'customer.updated')).toEqual([
    'customer.created',
    'payment_intent.created',
    'payment_method.attached',
    'charge.succeeded',
    'payment_intent.succeeded',
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
    'checkout.session.completed',
  ])
  const session = read(bench, id)
  const subscription = bench.subscription(String(session.subscription))
  expect(session).toMatchObject({ status: 'complete', payment_status: 'paid', payment_intent: null, url: null })
  expect(session.customer_details).toMatchObject({
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    address: { country: 'GB' },
  })
  expect(subscription).toMatchObject({ status: 'active', metadata: { app: 'user_1' }, description: 'Pro' })
  expect(subscription.default_payment_method).toMatch(/^pm_/)
  expect(bench.invoice(session.invoice)).toMatchObject({
    status: 'paid',
    amount_paid: 2000,
    billing_reason: 'subscription_create',
  })
  expect(bench.all('payment_intents')).toHaveLength(1)
})

test('the event of completion carries the subscription and the invoice', () => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  submit(bench, id)
  const { object } = bench.lastEvent('checkout.session.completed').data
  expect(object).toEqual(read(bench, id))
})

test('a declined card leaves a failed charge and no subscription; another card then pays the same payment', () => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  bench.takeEvents()
  expect(submit(bench, id, cards.poor)).toMatchObject({
    status: 'failed',
    error: { decline_code: 'insufficient_funds' },
  })
  expect(bench.takeEvents()).toEqual([
    'customer.created',
    'payment_intent.created',
    'charge.failed',
    'payment_intent.payment_failed',
  ])
  expect(bench.all('subscriptions')).toEqual([])
  expect(read(bench, id)).toMatchObject({ status: 'open', customer: null })
  expect(submit(bench, id)).toEqual({ status: 'succeeded' })
  expect(bench.all('customers')).toHaveLength(1)
  expect(bench.all('payment_intents')).toHaveLength(1)
  expect(bench.all('subscriptions')).toHaveLength(1)
})

test('a number that is no card number leaves nothing at all', () => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  const params = {
    email: 'ada@example.com',
    name: null,
    country: null,
    card: { number: '4242424242424241', expMonth: 1, expYear: 2030, cvc: '1' },
  }
  expect(bench.fail('checkout_pages.submit', params, id)).toMatchObject({ status: 402, code: 'incorrect_number' })
  expect(bench.all('customers')).toEqual([])
})

test('with 3-D Secure the session waits for the bank, and is complete when the bank agrees', () => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  const outcome = submit(bench, id, cards.secured)
  expect(outcome.status).toBe('requires_action')
  expect(bench.all('subscriptions')).toEqual([])
  const [intent] = bench.all('payment_intents')
  bench.run('authentication_pages.answer', { outcome: 'succeeded' }, intent?.id)
  expect(read(bench, id)).toMatchObject({ status: 'complete', payment_status: 'paid' })
  expect(bench.all('subscriptions')).toHaveLength(1)
})

test.each([
  ['the customer fails at the bank', cards.secured, 'failed'],
  ['the bank declines afterwards', cards.securedThenPoor, 'succeeded'],
])('with 3-D Secure nothing is bought when %s', (_when, card, outcome) => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  submit(bench, id, card)
  bench.run('authentication_pages.answer', { outcome }, bench.all('payment_intents')[0]?.id)
  expect(read(bench, id).status).toBe('open')
  expect(bench.all('subscriptions')).toEqual([])
  expect(submit(bench, id)).toEqual({ status: 'succeeded' })
})

test('a trial takes the card and no money', () => {
  const bench = new Bench()
  const { id, amount_total: total } = openPlan(bench, { subscription_data: { trial_period_days: 14 } })
  expect(total).toBe(0)
  bench.takeEvents()
  expect(submit(bench, id, cards.failsLater)).toEqual({ status: 'succeeded' })
  const events = bench.takeEvents()
  expect(events).toContain('setup_intent.succeeded')
  expect(events).not.toContain('payment_intent.created')
  const session = read(bench, id)
  expect(session).toMatchObject({ payment_status: 'no_payment_required', setup_intent: null })
  expect(bench.subscription(String(session.subscription))).toMatchObject({
    status: 'trialing',
    trial_end: START + 14 * DAY,
  })
  expect(bench.invoice(session.invoice)).toMatchObject({ status: 'paid', total: 0 })
})

test('a trial without a card, when that was asked for', () => {
  const bench = new Bench()
  const { id } = openPlan(bench, {
    subscription_data: { trial_period_days: 14 },
    payment_method_collection: 'if_required',
  })
  expect(submit(bench, id, null)).toEqual({ status: 'succeeded' })
  expect(bench.subscription(String(read(bench, id).subscription))).toMatchObject({
    status: 'trialing',
    default_payment_method: null,
  })
})

test('no card where one is needed is refused and nothing is tried', () => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  expect(submit(bench, id, null)).toMatchObject({ status: 'failed', error: { code: 'incomplete_number' } })
  expect(read(bench, id).status).toBe('open')
})

test('a one-time payment of a guest', () => {
  const bench = new Bench()
  const session = open(bench, {
    mode: 'payment',
    line_items: [{ price_data: { currency: 'eur', unit_amount: 500, product_data: { name: 'Sticker' } }, quantity: 3 }],
    payment_intent_data: { metadata: { order: '7' }, description: 'Stickers' },
  })
  bench.takeEvents()
  submit(bench, session.id)
  expect(bench.takeEvents()).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'checkout.session.completed',
  ])
  const after = read(bench, session.id)
  expect(after).toMatchObject({ amount_total: 1500, currency: 'eur', customer: null, payment_status: 'paid' })
  expect(bench.get('payment_intents', String(after.payment_intent))).toMatchObject({
    metadata: { order: '7' },
    description: 'Stickers',
  })
})

test('setup mode keeps a card for a customer', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const session = open(bench, { mode: 'setup', customer, currency: 'usd', setup_intent_data: { metadata: { k: 'v' } } })
  expect(session.setup_intent).toMatch(/^seti_/)
  submit(bench, session.id)
  const after = read(bench, session.id)
  expect(after).toMatchObject({ status: 'complete', payment_status: 'no_payment_required', customer })
  expect(bench.get('setup_intents', String(after.setup_intent))).toMatchObject({
    status: 'succeeded',
    metadata: { k: 'v' },
  })
  expect(bench.all('payment_methods')[0]?.customer).toBe(customer)
})

test('what the customer has to their credit is taken off the payment', () => {
  const bench = new Bench()
  const customer = bench.customer(null, { balance: -500 })
  const { id } = openPlan(bench, { customer })
  submit(bench, id)
  expect(bench.all('payment_intents')[0]?.amount).toBe(1500)
  expect(bench.invoice(read(bench, id).invoice)).toMatchObject({ status: 'paid', total: 2000, amount_paid: 1500 })
})

test('one-time prices are on the first invoice', () => {
  const bench = new Bench()
  const fee = bench.run('prices.create', {
    product: bench.run('products.create', { name: 'Setup' }).id,
    currency: 'usd',
    unit_amount: 900,
  })
  const { id } = open(bench, {
    line_items: [
      { price: bench.price(), quantity: 1 },
      { price: fee.id, quantity: 1 },
    ],
  })
  submit(bench, id)
  const session = read(bench, id)
  expect(session.amount_total).toBe(2900)
  expect(bench.invoice(session.invoice)).toMatchObject({ status: 'paid', total: 2900 })
})

test('a session closes by itself at its hour, and a payment that waits for the bank is given up', () => {
  const bench = new Bench()
  const { id } = openPlan(bench, { expires_at: START + HOUR })
  submit(bench, id, cards.secured)
  bench.takeEvents()
  bench.advanceTo(START + HOUR)
  expect(read(bench, id)).toMatchObject({ status: 'expired', url: null })
  expect(bench.takeEvents()).toEqual(['payment_intent.canceled', 'checkout.session.expired'])
  expect(submit(bench, id)).toEqual({ status: 'closed' })
})

test('a completed session does not expire, and cannot be submitted or expired again', () => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  submit(bench, id)
  expect(submit(bench, id)).toEqual({ status: 'closed' })
  expect(bench.all('subscriptions')).toHaveLength(1)
  expect(bench.fail('checkout_sessions.expire', {}, id).message).toContain('status of complete')
  bench.advanceTo(START + 2 * DAY)
  expect(read(bench, id).status).toBe('complete')
})

test('a session can be expired by hand, and its metadata changed', () => {
  const bench = new Bench()
  const { id } = openPlan(bench, { metadata: { a: '1' } })
  expect(bench.run<CheckoutSession>('checkout_sessions.update', { metadata: { b: '2' } }, id).metadata).toEqual({
    a: '1',
    b: '2',
  })
  expect(bench.run<CheckoutSession>('checkout_sessions.expire', {}, id).status).toBe('expired')
})

test('sessions are listed by customer, subscription and status', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const { id } = openPlan(bench, { customer })
  const paid = openPlan(bench)
  submit(bench, paid.id)
  const list = (params: object): string[] =>
    bench.run<{ data: CheckoutSession[] }>('checkout_sessions.list', params).data.map((session) => session.id)
  expect(list({})).toEqual([paid.id, id])
  expect(list({ customer })).toEqual([id])
  expect(list({ status: 'complete' })).toEqual([paid.id])
  expect(list({ subscription: read(bench, paid.id).subscription })).toEqual([paid.id])
})

test('line items tell what is sold', () => {
  const bench = new Bench()
  const { id } = openPlan(bench)
  const { data } = bench.run<{ data: unknown[] }>('checkout_sessions.line_items', {}, id)
  expect(data).toMatchObject([
    { object: 'item', amount_total: 2000, quantity: 1, description: 'Pro', price: { object: 'price' } },
  ])
})

test.each([
  [{ payment_method_types: ['card'] }, { code: 'payment_method_types_no_longer_supported' }],
  [{ mode: undefined }, { code: 'parameter_missing', param: 'mode' }],
  [{ success_url: undefined }, { code: 'parameter_missing', param: 'success_url' }],
  [{ success_url: 'javascript:alert(1)' }, { code: 'url_invalid', param: 'success_url' }],
  [{ cancel_url: '/back' }, { code: 'url_invalid', param: 'cancel_url' }],
  [{ line_items: undefined }, { code: 'parameter_missing', param: 'line_items' }],
  [{ line_items: [{ price: 'price_none', quantity: 1 }] }, { code: 'resource_missing', param: 'line_items[0][price]' }],
  [{ customer: 'cus_none' }, { code: 'resource_missing', param: 'customer' }],
  [{ expires_at: START + HOUR / 4 }, { param: 'expires_at' }],
  [{ expires_at: START + 2 * DAY }, { param: 'expires_at' }],
  [{ ui_mode: 'embedded_page' }, { param: 'success_url' }],
  [
    { ui_mode: 'embedded_page', success_url: undefined },
    { code: 'parameter_missing', param: 'return_url' },
  ],
  [{ return_url: 'https://app.example' }, { param: 'return_url' }],
  [{ discounts: [{ coupon: 'X' }] }, { code: 'resource_missing', param: 'discounts[0][coupon]' }],
  [{ discounts: [{ coupon: 'X' }], allow_promotion_codes: true }, { param: 'allow_promotion_codes' }],
  [
    { optional_items: [{ price: 'price_x', quantity: 1 }] },
    { code: 'resource_missing', param: 'optional_items[0][price]' },
  ],
  [{ customer_update: { name: 'auto' } }, { param: 'customer_update' }],
  [{ invoice_creation: { enabled: true } }, { param: 'invoice_creation' }],
  [{ allowed_payment_method_types: ['sepa_debit'] }, { message: expect.stringContaining('`usd`') }],
  [
    { custom_fields: [{ key: 'a b', label: { custom: 'A', type: 'custom' }, type: 'text' }] },
    { param: 'custom_fields[0][key]' },
  ],
  [{ payment_intent_data: {} }, { param: 'payment_intent_data' }],
  [{ subscription_data: { trial_end: START + DAY } }, { param: 'subscription_data[trial_end]' }],
  [{ subscription_data: { transfer_data: { destination: 'acct_1' } } }, { code: 'not_simulated' }],
])('refuses %j', (params, error) => {
  const bench = new Bench()
  const good = {
    mode: 'subscription',
    success_url: 'https://app.example/ok',
    line_items: [{ price: bench.price(), quantity: 1 }],
  }
  expect(bench.fail('checkout_sessions.create', { ...good, ...params })).toMatchObject({ status: 400, ...error })
})

test('prices must fit the mode', () => {
  const bench = new Bench()
  const line_items = [{ price: bench.price(), quantity: 1 }]
  const common = { success_url: 'https://app.example/ok', line_items }
  expect(bench.fail('checkout_sessions.create', { ...common, mode: 'payment' }).message).toContain('recurring price')
  expect(bench.fail('checkout_sessions.create', { ...common, mode: 'setup' }).param).toBe('line_items')
  expect(bench.fail('checkout_sessions.create', { success_url: common.success_url, mode: 'setup' })).toMatchObject({
    code: 'parameter_missing',
    param: 'currency',
  })
  const tiny = [{ price: bench.price({ amount: 10 }), quantity: 1 }]
  expect(bench.fail('checkout_sessions.create', { ...common, mode: 'subscription', line_items: tiny }).code).toBe(
    'amount_too_small',
  )
})

test('nothing is due, and nothing billed, before an anchor without proration', () => {
  const bench = new Bench()
  const data = { billing_cycle_anchor: START + 10 * DAY, proration_behavior: 'none' }
  const session = openPlan(bench, { subscription_data: data })
  expect(session).toMatchObject({ amount_total: 0, payment_status: 'unpaid' })
  submit(bench, session.id)
  const after = read(bench, session.id)
  expect(after).toMatchObject({ status: 'complete', payment_status: 'no_payment_required', invoice: null })
  expect(bench.subscription(String(after.subscription))).toMatchObject({
    status: 'active',
    billing_cycle_anchor: START + 10 * DAY,
    latest_invoice: null,
  })
})

import { expect, test } from 'vitest'
import { Bench } from '../testing/bench.js'
import type { CheckoutSession } from '../checkout-sessions/session.js'
import type { PaymentLink } from './payment-link.js'
import type { Opened } from './open.js'

function link(bench: Bench, params: object = {}): PaymentLink {
  return bench.run<PaymentLink>('payment_links.create', {
    line_items: [{ price: bench.price(), quantity: 1 }],
    ...params,
  })
}

function open(bench: Bench, { url }: PaymentLink, params: object = {}): CheckoutSession {
  const opened = bench.run<Opened>('payment_link_pages.open', params, url.split('/').at(-1))
  if (opened.status !== 'opened') throw new Error(`The link is ${opened.status}.`)
  return bench.run<CheckoutSession>('checkout_sessions.retrieve', {}, opened.url.split('/').at(-1))
}

function pay(bench: Bench, { id }: CheckoutSession): void {
  const card = { number: '4242424242424242', expMonth: 12, expYear: 2030, cvc: '123' }
  bench.run('checkout_pages.submit', { email: 'ada@example.com', name: 'Ada', country: 'GB', card }, id)
}

test('a link says what its sessions will ask for', () => {
  const bench = new Bench({ origin: 'http://localhost:4242' })
  const made = link(bench, { metadata: { plan: 'pro' }, subscription_data: { trial_period_days: 7 } })
  expect(bench.takeEvents().at(-1)).toBe('payment_link.created')
  expect(made).toMatchObject({
    object: 'payment_link',
    active: true,
    after_completion: { type: 'hosted_confirmation', hosted_confirmation: { custom_message: null } },
    currency: 'usd',
    customer_creation: 'always',
    subscription_data: { trial_period_days: 7 },
    payment_intent_data: null,
    metadata: { plan: 'pro' },
    url: expect.stringMatching(/^http:\/\/localhost:4242\/b\/test_/),
  })
})

test('everybody who opens a link gets a session of their own', () => {
  const bench = new Bench()
  const made = link(bench, { metadata: { plan: 'pro' } })
  const first = open(bench, made)
  const second = open(bench, made, { email: 'grace@example.com', reference: 'user_7' })
  expect(first).toMatchObject({
    mode: 'subscription',
    payment_link: made.id,
    metadata: { plan: 'pro' },
    success_url: null,
  })
  expect(second).toMatchObject({ customer_email: 'grace@example.com', client_reference_id: 'user_7' })
  expect(second.id).not.toBe(first.id)
  pay(bench, first)
  expect(bench.all('subscriptions')).toMatchObject([{ status: 'active' }])
  const listed = bench.run<{ data: unknown[] }>('checkout_sessions.list', { payment_link: made.id })
  expect(listed.data).toHaveLength(2)
})

test('a link of a one-time price leads where it is told to', () => {
  const bench = new Bench()
  const price_data = { currency: 'eur', unit_amount: 700, product_data: { name: 'Mug' } }
  const made = link(bench, {
    line_items: [{ price_data, quantity: 2 }],
    after_completion: { type: 'redirect', redirect: { url: 'https://app.example/thanks' } },
  })
  expect(made.subscription_data).toBeNull()
  const prices = bench.all('prices').length
  expect(open(bench, made)).toMatchObject({
    mode: 'payment',
    amount_total: 1400,
    success_url: 'https://app.example/thanks',
  })
  expect(bench.all('prices')).toHaveLength(prices)
})

test('after as many completed sessions as it allows a link closes', () => {
  const bench = new Bench()
  const made = link(bench, { restrictions: { completed_sessions: { limit: 2 } }, inactive_message: 'Sold out.' })
  const sessions = [open(bench, made), open(bench, made), open(bench, made)]
  for (const session of sessions.slice(0, 2)) pay(bench, session)
  expect(bench.get('payment_links', made.id)).toMatchObject({
    active: false,
    restrictions: { completed_sessions: { count: 2, limit: 2 } },
  })
  expect(() => open(bench, made)).toThrow('inactive')
  const page = made.url.split('/').at(-1)
  expect(bench.run('payment_link_pages.open', {}, page)).toEqual({ status: 'inactive', message: 'Sold out.' })
})

test('a link is changed, closed, and opened again', () => {
  const bench = new Bench()
  const made = link(bench, { metadata: { a: '1' }, inactive_message: 'Soon.' })
  const [item] = bench.run<{ data: { id: string }[] }>('payment_links.line_items', {}, made.id).data
  const after = bench.run<PaymentLink>(
    'payment_links.update',
    {
      active: false,
      allow_promotion_codes: true,
      line_items: [{ id: item?.id, quantity: 3 }],
      metadata: { b: '2' },
      inactive_message: '',
    },
    made.id,
  )
  expect(bench.takeEvents().at(-1)).toBe('payment_link.updated')
  expect(after).toMatchObject({
    active: false,
    allow_promotion_codes: true,
    metadata: { a: '1', b: '2' },
    inactive_message: null,
  })
  expect(() => open(bench, made)).toThrow('inactive')
  bench.run('payment_links.update', { active: true }, made.id)
  expect(open(bench, made)).toMatchObject({ amount_total: 6000, allow_promotion_codes: true })
})

test.each([
  [{ line_items: [] }, { code: 'parameter_missing', param: 'line_items' }],
  [{ after_completion: { type: 'redirect', redirect: { url: 'javascript:x' } } }, { code: 'url_invalid' }],
  [{ transfer_data: { destination: 'acct_1' } }, { code: 'not_simulated', param: 'transfer_data' }],
  [{ payment_method_types: ['sepa_debit'] }, { message: expect.stringContaining('`usd`') }],
])('refuses %j', (params, error) => {
  const bench = new Bench()
  const good = { line_items: [{ price: bench.price(), quantity: 1 }] }
  expect(bench.fail('payment_links.create', { ...good, ...params })).toMatchObject({ status: 400, ...error })
})

import { expect, test } from 'vitest'
import type { PageOutcome } from '../../checkout-sessions/outcome.js'
import type { PortalConfiguration } from '../portal-configurations.js'
import type { PortalSession } from '../portal-sessions.js'
import { Bench, DAY, HOUR, START } from '../../testing/bench.js'

const works = '4242424242424242'
const failsLater = '4000000000000341'
const secured = '4000002760003184'
const returnUrl = 'http://localhost/p/session/x'

function openPortal(bench: Bench, customer: string, params: object = {}): { session: PortalSession; page: string } {
  const session = bench.run<PortalSession>('portal_sessions.create', { customer, ...params })
  return { session, page: session.url.split('/').at(-1) ?? '' }
}

function addCard(bench: Bench, page: string, number: string): PageOutcome {
  const card = { number, expMonth: 12, expYear: 2030, cvc: '123' }
  return bench.run<PageOutcome>('portal_pages.add_card', { card, name: 'Ada', country: 'GB', returnUrl }, page)
}

function configure(bench: Bench, features: object): string {
  return bench.run<PortalConfiguration>('portal_configurations.create', { features }).id
}

test('a session uses the default configuration, which the first use makes', () => {
  const bench = new Bench({ origin: 'http://localhost:1' })
  const customer = bench.customer()
  const { session } = openPortal(bench, customer, { return_url: 'https://app.example/billing' })
  expect(session).toMatchObject({ customer, return_url: 'https://app.example/billing', flow: null })
  expect(session.url).toMatch(/^http:\/\/localhost:1\/p\/session\/test_\w{24}$/)
  expect(bench.takeEvents()).toContain('billing_portal.session.created')
  expect(bench.get('portal_configurations', session.configuration).is_default).toBe(true)
  expect(openPortal(bench, customer).session.configuration).toBe(session.configuration)
})

test('an address is good for an hour', () => {
  const bench = new Bench()
  const { page } = openPortal(bench, bench.customer())
  bench.advanceTo(START + HOUR - 1)
  expect(addCard(bench, page, works)).toEqual({ status: 'succeeded' })
  bench.advanceTo(START + HOUR)
  expect(bench.fail('portal_pages.set_default_card', { card: 'pm_1' }, page).message).toContain('expired')
})

test('a new card pays from now on, also for a subscription that named its own', () => {
  const bench = new Bench()
  const customer = bench.customer('pm_card_visa')
  const own = bench.get('customers', customer).invoice_settings.default_payment_method
  const { id } = bench.subscribe(customer, bench.price(), { default_payment_method: own })
  const { page } = openPortal(bench, customer)
  bench.takeEvents()
  expect(addCard(bench, page, failsLater)).toEqual({ status: 'succeeded' })
  expect(bench.takeEvents()).toEqual([
    'setup_intent.created',
    'payment_method.attached',
    'setup_intent.succeeded',
    'customer.updated',
    'customer.subscription.updated',
  ])
  const now = bench.get('customers', customer).invoice_settings.default_payment_method
  expect(now).not.toBe(own)
  expect(bench.subscription(id).default_payment_method).toBe(now)
})

test('a card whose bank wants to see the customer becomes the default when it has', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const before = bench.get('customers', customer).invoice_settings.default_payment_method
  const { page } = openPortal(bench, customer)
  const outcome = addCard(bench, page, secured)
  expect(outcome.status).toBe('requires_action')
  expect(bench.get('customers', customer).invoice_settings.default_payment_method).toBe(before)
  const intent = outcome.status === 'requires_action' ? outcome.intent : ''
  expect(bench.run('authentication_pages.answer', { outcome: 'succeeded' }, intent)).toMatchObject({
    status: 'succeeded',
    returnUrl: expect.stringMatching(
      /^http:\/\/localhost\/p\/session\/x\?setup_intent=seti_\w+&.+redirect_status=succeeded$/,
    ),
  })
  expect(bench.get('customers', customer).invoice_settings.default_payment_method).not.toBe(before)
})

test('a declined card is not added', () => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const { page } = openPortal(bench, customer)
  expect(addCard(bench, page, '4000000000000002')).toMatchObject({ status: 'failed', error: { code: 'card_declined' } })
  expect(bench.get('customers', customer).invoice_settings.default_payment_method).toBeNull()
})

test('a card that pays cannot be removed; another can, and nobody else’s', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const first = String(bench.get('customers', customer).invoice_settings.default_payment_method)
  bench.subscribe(customer, bench.price())
  const { page } = openPortal(bench, customer)
  expect(bench.fail('portal_pages.remove_card', { card: first }, page).message).toContain('pays for your plan')
  addCard(bench, page, works)
  bench.run('portal_pages.remove_card', { card: first }, page)
  expect(bench.get('payment_methods', first).customer).toBeNull()
  const strange = bench.giveCard(bench.customer(), 'pm_card_mastercard')
  expect(bench.fail('portal_pages.remove_card', { card: strange }, page).message).toContain('no longer there')
})

test('canceling keeps the plan to the end of the period, says why, and can be undone', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const { page } = openPortal(bench, customer)
  const end = bench.subscription(id).items.data[0]?.current_period_end
  bench.run('portal_pages.cancel', { subscription: id, feedback: 'too_expensive', comment: 'Sorry' }, page)
  expect(bench.subscription(id)).toMatchObject({
    status: 'active',
    cancel_at: end,
    cancel_at_period_end: false,
    cancellation_details: { reason: 'cancellation_requested', feedback: 'too_expensive', comment: 'Sorry' },
  })
  bench.run('portal_pages.keep', { subscription: id }, page)
  expect(bench.subscription(id)).toMatchObject({
    cancel_at: null,
    canceled_at: null,
    cancellation_details: { feedback: null },
  })
})

test('in classic billing mode the older flag says so', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price(), { billing_mode: { type: 'classic' } })
  const { page } = openPortal(bench, customer)
  bench.run('portal_pages.cancel', { subscription: id, feedback: null, comment: null }, page)
  expect(bench.subscription(id).cancel_at_period_end).toBe(true)
  bench.run('portal_pages.keep', { subscription: id }, page)
  expect(bench.subscription(id)).toMatchObject({ cancel_at_period_end: false, cancel_at: null })
})

test('a configuration can cancel at once', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const configuration = configure(bench, { subscription_cancel: { enabled: true, mode: 'immediately' } })
  const { page } = openPortal(bench, customer, { configuration })
  bench.run('portal_pages.cancel', { subscription: id, feedback: null, comment: null }, page)
  expect(bench.subscription(id).status).toBe('canceled')
})

test('what a configuration turns off cannot be done by a form that was made up', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const { page } = openPortal(bench, customer, {
    configuration: configure(bench, { invoice_history: { enabled: true } }),
  })
  const params = { subscription: id, feedback: null, comment: null }
  expect(bench.fail('portal_pages.cancel', params, page).code).toBe('portal_refused')
  expect(bench.fail('portal_pages.change_plan', { subscription: id, price: bench.price() }, page).code).toBe(
    'portal_refused',
  )
  expect(bench.fail('portal_pages.update_customer', { name: 'Eve', email: null }, page).code).toBe('portal_refused')
})

test('another customer’s subscription is out of reach', () => {
  const bench = new Bench()
  const { id } = bench.subscribe(bench.customer(), bench.price())
  const { page } = openPortal(bench, bench.customer())
  expect(
    bench.fail('portal_pages.cancel', { subscription: id, feedback: null, comment: null }, page).message,
  ).toContain('not yours')
})

test('a dearer plan is paid for at once; a cheaper one leaves credit', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const dear = bench.price({ amount: 5000, name: 'Max' })
  const cheap = bench.price({ amount: 2000 })
  const { id } = bench.subscribe(customer, cheap)
  const { page } = openPortal(bench, customer)
  expect(bench.run('portal_pages.change_plan', { subscription: id, price: dear, at: bench.now }, page)).toEqual({
    status: 'succeeded',
  })
  expect(bench.invoice(bench.subscription(id).latest_invoice)).toMatchObject({ status: 'paid', amount_paid: 3000 })
  bench.run('portal_pages.change_plan', { subscription: id, price: cheap, at: bench.now }, page)
  expect(bench.get('customers', customer).balance).toBe(-3000)
})

test('a declined card changes nothing', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const price = bench.price()
  const { id } = bench.subscribe(customer, price)
  const { page } = openPortal(bench, customer)
  addCard(bench, page, failsLater)
  bench.takeEvents()
  const outcome = bench.run(
    'portal_pages.change_plan',
    { subscription: id, price: bench.price({ amount: 5000 }), at: bench.now },
    page,
  )
  expect(outcome).toMatchObject({ status: 'failed', error: { code: 'card_declined' } })
  expect(bench.subscription(id)).toMatchObject({ status: 'active', items: { data: [{ price: { id: price } }] } })
})

test('a bank that wants to see the customer is visited, and then the plan is paid', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const { page } = openPortal(bench, customer)
  const added = addCard(bench, page, secured)
  bench.run(
    'authentication_pages.answer',
    { outcome: 'succeeded' },
    added.status === 'requires_action' ? added.intent : '',
  )
  const dear = bench.price({ amount: 5000 })
  const outcome = bench.run<PageOutcome>(
    'portal_pages.change_plan',
    { subscription: id, price: dear, at: bench.now },
    page,
  )
  expect(outcome.status).toBe('requires_action')
  bench.run(
    'authentication_pages.answer',
    { outcome: 'succeeded' },
    outcome.status === 'requires_action' ? outcome.intent : '',
  )
  expect(bench.subscription(id)).toMatchObject({ status: 'active', items: { data: [{ price: { id: dear } }] } })
})

test('an invoice that failed is paid with the new card', () => {
  const bench = new Bench()
  const customer = bench.customer('pm_card_chargeCustomerFail')
  const { id } = bench.subscribe(customer, bench.price(), { trial_period_days: 7 })
  bench.advanceTo(START + 7 * DAY + 2 * HOUR)
  expect(bench.subscription(id).status).toBe('past_due')
  const { page } = openPortal(bench, customer)
  const invoice = bench.subscription(id).latest_invoice
  expect(bench.run('portal_pages.pay_invoice', { invoice, returnUrl }, page)).toMatchObject({ status: 'failed' })
  addCard(bench, page, works)
  expect(bench.run('portal_pages.pay_invoice', { invoice, returnUrl }, page)).toEqual({ status: 'succeeded' })
  expect(bench.subscription(id).status).toBe('active')
  expect(bench.run('portal_pages.pay_invoice', { invoice, returnUrl }, page)).toEqual({ status: 'closed' })
})

test('configurations are made, read, changed and listed', () => {
  const bench = new Bench()
  const id = configure(bench, { customer_update: { enabled: true, allowed_updates: ['email'] } })
  expect(bench.takeEvents()).toContain('billing_portal.configuration.created')
  const after = bench.run<PortalConfiguration>(
    'portal_configurations.update',
    { business_profile: { headline: 'Acme' }, features: { invoice_history: { enabled: true } }, metadata: { a: '1' } },
    id,
  )
  expect(after).toMatchObject({
    business_profile: { headline: 'Acme' },
    features: { customer_update: { enabled: true, allowed_updates: ['email'] }, invoice_history: { enabled: true } },
    metadata: { a: '1' },
    is_default: false,
  })
  expect(bench.run('portal_configurations.retrieve', {}, id)).toEqual(after)
  bench.run('portal_configurations.update', { active: false }, id)
  expect(bench.run<{ data: unknown[] }>('portal_configurations.list', { active: true }).data).toEqual([])
  expect(bench.fail('portal_sessions.create', { customer: bench.customer(), configuration: id }).param).toBe(
    'configuration',
  )
})

test.each([
  [{ subscription_pause: { enabled: true, duration: { type: 'interval_options' } } }, 'parameter_missing'],
  [{ subscription_update: { enabled: true, default_allowed_updates: ['price'] } }, 'parameter_missing'],
  [
    {
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        products: [{ product: 'prod_none', prices: [] }],
      },
    },
    'resource_missing',
  ],
])('a configuration with %j is refused', (features, code) => {
  expect(new Bench().fail('portal_configurations.create', { features }).code).toBe(code)
})

test('a flow opens the portal at one act, of the customer’s own subscription', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id: subscription } = bench.subscribe(customer, bench.price())
  const flow_data = { type: 'subscription_cancel', subscription_cancel: { subscription } }
  expect(openPortal(bench, customer, { flow_data }).session.flow).toMatchObject({
    type: 'subscription_cancel',
    subscription_cancel: { subscription },
    after_completion: { type: 'portal_homepage' },
  })
  expect(bench.fail('portal_sessions.create', { customer: bench.customer(), flow_data }).message).toContain(
    'does not belong',
  )
})

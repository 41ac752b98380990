import { expect, test } from 'vitest'
import type { PageOutcome } from '../../checkout-sessions/outcome.js'
import { view } from '../../machine.js'
import { Bench, DAY, HOUR, START } from '../../testing/bench.js'
import type { PortalConfiguration } from '../portal-configurations.js'
import type { PortalSession } from '../portal-sessions.js'
import {
  openPortal,
  portalView,
  previewCancellation,
  previewChange,
  type ChangePreview,
  type PortalView,
  type Wish,
} from './index.js'

interface Opened {
  readonly session: PortalSession
  readonly page: string
}

function open(
  bench: Bench,
  customer: string,
  { features, ...params }: { features?: object; flow_data?: object } = {},
): Opened {
  const configuration =
    features === undefined
      ? {}
      : { configuration: bench.run<PortalConfiguration>('portal_configurations.create', { features }).id }
  const session = bench.run<PortalSession>('portal_sessions.create', { customer, ...configuration, ...params })
  return { session, page: session.url.split('/').at(-1) ?? '' }
}

function seen(bench: Bench, page: string, invoicesAfter?: string): PortalView {
  const transaction = view(bench.state, bench.now, '2026-10-28.endive')
  const portal = openPortal(transaction, page)
  if (portal === undefined) throw new Error('The portal is closed.')
  return portalView(transaction, portal, invoicesAfter)
}

function preview(bench: Bench, page: string, about: { readonly id: string; readonly wish: Wish }): ChangePreview {
  const transaction = view(bench.state, bench.now, '2026-10-28.endive')
  const portal = openPortal(transaction, page)
  if (portal === undefined) throw new Error('The portal is closed.')
  return previewChange(transaction, portal, { subscription: bench.subscription(about.id), wish: about.wish })
}

function productOf(bench: Bench, price: string): string {
  return bench.get('prices', price).product
}

const updates = (bench: Bench, prices: readonly string[], more: object = {}): object => ({
  subscription_update: {
    enabled: true,
    default_allowed_updates: ['price', 'quantity', 'promotion_code'],
    proration_behavior: 'always_invoice',
    products: prices.map((price) => ({
      product: productOf(bench, price),
      prices: [price],
      adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 },
    })),
    ...more,
  },
})

test('the quantity is changed within its bounds, for exactly what was shown', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const price = bench.price()
  const { id } = bench.subscribe(customer, price)
  const { page } = open(bench, customer, { features: updates(bench, [price]) })
  expect(seen(bench, page).subscriptions[0]?.canChange).toBe(true)
  bench.advanceTo(START + 10 * DAY)
  const reopened = open(bench, customer, { features: updates(bench, [price]) }).page
  const { dueNow } = preview(bench, reopened, { id, wish: { quantity: 3 } })
  expect(dueNow.value).toBeGreaterThan(0)
  bench.run<PageOutcome>('portal_pages.change_plan', { subscription: id, quantity: 3 }, reopened)
  const after = bench.subscription(id)
  expect(after.items.data[0]?.quantity).toBe(3)
  expect(bench.invoice(after.latest_invoice)).toMatchObject({ status: 'paid', amount_paid: dueNow.value })
  expect(bench.fail('portal_pages.change_plan', { subscription: id, quantity: 6 }, reopened).message).toContain(
    '1 to 5',
  )
})

test('a promotion code is put on the plan, and one that nobody knows is not', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const price = bench.price()
  const { id } = bench.subscribe(customer, price)
  const coupon = bench.run('coupons.create', { percent_off: 50, duration: 'forever' }).id
  bench.run('promotion_codes.create', { promotion: { type: 'coupon', coupon }, code: 'HALF' })
  const { page } = open(bench, customer, { features: updates(bench, [price]) })
  expect(preview(bench, page, { id, wish: { code: 'half' } }).nextCharge?.amount.value).toBe(1000)
  bench.run('portal_pages.change_plan', { subscription: id, code: 'half' }, page)
  expect(bench.subscription(id).discounts).toHaveLength(1)
  expect(bench.fail('portal_pages.change_plan', { subscription: id, code: 'nope' }, page).message).toContain(
    'not known',
  )
})

test('a change that lowers what is paid waits for the end of the period where the configuration says so', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const [big, small] = [bench.price({ amount: 5000, name: 'Team' }), bench.price({ amount: 2000, name: 'Pro' })]
  const { id, ...before } = bench.subscribe(customer, big)
  const schedule_at_period_end = { conditions: [{ type: 'decreasing_item_amount' }] }
  const { page } = open(bench, customer, { features: updates(bench, [big, small], { schedule_at_period_end }) })
  const end = before.items.data[0]?.current_period_end ?? 0
  const shown = preview(bench, page, { id, wish: { price: small } })
  expect(shown).toMatchObject({ startsAt: end, dueNow: { value: 0 }, nextCharge: { amount: { value: 2000 }, at: end } })
  bench.run('portal_pages.change_plan', { subscription: id, price: small }, page)
  expect(bench.subscription(id).items.data[0]?.price.id).toBe(big)
  expect(seen(bench, page).subscriptions[0]).toMatchObject({
    change: { at: end, items: [{ name: 'Pro' }] },
    canChange: false,
  })
  bench.advanceTo(end + 2 * HOUR)
  const after = bench.subscription(id)
  expect(after.items.data[0]?.price.id).toBe(small)
  expect(bench.invoice(after.latest_invoice)).toMatchObject({ status: 'paid', amount_paid: 2000 })
})

test('a change that is to come can be dropped, and goes when the plan is canceled', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const [big, small] = [bench.price({ amount: 5000, name: 'Team' }), bench.price({ amount: 2000, name: 'Pro' })]
  const { id } = bench.subscribe(customer, big)
  const schedule_at_period_end = { conditions: [{ type: 'decreasing_item_amount' }] }
  const features = {
    ...updates(bench, [big, small], { schedule_at_period_end }),
    subscription_cancel: { enabled: true },
  }
  const { page } = open(bench, customer, { features })
  bench.run('portal_pages.change_plan', { subscription: id, price: small }, page)
  bench.run('portal_pages.drop_change', { subscription: id }, page)
  expect(bench.subscription(id).schedule).toBeNull()
  bench.run('portal_pages.change_plan', { subscription: id, price: small }, page)
  bench.run('portal_pages.cancel', { subscription: id, feedback: null, comment: null }, page)
  expect(bench.subscription(id)).toMatchObject({ schedule: null, cancel_at: expect.any(Number) })
})

test('whoever is about to leave is offered a coupon, and keeps the plan with it', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const coupon = bench.run('coupons.create', { percent_off: 20, duration: 'repeating', duration_in_months: 3 }).id
  const retention = { type: 'coupon_offer', coupon_offer: { coupon } }
  const flow_data = { type: 'subscription_cancel', subscription_cancel: { subscription: id, retention } }
  const { page, session } = open(bench, customer, { flow_data })
  expect(session.flow?.subscription_cancel?.retention).toEqual(retention)
  expect(seen(bench, page).subscriptions[0]?.offer).toMatchObject({ percentOff: 20, months: 3 })
  bench.run('portal_pages.accept_offer', { subscription: id }, page)
  expect(bench.subscription(id)).toMatchObject({ status: 'active', cancel_at: null, discounts: [expect.any(String)] })
  const refused = (plan: string, at: string): string =>
    bench.fail('portal_pages.accept_offer', { subscription: plan }, at).message
  expect(refused(id, page)).toContain('no such offer')
  expect(refused(id, open(bench, customer).page)).toContain('no such offer')
  expect(refused(bench.subscribe(customer, bench.price()).id, page)).toContain('no such offer')
})

test('what a cancellation at once gives back is told before', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const subscription_cancel = { enabled: true, mode: 'immediately', proration_behavior: 'always_invoice' }
  bench.advanceTo(START + 10 * DAY)
  const { page } = open(bench, customer, { features: { subscription_cancel } })
  const transaction = view(bench.state, bench.now, '2026-10-28.endive')
  const portal = openPortal(transaction, page)
  const bill = portal && previewCancellation(transaction, portal, bench.subscription(id))
  expect(bill?.credit?.value).toBeGreaterThan(0)
  bench.run('portal_pages.cancel', { subscription: id, feedback: null, comment: null }, page)
  expect(bench.subscription(id).status).toBe('canceled')
  expect(bench.get('customers', customer).balance).toBe(-(bill?.credit?.value ?? 0))
})

test('a plan rests for as long as the customer chose, or until they take it up again', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const interval_options = [{ interval: 'week' }, { interval: 'month', interval_count: 2 }]
  const features = { subscription_pause: { enabled: true, duration: { type: 'interval_options', interval_options } } }
  const { page } = open(bench, customer, { features })
  bench.run('portal_pages.pause', { subscription: id, choice: 0 }, page)
  expect(bench.subscription(id).status).toBe('paused')
  expect(seen(bench, page).subscriptions[0]).toMatchObject({
    resumesAt: START + 7 * DAY,
    canResume: true,
    canPause: false,
  })
  bench.advanceTo(START + 8 * DAY)
  expect(bench.subscription(id).status).toBe('active')
  const again = open(bench, customer, { features }).page
  bench.run('portal_pages.pause', { subscription: id, choice: 1 }, again)
  bench.run('portal_pages.resume', { subscription: id }, again)
  expect(bench.subscription(id).status).toBe('active')
  bench.run('portal_pages.pause', { subscription: id, choice: 0 }, again)
  bench.run('portal_pages.resume', { subscription: id }, again)
  bench.run('portal_pages.pause', { subscription: id, choice: 1 }, again)
  bench.advanceTo(bench.now + 8 * DAY)
  expect(bench.subscription(id).status).toBe('paused')
  bench.run('portal_pages.resume', { subscription: id }, open(bench, customer, { features }).page)
  expect(
    bench.fail('portal_pages.pause', { subscription: id, choice: 7 }, open(bench, customer, { features }).page).message,
  ).toContain('cannot be paused')
})

test('customers change of themselves what the configuration allows, and nothing else', () => {
  const bench = new Bench()
  const customer = bench.customer(null, { name: 'Ada' })
  const customer_update = { enabled: true, allowed_updates: ['address', 'phone', 'shipping', 'tax_id'] }
  const { page } = open(bench, customer, { features: { customer_update } })
  const address = {
    city: 'Berlin',
    country: 'DE',
    line1: 'Hauptstr. 1',
    line2: null,
    postal_code: '10115',
    state: null,
  }
  const form = {
    name: 'Grace',
    email: 'grace@example.com',
    phone: '+4930',
    address,
    shipping: { name: 'Ada', address },
  }
  bench.run('portal_pages.update_customer', form, page)
  expect(bench.get('customers', customer)).toMatchObject({
    name: 'Ada',
    email: 'ada@example.com',
    phone: '+4930',
    address,
    shipping: { name: 'Ada', address },
  })
  bench.run('portal_pages.add_tax_id', { type: 'eu_vat', value: 'DE123456789' }, page)
  const [taxId] = seen(bench, page).customer.taxIds
  expect(taxId).toMatchObject({ type: 'eu_vat', value: 'DE123456789' })
  const stranger = open(bench, bench.customer(null), { features: { customer_update } }).page
  expect(bench.fail('portal_pages.remove_tax_id', { taxId: taxId?.id }, stranger).message).toContain('no longer there')
  bench.run('portal_pages.remove_tax_id', { taxId: taxId?.id }, page)
  expect(seen(bench, page).customer.taxIds).toEqual([])
})

test('a login page gives a session to whoever has the address, and says nothing to others', () => {
  const bench = new Bench({ origin: 'http://localhost:1' })
  const customer = bench.customer(null)
  const features = { invoice_history: { enabled: true } }
  const configuration = bench.run<PortalConfiguration>('portal_configurations.create', {
    features,
    login_page: { enabled: true },
  })
  const page = configuration.login_page.url?.split('/').at(-1)
  const ask = (email: string): { url: string | null } => bench.run('portal_pages.log_in', { email }, page)
  expect(ask('nobody@example.com')).toEqual({ url: null })
  const opened = seen(bench, ask('ada@example.com').url?.split('/').at(-1) ?? '')
  expect(opened.customer.email).toBe(bench.get('customers', customer).email)
  bench.run('portal_configurations.update', { active: false }, configuration.id)
  expect(ask('ada@example.com')).toEqual({ url: null })
  bench.run('portal_configurations.update', { active: true }, configuration.id)
  const update = { login_page: { enabled: false } }
  expect(
    bench.run<PortalConfiguration>('portal_configurations.update', update, configuration.id).login_page.url,
  ).toBeNull()
  expect(ask('ada@example.com')).toEqual({ url: null })
})

test('an application can have a change of price, quantity and discount confirmed that the portal itself does not offer', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id, ...before } = bench.subscribe(customer, bench.price())
  const other = bench.price({ amount: 9000, name: 'Hidden' })
  const coupon = bench.run('coupons.create', { amount_off: 1000, currency: 'usd', duration: 'once' }).id
  const items = [{ id: before.items.data[0]?.id, price: other, quantity: 2 }]
  const features = updates(bench, [bench.price()])
  const confirm = { subscription: id, items, discounts: [{ coupon }] }
  const { page } = open(bench, customer, {
    features,
    flow_data: { type: 'subscription_update_confirm', subscription_update_confirm: confirm },
  })
  const wish = { price: other, quantity: 2 }
  const { dueNow } = preview(bench, page, { id, wish })
  expect(dueNow.value).toBe(18_000 - 2000 - 1000)
  bench.run('portal_pages.change_plan', { subscription: id, ...wish }, page)
  expect(bench.invoice(bench.subscription(id).latest_invoice).amount_paid).toBe(dueNow.value)
})

test.each([
  ['customer_update', { customer_update: { enabled: true, allowed_updates: ['email'] } }, {}],
  ['subscription_pause', { subscription_pause: { enabled: true } }, { subscription_pause: {} }],
])('the flow %s needs its feature', (type, features, target) => {
  const bench = new Bench()
  const customer = bench.customer()
  const { id } = bench.subscribe(customer, bench.price())
  const named = Object.fromEntries(Object.keys(target).map((name) => [name, { subscription: id }]))
  const flow_data = { type, ...named }
  expect(open(bench, customer, { features, flow_data }).session.flow?.type).toBe(type)
  const configuration = bench.run('portal_configurations.create', {
    features: { invoice_history: { enabled: true } },
  }).id
  const refused = bench.fail('portal_sessions.create', { customer, configuration, flow_data })
  expect(refused.message).toContain(`disabled in your portal configuration: ${type}`)
})

test('the list of invoices goes on after one of the customer’s own, and after no other', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const price = bench.price()
  const ids = [1, 2, 3].map(() => bench.subscribe(customer, price).latest_invoice ?? '')
  const stranger = bench.subscribe(bench.customer(), price).latest_invoice ?? ''
  const after = bench.subscribe(customer, price).latest_invoice ?? ''
  const { page } = open(bench, customer)
  const shown = (cursor: string): string[] => seen(bench, page, cursor).invoices.map(({ id }) => id)
  expect(shown(ids[1] ?? '')).toEqual([ids[0]])
  expect(shown(stranger)).toEqual([after, ...ids.toReversed()])
})

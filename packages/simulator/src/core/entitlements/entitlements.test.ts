import { describe, expect, test } from 'vitest'
import { Bench, DAY } from '../testing/bench.js'

interface List {
  readonly data: readonly { readonly lookup_key: string; readonly feature: string }[]
}
interface Summary {
  readonly customer: string
  readonly entitlements: List & { readonly has_more: boolean; readonly url: string }
}

function feature(bench: Bench, key: string): string {
  return bench.run('entitlement_features.create', { lookup_key: key, name: key.toUpperCase() }).id
}

/** A command whose path names a product. */
function attach(bench: Bench, product: string, key: string): string {
  return bench.run('product_features.create', { entitlement_feature: key }, { product }).id
}

function productOf(bench: Bench, price: string): string {
  return bench.get('prices', price).product
}

function keysOf(bench: Bench, customer: string): string[] {
  return bench.run<List>('active_entitlements.list', { customer }).data.map((entitlement) => entitlement.lookup_key)
}

/** Through a Checkout session. */
function buy(
  bench: Bench,
  { price, ...customer }: { readonly price: string; readonly customer?: string | undefined },
): void {
  const params = { mode: 'subscription', success_url: 'https://app.example', line_items: [{ price, quantity: 1 }] }
  const { id } = bench.run('checkout_sessions.create', { ...params, ...customer })
  const card = { number: '4242424242424242', expMonth: 12, expYear: 2030, cvc: '123' }
  bench.run('checkout_pages.submit', { email: 'ada@example.com', name: 'Ada', country: 'GB', card }, id)
}

const UPDATED = 'entitlements.active_entitlement_summary.updated'

describe('features', () => {
  test('are made, renamed and archived, which frees their key', () => {
    const bench = new Bench()
    const id = feature(bench, 'export')
    expect(bench.run('entitlement_features.retrieve', {}, id)).toEqual({
      id,
      object: 'entitlements.feature',
      active: true,
      livemode: false,
      lookup_key: 'export',
      metadata: {},
      name: 'EXPORT',
    })
    expect(bench.fail('entitlement_features.create', { lookup_key: 'export', name: 'Again' }).param).toBe('lookup_key')
    bench.run('entitlement_features.update', { active: false, name: 'Old', metadata: { a: '1' } }, id)
    const again = feature(bench, 'export')
    expect(bench.fail('entitlement_features.update', { active: true }, id).param).toBe('lookup_key')
    const listed = (params: object): string[] =>
      bench.run<{ data: { id: string }[] }>('entitlement_features.list', params).data.map((found) => found.id)
    expect(listed({})).toEqual([again, id])
    expect(listed({ archived: true })).toEqual([id])
    expect(listed({ lookup_key: 'export', archived: false })).toEqual([again])
    expect(bench.fail('entitlement_features.create', { lookup_key: '', name: 'x' }).code).toBe(
      'parameter_invalid_empty',
    )
    const long = { lookup_key: 'x', name: 'x'.repeat(81) }
    expect(bench.fail('entitlement_features.create', long).param).toBe('name')
  })

  test('are attached to a product once, while they are not archived', () => {
    const bench = new Bench()
    const product = productOf(bench, bench.price())
    const other = productOf(bench, bench.price())
    const id = feature(bench, 'export')
    const link = attach(bench, product, id)
    expect(bench.run('product_features.retrieve', {}, { product, id: link })).toMatchObject({
      object: 'product_feature',
      entitlement_feature: { id, object: 'entitlements.feature', lookup_key: 'export' },
    })
    expect(bench.fail('product_features.retrieve', {}, { product: other, id: link }).status).toBe(404)
    expect(bench.fail('product_features.create', { entitlement_feature: id }, { product }).status).toBe(400)
    bench.run('entitlement_features.update', { active: false }, id)
    expect(bench.fail('product_features.create', { entitlement_feature: id }, { product: other }).message).toMatch(
      'archived',
    )
    bench.run('product_features.delete', {}, { product, id: link })
    expect(bench.run<List>('product_features.list', {}, { product }).data).toEqual([])
  })
})

describe('active entitlements', () => {
  test('come with a subscription and go with its end', () => {
    const bench = new Bench()
    const price = bench.price()
    attach(bench, productOf(bench, price), feature(bench, 'export'))
    const customer = bench.customer()
    bench.takeEvents()
    const { id } = bench.subscribe(customer, price)
    expect(bench.takeEvents().at(-1)).toBe(UPDATED)
    expect(keysOf(bench, customer)).toEqual(['export'])
    const own = bench.run<List>('active_entitlements.list', { customer }).data[0]
    expect(own).not.toHaveProperty('customer')
    bench.run('subscriptions.cancel', {}, id)
    const { data } = bench.lastEvent(UPDATED)
    const summary = data.object as Summary
    expect(summary).toMatchObject({ object: 'entitlements.active_entitlement_summary', customer })
    expect(summary.entitlements).toMatchObject({
      data: [],
      has_more: false,
      url: `/v1/customer/${customer}/entitlements`,
    })
    expect(data.previous_attributes).toEqual({ entitlements: { data: [own] } })
    expect(keysOf(bench, customer)).toEqual([])
  })

  test('are kept while another subscription gives the same, without a word', () => {
    const bench = new Bench()
    const price = bench.price()
    attach(bench, productOf(bench, price), feature(bench, 'export'))
    const customer = bench.customer()
    const first = bench.subscribe(customer, price)
    bench.takeEvents()
    bench.subscribe(customer, price)
    bench.run('subscriptions.cancel', {}, first.id)
    expect(bench.takeEvents()).not.toContain(UPDATED)
    expect(keysOf(bench, customer)).toEqual(['export'])
  })

  test('wait for the first payment', () => {
    const bench = new Bench()
    const price = bench.price()
    attach(bench, productOf(bench, price), feature(bench, 'export'))
    const customer = bench.customer('pm_card_chargeCustomerFail')
    const { id } = bench.subscribe(customer, price, { payment_behavior: 'allow_incomplete' })
    expect(bench.subscription(id).status).toBe('incomplete')
    expect(keysOf(bench, customer)).toEqual([])
    bench.giveCard(customer, 'pm_card_visa')
    bench.run('invoices.pay', {}, bench.subscription(id).latest_invoice ?? '')
    expect(keysOf(bench, customer)).toEqual(['export'])
  })

  test('change with the plan at once, and with the features of the plan only in the next period', () => {
    const bench = new Bench()
    const [basic, pro] = [bench.price({ name: 'Basic' }), bench.price({ name: 'Pro' })]
    attach(bench, productOf(bench, basic), feature(bench, 'export'))
    const customer = bench.customer()
    const { id, items } = bench.subscribe(customer, basic)
    const link = attach(bench, productOf(bench, basic), feature(bench, 'audit'))
    bench.run('subscriptions.update', { metadata: { touched: 'yes' } }, id)
    expect(keysOf(bench, customer)).toEqual(['export'])
    bench.advanceTo(bench.now + 32 * DAY)
    expect(keysOf(bench, customer)).toEqual(['audit', 'export'])
    bench.run('product_features.delete', {}, { product: productOf(bench, basic), id: link })
    attach(bench, productOf(bench, pro), feature(bench, 'sso'))
    bench.run('subscriptions.update', { items: [{ id: items.data[0]?.id, price: pro }] }, id)
    expect(keysOf(bench, customer)).toEqual(['sso'])
  })

  test('go with their customer, without a word', () => {
    const bench = new Bench()
    const price = bench.price()
    attach(bench, productOf(bench, price), feature(bench, 'export'))
    const customer = bench.customer()
    bench.subscribe(customer, price)
    bench.takeEvents()
    bench.run('customers.delete', {}, customer)
    expect(bench.takeEvents()).not.toContain(UPDATED)
    expect(bench.all('active_entitlements')).toEqual([])
  })

  test('carry the time of the test clock that their customer is on', () => {
    const bench = new Bench()
    const price = bench.price()
    attach(bench, productOf(bench, price), feature(bench, 'export'))
    const frozen = bench.now - 30 * DAY
    const clock = bench.run('test_clocks.create', { frozen_time: frozen }).id
    const [ada, bob] = ['ada', 'bob'].map(() => bench.customer('pm_card_visa', { test_clock: clock }))
    bench.subscribe(ada ?? '', price)
    expect(bench.lastEvent(UPDATED).created).toBe(frozen)
    bench.takeEvents()
    buy(bench, { price, customer: bob })
    expect(bench.lastEvent(UPDATED).created).toBe(frozen)
    expect(bench.lastEvent('checkout.session.completed').created).toBe(bench.now)
  })

  test('are shown ten at a time in the event', () => {
    const bench = new Bench()
    const price = bench.price()
    for (let count = 0; count < 12; count++) attach(bench, productOf(bench, price), feature(bench, `f${count}`))
    bench.subscribe(bench.customer(), price)
    const { entitlements } = bench.lastEvent(UPDATED).data.object as Summary
    expect(entitlements.data).toHaveLength(10)
    expect(entitlements.has_more).toBe(true)
  })

  test('of a Checkout session are there before it is reported', () => {
    const bench = new Bench()
    const price = bench.price()
    attach(bench, productOf(bench, price), feature(bench, 'export'))
    buy(bench, { price })
    expect(bench.takeEvents().slice(-2)).toEqual([UPDATED, 'checkout.session.completed'])
  })
})

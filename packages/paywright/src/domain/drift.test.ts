import { describe, expect, test } from 'vitest'
import { findCatalogDrift, findDrift } from './drift.js'
import type { CustomerState } from './mirror.js'
import {
  buildInvoice,
  buildPaymentMethod,
  buildPrice,
  buildProduct,
  buildState,
  buildSubscription,
} from '../testing/store-conformance/factories.js'

const of = { stripeCustomerId: 'cus_1' }

const STATE: CustomerState = buildState({
  ...of,
  subscriptions: [buildSubscription(of)],
  invoices: [buildInvoice(of)],
  paymentMethods: [buildPaymentMethod(of)],
})

function drifted(stored: CustomerState | null, read: CustomerState | null): readonly string[] {
  return findDrift(stored, read).map(({ kind, id, problem, fields }) =>
    [kind, id, problem, ...fields.map(({ name }) => name)].join(' '),
  )
}

describe('findDrift', () => {
  test('what is the same does not differ, in whatever order its members and entries come', () => {
    const one = buildSubscription({ ...of, metadata: { a: '1', b: '2' } })
    const two = buildSubscription({ ...of, stripeSubscriptionId: 'sub_2' })
    const stored = { ...STATE, subscriptions: [one, two] }
    const read = { ...STATE, subscriptions: [two, buildSubscription({ ...of, metadata: { b: '2', a: '1' } })] }
    expect(drifted(stored, read)).toEqual([])
  })

  test('what we decide ourselves is not compared', () => {
    const read = [buildSubscription({ ...of, plan: null, unknownPriceId: 'price_1', pastDueSince: 5 })]
    expect(drifted({ ...STATE, access: { plan: 'pro', reason: 'trial' } }, { ...STATE, subscriptions: read })).toEqual(
      [],
    )
  })

  test('each field that differs is named, with both values', () => {
    const read = { ...STATE, subscriptions: [buildSubscription({ ...of, status: 'past_due', cancelAt: 7 })] }
    expect(findDrift(STATE, read)).toEqual([
      {
        kind: 'subscription',
        id: 'sub_1',
        problem: 'different',
        fields: [
          { name: 'status', ours: 'active', stripe: 'past_due' },
          { name: 'cancelAt', ours: null, stripe: 7 },
        ],
      },
    ])
    const [item] = STATE.subscriptions[0]?.items ?? []
    const items = item === undefined ? [] : [{ ...item, quantity: 9 }]
    expect(drifted(STATE, { ...STATE, subscriptions: [buildSubscription({ ...of, items })] })).toEqual([
      'subscription sub_1 different items',
    ])
    expect(drifted(STATE, { ...STATE, customer: { ...STATE.customer, email: null } })).toEqual([
      'customer cus_1 different email',
    ])
  })

  test('what only one side has is missing or extra', () => {
    const nothing = buildState(of)
    expect(drifted(nothing, STATE)).toEqual([
      'subscription sub_1 missing',
      'invoice in_1 missing',
      'paymentMethod pm_1 missing',
    ])
    expect(drifted(STATE, nothing)).toEqual(['subscription sub_1 extra', 'paymentMethod pm_1 extra'])
    expect(drifted(null, STATE)[0]).toBe('customer cus_1 missing')
    expect(drifted(null, STATE)).toHaveLength(4)
  })

  test('an invoice that is no longer read is not extra, but a draft that was deleted is', () => {
    const invoices = [buildInvoice(of), buildInvoice({ ...of, stripeInvoiceId: 'in_draft', status: 'draft' })]
    expect(drifted({ ...STATE, invoices }, { ...STATE, invoices: [] })).toEqual(['invoice in_draft extra'])
  })

  test('of a customer who is gone only that they are gone is compared', () => {
    const gone: CustomerState = { ...buildState(of), customer: { ...STATE.customer, isDeleted: true, email: null } }
    expect(drifted(STATE, gone)).toEqual(['customer cus_1 different isDeleted'])
    expect(drifted(STATE, null)).toEqual(['customer cus_1 extra'])
    expect(drifted({ ...STATE, customer: { ...STATE.customer, isDeleted: true } }, gone)).toEqual([])
    expect(drifted(gone, null)).toEqual([])
    expect(drifted(null, gone)).toEqual([])
    expect(drifted(null, null)).toEqual([])
  })
})

test('products and prices are compared by id', () => {
  const stored = { products: [buildProduct()], prices: [buildPrice(), buildPrice({ stripePriceId: 'price_old' })] }
  const read = {
    products: [buildProduct({ name: 'Pro 2' })],
    prices: [buildPrice(), buildPrice({ stripePriceId: 'price_new' })],
  }
  expect(findCatalogDrift(stored, stored)).toEqual([])
  expect(findCatalogDrift(stored, read).map(({ kind, id, problem }) => `${kind} ${id} ${problem}`)).toEqual([
    'product prod_pro different',
    'price price_new missing',
    'price price_old extra',
  ])
})

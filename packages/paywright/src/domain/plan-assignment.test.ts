import { describe, expect, test } from 'vitest'
import type { CustomerState, Invoice, Price, Subscription } from './mirror.js'
import { completeState } from './plan-assignment.js'
import {
  createCatalog,
  createCustomer,
  createCustomerState,
  createInvoice,
  createPrice,
  createSubscription,
  DAY,
  START,
} from './testing/factories.js'

const NOW = START + 10 * DAY

interface Facts {
  readonly read?: Partial<Subscription>
  readonly stored?: Partial<Subscription>
  readonly prices?: readonly Price[]
  readonly invoices?: readonly Invoice[]
}

/** The subscription after a read; as the gateway answers it, nothing is decided yet. */
function complete({ read = {}, stored, prices = [createPrice()], invoices = [] }: Facts): Subscription | undefined {
  const subscription = createSubscription({ plan: null, ...read })
  const before = stored === undefined ? null : createCustomerState({ subscriptions: [createSubscription(stored)] })
  const state = createCustomerState({ subscriptions: [subscription], invoices })
  return completeState({ catalog: createCatalog(), read: { state, prices }, stored: before }, NOW).subscriptions[0]
}

describe('the plan of a subscription', () => {
  test('is that of its price', () => {
    expect(complete({})).toMatchObject({ plan: 'pro', unknownPriceId: null })
  })

  test('follows a change of price', () => {
    const prices = [createPrice({ stripePriceId: 'price_pro' })]
    expect(complete({ stored: { plan: 'team' }, prices })).toMatchObject({ plan: 'pro' })
  })

  test('stays the last good one where the price is unknown', () => {
    const prices = [createPrice({ lookupKey: null })]
    expect(complete({ stored: { plan: 'team' }, prices })).toMatchObject({ plan: 'team', unknownPriceId: 'price_pro' })
  })

  test('is none where there never was a good one', () => {
    expect(complete({ prices: [] })).toMatchObject({ plan: null, unknownPriceId: 'price_pro' })
  })
})

describe('grace begins', () => {
  const open = createInvoice({ finalizedAt: START + DAY })
  const newer = createInvoice({ stripeInvoiceId: 'in_2', finalizedAt: START + 5 * DAY })

  test.each<[string, Facts, number | null]>([
    ['never while the status is good', { read: { status: 'active' }, stored: { pastDueSince: START } }, null],
    ['when the open invoice was finalized', { read: { status: 'past_due' }, invoices: [open] }, START + DAY],
    [
      'when an invoice to be paid by hand is due',
      { read: { status: 'past_due' }, invoices: [createInvoice({ dueAt: START + 3 * DAY })] },
      START + 3 * DAY,
    ],
    [
      'once, also where a second invoice is unpaid too',
      { read: { status: 'past_due' }, stored: { pastDueSince: START + DAY }, invoices: [newer, open] },
      START + DAY,
    ],
    [
      'anew, where the first invoice was paid meanwhile, unseen',
      { read: { status: 'past_due' }, stored: { pastDueSince: START + DAY }, invoices: [newer] },
      START + 5 * DAY,
    ],
    ['now, without an open invoice', { read: { status: 'past_due' } }, NOW],
    ['no later, without an open invoice', { read: { status: 'unpaid' }, stored: { pastDueSince: START } }, START],
    [
      'not by the invoice of another subscription',
      { read: { status: 'past_due' }, invoices: [createInvoice({ stripeSubscriptionId: 'sub_2' })] },
      NOW,
    ],
  ])('%s', (_name, facts, since) => {
    expect(complete(facts)?.pastDueSince).toBe(since)
  })
})

describe('a customer who was deleted', () => {
  const stored: CustomerState = createCustomerState({
    subscriptions: [createSubscription({ status: 'past_due', pastDueSince: START })],
  })
  const facts = (isDeleted: boolean) => ({
    catalog: createCatalog(),
    read: { state: createCustomerState({ customer: createCustomer({ isDeleted }) }), prices: [] },
    stored,
  })

  test('has no running subscription, although Stripe no longer lists it', () => {
    const ended = { status: 'canceled', canceledAt: NOW, endedAt: NOW, pastDueSince: null, plan: 'pro' }
    expect(completeState(facts(true), NOW).subscriptions).toMatchObject([ended])
  })

  test('is told from one whose list is empty', () => {
    expect(completeState(facts(false), NOW).subscriptions).toEqual([])
  })
})

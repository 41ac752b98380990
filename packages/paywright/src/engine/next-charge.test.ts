import { expect, test } from 'vitest'
import type { Price, Subscription } from '../domain/mirror.js'
import { nextChargeOf } from './next-charge.js'

const END = 1_800_000_000

const subscription: Subscription = {
  stripeSubscriptionId: 'sub_1',
  stripeCustomerId: 'cus_1',
  status: 'active',
  items: [itemOf('price_a', 3)],
  currentPeriodStart: END - 100,
  currentPeriodEnd: END,
  cancelAtPeriodEnd: false,
  cancelAt: null,
  canceledAt: null,
  endedAt: null,
  trialStart: null,
  trialEnd: null,
  startedAt: END - 100,
  createdAt: END - 100,
  currency: 'jpy',
  collectionMethod: 'charge_automatically',
  latestInvoiceId: null,
  defaultPaymentMethodId: null,
  isCollectionPaused: false,
  metadata: {},
  plan: 'pro',
  unknownPriceId: null,
  pastDueSince: null,
}

const prices = [priceOf('price_a', 500), priceOf('price_b', 70), priceOf('price_tiered', null)]

function itemOf(stripePriceId: string, quantity: number | null, currentPeriodEnd = END) {
  const stripeItemId = `si_${stripePriceId}`
  return {
    stripeItemId,
    stripePriceId,
    stripeProductId: 'prod',
    quantity,
    currentPeriodStart: END - 100,
    currentPeriodEnd,
  }
}

function priceOf(stripePriceId: string, unitAmount: number | null): Price {
  return {
    stripePriceId,
    stripeProductId: 'prod',
    lookupKey: null,
    isActive: true,
    currency: 'jpy',
    unitAmount,
    interval: 'month',
    intervalCount: 1,
    usageType: 'licensed',
    metadata: {},
  }
}

test.each<[string, Partial<Subscription>, number | null]>([
  ['one item', {}, 1500],
  ['all items that end then', { items: [itemOf('price_a', 1), itemOf('price_b', 2)] }, 640],
  ['not those that end later', { items: [itemOf('price_a', 1), itemOf('price_b', 2, END - 1)] }, 500],
  ['a trial, which is charged at its end', { status: 'trialing' }, 1500],
  ['a failed payment, which does not stop the next period', { status: 'past_due' }, 1500],
  ['nothing where it ends with the period', { cancelAtPeriodEnd: true }, null],
  ['nothing where it ends at an instant', { cancelAt: END }, null],
  ['nothing while collection is paused', { isCollectionPaused: true }, null],
  ['nothing once it has ended', { status: 'canceled' }, null],
  ['nothing for a status that nobody knows', { status: 'invented' }, null],
  ['nothing where a price has no one amount', { items: [itemOf('price_tiered', 1)] }, null],
  ['nothing for metered use, whose amount is not known yet', { items: [itemOf('price_a', null)] }, null],
  ['nothing where a price is not mirrored', { items: [itemOf('price_other', 1)] }, null],
])('the next charge: %s', (_name, change, amount) => {
  const charge = nextChargeOf({ subscription: { ...subscription, ...change }, prices })
  expect(charge).toEqual(amount === null ? null : { amount, currency: 'jpy', at: END })
})

test('without a subscription there is none', () => {
  expect(nextChargeOf({ subscription: null, prices })).toBeNull()
})

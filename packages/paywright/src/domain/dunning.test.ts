import { expect, test } from 'vitest'
import { decideMails } from './dunning.js'
import type { Effect } from './effects.js'
import type { Invoice } from './mirror.js'
import { createCustomer, createInvoice, createSubscription, MONTH, START } from './testing/factories.js'

const WHO = { customerId: 'user_1', stripeCustomerId: 'cus_1' }

function payment(
  type: 'payment.failed' | 'payment.succeeded',
  before: Partial<Invoice> | null,
  after: Partial<Invoice> = {},
): Effect {
  const old = before === null ? null : createInvoice(before)
  return { type, key: `${type}:in_1`, ...WHO, before: old, after: createInvoice(after) }
}

const subscription = createSubscription({ status: 'trialing', trialEnd: START + MONTH })
const trialEnding: Effect = {
  type: 'subscription.trial_ending',
  key: `subscription.trial_ending:sub_1:${START + MONTH}`,
  ...WHO,
  before: subscription,
  after: subscription,
}

test.each<[string, Effect, string | null]>([
  ['a failed renewal', payment('payment.failed', {}), 'mail:payment.failed:in_1'],
  [
    'no failed first payment, which the page has shown',
    payment('payment.failed', {}, { billingReason: 'subscription_create' }),
    null,
  ],
  ['a payment that failed before', payment('payment.succeeded', { attemptCount: 1 }), 'mail:payment.succeeded:in_1'],
  ['no payment that went through at once', payment('payment.succeeded', { attemptCount: 0 }), null],
  ['no payment that is first seen paid', payment('payment.succeeded', null), null],
  ['a trial that ends soon', trialEnding, `mail:subscription.trial_ending:sub_1:${START + MONTH}`],
])('a mail goes out for %s', (_name, effect, key) => {
  const notices = decideMails([effect], createCustomer({ email: 'ada@example.com' }))
  expect(notices.map((notice) => [notice.key, notice.to])).toEqual(key === null ? [] : [[key, 'ada@example.com']])
})

test.each([
  ['without an address', createCustomer({ email: null })],
  ['who was deleted', createCustomer({ isDeleted: true })],
])('nothing is sent to a customer %s', (_name, customer) => {
  expect(decideMails([payment('payment.failed', {}), trialEnding], customer)).toEqual([])
})

import { describe, expect, test } from 'vitest'
import type { PlanAccess } from './access-reason.js'
import { diffCustomer } from './customer-diff.js'
import type { CustomerState, Invoice } from './mirror.js'
import { createCustomerState, createInvoice, createSubscription, MONTH, START } from './testing/factories.js'

function diff(
  before: CustomerState | null,
  after: CustomerState,
  { pendingTypes = [], newsFrom = 0 }: { pendingTypes?: readonly string[] | undefined; newsFrom?: number } = {},
) {
  const noAccess = { plan: 'free', reason: 'none' } as const
  return diffCustomer({ before, after, noAccess, customerId: 'user_1', pendingTypes, occurrence: '7', newsFrom })
}

function keys(before: CustomerState | null, after: CustomerState, pendingTypes?: readonly string[]): readonly string[] {
  return diff(before, after, { pendingTypes }).map(({ key }) => key)
}

describe('an invoice that becomes', () => {
  const failed: Partial<Invoice> = { attemptCount: 1, isAttempted: true }
  const paid: Partial<Invoice> = { ...failed, status: 'paid', amountPaid: 2000, amountRemaining: 0 }

  test.each<[string, Partial<Invoice> | null, Partial<Invoice>, readonly string[]]>([
    ['open', { status: 'draft' }, {}, []],
    ['paid', {}, paid, ['payment.succeeded:in_1', 'invoice.paid:in_1']],
    ['paid, first seen so', null, paid, ['payment.succeeded:in_1', 'invoice.paid:in_1']],
    ['paid without money', null, { status: 'paid', amountRemaining: 0 }, ['invoice.paid:in_1']],
    ['paid after failing', failed, paid, ['payment.succeeded:in_1', 'invoice.paid:in_1']],
    ['failed', {}, failed, ['payment.failed:in_1:1']],
    ['failed, first seen so', null, failed, ['payment.failed:in_1:1']],
    ['failed again', failed, { ...failed, attemptCount: 2 }, ['payment.failed:in_1:2']],
    ['failed twice between two reads', {}, { ...failed, attemptCount: 2 }, ['payment.failed:in_1:2']],
    ['given up', failed, { ...failed, status: 'uncollectible' }, []],
    [
      'given up with the last attempt',
      failed,
      { ...failed, attemptCount: 2, status: 'uncollectible' },
      ['payment.failed:in_1:2'],
    ],
    ['void', failed, { ...failed, attemptCount: 2, status: 'void' }, []],
    ['no other', failed, failed, []],
    ['no other, once paid', paid, paid, []],
  ])('%s', (_name, before, after, expected) => {
    const state = (invoice: Partial<Invoice> | null): CustomerState =>
      createCustomerState({ invoices: invoice === null ? [] : [createInvoice(invoice)] })
    expect(keys(state(before), state(after))).toEqual(expected)
  })
})

describe('access', () => {
  const active: PlanAccess = { plan: 'pro', reason: 'subscription_active' }
  const grace: PlanAccess = { plan: 'pro', reason: 'grace_period' }
  const lost: PlanAccess = { plan: 'free', reason: 'past_due' }

  test.each<[string, PlanAccess | null, PlanAccess, readonly string[]]>([
    ['is granted', null, active, ['plan.changed:cus_1:7', 'access.granted:cus_1:7']],
    ['changes its reason', active, grace, ['access.changed:cus_1:7']],
    [
      'is revoked, also where nothing but time has passed',
      grace,
      lost,
      ['plan.changed:cus_1:7', 'access.revoked:cus_1:7'],
    ],
    ['stays away for another reason', lost, { plan: 'free', reason: 'canceled' }, ['access.changed:cus_1:7']],
    ['changes its plan', active, { ...active, plan: 'team' }, ['plan.changed:cus_1:7', 'access.changed:cus_1:7']],
    ['was never there', null, { plan: 'free', reason: 'none' }, []],
    ['stays', active, active, []],
  ])('%s', (_name, before, after, expected) => {
    const state = (access: PlanAccess | null): CustomerState => createCustomerState({ access })
    expect(keys(before === null ? null : state(before), state(after))).toEqual(expected)
  })
})

test('the coming end of a trial is told once for each end, and only while it is a trial', () => {
  const type = 'customer.subscription.trial_will_end'
  const trial = { status: 'trialing', trialStart: START, trialEnd: START + MONTH }
  const state = (values: typeof trial | { status: string }): CustomerState =>
    createCustomerState({ subscriptions: [createSubscription(values)] })
  expect(keys(state(trial), state(trial), [type])).toEqual([`subscription.trial_ending:sub_1:${START + MONTH}`])
  expect(keys(state(trial), state(trial))).toEqual([])
  expect(keys(state({ status: 'active' }), state({ status: 'active' }), [type])).toEqual([])
})

test('an unknown price is reported once', () => {
  const known = createCustomerState({ subscriptions: [createSubscription()] })
  const unknown = createCustomerState({ subscriptions: [createSubscription({ unknownPriceId: 'price_9' })] })
  const effects = diff(known, unknown).filter(({ type }) => type === 'price.unknown')
  expect(effects).toEqual([
    {
      type: 'price.unknown',
      key: 'price.unknown:sub_1:7',
      customerId: 'user_1',
      stripeCustomerId: 'cus_1',
      stripeSubscriptionId: 'sub_1',
      stripePriceId: 'price_9',
      keptPlan: 'pro',
    },
  ])
  expect(keys(unknown, unknown)).toEqual([])
})

test('an effect says whom it is about, and what was before and is after', () => {
  const before = createCustomerState({ subscriptions: [createSubscription()] })
  const after = createCustomerState({ subscriptions: [createSubscription({ status: 'canceled' })] })
  expect(diff(before, after)).toEqual([
    {
      type: 'subscription.canceled',
      key: 'subscription.canceled:sub_1',
      customerId: 'user_1',
      stripeCustomerId: 'cus_1',
      before: before.subscriptions[0],
      after: after.subscriptions[0],
    },
  ])
})

describe('of a customer who was not known', () => {
  const LATER = START + 10 * MONTH
  const paidAt = (at: number): Partial<Invoice> => ({
    stripeInvoiceId: `in_${at}`,
    status: 'paid',
    amountPaid: 2000,
    amountRemaining: 0,
    finalizedAt: at,
    paidAt: at,
  })
  const keysOf = (state: Partial<CustomerState>, before: CustomerState | null = null): readonly string[] =>
    diff(before, createCustomerState(state), { newsFrom: LATER }).map(({ key }) => key)

  test('what was over before anybody listened is no news, and what is over since then is', () => {
    const invoices = [createInvoice(paidAt(LATER - 1)), createInvoice(paidAt(LATER))]
    expect(keysOf({ invoices })).toEqual([`payment.succeeded:in_${LATER}`, `invoice.paid:in_${LATER}`])
  })

  test('an invoice that was opened before and is paid since then is news', () => {
    const invoices = [createInvoice({ ...paidAt(LATER), finalizedAt: START, createdAt: START })]
    expect(keysOf({ invoices })).toHaveLength(2)
  })

  test('an invoice that was given up before is no news, and one that waits to be paid is', () => {
    const failed = { attemptCount: 4, isAttempted: true, finalizedAt: START, createdAt: START }
    expect(keysOf({ invoices: [createInvoice({ ...failed, status: 'uncollectible' })] })).toEqual([])
    expect(keysOf({ invoices: [createInvoice({ ...failed, status: 'open' })] })).toEqual(['payment.failed:in_1:4'])
  })

  test('a subscription that runs is told as activated, once, and one that has ended is not', () => {
    const running = createSubscription({ startedAt: START, createdAt: START })
    expect(keysOf({ subscriptions: [running] })).toEqual(['subscription.activated:sub_1'])
    const ended = createSubscription({ status: 'canceled', endedAt: START, unknownPriceId: 'price_9' })
    expect(keysOf({ subscriptions: [ended] })).toEqual([])
  })

  test('and of one who was known all is news', () => {
    const invoices = [createInvoice(paidAt(LATER - 1))]
    expect(keysOf({ invoices }, createCustomerState())).toHaveLength(2)
  })
})

import type Stripe from 'stripe'
import { boundaryAt } from './arithmetic/periods.js'
import { invalidRequest, missingParameter, notSimulated } from './error.js'
import { listReply, type Handler, type Handlers } from './handler.js'
import type { Records } from './records.js'
import { isEnded } from './subscriptions/end.js'
import { intervalOf } from './subscriptions/items.js'
import type { Transaction } from './transaction.js'

type TestClock = Records['test_clocks']

/** How long a test clock is kept. */
const LIFETIME = 30 * 86_400

const create: Handler<Stripe.TestHelpers.TestClockCreateParams & { readonly customer?: string }> = (
  transaction,
  { params },
) => {
  if (params.frozen_time === undefined) throw missingParameter('frozen_time')
  const clock = transaction.put('test_clocks', {
    id: transaction.newId('clock'),
    object: 'test_helpers.test_clock',
    created: transaction.now,
    deletes_after: transaction.now + LIFETIME,
    frozen_time: params.frozen_time,
    livemode: false,
    name: params.name ?? null,
    status: 'ready',
    status_details: {},
  })
  transaction.emit('test_helpers.test_clock.created', 'test_clocks', clock)
  if (params.customer !== undefined) moveCustomer(transaction, params.customer, clock)
  return transaction.render('test_clocks', clock)
}

/** A customer who is there already can be put on a clock, for good. */
function moveCustomer(transaction: Transaction, id: string, clock: TestClock): void {
  const before = transaction.require('customers', id, { kind: 'customer', param: 'customer' })
  if (before.test_clock !== null && before.test_clock !== undefined) {
    throw invalidRequest('This customer already belongs to a test clock.', { param: 'customer' })
  }
  refuseBilled(transaction, id)
  transaction.enterClock(clock.id)
  const after = transaction.patch('customers', id, { test_clock: clock.id })
  transaction.emitChange('customer.updated', 'customers', { before, after })
}

/** What is planned for a customer is planned on the clock they were on when it was. */
function refuseBilled(transaction: Transaction, customer: string): void {
  const isBilled =
    transaction.by('subscriptions', 'customer', customer).length > 0 ||
    transaction.by('invoices', 'customer', customer).length > 0
  if (isBilled) throw notSimulated('A test clock for a customer who has subscriptions or invoices', 'customer')
}

function requireClock(transaction: Transaction, id = ''): TestClock {
  return transaction.require('test_clocks', id, { kind: 'billingclock' })
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('test_clocks', requireClock(transaction, path['id']))

const list: Handler<Stripe.TestHelpers.TestClockListParams> = (transaction, { params }) => {
  const page = transaction.page('test_clocks', params, { kind: 'billingclock' })
  return listReply(transaction, 'test_clocks', { page, url: '/v1/test_helpers/test_clocks' })
}

/** The clock starts to run; the world fires what falls due on its way and then lets it rest at the target. */
const advance: Handler<Stripe.TestHelpers.TestClockAdvanceParams> = (transaction, { path, params }) => {
  const before = requireClock(transaction, path['id'])
  const target = params.frozen_time
  if (target === undefined) throw missingParameter('frozen_time')
  if (before.status !== 'ready') {
    throw invalidRequest('You can only advance a test clock that is ready.', { code: 'test_clock_not_ready' })
  }
  if (target <= before.frozen_time) {
    throw invalidRequest('The frozen time must be in the future of the test clock.', { param: 'frozen_time' })
  }
  const limit = furthest(transaction, before)
  if (target > limit) {
    const message = `Cannot advance the test clock by more than two intervals of its shortest subscription; the latest time is ${limit}.`
    throw invalidRequest(message, { param: 'frozen_time' })
  }
  const clock = transaction.patch('test_clocks', before.id, {
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: target } },
  })
  transaction.emitChange('test_helpers.test_clock.advancing', 'test_clocks', { before, after: clock })
  return transaction.render('test_clocks', clock)
}

/** Two intervals of the shortest subscription; two years where there is none. */
function furthest(transaction: Transaction, clock: TestClock): number {
  const subscriptions = transaction
    .by('customers', 'test_clock', clock.id)
    .flatMap((customer) => transaction.by('subscriptions', 'customer', customer.id))
    .filter((subscription) => !isEnded(subscription))
  const intervals = subscriptions.flatMap(({ items }) => items.data.map((item) => intervalOf(item.price)))
  const limits = intervals.map((interval) => boundaryAt(clock.frozen_time, interval, 2))
  return Math.min(boundaryAt(clock.frozen_time, { unit: 'year', count: 1 }, 2), ...limits)
}

/** The world's own command, run when all that was due on the way has happened. */
const finishAdvance: Handler = (transaction, { path }) => {
  const before = requireClock(transaction, path['id'])
  const target = before.status_details.advancing?.target_frozen_time
  if (before.status !== 'advancing' || target === undefined) return transaction.render('test_clocks', before)
  const clock = transaction.patch('test_clocks', before.id, {
    frozen_time: target,
    status: 'ready',
    status_details: {},
  })
  transaction.enterClock(clock.id)
  transaction.emitChange('test_helpers.test_clock.ready', 'test_clocks', { before, after: clock })
  return transaction.render('test_clocks', clock)
}

/** Deleting a clock deletes its customers too, and what they subscribed to ends. */
const remove: Handler = (transaction, { path }) => {
  const clock = requireClock(transaction, path['id'])
  transaction.enterClock(clock.id)
  transaction.send({ type: 'test_clock.deleted', clock: clock.id })
  transaction.remove('test_clocks', clock.id)
  transaction.emitObject('test_helpers.test_clock.deleted', transaction.render('test_clocks', clock))
  return { id: clock.id, object: 'test_helpers.test_clock', deleted: true }
}

export const testClockHandlers: Handlers = {
  'test_clocks.create': create,
  'test_clocks.retrieve': retrieve,
  'test_clocks.list': list,
  'test_clocks.advance': advance,
  'test_clocks.finish_advance': finishAdvance,
  'test_clocks.delete': remove,
}

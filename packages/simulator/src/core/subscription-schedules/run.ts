import type Stripe from 'stripe'
import { isPossible } from '../error.js'
import { createSubscription, updateByPhase } from '../subscriptions/index.js'
import { isEnded } from '../subscriptions/end.js'
import { intervalOf, sameInterval, type Subscription } from '../subscriptions/items.js'
import type { Transaction } from '../transaction.js'
import { lastEndOf, phaseAt, type Phase, type Schedule } from './phases.js'
import { withGoodDiscounts } from './planned-discounts.js'
import { completeSchedule, releaseSchedule } from './release.js'
import { itemChanges, newItems, termsOf } from './terms.js'

/**
 * The end of the last phase is announced this long before. Stripe's list of events says seven days; the official CLI's
 * fixture for the event relies on nine at least.
 */
const NOTICE = 10 * 86_400

const running: ReadonlySet<string> = new Set(['not_started', 'active'])

/** Arms what will happen to a schedule by itself. */
export function armSchedule(transaction: Transaction, schedule: Schedule): void {
  for (const kind of ['schedule.next_phase', 'schedule.expiring'] as const) transaction.unschedule(kind, schedule.id)
  if (!running.has(schedule.status)) return
  const next = schedule.phases
    .flatMap(({ start_date: start, end_date: end }) => [start, end])
    .find((at) => at > transaction.now)
  if (next !== undefined) transaction.schedule({ kind: 'schedule.next_phase', at: next, subject: schedule.id })
  const notice = lastEndOf(schedule) - NOTICE
  if (notice > transaction.now) transaction.schedule({ kind: 'schedule.expiring', at: notice, subject: schedule.id })
}

export function announceExpiry(transaction: Transaction, timer: { readonly subject: string }): void {
  const schedule = transaction.get('subscription_schedules', timer.subject)
  if (schedule !== undefined) transaction.emit('subscription_schedule.expiring', 'subscription_schedules', schedule)
}

export function enterPhaseWhenDue(transaction: Transaction, timer: { readonly subject: string }): void {
  advanceSchedule(transaction, timer.subject)
}

/** A period of the subscription is over: a phase that begins at this instant comes before the renewal. */
export function onPeriodOver(transaction: Transaction, signal: { readonly subscription: string }): void {
  const schedule = transaction.get('subscriptions', signal.subscription)?.schedule ?? null
  if (schedule !== null) advanceSchedule(transaction, schedule)
}

/** Brings a schedule to the phase of the present instant, or to its end. */
function advanceSchedule(transaction: Transaction, id: string): void {
  const schedule = transaction.get('subscription_schedules', id)
  if (schedule === undefined || !running.has(schedule.status)) return
  const phase = phaseAt(schedule, transaction.now)
  if (phase === undefined) {
    if (schedule.status === 'active' && lastEndOf(schedule) <= transaction.now) finish(transaction, schedule)
    return
  }
  if (schedule.current_phase?.start_date === phase.start_date) return
  if (!canEnter(transaction, schedule, phase)) {
    releaseSchedule(transaction, schedule)
    return
  }
  enterPhase(transaction, schedule, phase)
}

/**
 * What a phase asks for may be gone when it begins: its price archived, its card detached. Nobody is there to be told, and
 * time has to go on. Stripe publishes no rule for it; here the schedule lets go of its subscription.
 */
function canEnter(transaction: Transaction, schedule: Schedule, phase: Phase): boolean {
  return isPossible(() => enterPhase(transaction.fork(), schedule, phase))
}

/** With `end_behavior: cancel` the subscription's own `cancel_at` ends it, which completes the schedule. */
function finish(transaction: Transaction, schedule: Schedule): void {
  if (schedule.end_behavior === 'release') completeSchedule(transaction, schedule)
}

/** Starts a phase, and with the first one its subscription. */
function enterPhase(transaction: Transaction, before: Schedule, planned: Phase): void {
  const phase = withGoodDiscounts(transaction, before, planned)
  const current = { start_date: phase.start_date, end_date: phase.end_date }
  const started = transaction.patch('subscription_schedules', before.id, { current_phase: current, status: 'active' })
  const subscription =
    before.subscription === null
      ? startSubscription(transaction, started, phase)
      : changePhase(transaction, transaction.load('subscriptions', before.subscription), { schedule: started, phase })
  const after = transaction.patch('subscription_schedules', before.id, { subscription: subscription.id })
  armSchedule(transaction, after)
  transaction.emitChange('subscription_schedule.updated', 'subscription_schedules', { before, after })
}

/** The subscription that a schedule begins with: active at once, its first invoice a draft for an hour. */
export function startSubscription(transaction: Transaction, schedule: Schedule, phase: Phase): Subscription {
  const { now } = transaction
  const terms = termsOf(schedule, phase)
  const { flexible, type } = schedule.billing_mode
  const discounts = flexible?.proration_discounts
  return createSubscription(
    transaction,
    {
      ...terms,
      billing_mode: { type, ...(discounts !== undefined && { flexible: { proration_discounts: discounts } }) },
      currency: phase.currency,
      customer: schedule.customer,
      items: newItems(phase),
      ...(phase.start_date < now && { backdate_start_date: phase.start_date }),
      ...(phase.trial_end !== null && phase.trial_end > now && { trial_end: phase.trial_end }),
    },
    { schedule: schedule.id },
  )
}

/** Gives a subscription what a phase asks for, with the prorations that the phase, or the request, asks for. */
export function changePhase(
  transaction: Transaction,
  subscription: Subscription,
  { schedule, phase, prorations }: { schedule: Schedule; phase: Phase; prorations?: string },
): Subscription {
  if (isEnded(subscription)) return subscription
  const isBoundary = subscription.items.data.every((item) => item.current_period_end <= transaction.now)
  const restarts = startsAnew(transaction, subscription, { schedule, phase })
  const { add_invoice_items: extras, ...terms } = termsOf(schedule, phase)
  const isEntered = phase.start_date === transaction.now
  const params: Stripe.SubscriptionUpdateParams = {
    ...terms,
    ...(extras !== undefined && isEntered && { add_invoice_items: extras }),
    ...(prorations !== undefined && { proration_behavior: prorations }),
    items: itemChanges(subscription, phase),
  }
  const trialEnd = phase.trial_end !== null && phase.trial_end > transaction.now ? phase.trial_end : null
  if (trialEnd !== null) {
    const isSame = subscription.trial_end === trialEnd
    const trial = isSame ? params : { ...params, trial_end: trialEnd }
    return updateByPhase(transaction, subscription.id, { params: trial })
  }
  if (isBoundary) {
    const unprorated = { ...params, proration_behavior: 'none' } as const
    return updateByPhase(transaction, subscription.id, {
      params: unprorated,
      atBoundary: restarts ? 'restarts' : 'goes_on',
    })
  }
  const anchor = restarts && isEntered ? { billing_cycle_anchor: { type: 'now' } } : {}
  return updateByPhase(transaction, subscription.id, { params: { ...params, ...anchor } })
}

/** A phase counts its periods from its own start when it says so, or when it has another interval. */
function startsAnew(
  transaction: Transaction,
  subscription: Subscription,
  { schedule, phase }: { schedule: Schedule; phase: Phase },
): boolean {
  const anchor = phase.billing_cycle_anchor ?? schedule.default_settings.billing_cycle_anchor
  if (anchor === 'phase_start') return true
  const before = subscription.items.data.map((item) => item.price)
  return phase.items.some((item) => {
    const price = transaction.load('prices', item.price)
    return intervalOf(price) !== undefined && before.every((old) => !sameInterval(old, price))
  })
}

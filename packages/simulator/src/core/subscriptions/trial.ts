import type { Transaction } from '../transaction.js'
import { invalidRequest } from '../error.js'
import type { Subscription } from './items.js'
import { TRIAL_NOTICE } from './timers.js'

const DAY = 86_400
const LONGEST_TRIAL = 730 * DAY

interface TrialParams {
  readonly trial_end?: number | 'now'
  readonly trial_period_days?: number
  readonly trial_from_plan?: boolean
}

/** When the trial that a request asks for ends; `null` when it asks for none. */
export function readTrialEnd(
  transaction: Transaction,
  params: TrialParams,
  daysOfPrice: number | null | undefined,
): number | null {
  if (params.trial_end !== undefined && params.trial_period_days !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.')
  }
  if (params.trial_end === 'now') return null
  const days = params.trial_period_days ?? (params.trial_from_plan === true ? (daysOfPrice ?? 0) : 0)
  const end = params.trial_end ?? (days > 0 ? transaction.now + days * DAY : null)
  if (end === null) return null
  if (end <= transaction.now) {
    throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', { param: 'trial_end' })
  }
  if (end > transaction.now + LONGEST_TRIAL) {
    throw invalidRequest('Invalid timestamp: can be no more than two years in the future.', { param: 'trial_end' })
  }
  return end
}

/**
 * A trial that is ended early is announced as its end comes, and one that becomes too short for three days' notice at once.
 * https://docs.stripe.com/billing/subscriptions/trials/free-trials
 */
export function announceTrialChange(
  transaction: Transaction,
  { before, after }: { readonly before: Subscription; readonly after: Subscription },
): void {
  if (before.trial_end === after.trial_end) return
  const isRunning = before.status === 'trialing' && (before.trial_end ?? 0) > transaction.now
  const isEnded = isRunning && after.trial_end !== null && after.trial_end <= transaction.now
  if (isEnded) transaction.emit('customer.subscription.trial_will_end', 'subscriptions', after)
  else announceShortTrial(transaction, after)
}

/** A trial too short for three days' notice is announced to end as soon as it begins. */
export function announceShortTrial(transaction: Transaction, subscription: Subscription): void {
  const { trial_end: end } = subscription
  if (subscription.status !== 'trialing' || end === null || end - TRIAL_NOTICE > transaction.now) return
  transaction.emit('customer.subscription.trial_will_end', 'subscriptions', subscription)
}

import { hasEnded, scheduledEnd } from './access.js'
import type { SubscriptionEffect } from './effects.js'
import type { AnyStatus, Subscription } from './mirror.js'

/** What happened to a subscription, and the part of the key that tells one occurrence from the next. */
export interface SubscriptionChange {
  readonly type: SubscriptionEffect['type']
  readonly key: string
}

/**
 * What happened between two states of a subscription. `occurrence` tells one sync from another, for changes whose
 * states can come back (a quantity of 1, 2, and 1 again).
 */
export function diffSubscription(
  before: Subscription | null,
  after: Subscription,
  occurrence: string,
): readonly SubscriptionChange[] {
  const id = after.stripeSubscriptionId
  if (before === null && hasEnded(after)) return []
  const changes = [
    ...lifeChanges(before, after),
    ...paymentChanges(before, after),
    ...endChanges(before, after, occurrence),
  ]
  if (changes.length > 0) return changes.map(({ type, key }) => ({ type, key: key === '' ? id : `${id}:${key}` }))
  if (before === null || isSame(before, after)) return []
  return [{ type: 'subscription.updated', key: `${id}:${occurrence}` }]
}

function lifeChanges(before: Subscription | null, after: Subscription): SubscriptionChange[] {
  const wasStarted = before !== null && before.status !== 'incomplete'
  const isCanceled = after.status === 'canceled' && before?.status !== 'canceled'
  return [
    ...when(!wasStarted && isGood(after.status), 'subscription.activated', ''),
    ...when(
      after.status === 'trialing' && before?.status !== 'trialing',
      'subscription.trial_started',
      String(after.trialStart),
    ),
    ...when(hasNewPeriod(before, after), 'subscription.renewed', String(after.currentPeriodStart)),
    ...when(isCanceled, 'subscription.canceled', ''),
  ]
}

function paymentChanges(before: Subscription | null, after: Subscription): SubscriptionChange[] {
  const since = String(after.pastDueSince)
  const wasOverdue = before !== null && isOverdue(before.status)
  const isNewlyLate = after.status === 'past_due' && before?.pastDueSince !== after.pastDueSince
  return [
    ...when(isNewlyLate, 'subscription.past_due', since),
    ...when(wasOverdue && after.status === 'active', 'subscription.recovered', String(before?.pastDueSince)),
  ]
}

/** A plan to end, its being taken back and a pause can each come again, even within one second. */
function endChanges(before: Subscription | null, after: Subscription, occurrence: string): SubscriptionChange[] {
  if (hasEnded(after)) return []
  const planned = scheduledEnd(after)
  const wasPlanned = before === null ? null : scheduledEnd(before)
  const isTakenBack = before !== null && wasPlanned !== null && planned === null
  const isUnpaused = before?.status === 'paused' && isGood(after.status)
  return [
    ...when(planned !== null && planned !== wasPlanned, 'subscription.canceling', occurrence),
    ...when(isTakenBack || isUnpaused, 'subscription.resumed', occurrence),
  ]
}

function when(isSo: boolean, type: SubscriptionEffect['type'], key: string): SubscriptionChange[] {
  return isSo ? [{ type, key }] : []
}

function hasNewPeriod(before: Subscription | null, after: Subscription): boolean {
  if (before === null || !isGood(before.status) || !isGood(after.status)) return false
  const [old, next] = [before.currentPeriodEnd, after.currentPeriodStart]
  return old !== null && next !== null && next >= old
}

function isGood(status: AnyStatus): boolean {
  return status === 'active' || status === 'trialing'
}

function isOverdue(status: AnyStatus): boolean {
  return status === 'past_due' || status === 'unpaid'
}

/** The store keeps neither the order of items nor that of metadata. */
function isSame(before: Subscription, after: Subscription): boolean {
  return canonical(before) === canonical(after)
}

function canonical({ items, ...rest }: Subscription): string {
  const inOrder = items.toSorted((a, b) => (a.stripeItemId < b.stripeItemId ? -1 : 1))
  return JSON.stringify({ ...rest, items: inOrder }, (_name, member: unknown) => withSortedNames(member))
}

function withSortedNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

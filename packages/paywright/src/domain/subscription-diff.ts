import { hasEnded, scheduledEnd } from './access.js'
import { effectKey } from './effect-keys.js'
import type { SubscriptionEffect } from './effects.js'
import type { AnyStatus, Subscription } from './mirror.js'

/** What happened to a subscription, and the key that tells it from all else that happens to it. */
export interface SubscriptionChange {
  readonly type: SubscriptionEffect['type']
  readonly key: string
}

/** What happened between two states of a subscription; `occurrence` tells one sync from another. */
export function diffSubscription(
  before: Subscription | null,
  after: Subscription,
  occurrence: string,
): readonly SubscriptionChange[] {
  if (before === null && hasEnded(after)) return []
  const found = [...lifeChanges(before, after), ...paymentChanges(before, after), ...endChanges(before, after)]
  const isOther = before !== null && !isSame(before, after)
  const changes = found.length > 0 ? found : when(isOther, 'subscription.updated')
  return changes.map(({ type, moment }) => ({
    type,
    key: effectKey(type, { of: after.stripeSubscriptionId, moment, occurrence }),
  }))
}

/** Of what belongs to a moment of the subscription, that moment. */
interface Change {
  readonly type: SubscriptionEffect['type']
  readonly moment: number | null
}

function lifeChanges(before: Subscription | null, after: Subscription): Change[] {
  const wasStarted = before !== null && before.status !== 'incomplete'
  const isCanceled = after.status === 'canceled' && before?.status !== 'canceled'
  const isNewTrial = after.status === 'trialing' && before?.status !== 'trialing'
  return [
    ...when(!wasStarted && isGood(after.status), 'subscription.activated'),
    ...when(isNewTrial, 'subscription.trial_started'),
    ...when(hasNewPeriod(before, after), 'subscription.renewed', after.currentPeriodStart),
    ...when(isCanceled, 'subscription.canceled'),
  ]
}

function paymentChanges(before: Subscription | null, after: Subscription): Change[] {
  const wasOverdue = before !== null && isOverdue(before.status)
  const isNewlyLate = after.status === 'past_due' && before?.pastDueSince !== after.pastDueSince
  return [
    ...when(isNewlyLate, 'subscription.past_due'),
    ...when(wasOverdue && after.status === 'active', 'subscription.recovered'),
  ]
}

function endChanges(before: Subscription | null, after: Subscription): Change[] {
  if (hasEnded(after)) return []
  const planned = scheduledEnd(after)
  const wasPlanned = before === null ? null : scheduledEnd(before)
  const isTakenBack = before !== null && wasPlanned !== null && planned === null
  const isUnpaused = before?.status === 'paused' && isGood(after.status)
  return [
    ...when(planned !== null && planned !== wasPlanned, 'subscription.canceling'),
    ...when(isTakenBack || isUnpaused, 'subscription.resumed'),
  ]
}

function when(isSo: boolean, type: SubscriptionEffect['type'], moment: number | null = null): Change[] {
  return isSo ? [{ type, moment }] : []
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

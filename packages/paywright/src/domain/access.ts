import { givesAccess, type AccessReason, type PlanAccess } from './access-reason.js'
import { findPlan, planRank, type Catalog } from './catalog.js'
import type { AnyStatus, Subscription } from './mirror.js'
import type { UnixSeconds } from './time.js'

export { givesAccess, type AccessReason, type PlanAccess } from './access-reason.js'

/** What of a subscription decides access. */
export type AccessSubscription = Pick<
  Subscription,
  | 'stripeSubscriptionId'
  | 'status'
  | 'plan'
  | 'currentPeriodEnd'
  | 'cancelAtPeriodEnd'
  | 'cancelAt'
  | 'endedAt'
  | 'trialEnd'
  | 'pastDueSince'
  | 'createdAt'
>

export interface Access<Known extends AccessSubscription = Subscription> extends PlanAccess {
  readonly status: AnyStatus | null
  /** The subscription that decided; `null` where there is none. */
  readonly subscription: Known | null
  /** When this access ends if nothing else happens; `null` where it does not end by itself. */
  readonly until: UnixSeconds | null
  readonly trialEndsAt: UnixSeconds | null
}

export interface AccessFacts<Known extends AccessSubscription = AccessSubscription> {
  readonly catalog: Catalog
  readonly subscriptions: readonly Known[]
  /** How long a customer keeps the plan after a payment was due and failed. */
  readonly graceSeconds: number
}

/** What a customer may do at this instant, and why. */
export function decideAccess<Known extends AccessSubscription>(
  facts: AccessFacts<Known>,
  now: UnixSeconds,
): Access<Known> {
  let best: Verdict<Known> | null = null
  for (const subscription of facts.subscriptions) {
    const verdict = judge(facts, { subscription, now })
    if (best === null || compare(facts.catalog, { a: verdict, b: best }) < 0) best = verdict
  }
  if (best === null) return { ...NOBODY, plan: facts.catalog.defaultPlan }
  const { subscription, reason, until } = best
  const { status, trialEnd } = subscription
  const hasAccess = givesAccess(reason)
  return {
    plan: hasAccess ? subscription.plan : facts.catalog.defaultPlan,
    reason,
    status,
    subscription,
    until: hasAccess ? until : null,
    trialEndsAt: status === 'trialing' ? trialEnd : null,
  }
}

/** When access changes next by the passing of time alone; `null` where it does not. */
export function nextAccessChange(facts: AccessFacts, now: UnixSeconds): UnixSeconds | null {
  const instants = facts.subscriptions.flatMap((subscription) => {
    const { until } = judge(facts, { subscription, now })
    return until === null ? [] : [until]
  })
  return instants.length === 0 ? null : Math.min(...instants)
}

/**
 * When the subscription ends because that was asked for; `null` for one that renews. The portal sets `cancelAt` and
 * leaves `cancelAtPeriodEnd` false where billing is flexible, so both count.
 */
export function scheduledEnd(subscription: AccessSubscription): UnixSeconds | null {
  const { cancelAt, cancelAtPeriodEnd, currentPeriodEnd } = subscription
  return cancelAt ?? (cancelAtPeriodEnd ? currentPeriodEnd : null)
}

/** Whether the subscription can never charge again. A status that nobody knows may, so it has not ended. */
export function hasEnded(subscription: AccessSubscription): boolean {
  const { status } = subscription
  return status === 'canceled' || status === 'incomplete_expired' || subscription.endedAt !== null
}

interface Verdict<Known extends AccessSubscription = AccessSubscription> {
  readonly subscription: Known
  readonly reason: AccessReason
  readonly until: UnixSeconds | null
}

const NOBODY = { reason: 'none', status: null, subscription: null, until: null, trialEndsAt: null } as const

function judge<Known extends AccessSubscription>(
  facts: AccessFacts<Known>,
  at: { subscription: Known; now: UnixSeconds },
): Verdict<Known> {
  const { subscription } = at
  const { reason, until } = judgeStatus(subscription, at.now, facts.graceSeconds)
  const isPlanKnown = findPlan(facts.catalog, subscription.plan) !== null
  if (givesAccess(reason) && !isPlanKnown) return { subscription, reason: 'price_unknown', until }
  return { subscription, reason, until }
}

function judgeStatus(
  subscription: AccessSubscription,
  now: UnixSeconds,
  graceSeconds: number,
): Omit<Verdict, 'subscription'> {
  const end = scheduledEnd(subscription)
  const isOver = subscription.endedAt !== null || (end !== null && end <= now)
  if (isOver && isRunning(subscription)) return lasting('canceled')
  switch (subscription.status) {
    case 'active':
      return end === null ? lasting('subscription_active') : { reason: 'canceled_until_period_end', until: end }
    case 'trialing':
      return end === null ? lasting('trial') : { reason: 'canceled_until_period_end', until: end }
    case 'past_due': {
      const graceEnd = (subscription.pastDueSince ?? -Infinity) + graceSeconds
      if (graceEnd <= now) return { reason: 'past_due', until: end }
      return { reason: 'grace_period', until: Math.min(graceEnd, end ?? Infinity) }
    }
    default:
      return lasting(REFUSALS.get(subscription.status) ?? 'unknown_status')
  }
}

const REFUSALS: ReadonlyMap<AnyStatus, AccessReason> = new Map([
  ['incomplete', 'incomplete'],
  ['incomplete_expired', 'incomplete_expired'],
  ['unpaid', 'unpaid'],
  ['paused', 'paused'],
  ['canceled', 'canceled'],
])

function isRunning({ status }: AccessSubscription): boolean {
  return status === 'active' || status === 'trialing' || status === 'past_due'
}

/** A reason that the passing of time alone does not change. */
function lasting(reason: AccessReason): Omit<Verdict, 'subscription'> {
  return { reason, until: null }
}

/** Those that give access first, of these the greatest plan; then live before ended, new before old. */
function compare(catalog: Catalog, { a, b }: { a: Verdict; b: Verdict }): number {
  const byAccess = Number(givesAccess(b.reason)) - Number(givesAccess(a.reason))
  if (byAccess !== 0) return byAccess
  const byPlan = givesAccess(a.reason)
    ? planRank(catalog, b.subscription.plan) - planRank(catalog, a.subscription.plan)
    : 0
  const byLife = Number(hasEnded(a.subscription)) - Number(hasEnded(b.subscription))
  return byPlan || byLife || byAge(a.subscription, b.subscription)
}

function byAge(a: AccessSubscription, b: AccessSubscription): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt
  return a.stripeSubscriptionId < b.stripeSubscriptionId ? 1 : -1
}

import type Stripe from 'stripe'
import type { Period } from '../arithmetic/proration.js'
import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import { planCancellation, type Cancellation } from './cancellation.js'
import { applyItems } from './change-items.js'
import { changeDiscounts, fullAmountOf } from './discounts.js'
import {
  isMetered,
  periodOf,
  sameInterval,
  servicePeriod,
  withPeriod,
  type Subscription,
  type SubscriptionItem,
} from './items.js'
import { requireSameTerms } from './read-items.js'

type Params = Stripe.SubscriptionUpdateParams

/** An item after an update, the whole period that its own is a part of, and the item as it was if it goes on unchanged. */
export interface ChangedItem {
  readonly item: SubscriptionItem
  readonly natural: Period
  readonly kept: SubscriptionItem | undefined
}

/** What an update makes of a subscription's items and of the periods they are in. */
export interface Change {
  readonly items: readonly SubscriptionItem[]
  readonly changed: readonly ChangedItem[]
  /** Items as they were that are gone, or not the same any more. */
  readonly removed: readonly SubscriptionItem[]
  readonly anchor: number
  /**
   * How the change is billed: a cycle that begins anew (by the anchor or by the end of a trial) bills a period at once, a
   * trial bills nothing, and otherwise the rest of the period is prorated.
   */
  readonly cycle: 'restarted' | 'trial' | 'kept'
  readonly trialEnd: number | null
  readonly cancellation: Cancellation
  readonly discounts: Subscription['discounts']
  /** The instant from which time is credited and billed. */
  readonly at: number
}

export function readChange(
  transaction: Transaction,
  subscription: Subscription,
  { params, atBoundary }: { readonly params: Params; readonly atBoundary?: 'goes_on' | 'restarts' },
): Change {
  const { now } = transaction
  const asked = applyItems(transaction, subscription, params.items ?? [])
  if (asked.length === 0) throw noItemsLeft()
  const isFlexible = subscription.billing_mode.type === 'flexible'
  requireSameTerms(
    asked.map((item) => item.price),
    { currency: subscription.currency, isFlexible },
  )
  const cycle = atBoundary === undefined ? cycleOf(subscription, params, asked) : 'kept'
  const anchor = atBoundary === 'restarts' ? now : anchorAfter(subscription, params, { cycle, now })
  const trialEnd = cycle === 'trial' ? Number(params.trial_end) : subscription.trial_end
  const isOver = atBoundary !== undefined
  const naturals = asked.map((item) => naturalPeriod(subscription, item, { cycle, anchor, trialEnd, now, isOver }))
  const cancellation = planCancellation(params, { now, ends: naturals.map(({ end }) => end), before: subscription })
  const changed = asked.map((item, index) => {
    const natural = naturals[index] ?? periodOf(subscription)
    const kept = cycle === 'kept' ? unchanged(item, subscription) : undefined
    return { item: placed(item, { natural, kept, cycle, now, cancelAt: cancellation.cancel_at }), natural, kept }
  })
  const removed = subscription.items.data.filter((old) => !changed.some(({ kept }) => kept?.id === old.id))
  const isTrial = cycle === 'trial' || subscription.status === 'trialing'
  const at = cycle === 'kept' ? readProrationDate(params, periodOf(subscription), now) : now
  return {
    items: changed.map(({ item }) => item),
    changed,
    removed,
    anchor: isFlexible ? anchor : classicAnchor(anchor, changed, cancellation),
    cycle,
    trialEnd: isFlexible ? trialEnd : isTrial ? cappedTrial(trialEnd, cancellation) : trialEnd,
    cancellation,
    discounts: changeDiscounts(transaction, subscription, { asked: params.discounts }),
    at,
  }
}

function noItemsLeft(): ReturnType<typeof invalidRequest> {
  const message =
    'A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint.'
  return invalidRequest(message, { param: 'items' })
}

/** The item as it was, when it costs the same for the same service. */
function unchanged(item: SubscriptionItem, subscription: Subscription): SubscriptionItem | undefined {
  const same = subscription.items.data.find((old) => old.id === item.id)
  return same?.price.id === item.price.id && same.quantity === item.quantity ? same : undefined
}

/**
 * In classic billing mode another interval, or the step from free to paid, starts the cycle anew; in flexible mode nothing
 * but a request does.
 */
function cycleOf(subscription: Subscription, params: Params, items: readonly SubscriptionItem[]): Change['cycle'] {
  const isTrialing = subscription.status === 'trialing'
  if (subscription.status === 'paused') return pausedCycle(params)
  if (typeof params.trial_end === 'number') return 'trial'
  if (params.trial_end === 'now' && isTrialing) return 'restarted'
  if (params.billing_cycle_anchor?.type === 'now') {
    if (!isTrialing) return 'restarted'
    const message =
      'You cannot set `billing_cycle_anchor` to `now` while the subscription is trialing. To end the trial, set `trial_end` to `now`.'
    throw invalidRequest(message, { param: 'billing_cycle_anchor' })
  }
  if (subscription.billing_mode.type !== 'classic') return 'kept'
  const before = subscription.items.data
  const [first] = items
  const movesInterval = first !== undefined && before.some((old) => !sameInterval(old.price, first.price))
  const becomesPaid = !isTrialing && isFree(subscription, before) && !isFree(subscription, items)
  return movesInterval || becomesPaid ? 'restarted' : 'kept'
}

/** A paused subscription has no running period: what it is to be is set, and billed when it is resumed. */
function pausedCycle(params: Params): Change['cycle'] {
  if (params.billing_cycle_anchor?.type !== 'now' && params.trial_end === undefined) return 'kept'
  const param = params.trial_end === undefined ? 'billing_cycle_anchor' : 'trial_end'
  throw invalidRequest(`You cannot change \`${param}\` while the subscription is paused. Resume it first.`, { param })
}

function isFree(subscription: Subscription, items: readonly SubscriptionItem[]): boolean {
  return items.every((item) => !isMetered(item) && fullAmountOf(subscription, item) === 0)
}

function keepsAnchor(subscription: Subscription, params: Params): boolean {
  const behavior = params.trial_settings?.end_behavior ?? subscription.trial_settings?.end_behavior
  return behavior?.billing_cycle_anchor === 'unchanged'
}

function anchorAfter(
  subscription: Subscription,
  params: Params,
  { cycle, now }: { cycle: Change['cycle']; now: number },
): number {
  const { billing_cycle_anchor: anchor } = subscription
  switch (cycle) {
    case 'kept':
      return anchor
    case 'trial':
      return keepsAnchor(subscription, params) ? anchor : Number(params.trial_end)
    case 'restarted':
      return params.trial_end === 'now' && keepsAnchor(subscription, params) ? anchor : now
    default:
      return cycle satisfies never
  }
}

function naturalPeriod(
  subscription: Subscription,
  item: SubscriptionItem,
  terms: {
    readonly cycle: Change['cycle']
    readonly anchor: number
    readonly trialEnd: number | null
    readonly now: number
    readonly isOver: boolean
  },
): Period {
  const { cycle, anchor, trialEnd, now, isOver } = terms
  if (subscription.status === 'paused' || isOver) return periodOf(subscription)
  const isTrial = cycle === 'trial' || (cycle === 'kept' && subscription.status === 'trialing')
  if (!isTrial) return servicePeriod(anchor, item.price, now)
  const start = cycle === 'trial' ? now : periodOf(subscription).start
  return { start, end: trialEnd ?? now }
}

/** An item in its period: an unchanged one goes on in its own, and none goes past the end of the subscription. */
function placed(
  item: SubscriptionItem,
  place: {
    readonly natural: Period
    readonly kept: SubscriptionItem | undefined
    readonly cycle: Change['cycle']
    readonly now: number
    readonly cancelAt: number | null
  },
): SubscriptionItem {
  const { natural, kept, cycle, now, cancelAt } = place
  const start = cycle === 'restarted' ? now : (kept?.current_period_start ?? natural.start)
  return withPeriod(item, { start, end: Math.min(natural.end, cancelAt ?? natural.end) })
}

/** In classic billing mode a subscription that is to end inside its period counts its periods from there. */
function classicAnchor(anchor: number, changed: readonly ChangedItem[], { cancel_at: at }: Cancellation): number {
  return at !== null && changed.some(({ natural }) => at < natural.end) ? at : anchor
}

function cappedTrial(trialEnd: number | null, { cancel_at: at }: Cancellation): number | null {
  return trialEnd === null || at === null ? trialEnd : Math.min(trialEnd, at)
}

function readProrationDate(params: Params, period: Period, now: number): number {
  const at = params.proration_date ?? now
  if (params.proration_date === undefined || (at >= period.start && at <= period.end)) return at
  const message = 'Invalid proration_date: must be within the current subscription period.'
  throw invalidRequest(message, { param: 'proration_date' })
}

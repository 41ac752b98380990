import type Stripe from 'stripe'
import { boundaryAt } from '../arithmetic/periods.js'
import type { Period } from '../arithmetic/proration.js'
import { invalidRequest, noSuch, notSimulated } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { planOf } from '../catalogue/plans.js'
import type { Transaction } from '../transaction.js'
import {
  askedPrice,
  createItem,
  intervalOf,
  periodOf,
  readItem,
  refuseUnbuilt,
  requireSameTerms,
  servicePeriod,
  type Subscription,
  type SubscriptionItem,
} from './items.js'

type Params = Stripe.SubscriptionUpdateParams
type ItemParams = NonNullable<Params['items']>[number] & { readonly plan?: string }

/** What an update makes of a subscription's items and of the period they are in. */
export interface Change {
  readonly items: readonly SubscriptionItem[]
  readonly added: readonly SubscriptionItem[]
  readonly removed: readonly SubscriptionItem[]
  readonly anchor: number
  readonly period: Period
  /**
   * How the change is billed: a cycle that begins anew (by the anchor or by the end of a trial) bills a whole period at
   * once, a trial bills nothing, and otherwise the rest of the period is prorated.
   */
  readonly cycle: 'restarted' | 'trial' | 'kept'
  /** The instant from which time is credited and billed. */
  readonly at: number
}

export function readChange(transaction: Transaction, subscription: Subscription, params: Params): Change {
  const { now } = transaction
  const items = applyItems(transaction, subscription, params.items ?? [])
  const [first] = items
  if (first === undefined) throw noItemsLeft()
  requireSameTerms(items.map((item) => item.price))
  const changesInterval = subscription.items.data.some((old) => !sameInterval(old.price, first.price))
  const cycle = cycleOf(subscription, params, changesInterval)
  const { anchor, period } = periodAfter(transaction, subscription, { params, cycle, price: first.price })
  const moved = items.map((item) => withPeriod(item, period))
  const before = subscription.items.data
  const touches = (item: SubscriptionItem): boolean => cycle !== 'kept' || isDifferent(item, before)
  const isGone = (item: SubscriptionItem): boolean => cycle !== 'kept' || isDifferent(item, items)
  const at = cycle === 'kept' ? readProrationDate(params, periodOf(subscription), now) : now
  return { items: moved, added: moved.filter(touches), removed: before.filter(isGone), anchor, period, cycle, at }
}

function noItemsLeft(): ReturnType<typeof invalidRequest> {
  const message =
    'A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint.'
  return invalidRequest(message, { param: 'items' })
}

/** An item that is not in the other list, or is there at another price or quantity. */
function isDifferent(item: SubscriptionItem, others: readonly SubscriptionItem[]): boolean {
  const same = others.find((other) => other.id === item.id)
  return same === undefined || same.price.id !== item.price.id || same.quantity !== item.quantity
}

/** In classic billing mode another interval starts the cycle anew; in flexible mode nothing but a request does. */
function cycleOf(subscription: Subscription, params: Params, changesInterval: boolean): Change['cycle'] {
  if (typeof params.trial_end === 'number') return 'trial'
  if (params.trial_end === 'now' && subscription.status === 'trialing') return 'restarted'
  if (params.billing_cycle_anchor?.type === 'now') {
    if (subscription.status === 'trialing')
      throw notSimulated('Resetting the anchor in a trial', 'billing_cycle_anchor')
    return 'restarted'
  }
  return subscription.billing_mode.type === 'classic' && changesInterval ? 'restarted' : 'kept'
}

function periodAfter(
  transaction: Transaction,
  subscription: Subscription,
  change: { params: Params; cycle: Change['cycle']; price: SubscriptionItem['price'] },
): { anchor: number; period: Period } {
  const { now } = transaction
  switch (change.cycle) {
    case 'restarted':
      return { anchor: now, period: { start: now, end: boundaryAt(now, intervalOf(change.price), 1) } }
    case 'trial': {
      const end = Number(change.params.trial_end)
      return { anchor: end, period: { start: now, end } }
    }
    case 'kept': {
      const anchor = subscription.billing_cycle_anchor
      const [old] = subscription.items.data
      const isSame = old !== undefined && sameInterval(old.price, change.price)
      const isKept = isSame || subscription.status === 'trialing'
      return { anchor, period: isKept ? periodOf(subscription) : servicePeriod(anchor, change.price, now) }
    }
    default:
      return change.cycle satisfies never
  }
}

function sameInterval(left: SubscriptionItem['price'], right: SubscriptionItem['price']): boolean {
  return JSON.stringify(intervalOf(left)) === JSON.stringify(intervalOf(right))
}

function withPeriod(item: SubscriptionItem, period: Period): SubscriptionItem {
  return { ...item, current_period_start: period.start, current_period_end: period.end }
}

function readProrationDate(params: Params, period: Period, now: number): number {
  const at = params.proration_date ?? now
  if (at >= period.start && at <= period.end) return at
  const message = 'Invalid proration_date: must be within the current subscription period.'
  throw invalidRequest(message, { param: 'proration_date' })
}

function applyItems(
  transaction: Transaction,
  subscription: Subscription,
  changes: readonly ItemParams[],
): readonly SubscriptionItem[] {
  let items = subscription.items.data
  for (const [index, change] of changes.entries()) {
    items =
      change.id === undefined
        ? [...items, newItem(transaction, subscription, { change, index })]
        : items.flatMap((item) => (item.id === change.id ? changedItem(transaction, item, { change, index }) : [item]))
    if (change.id !== undefined && !subscription.items.data.some((item) => item.id === change.id)) {
      throw noSuch('subscription_item', change.id, { param: `items[${index}][id]`, status: 400 })
    }
  }
  return items
}

interface Numbered {
  readonly change: ItemParams
  readonly index: number
}

function newItem(transaction: Transaction, subscription: Subscription, { change, index }: Numbered): SubscriptionItem {
  const item = readItem(transaction, change, index)
  return createItem(transaction, item, { subscription: subscription.id, period: periodOf(subscription) })
}

/** Another price sets the quantity back to one unless a quantity is given with it. */
function changedItem(
  transaction: Transaction,
  item: SubscriptionItem,
  { change, index }: Numbered,
): SubscriptionItem[] {
  refuseUnbuilt(change, index)
  if (change.deleted === true) return []
  const price = askedPrice(transaction, change, index) ?? item.price
  const kept = price.id === item.price.id ? item.quantity : 1
  const metadata = mergeMetadata(item.metadata, change.metadata)
  return [{ ...item, price, plan: planOf(price), quantity: change.quantity ?? kept ?? 1, metadata }]
}

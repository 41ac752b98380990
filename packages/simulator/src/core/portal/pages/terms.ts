import type Stripe from 'stripe'
import { promotionCodeNamed } from '../../catalogue/promotion-codes.js'
import { amountOf } from '../../catalogue/pricing.js'
import type { Records } from '../../records.js'
import { intervalOf, type Subscription } from '../../subscriptions/items.js'
import type { Transaction } from '../../transaction.js'
import { choicesFor, quantityBoundsOf } from './choices.js'
import { refusal, type Portal } from './open.js'

type Price = Records['prices']

/** What the customer wants their plan to become; what is left out stays. */
export interface Wish {
  readonly price?: string
  readonly quantity?: number
  /** A promotion code as it was typed. */
  readonly code?: string
}

/** A change that the portal may make. */
export interface Terms {
  readonly item: Subscription['items']['data'][number]
  readonly price: Price
  readonly quantity: number | undefined
  readonly discounts: Stripe.SubscriptionUpdateParams['discounts'] | undefined
  /** It lowers what is paid, and the configuration says that such a change waits for the end of the period. */
  readonly isLater: boolean
}

/** The wish as far as the configuration, or the application itself, allows it. */
export function termsFor(
  transaction: Transaction,
  portal: Portal,
  { subscription, wish }: { readonly subscription: Subscription; readonly wish: Wish },
): Terms {
  const item = itemToChange(portal, subscription)
  const price = transaction.get('prices', wish.price ?? item.price.id)
  if (price === undefined || !isOffered(transaction, portal, { subscription, price })) {
    throw refusal('This plan is not offered.')
  }
  const quantity = quantityFor(portal, {
    subscription,
    price,
    wanted: wish.quantity ?? confirmed(portal, subscription)?.quantity ?? item.quantity,
  })
  const discounts = discountsFor(transaction, portal, { subscription, wish })
  if (price.id === item.price.id && quantity === item.quantity && discounts === undefined) {
    throw refusal('This is what you have already.')
  }
  return { item, price, quantity, discounts, isLater: isLater(portal, subscription, { item, price, quantity }) }
}

type Confirm = NonNullable<NonNullable<Portal['session']['flow']>['subscription_update_confirm']>

/** What the application asked to be confirmed, if it did and for this subscription. */
function confirmOf({ session }: Portal, { id }: Subscription): Confirm | undefined {
  const confirm = session.flow?.subscription_update_confirm
  return confirm?.subscription === id ? confirm : undefined
}

function confirmed(portal: Portal, subscription: Subscription): Confirm['items'][number] | undefined {
  return confirmOf(portal, subscription)?.items[0]
}

function itemToChange(portal: Portal, subscription: Subscription): Terms['item'] {
  const wanted = confirmed(portal, subscription)?.id
  const [first, ...others] = subscription.items.data
  const item = wanted === undefined ? first : subscription.items.data.find(({ id }) => id === wanted)
  if (item === undefined || (wanted === undefined && others.length > 0))
    throw refusal('This plan cannot be changed here.')
  return item
}

/** The application itself may send the customer to the confirmation of a price that the configuration does not list. */
function isOffered(
  transaction: Transaction,
  portal: Portal,
  { subscription, price }: { readonly subscription: Subscription; readonly price: Price },
): boolean {
  if (subscription.items.data.some((item) => item.price.id === price.id)) return true
  if (confirmed(portal, subscription)?.price === price.id) return true
  return choicesFor(transaction, portal, subscription).some((choice) => choice.price === price.id)
}

function quantityFor(
  portal: Portal,
  wish: { readonly subscription: Subscription; readonly price: Price; readonly wanted: number | undefined },
): number | undefined {
  const { price, subscription, wanted } = wish
  if (price.recurring?.usage_type === 'metered') return undefined
  const quantity = wanted ?? 1
  const item = subscription.items.data.find((candidate) => candidate.price.product === price.product)
  if (quantity === (item ?? subscription.items.data[0])?.quantity) return quantity
  if (confirmed(portal, subscription)?.quantity === quantity) return quantity
  const bounds = quantityBoundsOf(portal, price)
  if (bounds === null) throw refusal('The quantity cannot be changed here.')
  if (quantity >= bounds.minimum && quantity <= bounds.maximum) return quantity
  throw refusal(`You can have from ${bounds.minimum} to ${bounds.maximum}.`)
}

/** What is taken off already stays; a code that the customer typed, or what the application offers, comes after. */
function discountsFor(
  transaction: Transaction,
  portal: Portal,
  { subscription, wish }: { readonly subscription: Subscription; readonly wish: Wish },
): Terms['discounts'] {
  const kept = subscription.discounts.map((discount) => ({ discount }))
  const offered = (confirmOf(portal, subscription)?.discounts ?? []).map(({ coupon, promotion_code: code }) =>
    code === null ? { coupon: coupon ?? '' } : { promotion_code: code },
  )
  if (offered.length > 0) return [...kept, ...offered]
  if (wish.code === undefined || wish.code.trim() === '') return undefined
  const { default_allowed_updates: allowed } = portal.configuration.features.subscription_update
  const code = promotionCodeNamed(transaction, wish.code, portal.session.customer)
  if (!allowed.includes('promotion_code') || code === undefined) {
    throw refusal(`The code “${wish.code}” is not known or has expired.`)
  }
  return [...kept, { promotion_code: code.id }]
}

function isLater(
  portal: Portal,
  subscription: Subscription,
  { item, price, quantity }: Pick<Terms, 'item' | 'price' | 'quantity'>,
): boolean {
  const { conditions } = portal.configuration.features.subscription_update.schedule_at_period_end
  if (subscription.status === 'trialing') return false
  return conditions.some(({ type }) => {
    if (type === 'shortening_interval') return daysOf(price) < daysOf(item.price)
    if (type !== 'decreasing_item_amount') return false
    return amountOf(price, quantity ?? 0) < amountOf(item.price, item.quantity ?? 0)
  })
}

const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const

/** Roughly; only which of two intervals is shorter matters. */
function daysOf(price: Price): number {
  const { unit, count } = intervalOf(price)
  return DAYS[unit] * count
}

import { scheduledEnd } from '../domain/access.js'
import type { Price, Subscription } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'

export interface NextCharge {
  readonly amount: number
  readonly currency: string
  readonly at: UnixSeconds
}

/**
 * What the subscription charges when its period ends, from the prices alone: before tax, discounts and credit. `null`
 * where nothing is to come, or the prices do not say how much.
 */
export function nextChargeOf(facts: {
  readonly subscription: Subscription | null
  readonly prices: readonly Price[]
}): NextCharge | null {
  const { subscription, prices } = facts
  if (subscription === null || !renews(subscription)) return null
  const { currentPeriodEnd: at, currency } = subscription
  if (at === null) return null
  const due = subscription.items.filter((item) => item.currentPeriodEnd === at)
  const amounts = due.map(({ stripePriceId, quantity }) => {
    const price = prices.find((candidate) => candidate.stripePriceId === stripePriceId)
    return price === undefined || price.unitAmount === null || quantity === null ? null : price.unitAmount * quantity
  })
  const total = amounts.reduce((sum, amount) => (sum === null || amount === null ? null : sum + amount), 0)
  return total === null ? null : { amount: total, currency, at }
}

function renews(subscription: Subscription): boolean {
  const { status, isCollectionPaused } = subscription
  const isRunning = status === 'active' || status === 'trialing' || status === 'past_due'
  return isRunning && !isCollectionPaused && scheduledEnd(subscription) === null
}

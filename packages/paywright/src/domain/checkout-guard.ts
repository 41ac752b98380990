import { hasEnded, scheduledEnd } from './access.js'
import { findPlan, type Catalog, type CatalogPlan, type CatalogPrice } from './catalog.js'
import type { Subscription } from './mirror.js'

export interface CheckoutWish {
  readonly catalog: Catalog
  readonly subscriptions: readonly Subscription[]
  readonly plan: string
  readonly interval: string
}

/** Why a checkout is refused; each is also the code of a `BillingError`. */
export type CheckoutRefusalReason =
  | 'plan_unknown'
  | 'plan_not_for_sale'
  | 'interval_unknown'
  | 'price_not_configured'
  | 'already_subscribed'
  | 'subscription_canceling'
  | 'subscription_unpaid'
  | 'subscription_incomplete'

export type CheckoutPermit =
  | {
      readonly ok: true
      readonly plan: CatalogPlan
      readonly price: Exclude<CatalogPrice, { source: 'unset' }>
      /** `null` where the plan has no trial, or the customer has had one. */
      readonly trialDays: number | null
    }
  | { readonly ok: false; readonly reason: CheckoutRefusalReason; readonly detail: string }

/** Whether this customer may go to checkout for this plan: nobody may end up paying twice. */
export function checkCheckout(wish: CheckoutWish): CheckoutPermit {
  const plan = findPlan(wish.catalog, wish.plan)
  const forSale = wish.catalog.plans.filter(({ prices }) => prices.length > 0)
  const plans = `Plans for sale: ${list(forSale.map(({ key }) => key))}.`
  if (plan === null) return refuse('plan_unknown', `"${wish.plan}" is none. ${plans}`)
  if (plan.prices.length === 0) return refuse('plan_not_for_sale', `"${plan.key}" is free. ${plans}`)
  const price = plan.prices.find(({ interval }) => interval === wish.interval)
  if (price === undefined) {
    const intervals = list(plan.prices.map(({ interval }) => interval))
    return refuse('interval_unknown', `"${plan.key}" has no "${wish.interval}". Its intervals: ${intervals}.`)
  }
  if (price.source === 'unset') return refuse('price_not_configured', `It is the one of ${plan.key}.${price.interval}.`)
  const live = wish.subscriptions.find((subscription) => !hasEnded(subscription))
  if (live !== undefined) return refuse(reasonOf(live), `It is ${live.stripeSubscriptionId}, to "${live.plan}".`)
  return { ok: true, plan, price, trialDays: hadTrial(wish.subscriptions) ? null : plan.trialDays }
}

/** One trial for each customer: who cancels in the trial and comes back pays from the first day. */
function hadTrial(subscriptions: readonly Subscription[]): boolean {
  return subscriptions.some(({ trialStart }) => trialStart !== null)
}

function reasonOf(live: Subscription): CheckoutRefusalReason {
  if (live.status === 'past_due' || live.status === 'unpaid') return 'subscription_unpaid'
  if (live.status === 'incomplete') return 'subscription_incomplete'
  return scheduledEnd(live) === null ? 'already_subscribed' : 'subscription_canceling'
}

function refuse(reason: CheckoutRefusalReason, detail: string): CheckoutPermit {
  return { ok: false, reason, detail }
}

function list(words: readonly string[]): string {
  return words.join(', ')
}

import { hasEnded } from './access.js'
import { givesAccess, type PlanAccess } from './access-reason.js'
import { effectKey } from './effect-keys.js'
import type {
  AccessEffect,
  Effect,
  PaymentEffect,
  PlanEffect,
  SubscriptionEffect,
  UnknownPriceEffect,
} from './effects.js'
import type { CustomerState, Invoice, Subscription } from './mirror.js'
import { diffSubscription } from './subscription-diff.js'
import type { UnixSeconds } from './time.js'

export interface DiffFacts {
  readonly before: CustomerState | null
  /** With plans and access decided. */
  readonly after: CustomerState
  /** The access of somebody who was never seen. */
  readonly noAccess: PlanAccess
  /** The app's own id, as our customers table knows it. */
  readonly customerId: string | null
  /** Types of the receipts that led here. */
  readonly pendingTypes: readonly string[]
  /** Tells this sync from all others of the subject. */
  readonly occurrence: string
  /** Of a customer who was not known, what was over before this is no news: nobody was to be told of it then. */
  readonly newsFrom: UnixSeconds
}

/** What happened to a customer between two states; nothing where they are the same. */
export function diffCustomer(facts: DiffFacts): readonly Effect[] {
  return [
    ...facts.after.subscriptions.flatMap((after) => subscriptionEffects(facts, after)),
    ...facts.after.invoices.filter((after) => isNews(facts, after)).flatMap((after) => paymentEffects(facts, after)),
    ...accessEffects(facts),
  ]
}

/** An invoice that waits to be paid is about now, however old it is. */
function isNews({ before, newsFrom }: DiffFacts, { status, paidAt, finalizedAt, createdAt }: Invoice): boolean {
  const isOver = status !== 'open'
  return before !== null || !isOver || (paidAt ?? finalizedAt ?? createdAt) >= newsFrom
}

type Who = Pick<SubscriptionEffect, 'customerId' | 'stripeCustomerId'>

function who({ customerId, after }: DiffFacts): Who {
  return { customerId, stripeCustomerId: after.customer.stripeCustomerId }
}

function subscriptionEffects(facts: DiffFacts, after: Subscription): readonly Effect[] {
  const id = after.stripeSubscriptionId
  const before = facts.before?.subscriptions.find(({ stripeSubscriptionId }) => stripeSubscriptionId === id) ?? null
  const changes = [...diffSubscription(before, after, facts.occurrence), ...trialEnding(facts, after)]
  const effects = changes.map(({ type, key }): SubscriptionEffect => ({
    type,
    key,
    ...who(facts),
    before,
    after,
  }))
  return [...effects, ...unknownPrice(facts, { before, after })]
}

/** The one effect that no state shows: Stripe says three days ahead that a trial ends. */
function trialEnding(
  { pendingTypes, occurrence }: DiffFacts,
  after: Subscription,
): { type: SubscriptionEffect['type']; key: string }[] {
  const isAnnounced = pendingTypes.includes('customer.subscription.trial_will_end')
  if (!isAnnounced || after.status !== 'trialing' || after.trialEnd === null) return []
  const type = 'subscription.trial_ending'
  return [{ type, key: effectKey(type, { of: after.stripeSubscriptionId, moment: after.trialEnd, occurrence }) }]
}

function unknownPrice(
  facts: DiffFacts,
  { before, after }: { before: Subscription | null; after: Subscription },
): readonly UnknownPriceEffect[] {
  const { stripeSubscriptionId, unknownPriceId, plan } = after
  if (unknownPriceId === null || before?.unknownPriceId === unknownPriceId) return []
  if (before === null && hasEnded(after)) return []
  const type = 'price.unknown'
  const key = effectKey(type, { of: stripeSubscriptionId, occurrence: facts.occurrence })
  const names = { stripeSubscriptionId, stripePriceId: unknownPriceId, keptPlan: plan }
  return [{ type, key, ...who(facts), ...names }]
}

function paymentEffects(facts: DiffFacts, after: Invoice): readonly PaymentEffect[] {
  const id = after.stripeInvoiceId
  const before = facts.before?.invoices.find(({ stripeInvoiceId }) => stripeInvoiceId === id) ?? null
  const effect = (type: PaymentEffect['type']): PaymentEffect => ({
    type,
    key: effectKey(type, { of: id, moment: after.attemptCount, occurrence: facts.occurrence }),
    ...who(facts),
    before,
    after,
  })
  if (after.status === 'paid') {
    if (before?.status === 'paid') return []
    const paid = effect('invoice.paid')
    return after.amountPaid > 0 ? [effect('payment.succeeded'), paid] : [paid]
  }
  return hasFailed(before, after) ? [effect('payment.failed')] : []
}

/** Attempts that failed between two reads are told as one, the last: that is what the customer has to act on. */
function hasFailed(before: Invoice | null, after: Invoice): boolean {
  const isUnpaid = after.status === 'open' || after.status === 'uncollectible'
  const isTried = after.isAttempted && after.attemptCount > (before?.attemptCount ?? 0)
  return isUnpaid && isTried && after.amountRemaining > 0
}

function accessEffects(facts: DiffFacts): readonly (PlanEffect | AccessEffect)[] {
  const before = facts.before?.access ?? facts.noAccess
  const after = facts.after.access ?? facts.noAccess
  const change = { ...who(facts), before, after }
  const keyOf = (type: (PlanEffect | AccessEffect)['type']): string =>
    effectKey(type, { of: facts.after.customer.stripeCustomerId, occurrence: facts.occurrence })
  const plan: PlanEffect = {
    ...change,
    type: 'plan.changed',
    key: keyOf('plan.changed'),
    before: before.plan,
    after: after.plan,
  }
  const type = accessChange(before, after)
  const access: AccessEffect = { ...change, type, key: keyOf(type) }
  const isOtherPlan = before.plan !== after.plan
  return [...(isOtherPlan ? [plan] : []), ...(isOtherPlan || before.reason !== after.reason ? [access] : [])]
}

function accessChange(before: PlanAccess, after: PlanAccess): AccessEffect['type'] {
  const [had, has] = [givesAccess(before.reason), givesAccess(after.reason)]
  if (had === has) return 'access.changed'
  return has ? 'access.granted' : 'access.revoked'
}

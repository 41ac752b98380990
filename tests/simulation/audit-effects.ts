import type { Effect, Subscription } from 'paywright'
import type Stripe from 'stripe'

/** The effects of one Stripe customer in the order of the outbox, and all that Stripe has said. */
export interface EffectStory {
  readonly stripeCustomerId: string
  readonly effects: readonly Effect[]
  readonly history: readonly Stripe.Event[]
  /** Whether Stripe still has the customer; of one that was deleted less is known. */
  readonly isDeleted: boolean
}

type SubscriptionEffect = Extract<Effect, { before: Subscription | null; after: Subscription }>

/**
 * Whether the effects are those that the truth implies. Which states were looked at is chance, so not every change at
 * Stripe has an effect of its own; but the states that are told must follow one from another without a gap, each must
 * have been Stripe's, never an older one after a newer, and the last must be how Stripe is now.
 */
export function auditSubscriptionEffects(story: EffectStory): readonly string[] {
  const bySubscription = new Map<string, SubscriptionEffect[]>()
  for (const effect of story.effects) {
    if (!isOfSubscription(effect)) continue
    const id = effect.after.stripeSubscriptionId
    bySubscription.set(id, [...(bySubscription.get(id) ?? []), effect])
  }
  return [...bySubscription].flatMap(([id, effects]) => [
    ...gaps(id, effects),
    ...stepsBack(id, effects, story),
    ...repeated(id, effects),
  ])
}

function isOfSubscription(effect: Effect): effect is SubscriptionEffect {
  return effect.type.startsWith('subscription.')
}

function gaps(id: string, effects: readonly SubscriptionEffect[]): readonly string[] {
  return effects.flatMap((effect, index) => {
    const previous = effects[index - 1]
    if (previous === undefined) return []
    const [told, before] = [canonical(previous.after), canonical(effect.before)]
    const isSameStep = told === canonical(effect.after) && canonical(previous.before) === before
    if (isSameStep || told === before) return []
    return [`${id}: ${effect.key} begins at ${before}, and ${previous.key} had ended at ${told}.`]
  })
}

/** Each state that was told is found in Stripe's history at the same place as the one before, or later. */
function stepsBack(id: string, effects: readonly SubscriptionEffect[], story: EffectStory): readonly string[] {
  const versions = story.history.flatMap(({ data: { object } }) =>
    'object' in object && object.object === 'subscription' && object.id === id ? [versionOfStripe(object)] : [],
  )
  let place = 0
  for (const { key, after } of effects) {
    const version = versionOfOurs(after)
    const found = versions.indexOf(version, place)
    if (found < 0) return [`${id}: ${key} tells ${version}, which Stripe did not say after ${versions[place]}.`]
    place = found
  }
  const last = effects.at(-1)
  const now = versions.at(-1)
  if (story.isDeleted || last === undefined || now === versionOfOurs(last.after)) return []
  return [`${id}: the last effect tells ${versionOfOurs(last.after)}, and Stripe says ${now}.`]
}

/** These happen once in the life of a subscription. */
const ONCE = new Set(['subscription.activated', 'subscription.canceled'])

function repeated(id: string, effects: readonly SubscriptionEffect[]): readonly string[] {
  const types = effects.map(({ type }) => type).filter((type) => ONCE.has(type))
  return types.filter((type, index) => types.indexOf(type) < index).map((type) => `${id}: ${type} was told twice.`)
}

/** What both sides say of a subscription in fields that change by one event each. */
function versionOfOurs(subscription: Subscription): string {
  const { status, cancelAtPeriodEnd, cancelAt, endedAt, trialEnd, currentPeriodEnd, items } = subscription
  const [item] = items
  return JSON.stringify([
    status,
    cancelAtPeriodEnd,
    cancelAt,
    endedAt,
    trialEnd,
    currentPeriodEnd,
    item?.quantity ?? null,
    item?.stripePriceId ?? null,
  ])
}

function versionOfStripe(subscription: Stripe.Subscription): string {
  const items = subscription.items.data
  return JSON.stringify([
    subscription.status,
    subscription.cancel_at_period_end,
    subscription.cancel_at,
    subscription.ended_at,
    subscription.trial_end,
    Math.max(...items.map((item) => item.current_period_end)),
    items[0]?.quantity ?? null,
    items[0]?.price.id ?? null,
  ])
}

function canonical(subscription: Subscription | null): string {
  if (subscription === null) return 'nothing'
  const items = subscription.items.toSorted((a, b) => (a.stripeItemId < b.stripeItemId ? -1 : 1))
  return JSON.stringify({ ...subscription, items }, (_name, value: unknown) => withSortedNames(value))
}

function withSortedNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

type AccessEffect = Extract<Effect, { readonly before: { readonly reason: string } }>

function isOfAccess(effect: Effect): effect is AccessEffect {
  return effect.type.startsWith('access.')
}

/** What was told of access follows without a gap from nothing to what is stored now. */
export function auditAccessEffects(
  { stripeCustomerId, effects }: EffectStory,
  stored: { readonly plan: string | null; readonly reason: string | null },
): readonly string[] {
  const complaints: string[] = []
  let known = JSON.stringify({ plan: 'free', reason: 'none' })
  for (const { key, before, after } of effects.filter(isOfAccess)) {
    const begins = JSON.stringify({ plan: before.plan, reason: before.reason })
    if (begins !== known) complaints.push(`${stripeCustomerId}: ${key} begins at ${begins}, not at ${known}.`)
    known = JSON.stringify({ plan: after.plan, reason: after.reason })
    if (begins === known) complaints.push(`${stripeCustomerId}: ${key} tells a change that is none.`)
  }
  const now = JSON.stringify(stored)
  return known === now ? complaints : [...complaints, `${stripeCustomerId}: told ${known}, stored ${now}.`]
}

/** Which payments were told is what Stripe's invoices say, exactly. */
export function auditPaymentEffects(
  { effects, isDeleted }: EffectStory,
  invoices: readonly Stripe.Invoice[],
): readonly string[] {
  if (isDeleted) return []
  const told = effects.filter(({ type }) => type === 'invoice.paid' || type === 'payment.succeeded')
  const expected = invoices
    .filter(({ status }) => status === 'paid')
    .flatMap(({ id, amount_paid: amount }) => [
      `invoice.paid:${id}`,
      ...(amount > 0 ? [`payment.succeeded:${id}`] : []),
    ])
  const keys = told.map(({ key }) => key)
  return [
    ...expected.filter((key) => !keys.includes(key)).map((key) => `${key} was not told.`),
    ...keys.filter((key) => !expected.includes(key)).map((key) => `${key} was told, and Stripe does not say so.`),
    ...keys.filter((key, index) => keys.indexOf(key) < index).map((key) => `${key} stands in the outbox twice.`),
    ...missingFailures(effects, invoices),
  ]
}

/** Of several attempts that failed one after the other the last must have been told; and no attempt that there was not. */
function missingFailures(effects: readonly Effect[], invoices: readonly Stripe.Invoice[]): readonly string[] {
  const keys = effects.filter(({ type }) => type === 'payment.failed').map(({ key }) => key)
  const failing = invoices.filter(
    ({ status, attempted, attempt_count: count, amount_remaining: left }) =>
      (status === 'open' || status === 'uncollectible') && attempted && count > 0 && left > 0,
  )
  const expected = failing.map(({ id, attempt_count: count }) => `payment.failed:${id}:${count}`)
  const possible = invoices.flatMap(({ id, attempt_count: count }) =>
    Array.from({ length: count }, (_none, index) => `payment.failed:${id}:${index + 1}`),
  )
  return [
    ...expected.filter((key) => !keys.includes(key)).map((key) => `${key} was not told.`),
    ...keys.filter((key) => !possible.includes(key)).map((key) => `${key} was told of an attempt that was not made.`),
  ]
}

import type { CustomerState, Invoice, PaymentMethod, Price, StripeCustomer, Subscription } from './mirror.js'
import type { UnixSeconds } from './time.js'

/**
 * Of what instant of Stripe's clock something stored is: it shows every change before the second `from`, and none after
 * the second `until`. Of changes in the seconds between nobody can say.
 */
export interface Seen {
  readonly from: UnixSeconds
  readonly until: UnixSeconds
}

/** Of what instant the mirror of a customer is: of the last whole read, but for the objects that were renewed since. */
export interface Knowledge {
  readonly read: Seen
  readonly objects: Readonly<Record<string, Seen>>
}

export type ObjectKind = 'customer' | 'subscription' | 'invoice' | 'paymentMethod'

/** An object of the mirror as Stripe says, whole. */
export type MirrorObject =
  | { readonly kind: 'customer'; readonly id: string; readonly object: StripeCustomer }
  | {
      readonly kind: 'subscription'
      readonly id: string
      readonly object: Subscription
      readonly prices: readonly Price[]
    }
  | { readonly kind: 'invoice'; readonly id: string; readonly object: Invoice }
  | { readonly kind: 'paymentMethod'; readonly id: string; readonly object: PaymentMethod }

export interface ObjectRef {
  readonly kind: ObjectKind
  readonly id: string
}

/** What a receipt says. */
export interface EventReading {
  readonly type: string
  readonly createdAt: UnixSeconds
  /**
   * `object`: how an object was right after the change. `unclear`: something of the customer changed and the payload does
   * not say all of it. `nothing`: no row of the mirror depends on it.
   */
  readonly says:
    | { readonly kind: 'object'; readonly now: MirrorObject }
    | { readonly kind: 'unclear' }
    | { readonly kind: 'nothing' }
  /** Objects that it names and that therefore exist. */
  readonly names: readonly ObjectRef[]
}

export interface SyncQuestion {
  /** `null` where the customer is not stored; without knowledge where nobody knows of what instant the state is. */
  readonly stored: { readonly state: CustomerState; readonly knowledge: Knowledge | null } | null
  /** What the receipts that wait say; `null` where there are too many to look at. */
  readonly pending: readonly EventReading[] | null
  /** Somebody wants to know how Stripe is now, such as a customer who comes back from checkout. */
  readonly isReadWanted: boolean
}

/** An object that is newer than what is stored, and of what instant. */
export interface Renewal {
  readonly now: MirrorObject
  readonly seen: Seen
}

/** What a sync does with the receipts that wait for its subject. */
export type SyncDecision =
  | { readonly kind: 'fetch' }
  | {
      readonly kind: 'apply'
      /** What is known before: the stored state, or, for a customer who was just made, one without anything. */
      readonly base: { readonly state: CustomerState; readonly knowledge: Knowledge }
      readonly renewals: readonly Renewal[]
      /** Objects to be read one by one, because no payload is provably their newest. */
      readonly reads: readonly ObjectRef[]
    }

/** Reading so many objects one by one costs as much as reading the whole customer. */
const MOST_SINGLE_READS = 3

/** After so many objects that were renewed one by one, the whole is read again, so that the list stays short. */
const MOST_RENEWED = 200

const FETCH: SyncDecision = { kind: 'fetch' }

/**
 * Decides whether the payloads that wait can be written as they are, or Stripe is to be asked.
 *
 * An event holds the whole object as it was right after one change, at the second `created` of Stripe's clock. So of an
 * object X that is stored as seen in `[from, until]`, a payload of a later second than `until` shows every change that
 * the stored row shows, and more: it is applied, and X is then seen in that one second. A payload of an earlier second
 * than `from` shows nothing new: it is passed over. Anything between is undecided, and X is read: that is so for two
 * different payloads of X in one second, too. What comes after a lost event needs no predecessor, because each payload is
 * whole. An X that is not stored was not there at the last whole read, so that one's instant counts for it.
 *
 * docs/how-sync-works.md has the argument in full.
 */
export function decideSync(question: SyncQuestion): SyncDecision {
  const { pending, isReadWanted } = question
  if (isReadWanted || pending === null || pending.length === 0) return FETCH
  const { state, knowledge } = question.stored ?? newCustomer(pending)
  if (state === null || knowledge === null || state.customer.isDeleted) return FETCH
  if (Object.keys(knowledge.objects).length > MOST_RENEWED) return FETCH
  if (pending.some((event) => event.says.kind === 'unclear' && event.createdAt >= knowledge.read.from)) return FETCH
  const outcomes = [...payloadsById(pending)].map(([id, payloads]) => renew(payloads, seenOf(knowledge, id)))
  const renewals = outcomes.flatMap((outcome) => (outcome.kind === 'renewal' ? [outcome.renewal] : []))
  const undecided = outcomes.flatMap((outcome) => (outcome.kind === 'undecided' ? [outcome.ref] : []))
  const reads = [...undecided, ...missing(pending, [...idsOf(state), ...payloadsById(pending).keys()])]
  const base = { state, knowledge }
  return reads.length > MOST_SINGLE_READS ? FETCH : { kind: 'apply', base, renewals, reads }
}

function seenOf({ read, objects }: Knowledge, id: string): Seen {
  return objects[id] ?? read
}

type Base = { readonly state: CustomerState | null; readonly knowledge: Knowledge | null }

/** A customer who was just made had nothing before that second, so nothing needs to be read to know what they have. */
function newCustomer(pending: readonly EventReading[]): Base {
  for (const { type, createdAt, says } of pending) {
    if (type !== 'customer.created' || says.kind !== 'object' || says.now.kind !== 'customer') continue
    const customer = says.now.object
    const state = { customer, subscriptions: [], invoices: [], paymentMethods: [], access: null }
    // Of the customer itself this payload is yet to be applied.
    const objects = { [says.now.id]: { from: createdAt - 1, until: createdAt - 1 } }
    return { state, knowledge: { read: { from: createdAt, until: createdAt }, objects } }
  }
  return { state: null, knowledge: null }
}

interface Payload {
  readonly createdAt: UnixSeconds
  readonly now: MirrorObject
}

function payloadsById(pending: readonly EventReading[]): ReadonlyMap<string, readonly Payload[]> {
  const byId = new Map<string, Payload[]>()
  for (const { createdAt, says } of pending) {
    if (says.kind !== 'object') continue
    const { now } = says
    byId.set(now.id, [...(byId.get(now.id) ?? []), { createdAt, now }])
  }
  return byId
}

type Outcome =
  | { readonly kind: 'known' }
  | { readonly kind: 'renewal'; readonly renewal: Renewal }
  | { readonly kind: 'undecided'; readonly ref: ObjectRef }

function renew(payloads: readonly Payload[], seen: Seen): Outcome {
  const second = Math.max(...payloads.map(({ createdAt }) => createdAt))
  const [first, ...others] = payloads.filter(({ createdAt }) => createdAt === second)
  if (first === undefined || second < seen.from) return { kind: 'known' }
  const { now } = first
  const isOnlyOne = others.every((other) => isSame(other.now, now))
  if (second > seen.until && isOnlyOne)
    return { kind: 'renewal', renewal: { now, seen: { from: second, until: second } } }
  return { kind: 'undecided', ref: { kind: now.kind, id: now.id } }
}

/** Both were made by the same code from the same kind of object, so equal ones are written alike. */
function isSame(one: MirrorObject, other: MirrorObject): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function missing(pending: readonly EventReading[], known: readonly string[]): readonly ObjectRef[] {
  const named = new Map(pending.flatMap(({ names }) => names.map((ref) => [ref.id, ref])))
  return [...named.values()].filter(({ id }) => !known.includes(id))
}

function idsOf({ customer, subscriptions, invoices, paymentMethods }: CustomerState): readonly string[] {
  return [
    customer.stripeCustomerId,
    ...subscriptions.map(({ stripeSubscriptionId }) => stripeSubscriptionId),
    ...invoices.map(({ stripeInvoiceId }) => stripeInvoiceId),
    ...paymentMethods.map(({ stripePaymentMethodId }) => stripePaymentMethodId),
  ]
}

import type { CustomerState, Invoice, PaymentMethod, Price, StripeCustomer, Subscription } from './mirror.js'
import type { ListPayload, MirrorRecord, RawObjects, RecordPayload } from './records.js'
import type { Seen } from './seen.js'
import { isLaterStatus } from './stages.js'
import type { UnixSeconds } from './time.js'

/** Of what instant the mirror of a customer is: of the last whole read, but for the objects that were renewed since. */
export interface Knowledge {
  readonly read: Seen
  readonly objects: Readonly<Record<string, Seen>>
  /** When each list of records was last seen whole, by their kind; absent where none was. */
  readonly lists?: Readonly<Record<string, Seen>>
}

export type ObjectKind = 'customer' | 'subscription' | 'invoice' | 'paymentMethod'

/** An object of the mirror as Stripe says, whole; `raw` is it, and what stands in it, in Stripe's own words. */
export type MirrorObject = { readonly id: string; readonly raw: RawObjects } & (
  | { readonly kind: 'customer'; readonly object: StripeCustomer }
  | { readonly kind: 'subscription'; readonly object: Subscription; readonly prices: readonly Price[] }
  | { readonly kind: 'invoice'; readonly object: Invoice; readonly lines: readonly MirrorRecord[] }
  | { readonly kind: 'paymentMethod'; readonly object: PaymentMethod }
)

export interface ObjectRef {
  readonly kind: ObjectKind
  readonly id: string
}

/** What a receipt says. */
export interface EventReading {
  readonly type: string
  readonly createdAt: UnixSeconds
  /**
   * `object`: how an object was right after the change. `changed`: an object changed, and the payload does not show all of
   * it. `unclear`: something of the customer changed and the payload does not say to what. `nothing`: access and effects
   * do not depend on it.
   */
  readonly says:
    | { readonly kind: 'object'; readonly now: MirrorObject }
    | { readonly kind: 'changed'; readonly ref: ObjectRef }
    | { readonly kind: 'unclear' }
    | { readonly kind: 'nothing' }
  /** Objects that it names and that therefore exist. */
  readonly names: readonly ObjectRef[]
  readonly records: readonly RecordPayload[]
  readonly lists: readonly ListPayload[]
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
      /**
       * What is known before: the stored state, or, for a customer who was just made, one without anything. Without
       * knowledge nothing is renewed.
       */
      readonly base: { readonly state: CustomerState; readonly knowledge: Knowledge | null }
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
 * whole. An X that is not stored was not there at the last whole read, so that one's instant counts for it. Where the
 * status of one of two states is known to follow on that of the other, no time is needed to tell which is newer.
 *
 * docs/how-sync-works.md has the argument in full.
 */
export function decideSync(question: SyncQuestion): SyncDecision {
  const { pending, isReadWanted } = question
  if (isReadWanted || pending === null || pending.length === 0) return FETCH
  const { state, knowledge } = question.stored ?? newCustomer(pending)
  if (state === null) return FETCH
  const told = payloadsById(pending)
  const named = missing(pending, [...idsOf(state), ...told.keys()])
  if (named.length === 0 && pending.every(({ says }) => says.kind === 'nothing')) {
    return { kind: 'apply', base: { state, knowledge }, renewals: [], reads: [] }
  }
  if (knowledge === null || state.customer.isDeleted) return FETCH
  if (Object.keys(knowledge.objects).length > MOST_RENEWED) return FETCH
  if (pending.some((event) => event.says.kind === 'unclear' && event.createdAt >= knowledge.read.from)) return FETCH
  const statuses = statusesOf(state)
  const outcomes = [...told].map(([id, payloads]) =>
    renew(payloads, { seen: seenOf(knowledge, id), status: statuses.get(id) }),
  )
  const renewals = outcomes.flatMap((outcome) => (outcome.kind === 'renewal' ? [outcome.renewal] : []))
  const undecided = outcomes.flatMap((outcome) => (outcome.kind === 'undecided' ? [outcome.ref] : []))
  const reads = [...undecided, ...named]
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
  readonly ref: ObjectRef
  /** `null` where the payload does not show all of it. */
  readonly now: MirrorObject | null
}

function payloadsById(pending: readonly EventReading[]): ReadonlyMap<string, readonly Payload[]> {
  const byId = new Map<string, Payload[]>()
  for (const { createdAt, says } of pending) {
    if (says.kind !== 'object' && says.kind !== 'changed') continue
    const now = says.kind === 'object' ? says.now : null
    const { kind, id } = says.kind === 'object' ? says.now : says.ref
    byId.set(id, [...(byId.get(id) ?? []), { createdAt, ref: { kind, id }, now }])
  }
  return byId
}

type Outcome =
  | { readonly kind: 'known' }
  | { readonly kind: 'renewal'; readonly renewal: Renewal }
  | { readonly kind: 'undecided'; readonly ref: ObjectRef }

interface Before {
  readonly seen: Seen
  /** The status of what is stored, where that has one. */
  readonly status: string | undefined
}

function renew(payloads: readonly Payload[], { seen, status }: Before): Outcome {
  const second = Math.max(...payloads.map(({ createdAt }) => createdAt))
  const newest = payloads.filter(({ createdAt }) => createdAt === second)
  const [first] = newest
  if (first === undefined || second < seen.from) return { kind: 'known' }
  const now = latestOf(newest)
  const undecided: Outcome = { kind: 'undecided', ref: first.ref }
  if (now === null) return undecided
  const isNewer = second > seen.until || isLaterStatus(now.kind, statusOf(now), status)
  if (isNewer) return { kind: 'renewal', renewal: { now, seen: { from: second, until: second } } }
  return isLaterStatus(now.kind, status, statusOf(now)) ? { kind: 'known' } : undecided
}

/** The one of several payloads of a second that must be the last; `null` where nobody can say. */
function latestOf(payloads: readonly Payload[]): MirrorObject | null {
  const objects = payloads.map(({ now }) => now).filter((now) => now !== null)
  if (objects.length < payloads.length) return null
  const isLast = (now: MirrorObject): boolean =>
    objects.every((other) => isSame(other, now) || isLaterStatus(now.kind, statusOf(now), statusOf(other)))
  return objects.find(isLast) ?? null
}

function statusOf({ object }: MirrorObject): string | undefined {
  return 'status' in object ? object.status : undefined
}

function statusesOf({ subscriptions, invoices }: CustomerState): ReadonlyMap<string, string> {
  return new Map([
    ...subscriptions.map(({ stripeSubscriptionId, status }) => [stripeSubscriptionId, status] as const),
    ...invoices.map(({ stripeInvoiceId, status }) => [stripeInvoiceId, status] as const),
  ])
}

/** Both were made by the same code from the same kind of object, so equal ones are written alike. */
function isSame(one: MirrorObject, other: MirrorObject): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
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

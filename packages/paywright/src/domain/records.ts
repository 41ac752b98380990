import type { Seen } from './seen.js'
import type { UnixSeconds } from './time.js'

// A record is an object of Stripe that is mirrored as it is, whole, and that no rule of ours looks into. Customers,
// subscriptions, invoices, payment methods, products and prices are no records: access and effects are decided from them.

/** Records of a customer. */
export type CustomerRecordKind =
  | 'invoiceLine'
  | 'subscriptionSchedule'
  | 'paymentIntent'
  | 'charge'
  | 'refund'
  | 'dispute'
  | 'creditNote'
  | 'discount'
  | 'checkoutSession'
  | 'taxId'
  | 'activeEntitlement'

/** Records of the account. */
export type CatalogRecordKind = 'feature' | 'coupon' | 'promotionCode' | 'meter'

export type RecordKind = CustomerRecordKind | CatalogRecordKind

/** An object as Stripe says it, field by field. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Objects as Stripe says them, by their ids at Stripe. */
export type RawObjects = Readonly<Record<string, JsonObject>>

export interface RecordRef {
  readonly kind: CustomerRecordKind
  readonly id: string
}

/** Tells a record from all others of its owner. */
export function recordKey({ kind, id }: { readonly kind: RecordKind; readonly id: string }): string {
  return `${kind} ${id}`
}

export interface MirrorRecord {
  readonly id: string
  readonly object: JsonObject
}

/** What an event says of a record. */
export interface RecordPayload extends RecordRef {
  readonly createdAt: UnixSeconds
  /** As it was right after the change; `null` where it changed and the payload does not say to what. */
  readonly object: JsonObject | null
  readonly isDeleted: boolean
}

/** Which list of records: the lines of an invoice, or all that a customer has of a kind. */
export interface RecordListRef {
  readonly kind: CustomerRecordKind
  /** The invoice whose lines they are; `null` for the customer's own. */
  readonly of: string | null
}

/** What an event says of a whole list. */
export interface ListPayload extends RecordListRef {
  readonly createdAt: UnixSeconds
  /** `null` where the list is longer than the payload shows. */
  readonly members: readonly MirrorRecord[] | null
}

/** A list as it is at an instant: what is stored of it and is no member is gone. */
export interface WholeList extends RecordListRef {
  readonly members: readonly MirrorRecord[]
  readonly seen: Seen
}

/** A record as it is stored. */
export interface StoredRecord extends RecordRef {
  readonly object: JsonObject
  readonly seen: Seen
  readonly isDeleted: boolean
}

/** What is to be written of a record. */
export interface RecordChange {
  readonly kind: RecordKind
  readonly id: string
  readonly object: JsonObject
  readonly seen: Seen
  /** When it was deleted, or found to be gone; `null` where it is there. */
  readonly deletedAt: UnixSeconds | null
}

/** Whose stored records are gone where they are not among these. */
export interface RecordSweep {
  readonly kind: RecordKind
  readonly of: string | null
  readonly keep: readonly string[]
  readonly seen: Seen
  readonly deletedAt: UnixSeconds
}

/** All that is to be written of records. */
export interface RecordWrites {
  readonly changes: readonly RecordChange[]
  readonly sweeps: readonly RecordSweep[]
}

export const NO_RECORDS: RecordWrites = { changes: [], sweeps: [] }

/** The writes that make what is stored of a list be this list. */
export function writeList(
  list: Omit<WholeList, 'kind'> & { readonly kind: RecordKind },
  at: UnixSeconds,
): RecordWrites {
  const { kind, of, members, seen } = list
  const changes = members.map(({ id, object }) => ({ kind, id, object, seen, deletedAt: null }))
  return { changes, sweeps: [{ kind, of, keep: members.map(({ id }) => id), seen, deletedAt: at }] }
}

/** The writes of all of these; of what stands twice, the last counts. */
export function joinWrites(parts: readonly RecordWrites[]): RecordWrites {
  const changes = new Map(parts.flatMap((part) => part.changes.map((change) => [recordKey(change), change])))
  return { changes: [...changes.values()], sweeps: parts.flatMap(({ sweeps }) => sweeps) }
}

import { Stripe } from 'stripe'
import type { CustomerRecordKind, ListPayload, RecordPayload } from '../domain/records.js'
import { idOf } from './id-of.js'
import { rawOf, toRecords } from './raw.js'

/** The objects of Stripe that are mirrored as records of a customer. */
const KINDS: ReadonlyMap<string, CustomerRecordKind> = new Map<string, CustomerRecordKind>([
  ['payment_intent', 'paymentIntent'],
  ['charge', 'charge'],
  ['refund', 'refund'],
  ['dispute', 'dispute'],
  ['credit_note', 'creditNote'],
  ['discount', 'discount'],
  ['checkout.session', 'checkoutSession'],
  ['tax_id', 'taxId'],
  ['subscription_schedule', 'subscriptionSchedule'],
])

const DELETIONS = ['customer.tax_id.deleted', 'customer.discount.deleted']

type Recorded =
  | Stripe.PaymentIntent
  | Stripe.Charge
  | Stripe.Refund
  | Stripe.Dispute
  | Stripe.CreditNote
  | Stripe.Discount
  | Stripe.Checkout.Session
  | Stripe.TaxId
  | Stripe.SubscriptionSchedule

/** What an event says of records, and of which it says only that they changed. */
export function recordsIn({
  type,
  created: createdAt,
  api_version: version,
  data,
}: Stripe.Event): readonly RecordPayload[] {
  const object = data.object as Recorded | { object: 'other' }
  const kind = KINDS.get(object.object)
  if (kind === undefined || object.object === 'other') return []
  const isDeleted = DELETIONS.includes(type)
  // Another version may say the same in other fields; of what is gone that is all there will be.
  const isReadable = version === Stripe.API_VERSION || isDeleted
  const record: RecordPayload = { kind, id: object.id, createdAt, object: isReadable ? rawOf(object) : null, isDeleted }
  return [record, ...changedSilently(type, object).map((id) => ({ ...CHARGE, id, createdAt }))]
}

const CHARGE = { kind: 'charge', object: null, isDeleted: false } as const

/** A refund that fails gives the charge its amount back, of which no event of the charge's own tells. */
function changedSilently(type: string, object: Recorded): readonly string[] {
  if (type !== 'refund.failed' || object.object !== 'refund') return []
  const charge = idOf(object.charge)
  return charge === null ? [] : [charge]
}

/** What an event says of a whole list. */
export function listsIn({ created: createdAt, api_version: version, data }: Stripe.Event): readonly ListPayload[] {
  const object = data.object as Stripe.Entitlements.ActiveEntitlementSummary | { object: 'other' }
  if (object.object !== 'entitlements.active_entitlement_summary') return []
  const { has_more: isLonger, data: shown } = object.entitlements
  const members = isLonger || version !== Stripe.API_VERSION ? null : toRecords(shown)
  return [{ kind: 'activeEntitlement', of: null, createdAt, members }]
}

import { CATALOG_SUBJECT, subjectOfCharge } from '../domain/subject.js'

/** The parts of an event that say what it is about. */
export interface EventFacts {
  readonly type: string
  readonly object: Readonly<Record<string, unknown>>
  /** What the changed members were before; absent for events that are no update. */
  readonly previous: Readonly<Record<string, unknown>>
}

type Finder = (event: EventFacts) => string | null

const ofItself: Finder = ({ object }) => referenceOf(object['id'])

const ofCustomer: Finder = ({ object }) => referenceOf(object['customer'])

/** A detached payment method has no customer any more; the event says whose it was. */
const ofCustomerBefore: Finder = (event) => ofCustomer(event) ?? referenceOf(event.previous['customer'])

/** A dispute does not say whose charge it is about. */
const ofCharge: Finder = ({ object }) => {
  const charge = referenceOf(object['charge'])
  return charge === null ? null : subjectOfCharge(charge)
}

const ofCatalog: Finder = () => CATALOG_SUBJECT

/**
 * How the subject of an event is found, by the beginning of its type; the first that fits counts. What is not named here
 * changes nothing that is mirrored: it is stored, and nothing is synced for it.
 */
const FINDERS: readonly (readonly [prefix: string, find: Finder])[] = [
  ['customer.created', ofItself],
  ['customer.updated', ofItself],
  ['customer.deleted', ofItself],
  ['customer.', ofCustomer],
  ['invoice.', ofCustomer],
  ['checkout.session.', ofCustomer],
  ['payment_method.', ofCustomerBefore],
  ['setup_intent.', ofCustomer],
  ['payment_intent.', ofCustomer],
  ['charge.dispute.', ofCharge],
  ['charge.', ofCustomer],
  ['refund.', ofCustomer],
  ['credit_note.', ofCustomer],
  ['subscription_schedule.', ofCustomer],
  ['entitlements.active_entitlement_summary.', ofCustomer],
  ['product.', ofCatalog],
  ['price.', ofCatalog],
  ['coupon.', ofCatalog],
  ['promotion_code.', ofCatalog],
  ['billing.meter.', ofCatalog],
]

/** What wants to be synced because of this event: a Stripe customer id, the catalogue, or nothing. */
export function subjectOf(event: EventFacts): string | null {
  const row = FINDERS.find(([prefix]) => event.type.startsWith(prefix))
  return row === undefined ? null : row[1](event)
}

function referenceOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  return typeof value.id === 'string' ? value.id : null
}

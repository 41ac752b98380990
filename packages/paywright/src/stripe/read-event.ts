import { Stripe } from 'stripe'
import type { EventReading, MirrorObject, ObjectRef } from '../domain/sync-decision.js'
import { listsIn, recordsIn } from './event-records.js'
import { idOf } from './id-of.js'
import { rawOf, rawsOf, toRecords } from './raw.js'
import { toPrice } from './to-catalog.js'
import { thinFacts } from './thin-event.js'
import { toCustomer, toPaymentMethod } from './to-customer.js'
import { toInvoice } from './to-invoice.js'
import { toSubscription } from './to-subscription.js'

type Says = EventReading['says']

const NOTHING: Says = { kind: 'nothing' }
const UNCLEAR: Says = { kind: 'unclear' }

/** Objects of which the payload of an event holds all that the mirror keeps. */
type Known = Stripe.Customer | Stripe.Subscription | Stripe.Invoice | Stripe.PaymentMethod

/** Changes that leave nothing of the object, or do not say whose it was. */
const ENDINGS = ['customer.deleted', 'invoice.deleted', 'payment_method.detached']

/** Events of a customer on which neither access nor effects depend; what they cause comes as an event of its own. */
const PASSED_OVER = [
  'charge.',
  'checkout.session.',
  'credit_note.',
  'customer.discount.',
  'customer.source.',
  'customer.tax_id.',
  'entitlements.',
  'invoice.upcoming',
  'payment_intent.',
  'refund.',
  'setup_intent.',
  'subscription_schedule.',
]

/** What a stored event says of the mirror. */
export function readEvent(payload: string): EventReading {
  const event = parse(payload)
  const thin = thinFacts(event)
  // It says that something of the customer has changed, and not what it is now.
  if (thin !== null) return { ...thin, says: UNCLEAR, names: [], records: [], lists: [] }
  const { type, created: createdAt } = event
  return {
    type,
    createdAt,
    says: saidBy(event),
    names: namedBy(event),
    records: recordsIn(event),
    lists: listsIn(event),
  }
}

/** Guaranteed by `verifyWebhook`, through which everything that is stored has come: an event, and by Stripe. */
function parse(payload: string): Stripe.Event {
  return JSON.parse(payload) as Stripe.Event
}

function saidBy({ type, api_version: version, data }: Stripe.Event): Says {
  if (ENDINGS.includes(type)) return UNCLEAR
  if (PASSED_OVER.some((prefix) => type.startsWith(prefix))) return NOTHING
  // Another version may say the same in other fields.
  if (version !== Stripe.API_VERSION) return UNCLEAR
  const object = data.object as Known | { object: 'other' }
  if (object.object === 'other' || isOnTestClock(object)) return UNCLEAR
  if (object.object === 'invoice' && object.lines.has_more) {
    return { kind: 'changed', ref: { kind: 'invoice', id: object.id } }
  }
  const now = toMirrorObject(object)
  return now === null ? UNCLEAR : { kind: 'object', now }
}

/** The time of a test clock is not that of the answers we read, so the two cannot be compared. */
function isOnTestClock(object: Known): boolean {
  return 'test_clock' in object && object.test_clock !== null && object.test_clock !== undefined
}

/**
 * `null` where the object is another one, or not whole. `lines` are all lines of an invoice that does not show all of them
 * itself.
 */
export function toMirrorObject(
  object: Known,
  lines: readonly Stripe.InvoiceLineItem[] | null = null,
): MirrorObject | null {
  const { id } = object
  const raw = { [id]: rawOf(object) }
  switch (object.object) {
    case 'customer':
      return { kind: 'customer', id, raw, object: toCustomer(object) }
    case 'subscription':
      return object.items.has_more ? null : toMirrorSubscription(object)
    case 'invoice': {
      const customer = idOf(object.customer)
      if (customer === null || (object.lines.has_more && lines === null)) return null
      return {
        kind: 'invoice',
        id,
        raw,
        object: toInvoice(customer, object),
        lines: toRecords(lines ?? object.lines.data),
      }
    }
    case 'payment_method': {
      const customer = idOf(object.customer)
      return customer === null ? null : { kind: 'paymentMethod', id, raw, object: toPaymentMethod(customer, object) }
    }
    default:
      return null
  }
}

function toMirrorSubscription(subscription: Stripe.Subscription): MirrorObject {
  const { id, items } = subscription
  const prices = items.data.map(({ price }) => price)
  return {
    kind: 'subscription',
    id,
    raw: rawsOf([subscription, ...items.data, ...prices]),
    object: toSubscription(subscription, items.data),
    prices: prices.map(toPrice),
  }
}

/**
 * What must have been there before this change, and whose own events come late or never where it is not stored. An invoice
 * that this very change has made is not among them: its events are on their way.
 */
function namedBy({ type, data }: Stripe.Event): readonly ObjectRef[] {
  const object = data.object as Known | Stripe.Checkout.Session | { object: 'other' }
  switch (object.object) {
    case 'checkout.session':
      return [...ref('subscription', object.subscription), ...ref('invoice', object.invoice)]
    case 'invoice':
      return ref('subscription', object.parent?.subscription_details?.subscription)
    case 'customer':
      return ref('paymentMethod', object.invoice_settings.default_payment_method)
    case 'subscription': {
      const isNew = type === 'customer.subscription.created' || 'latest_invoice' in (data.previous_attributes ?? {})
      const invoice = isNew ? [] : ref('invoice', object.latest_invoice)
      return [...invoice, ...ref('paymentMethod', object.default_payment_method)]
    }
    default:
      return []
  }
}

function ref(kind: ObjectRef['kind'], reference: string | { readonly id: string } | null | undefined): ObjectRef[] {
  const id = idOf(reference)
  return id === null ? [] : [{ kind, id }]
}

import type { Transaction } from '../core/transaction.js'
import type { ExpandableFields } from './parameter-types.js'
import { firstDiscount, withCoupon, type Fields } from './earlier-discounts.js'
import { earlierInvoice, earlierInvoiceItem, earlierLine, invoiceOf } from './earlier-invoices.js'

/** What changed in how an object is answered. Each change is undone for whoever asks in an earlier version. */
interface Change {
  /** The version that brought the change. */
  readonly since: string
  /** The kinds of object it concerns, as their `object` says, and how they were. */
  readonly objects: Readonly<Record<string, (transaction: Transaction, object: Fields) => Fields>>
  /** Fields that could be expanded before, by the names of the SDK's types. */
  readonly expandable?: Readonly<Record<string, ExpandableFields>>
}

/** The latest change comes first, as each is undone on top of those after it. https://docs.stripe.com/changelog */
const changes: readonly Change[] = [
  {
    since: '2026-03-25.dahlia',
    objects: { 'checkout.session': (_transaction, session) => ({ ...session, ui_mode: uiMode(session['ui_mode']) }) },
  },
  {
    since: '2025-09-30.clover',
    objects: { discount: withCoupon('source'), promotion_code: withCoupon('promotion') },
    expandable: { PromotionCode: { coupon: { to: 'Coupon' } }, Discount: { coupon: { to: 'Coupon' } } },
  },
  {
    since: '2025-03-31.basil',
    objects: {
      charge: (transaction, charge) => ({ ...charge, invoice: invoiceOf(transaction, charge['payment_intent']) }),
      invoice: earlierInvoice,
      invoiceitem: earlierInvoiceItem,
      line_item: earlierLine,
      payment_intent: (transaction, intent) => ({ ...intent, invoice: invoiceOf(transaction, intent['id']) }),
      subscription: earlierSubscription,
      subscription_item: (_transaction, { current_period_start: _start, current_period_end: _end, ...item }) => item,
    },
    expandable: {
      Charge: { invoice: { ids: true, to: 'Invoice' } },
      Invoice: {
        charge: { ids: true, to: 'Charge' },
        discount: { to: 'Discount' },
        payment_intent: { ids: true, to: 'PaymentIntent' },
        quote: { ids: true, to: 'Quote' },
        subscription: { ids: true, to: 'Subscription' },
      },
      PaymentIntent: { invoice: { ids: true, to: 'Invoice' } },
      Subscription: { discount: { to: 'Discount' } },
    },
  },
  {
    since: '2024-04-10',
    objects: {
      product: (_transaction, { marketing_features: features, ...product }) => ({ ...product, features }),
    },
  },
  {
    since: '2022-11-15',
    objects: {
      charge: (transaction, charge) => ({ ...charge, refunds: refundsOf(transaction, charge['id']) }),
      payment_intent: (transaction, intent) => ({ ...intent, charges: chargesOf(transaction, intent['id']) }),
    },
  },
]

/** Fields of a kind of object that can be expanded in an earlier version only. */
export function expandableThen(kind: string, version: string): ExpandableFields {
  return Object.assign(
    {},
    ...changes.map(({ since, expandable }) => (version < since ? expandable?.[kind] : undefined)),
  )
}

/** Puts a body, with all objects in it, into the form of a version; `undefined` where that is today's. */
export function earlierForm(transaction: Transaction, version: string): ((body: unknown) => unknown) | undefined {
  const undone = changes.filter(({ since }) => version < since)
  if (undone.length === 0) return undefined
  const shape = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(shape)
    // An event says what was the case, in the form that it had then.
    if ('object' in value && value.object === 'event') return value
    const earlier = undone.reduce<Fields>((fields, change) => undo(transaction, change, fields), value as Fields)
    return Object.fromEntries(Object.entries(earlier).map(([name, field]) => [name, shape(field)]))
  }
  return shape
}

function undo(transaction: Transaction, { objects }: Change, fields: Fields): Fields {
  const kind = fields['object']
  if (typeof kind !== 'string' || !Object.hasOwn(objects, kind) || fields['deleted'] === true) return fields
  return objects[kind]?.(transaction, fields) ?? fields
}

/** All attempts to pay stood in the payment intent, the latest first. */
function chargesOf(transaction: Transaction, intent: unknown): Fields {
  const charges = typeof intent === 'string' ? transaction.by('charges', 'payment_intent', intent) : []
  const data = charges.toReversed().map((charge) => transaction.render('charges', charge))
  return wholeList(data, `/v1/charges?payment_intent=${String(intent)}`)
}

function refundsOf(transaction: Transaction, charge: unknown): Fields {
  const refunds = typeof charge === 'string' ? transaction.by('refunds', 'charge', charge) : []
  const data = refunds.toReversed().map((refund) => transaction.render('refunds', refund))
  return wholeList(data, `/v1/charges/${String(charge)}/refunds`)
}

function wholeList(data: readonly unknown[], url: string): Fields {
  return { object: 'list', data, has_more: false, total_count: data.length, url }
}

const UI_MODES: Readonly<Record<string, string>> = {
  hosted_page: 'hosted',
  embedded_page: 'embedded',
  elements: 'custom',
}

function uiMode(mode: unknown): unknown {
  return typeof mode === 'string' ? (UI_MODES[mode] ?? mode) : mode
}

/** The period was the subscription's, as all its items had the same. */
function earlierSubscription(transaction: Transaction, subscription: Fields): Fields {
  const { data = [] } = (subscription['items'] ?? {}) as { readonly data?: readonly Fields[] }
  const starts = data.flatMap(({ current_period_start: start }) => (typeof start === 'number' ? [start] : []))
  const ends = data.flatMap(({ current_period_end: end }) => (typeof end === 'number' ? [end] : []))
  return {
    ...subscription,
    ...(starts.length > 0 && { current_period_start: Math.min(...starts) }),
    ...(ends.length > 0 && { current_period_end: Math.max(...ends) }),
    discount: firstDiscount(transaction, subscription['discounts']),
  }
}

import type { CustomerState, Price, Product, Subscription } from './mirror.js'
import type { CustomerRecordKind } from './records.js'
import { sameJson } from './same-json.js'

/** What is mirrored and compared. */
export type DriftKind =
  | 'customer'
  | 'subscription'
  | 'invoice'
  | 'paymentMethod'
  | 'product'
  | 'price'
  | CustomerRecordKind

/** An object of which the mirror says something else than Stripe. */
export interface Drift {
  readonly kind: DriftKind
  /** The id at Stripe. */
  readonly id: string
  /** `missing`: only Stripe has it. `extra`: only the mirror has it. `different`: both have it. */
  readonly problem: 'missing' | 'extra' | 'different'
  /** What differs between the two. */
  readonly fields: readonly DriftField[]
}

/** A field whose two values differ. */
export interface DriftField {
  readonly name: string
  readonly ours: unknown
  readonly stripe: unknown
}

/** What is decided when a row is written, and so is no statement of Stripe's. */
const DECIDED: readonly string[] = ['plan', 'unknownPriceId', 'pastDueSince'] satisfies (keyof Subscription)[]

/** How what is stored of a customer differs from what Stripe says; `null` stands for one that is not there at all. */
export function findDrift(stored: CustomerState | null, read: CustomerState | null): readonly Drift[] {
  if (read === null || read.customer.isDeleted) return undeleted(stored, read)
  if (stored === null) return [missing('customer', read.customer.stripeCustomerId), ...listDrift(NOTHING, read)]
  const id = read.customer.stripeCustomerId
  return [...compare({ kind: 'customer', id }, stored.customer, read.customer), ...listDrift(stored, read)]
}

type Lists = Pick<CustomerState, 'subscriptions' | 'invoices' | 'paymentMethods'>

const NOTHING: Lists = { subscriptions: [], invoices: [], paymentMethods: [] }

/** Of a customer who is gone Stripe says nothing any more, so all that can be wrong is that we think they are there. */
function undeleted(stored: CustomerState | null, read: CustomerState | null): readonly Drift[] {
  if (stored === null || stored.customer.isDeleted) return []
  const id = stored.customer.stripeCustomerId
  if (read === null) return [{ kind: 'customer', id, problem: 'extra', fields: [] }]
  const field: DriftField = { name: 'isDeleted', ours: false, stripe: true }
  return [{ kind: 'customer', id, problem: 'different', fields: [field] }]
}

function listDrift(stored: Lists, read: Lists): readonly Drift[] {
  // Old invoices are not read any more, and of all only drafts can be deleted.
  const invoices = stored.invoices.filter(
    ({ stripeInvoiceId, status }) =>
      status === 'draft' || read.invoices.some((invoice) => invoice.stripeInvoiceId === stripeInvoiceId),
  )
  return [
    ...compareLists(
      'subscription',
      byId(stored.subscriptions, subscriptionId),
      byId(read.subscriptions, subscriptionId),
    ),
    ...compareLists('invoice', byId(invoices, invoiceId), byId(read.invoices, invoiceId)),
    ...compareLists('paymentMethod', byId(stored.paymentMethods, methodId), byId(read.paymentMethods, methodId)),
  ]
}

const subscriptionId = ({ stripeSubscriptionId }: Subscription): string => stripeSubscriptionId
const invoiceId = ({ stripeInvoiceId }: { readonly stripeInvoiceId: string }): string => stripeInvoiceId
const methodId = ({ stripePaymentMethodId }: { readonly stripePaymentMethodId: string }): string =>
  stripePaymentMethodId

interface Catalog {
  readonly products: readonly Product[]
  readonly prices: readonly Price[]
}

/** How the stored products and prices differ from Stripe's. */
export function findCatalogDrift(stored: Catalog, read: Catalog): readonly Drift[] {
  const productId = ({ stripeProductId }: Product): string => stripeProductId
  const priceId = ({ stripePriceId }: Price): string => stripePriceId
  return [
    ...compareLists('product', byId(stored.products, productId), byId(read.products, productId)),
    ...compareLists('price', byId(stored.prices, priceId), byId(read.prices, priceId)),
  ]
}

function byId<Item>(items: readonly Item[], idOf: (item: Item) => string): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [idOf(item), item]))
}

function compareLists<Item extends object>(
  kind: DriftKind,
  stored: ReadonlyMap<string, Item>,
  read: ReadonlyMap<string, Item>,
): readonly Drift[] {
  const extra = [...stored.keys()].filter((id) => !read.has(id))
  const found = [...read].flatMap(([id, item]) => {
    const ours = stored.get(id)
    return ours === undefined ? [missing(kind, id)] : compare({ kind, id }, ours, item)
  })
  return [...found, ...extra.map((id): Drift => ({ kind, id, problem: 'extra', fields: [] }))]
}

function missing(kind: DriftKind, id: string): Drift {
  return { kind, id, problem: 'missing', fields: [] }
}

function compare<Item extends object>(
  { kind, id }: { readonly kind: DriftKind; readonly id: string },
  stored: Item,
  read: Item,
): readonly Drift[] {
  const ours = new Map<string, unknown>(Object.entries(stored))
  const theirs = new Map<string, unknown>(Object.entries(read))
  const fields = [...theirs]
    .map(([name, stripe]): DriftField => ({ name, ours: ours.get(name), stripe }))
    .filter(({ name }) => !DECIDED.includes(name))
    .filter((field) => !sameJson(field.ours, field.stripe))
  return fields.length === 0 ? [] : [{ kind, id, problem: 'different', fields }]
}

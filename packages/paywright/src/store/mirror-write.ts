import type { CustomerState, Price, Product, Scope } from '../domain/mirror.js'
import type { RawObjects } from '../domain/records.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Exec } from './database.js'
import { incomingEntries, markOthersGone, type MirrorTable, upsertEntries } from './mirror-table.js'
import {
  INVOICES,
  type ItemEntry,
  PAYMENT_METHODS,
  PRICES,
  PRODUCTS,
  STRIPE_CUSTOMERS,
  SUBSCRIPTION_ITEMS,
  SUBSCRIPTIONS,
} from './mirror-tables.js'
import { encodeJson } from './values.js'

const upsert = (table: MirrorTable): string => `with ${incomingEntries(table)} ${upsertEntries(table, 'overwrite')}`

const replace = (table: MirrorTable, condition?: string): string =>
  `with ${incomingEntries(table)}, gone as (${markOthersGone(table, condition)}) ${upsertEntries(table, 'overwrite')}`

// In this order, because items refer to their subscription. Subscriptions never vanish at Stripe, and of the invoices
// only drafts can be deleted there.
const WRITE_CUSTOMER = upsert(STRIPE_CUSTOMERS)
const WRITE_SUBSCRIPTIONS = upsert(SUBSCRIPTIONS)
const WRITE_ITEMS = replace(SUBSCRIPTION_ITEMS)
const WRITE_INVOICES = replace(INVOICES, `stored.status = 'draft'`)
const WRITE_PAYMENT_METHODS = replace(PAYMENT_METHODS)

const REPLACE_PRODUCTS = replace(PRODUCTS)
const REPLACE_PRICES = replace(PRICES)
const ADD_PRICES = `with ${incomingEntries(PRICES)} ${upsertEntries(PRICES, 'keep')}`

/** What is written beside what the domain knows. */
export interface Written {
  /** Whole objects of Stripe, of those that were read or told anew. */
  readonly objects: RawObjects
  readonly now: UnixSeconds
}

/** Makes the mirror of this customer say what was read. */
export async function writeCustomerState(
  exec: Exec,
  scope: Scope,
  { state, objects, now }: Written & { readonly state: CustomerState },
): Promise<void> {
  const { stripeCustomerId } = state.customer
  const upsertAll = (statement: string, entries: readonly object[]) =>
    exec(statement, [scope.account, scope.livemode, stripeCustomerId, encodeJson(entries)])
  const replaceAll = (statement: string, entries: readonly object[]) =>
    exec(statement, [scope.account, scope.livemode, stripeCustomerId, encodeJson(entries), now])
  const access = { accessPlan: state.access?.plan ?? null, accessReason: state.access?.reason ?? null }
  await upsertAll(WRITE_CUSTOMER, [{ ...state.customer, ...access, object: objects[stripeCustomerId] }])
  await upsertAll(WRITE_SUBSCRIPTIONS, withObjects(state.subscriptions, objects, 'stripeSubscriptionId'))
  await replaceAll(WRITE_ITEMS, withObjects(itemsOf(state), objects, 'stripeItemId'))
  await replaceAll(WRITE_INVOICES, withObjects(state.invoices, objects, 'stripeInvoiceId'))
  await replaceAll(WRITE_PAYMENT_METHODS, withObjects(state.paymentMethods, objects, 'stripePaymentMethodId'))
}

function itemsOf({ subscriptions }: CustomerState): readonly ItemEntry[] {
  return subscriptions.flatMap(({ stripeSubscriptionId, items }) =>
    items.map((item, position) => ({ ...item, stripeSubscriptionId, position })),
  )
}

function withObjects<Field extends string>(
  entries: readonly Readonly<Record<Field, string>>[],
  objects: RawObjects,
  id: Field,
): readonly object[] {
  return entries.map((entry) => ({ ...entry, object: objects[entry[id]] }))
}

/**
 * Adds prices that a customer's read has met. It overwrites none: that read may be older than the catalogue's, which
 * alone knows what a price is now.
 */
export async function addPrices(
  exec: Exec,
  scope: Scope,
  { prices, objects }: { readonly prices: readonly Price[]; readonly objects: RawObjects },
): Promise<void> {
  if (prices.length === 0) return
  const entries = withObjects(prices, objects, 'stripePriceId')
  await exec(ADD_PRICES, [scope.account, scope.livemode, encodeJson(entries)])
}

/** Makes the stored catalogue say what was read. */
export async function replaceCatalog(
  exec: Exec,
  scope: Scope,
  catalog: Written & { readonly products: readonly Product[]; readonly prices: readonly Price[] },
): Promise<void> {
  const { objects, now } = catalog
  const replaceAll = (statement: string, entries: readonly object[]) =>
    exec(statement, [scope.account, scope.livemode, encodeJson(entries), now])
  await replaceAll(REPLACE_PRODUCTS, withObjects(catalog.products, objects, 'stripeProductId'))
  await replaceAll(REPLACE_PRICES, withObjects(catalog.prices, objects, 'stripePriceId'))
}

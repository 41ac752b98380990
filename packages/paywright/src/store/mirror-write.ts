import type { CustomerState, Price, Product, Scope } from '../domain/mirror.js'
import type { Exec } from './database.js'
import { deleteOthers, incomingEntries, type MirrorTable, upsertEntries } from './mirror-table.js'
import {
  INVOICES,
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
  `with ${incomingEntries(table)}, gone as (${deleteOthers(table, condition)}) ${upsertEntries(table, 'overwrite')}`

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

/** Makes the mirror of this customer say what was read. */
export async function writeCustomerState(exec: Exec, scope: Scope, state: CustomerState): Promise<void> {
  const write = (statement: string, entries: readonly object[]) =>
    exec(statement, [scope.account, scope.livemode, state.customer.stripeCustomerId, encodeJson(entries)])
  const items = state.subscriptions.flatMap(({ stripeSubscriptionId, items: ofSubscription }) =>
    ofSubscription.map((item, position) => ({ ...item, stripeSubscriptionId, position })),
  )
  const access = { accessPlan: state.access?.plan ?? null, accessReason: state.access?.reason ?? null }
  await write(WRITE_CUSTOMER, [{ ...state.customer, ...access }])
  await write(WRITE_SUBSCRIPTIONS, state.subscriptions)
  await write(WRITE_ITEMS, items)
  await write(WRITE_INVOICES, state.invoices)
  await write(WRITE_PAYMENT_METHODS, state.paymentMethods)
}

/**
 * Adds prices that a customer's read has met. It overwrites none: that read may be older than the catalogue's, which
 * alone knows what a price is now.
 */
export async function addPrices(exec: Exec, scope: Scope, prices: readonly Price[]): Promise<void> {
  if (prices.length === 0) return
  await exec(ADD_PRICES, [scope.account, scope.livemode, encodeJson(prices)])
}

/** Makes the stored catalogue say what was read. */
export async function replaceCatalog(
  exec: Exec,
  scope: Scope,
  catalog: { products: readonly Product[]; prices: readonly Price[] },
): Promise<void> {
  await exec(REPLACE_PRODUCTS, [scope.account, scope.livemode, encodeJson(catalog.products)])
  await exec(REPLACE_PRICES, [scope.account, scope.livemode, encodeJson(catalog.prices)])
}

import { decideAccess, type Access } from '../domain/access.js'
import type { Catalog } from '../domain/catalog.js'
import type { Invoice, PaymentMethod, Price, StripeCustomer, Subscription } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { ReadingContext } from './context.js'
import { liveSubscriptionOf } from './live-subscription.js'

/** All that our own database knows of a customer. */
export interface CustomerFacts {
  readonly customerId: string
  readonly catalog: Catalog
  readonly now: UnixSeconds
  readonly access: Access
  /** `null`: nothing is mirrored of this customer yet. */
  readonly stripeCustomer: StripeCustomer | null
  readonly hasStripeCustomer: boolean
  /** The one that verbs without an id are about. */
  readonly subscription: Subscription | null
  readonly subscriptions: readonly Subscription[]
  /** Newest first. */
  readonly invoices: readonly Invoice[]
  readonly paymentMethods: readonly PaymentMethod[]
  readonly prices: readonly Price[]
}

export async function readCustomerFacts(context: ReadingContext, customerId: string): Promise<CustomerFacts> {
  const { store, catalog, graceSeconds } = context
  const scope = await context.scope()
  const row = await store.findCustomer(scope, { customerId })
  const stripeCustomerId = row?.stripeCustomerId ?? null
  const state = stripeCustomerId === null ? null : await store.loadCustomer(scope, stripeCustomerId)
  const subscriptions = newestFirst(state?.subscriptions ?? [])
  const now = context.clock.now()
  return {
    customerId,
    catalog,
    now,
    access: decideAccess({ catalog, subscriptions, graceSeconds }, now),
    stripeCustomer: state?.customer ?? null,
    hasStripeCustomer: stripeCustomerId !== null,
    subscription: liveSubscriptionOf(context, subscriptions),
    subscriptions,
    invoices: newestFirst(state?.invoices ?? []),
    paymentMethods: state?.paymentMethods ?? [],
    prices: subscriptions.length === 0 ? [] : await store.loadPrices(scope),
  }
}

function newestFirst<Dated extends { readonly createdAt: UnixSeconds }>(things: readonly Dated[]): readonly Dated[] {
  return things.toSorted((a, b) => b.createdAt - a.createdAt)
}

import type { Billing, CheckoutResult, CustomerView, ReadingVerbs, TransactionBilling } from './billing.js'
import { compose, type Parts, type Seams } from './compose.js'
import { toCustomerAccess, type AnyAccess } from './customer-access.js'
import type { PlanDefinitions } from './domain/catalog.js'
import { CATALOG_SUBJECT } from './domain/subject.js'
import { backfill } from './engine/backfill.js'
import { catchUp } from './engine/catch-up.js'
import { cancelAtPeriodEnd, resumeSubscription } from './engine/change-cancellation.js'
import { completeCheckout } from './engine/complete-checkout.js'
import type { CheckoutAnswer } from './engine/checkout-attempt.js'
import type { ReadingContext } from './engine/context.js'
import { createCheckout, type CheckoutWish } from './engine/create-checkout.js'
import { ensureCustomer } from './engine/ensure-customer.js'
import { readAccess } from './engine/live-subscription.js'
import { openPortal } from './engine/open-portal.js'
import { expireCheckout } from './engine/own-checkout.js'
import type { CustomerRow, Transaction } from './engine/ports.js'
import { prune } from './engine/prune.js'
import { readCustomerFacts } from './engine/read-customer.js'
import { readHealth } from './engine/read-health.js'
import { reconcile } from './engine/reconcile.js'
import { replay } from './engine/replay.js'
import { syncCustomer } from './engine/sync-customer.js'
import { contextWithin, ensureCustomerRow, requestSync } from './engine/transaction-verbs.js'
import { errorCodes } from './errors.js'
import { createHandler } from './http/handler.js'
import type { BillingOptions } from './options.js'
import { createStore } from './store/store.js'
import { joinedDatabase } from './store/transactions/joined-database.js'

/**
 * Makes the billing of a product: the verbs to call and the one route to mount.
 *
 * @example
 * ```ts
 * import { createBilling, definePlans, postgres } from 'paywright'
 *
 * export const billing = createBilling({
 *   database: postgres(process.env.DATABASE_URL),
 *   plans: definePlans({
 *     free: { name: 'Free', features: { projects: 3 } },
 *     pro: { name: 'Pro', features: { projects: 50 }, prices: { month: { amount: 2000, currency: 'usd' } } },
 *   }),
 *   identify: (request) => ({ id: request.headers.get('x-user') ?? '' }),
 * })
 * ```
 *
 * @throws `configuration_invalid` where an option or environment variable is missing or wrong.
 * @throws `live_key_forbidden` for a live key outside of production.
 */
export function createBilling<const Plans extends PlanDefinitions>(options: BillingOptions<Plans>): Billing<Plans> {
  return withPlans<Plans>(createAnyBilling(options))
}

/**
 * The same with seams for tests.
 *
 * @example
 * ```ts
 * import type { BillingOptions, PlanDefinitions } from 'paywright'
 * import { createAnyBilling } from 'paywright/testing'
 *
 * export const impatientBilling = (options: BillingOptions<PlanDefinitions>) =>
 *   createAnyBilling(options, { policy: { leaseSeconds: 3 } })
 * ```
 *
 * @throws what `createBilling` throws.
 */
export function createAnyBilling(options: BillingOptions<PlanDefinitions>, seams: Seams = {}): AnyBilling {
  const parts = compose(options, seams)
  const { accessReads, http } = parts
  const access = async (customerId: string): Promise<AnyAccess> =>
    toCustomerAccess(await readAccess(accessReads, customerId), accessReads.catalog)
  const withTransaction = (transaction: Transaction) => transactionVerbs(parts, transaction)
  return { access, ...customerVerbs(parts), withTransaction, ...operations(parts), handler: createHandler(http) }
}

/** Billing whose plans the compiler does not know by name. */
export type AnyBilling = Omit<Billing<PlanDefinitions>, 'access' | 'checkout' | 'withTransaction'> &
  Pick<CustomerVerbs, 'checkout'> & {
    access(customerId: string): Promise<AnyAccess>
    withTransaction(transaction: Transaction): AnyTransactionBilling
  }

type AnyTransactionBilling = Omit<TransactionBilling<PlanDefinitions>, 'access'> & Pick<AnyBilling, 'access'>

/**
 * The same object with the names of the plans in its types. They are the keys of the options that it was made from, so
 * every plan, interval and feature that it answers is one of them.
 */
function withPlans<Plans extends PlanDefinitions>(billing: AnyBilling): Billing<Plans> {
  return billing as Billing<Plans>
}

/** What our own database answers, inside a transaction of the app or not. */
function readingVerbs(context: ReadingContext) {
  return {
    customers: {
      get: async ({ customerId }) => {
        const row = await context.store.findCustomer(await context.scope(), { customerId })
        return row && toCustomerView(row)
      },
    },
    subscriptions: {
      get: async ({ customerId }) => (await readCustomerFacts(context, customerId)).subscription,
      list: async ({ customerId }) => (await readCustomerFacts(context, customerId)).subscriptions,
    },
    invoices: { list: async ({ customerId }) => (await readCustomerFacts(context, customerId)).invoices },
  } satisfies ReadingVerbs
}

/** What the product asks about one customer. */
function customerVerbs({ engine, forgetAccess }: Parts) {
  const reads = readingVerbs(engine)
  return {
    forgetAccess: ({ customerId }) => forgetAccess(customerId),
    checkout: {
      create: async (wish) => toCheckoutResult(await createCheckout(engine, wish)),
      complete: (options) => completeCheckout(engine, options),
      expire: (options) => expireCheckout(engine, options),
    },
    portal: { create: (options) => openPortal(engine, options) },
    customers: { ...reads.customers, ensure: async (wish) => toCustomerView(await ensureCustomer(engine, wish)) },
    subscriptions: {
      ...reads.subscriptions,
      cancel: ({ customerId }) => cancelAtPeriodEnd(engine, customerId),
      resume: ({ customerId }) => resumeSubscription(engine, customerId),
    },
    invoices: reads.invoices,
    sync: ({ customerId }) => syncCustomer(engine, customerId),
  } satisfies CustomerVerbs
}

type Verb = 'forgetAccess' | 'portal' | 'customers' | 'subscriptions' | 'invoices' | 'sync'

type CustomerVerbs = Pick<Billing<PlanDefinitions>, Verb> & {
  readonly checkout: Omit<Billing<PlanDefinitions>['checkout'], 'create'> & {
    create(wish: CheckoutWish): Promise<CheckoutResult>
  }
}

/** What the product asks inside a transaction of its own. */
function transactionVerbs({ engine }: Parts, transaction: Transaction): AnyTransactionBilling {
  const context = contextWithin(engine, createStore(joinedDatabase(transaction)))
  const reads = readingVerbs(context)
  return {
    access: async (customerId) => toCustomerAccess(await readAccess(context, customerId), context.catalog),
    customers: { ...reads.customers, ensure: async (wish) => toCustomerView(await ensureCustomerRow(context, wish)) },
    subscriptions: reads.subscriptions,
    invoices: reads.invoices,
    requestSync: ({ customerId }) => requestSync(context, customerId),
  }
}

/** What the product's operators and its process ask. */
function operations({ engine, repair, inbox, handlers }: Parts) {
  const { store, gateway, catalog, scope } = engine
  return {
    catalog: {
      push: async () => {
        const report = await gateway.pushCatalog(catalog)
        await engine.syncNow(CATALOG_SUBJECT)
        return report
      },
    },
    on: handlers.on,
    receipts: async ({ limit = 100 } = {}) => store.recentReceipts(await scope(), limit),
    deadLetters: async () => store.deadLetters(await scope()),
    replay: (filter) => replay(engine, filter),
    catchUp: (options) => catchUp(repair, options),
    backfill: (options) => backfill(repair, options),
    reconcile: (options) => reconcile(repair, options),
    prune: (options) => prune(engine, options),
    health: () => readHealth(engine),
    migrate: store.migrate,
    previewMigration: store.previewMigration,
    work: () => inbox.work(),
    start: inbox.start,
    stop: inbox.stop,
    close: async () => {
      await inbox.stop()
      await store.close()
    },
  } satisfies Partial<Billing<PlanDefinitions>>
}

function toCheckoutResult(answer: CheckoutAnswer): CheckoutResult {
  if (answer.ok) return answer
  const { message, hint } = errorCodes()[answer.reason]
  return { ok: false, reason: answer.reason, message, hint }
}

function toCustomerView<Row extends CustomerRow>({
  customerId,
  stripeCustomerId,
  email,
  name,
}: Row): CustomerView & Pick<Row, 'stripeCustomerId'> {
  return { customerId, stripeCustomerId, email, name }
}

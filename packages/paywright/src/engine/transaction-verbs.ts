import type { Scope } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import type { EngineContext, ReadingContext } from './context.js'
import type { CustomerWish } from './ensure-customer.js'
import type { CustomerRow, Store } from './ports.js'

/** What verbs inside a transaction of the app work with: no way leads from here to Stripe. */
export type TransactionContext = ReadingContext & { readonly store: Pick<Store, 'ensureCustomer' | 'wantSync'> }

/** The context of a store that has joined a transaction. */
export function contextWithin({ catalog, clock, graceSeconds, storedScope }: EngineContext, store: Store) {
  let known: Scope | null = null
  const scope = async (): Promise<Scope> => (known ??= await storedScope(store))
  return { catalog, clock, graceSeconds, store, scope } satisfies TransactionContext
}

/** Finds or makes our row of the customer; Stripe is told of it when it is first needed there. */
export async function ensureCustomerRow(context: TransactionContext, wish: CustomerWish): Promise<CustomerRow> {
  const { customerId, email = null, name = null } = wish
  return context.store.ensureCustomer(await context.scope(), { customerId, email, name })
}

/** Leaves the wish that workers read the customer from Stripe, which they see when the transaction has committed. */
export async function requestSync(context: TransactionContext, customerId: string): Promise<void> {
  const scope = await context.scope()
  const row = await context.store.findCustomer(scope, { customerId })
  if (row === null) throw new BillingError('customer_not_found')
  if (row.stripeCustomerId !== null) await context.store.wantSync(scope, row.stripeCustomerId, context.clock.now())
}

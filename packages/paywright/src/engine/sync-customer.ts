import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'

/** Reads a customer from Stripe now and writes what it says. */
export async function syncCustomer(context: EngineContext, customerId: string): Promise<void> {
  const row = await context.store.findCustomer(await context.scope(), { customerId })
  if (row === null) throw new BillingError('customer_not_found')
  if (row.stripeCustomerId !== null) await context.syncNow(row.stripeCustomerId)
}

import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'

/** Reads a customer from Stripe now and writes what it says. */
export async function syncCustomer(context: EngineContext, customerId: string): Promise<void> {
  if (!(await syncIfKnown(context, customerId))) throw new BillingError('customer_not_found')
}

/** The same where there may be no such customer yet; answers whether there is. */
export async function syncIfKnown(context: EngineContext, customerId: string): Promise<boolean> {
  const row = await context.store.findCustomer(await context.scope(), { customerId })
  if (row === null) return false
  if (row.stripeCustomerId !== null) await context.syncNow(row.stripeCustomerId)
  return true
}

import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'

/** Reads a customer and all records of theirs from Stripe now and writes what it says. */
export async function syncCustomer(context: EngineContext, customerId: string): Promise<void> {
  if (!(await syncWith(context, customerId, context.syncDeeply))) throw new BillingError('customer_not_found')
}

/** Reads what access is decided from, where there may be no such customer yet; answers whether there is. */
export function syncIfKnown(context: EngineContext, customerId: string): Promise<boolean> {
  return syncWith(context, customerId, context.syncNow)
}

async function syncWith(context: EngineContext, customerId: string, sync: EngineContext['syncNow']): Promise<boolean> {
  const row = await context.store.findCustomer(await context.scope(), { customerId })
  if (row === null) return false
  if (row.stripeCustomerId !== null) await sync(row.stripeCustomerId)
  return true
}

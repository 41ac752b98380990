import type { Scope } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'
import { idempotencyKey } from './idempotency-key.js'
import type { CustomerRow } from './ports.js'

export interface CustomerWish {
  readonly customerId: string
  readonly email?: string | null
  readonly name?: string | null
}

export type LinkedCustomer = CustomerRow & { readonly stripeCustomerId: string }

/**
 * Finds or makes the customer, here and at Stripe.
 *
 * The local row comes first, and what is sent to Stripe comes from that row alone: whoever else is at it at the same
 * time, and whoever repeats it after a crash, sends the same request under the same idempotency key and is answered the
 * same customer.
 */
export async function ensureCustomer(context: EngineContext, wish: CustomerWish): Promise<LinkedCustomer> {
  const scope = await context.scope()
  const { customerId, email = null, name = null } = wish
  const row = await context.store.ensureCustomer(scope, { customerId, email, name })
  return isLinked(row) ? row : linkToStripe(context, scope, row)
}

/**
 * Runs work with the customer's Stripe id. Where Stripe no longer knows the id (deleted by hand, test data cleared), a
 * new customer is made in its place and the work is done once more with that.
 */
export async function withStripeCustomer<Result>(
  context: EngineContext,
  wish: CustomerWish,
  work: (customer: LinkedCustomer) => Promise<Result>,
): Promise<Result> {
  const customer = await ensureCustomer(context, wish)
  try {
    return await work(customer)
  } catch (error) {
    if (!(error instanceof BillingError) || error.code !== 'stripe_object_missing') throw error
    if (!(await isGone(context, customer.stripeCustomerId))) throw error
    return work(await replaceCustomer(context, customer))
  }
}

/** Asked of Stripe, because what was missing may have been another object, such as the price. */
async function isGone(context: EngineContext, stripeCustomerId: string): Promise<boolean> {
  const read = await context.gateway.readCustomer(stripeCustomerId)
  return read === null || read.state.customer.isDeleted
}

async function replaceCustomer(context: EngineContext, stale: LinkedCustomer): Promise<LinkedCustomer> {
  const { customerId, stripeCustomerId } = stale
  const scope = await context.scope()
  context.log.warn('Stripe no longer knows this customer; a new one is made.', { customerId, stripeCustomerId })
  const row = await context.store.releaseStripeCustomer(scope, { customerId, stripeCustomerId })
  return isLinked(row) ? row : linkToStripe(context, scope, row)
}

/** More often than this nobody replaces a customer while another makes one; a bound, not a wait. */
const MOST_ROUNDS = 5

async function linkToStripe(context: EngineContext, scope: Scope, row: CustomerRow): Promise<LinkedCustomer> {
  let current = row
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { customerId, email, name, generation } = current
    const intent = idempotencyKey('customer', [scope.account, scope.livemode, customerId, generation])
    const created = await context.gateway.createCustomer({ customerId, email, name, idempotencyKey: intent })
    const { stripeCustomerId } = created
    current = await context.store.claimStripeCustomer(scope, { customerId, stripeCustomerId, generation })
    if (isLinked(current)) return current
    // The row was released in the meantime: what was made belongs to a generation that is over.
  }
  throw new BillingError('sync_pending')
}

function isLinked(row: CustomerRow): row is LinkedCustomer {
  return row.stripeCustomerId !== null
}

import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'
import type { CheckoutSession } from './ports.js'

export interface OwnCheckout {
  readonly customerId: string
  readonly stripeSessionId: string
}

/** The session, if it is this customer's; for all others there is none, so that ids cannot be tried out. */
export async function readOwnCheckout(
  context: EngineContext,
  request: OwnCheckout,
): Promise<{ readonly session: CheckoutSession; readonly stripeCustomerId: string }> {
  const scope = await context.scope()
  const row = await context.store.findCustomer(scope, { customerId: request.customerId })
  const stripeCustomerId = row?.stripeCustomerId ?? null
  if (stripeCustomerId === null) throw new BillingError('checkout_session_unknown')
  // Wished for before Stripe is asked, so that the customer is synced later where Stripe does not answer now.
  await context.store.wantSync(scope, stripeCustomerId, context.clock.now())
  const session = await context.gateway.readCheckout(request.stripeSessionId)
  const isOwn = session?.stripeCustomerId === stripeCustomerId && session.customerId === request.customerId
  if (session === null || !isOwn) throw new BillingError('checkout_session_unknown')
  return { session, stripeCustomerId }
}

/** Closes the customer's own page, so that it cannot be paid any more. */
export async function expireCheckout(
  context: EngineContext,
  request: OwnCheckout,
): Promise<{ readonly expired: boolean }> {
  const { session } = await readOwnCheckout(context, request)
  if (session.status !== 'open') return { expired: false }
  const { status } = await context.gateway.expireCheckout(session.stripeSessionId)
  return { expired: status === 'expired' }
}

import { BillingError } from '../errors.js'
import { portalReturnUrl } from './app-url.js'
import type { EngineContext } from './context.js'
import { withStripeCustomer } from './ensure-customer.js'
import { requireLiveSubscription } from './live-subscription.js'
import type { PortalFlow } from './ports.js'

/** Pages of the portal that can be opened at once. */
export const PORTAL_PAGES = ['payment_method_update', 'subscription_cancel', 'subscription_update'] as const

/** A task that the portal opens at, instead of at its start. */
export type PortalPage = (typeof PORTAL_PAGES)[number]

/** An address of Stripe's portal for this customer; it is a key to their billing, so it goes to them alone. */
export async function openPortal(
  context: EngineContext,
  wish: { readonly customerId: string; readonly returnPath?: string; readonly flow?: PortalPage },
): Promise<{ readonly url: string }> {
  const { customerId, returnPath = '/' } = wish
  const returnUrl = portalReturnUrl(context, returnPath)
  const row = await context.store.findCustomer(await context.scope(), { customerId })
  if (row === null || row.stripeCustomerId === null) throw new BillingError('no_stripe_customer')
  const flow = await flowOf(context, customerId, wish.flow)
  return withStripeCustomer(context, { customerId }, ({ stripeCustomerId }) =>
    context.gateway.createPortal({ stripeCustomerId, returnUrl, flow }),
  )
}

async function flowOf(
  context: EngineContext,
  customerId: string,
  page: PortalPage | undefined,
): Promise<PortalFlow | null> {
  switch (page) {
    case undefined:
      return null
    case 'payment_method_update':
      return { type: page }
    case 'subscription_cancel':
    case 'subscription_update': {
      const { stripeSubscriptionId } = await requireLiveSubscription(context, customerId)
      return { type: page, stripeSubscriptionId }
    }
    default:
      return page satisfies never
  }
}

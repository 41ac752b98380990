import type { Stripe } from 'stripe'
import type { PortalFlow } from '../engine/ports.js'
import { call } from './call.js'

export interface PortalRequest {
  readonly stripeCustomerId: string
  readonly returnUrl: string
  readonly flow: PortalFlow | null
}

/** The address is a bearer credential: it is made for one visit and kept nowhere. */
export async function createPortal(stripe: Stripe, request: PortalRequest): Promise<{ url: string }> {
  const { stripeCustomerId: customer, returnUrl, flow } = request
  const flowData = flow === null ? {} : { flow_data: toFlowData(flow, returnUrl) }
  const params = { customer, return_url: returnUrl, ...flowData }
  const session = await call('billingPortal.sessions.create', () => stripe.billingPortal.sessions.create(params))
  return { url: session.url }
}

function toFlowData(flow: PortalFlow, returnUrl: string): Stripe.BillingPortal.SessionCreateParams.FlowData {
  const after = { after_completion: { type: 'redirect', redirect: { return_url: returnUrl } } } as const
  switch (flow.type) {
    case 'payment_method_update':
      return { ...after, type: flow.type }
    case 'subscription_cancel':
      return { ...after, type: flow.type, subscription_cancel: { subscription: flow.stripeSubscriptionId } }
    case 'subscription_update':
      return { ...after, type: flow.type, subscription_update: { subscription: flow.stripeSubscriptionId } }
    default:
      return flow satisfies never
  }
}

import { appUrl } from '../../engine/app-url.js'
import { completeCheckout } from '../../engine/complete-checkout.js'
import { BillingError } from '../../errors.js'
import type { CustomerQuestion, Route } from '../context.js'
import { seeOther } from '../reply.js'

/** `GET /return`: where Stripe's page sends the customer; reads what was paid and goes on to the app. */
export const getReturn: Route<CustomerQuestion> = async ({ engine }, { url, customer }) => {
  const stripeSessionId = url.searchParams.get('session_id') ?? ''
  if (stripeSessionId === '') throw new BillingError('checkout_session_unknown')
  // Checked again, because this address can be made by anybody.
  const next = new URL(appUrl(engine, url.searchParams.get('next') ?? '/'))
  const outcome = await completeCheckout(engine, { customerId: customer.id, stripeSessionId })
  next.searchParams.set('billing', outcome)
  return seeOther(next.href)
}

import type Stripe from 'stripe'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'
import { pauseNow } from './pause.js'
import { resumeSubscription } from './resume.js'

type Details = Stripe.InvoiceCreatePreviewParams.SubscriptionDetails

/** The subscription as a pause or a resumption would leave it, with their invoice at once. Only for previews. */
export function rehearsePause(
  rehearsal: Transaction,
  before: Subscription,
  details: Details,
): Subscription | undefined {
  if (details.pause !== undefined) {
    return pauseNow(rehearsal, before.id, { ...details.pause, invoicing_behavior: 'invoice' })
  }
  if (details.resume_at === undefined) return undefined
  const { billing_cycle_anchor: anchor, proration_behavior: behavior, proration_date: date } = details
  return resumeSubscription(rehearsal, before.id, {
    ...(anchor !== undefined && { billing_cycle_anchor: { type: anchor.type } }),
    ...(behavior !== undefined && { proration_behavior: behavior }),
    ...(date !== undefined && { proration_date: date }),
  })
}

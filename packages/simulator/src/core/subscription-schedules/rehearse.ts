import type Stripe from 'stripe'
import type { Subscription } from '../subscriptions/items.js'
import type { Transaction } from '../transaction.js'
import { createSchedule } from './create.js'
import { updateSchedule } from './update.js'

type Details = Stripe.InvoiceCreatePreviewParams.ScheduleDetails

/** The subscription as a schedule would make it: one that is there with other phases, or a new one. Only for previews. */
export function rehearseSchedule(
  rehearsal: Transaction,
  { schedule, customer, details }: { schedule: string | undefined; customer: string; details: Details },
): Subscription | undefined {
  const { billing_mode: mode, pause_schedules: pauses, ...rest } = details
  const paused = pauses === undefined ? {} : { pause_schedules: pauses }
  if (schedule !== undefined) {
    const words = { kind: 'subscription schedule', param: 'schedule' }
    const before = rehearsal.require('subscription_schedules', schedule, words)
    const { subscription } = updateSchedule(rehearsal, before, { ...rest, ...paused })
    return subscription === null ? undefined : rehearsal.load('subscriptions', subscription)
  }
  const { end_behavior: ending, phases = [] } = rest
  const start = phases[0]?.start_date ?? 'now'
  const { subscription } = createSchedule(rehearsal, {
    customer,
    start_date: start,
    // Guaranteed: only the first phase of a new schedule can say when it starts or ends in words, which is read here.
    phases: phases as NonNullable<Stripe.SubscriptionScheduleCreateParams['phases']>,
    ...(ending !== undefined && { end_behavior: ending }),
    ...(mode !== undefined && { billing_mode: mode }),
  })
  return subscription === null ? undefined : rehearsal.load('subscriptions', subscription)
}

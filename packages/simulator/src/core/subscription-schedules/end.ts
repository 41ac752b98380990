import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { endSubscription } from '../subscriptions/end.js'
import type { Transaction } from '../transaction.js'
import { lastEndOf, type Schedule } from './phases.js'

/** A subscription that ends takes its schedule with it. */
export function onSubscriptionEnded(
  transaction: Transaction,
  signal: { readonly subscription: string; readonly reason: string | null },
): void {
  const id = transaction.load('subscriptions', signal.subscription).schedule
  const schedule = id === null ? undefined : transaction.get('subscription_schedules', id)
  if (schedule?.status !== 'active') return
  if (schedule.end_behavior === 'cancel' && lastEndOf(schedule) <= transaction.now) {
    close(transaction, schedule, { fields: { completed_at: transaction.now, status: 'completed' }, event: 'completed' })
    return
  }
  const event = signal.reason === 'payment_failed' ? 'aborted' : 'canceled'
  close(transaction, schedule, { fields: { canceled_at: transaction.now, status: 'canceled' }, event })
}

function close(
  transaction: Transaction,
  schedule: Schedule,
  how: { fields: Partial<Schedule>; event: 'aborted' | 'canceled' | 'completed' },
): Schedule {
  const after = transaction.patch('subscription_schedules', schedule.id, { current_phase: null, ...how.fields })
  for (const kind of ['schedule.next_phase', 'schedule.expiring'] as const) transaction.unschedule(kind, schedule.id)
  transaction.emit(`subscription_schedule.${how.event}`, 'subscription_schedules', after)
  return after
}

/** Cancels a schedule, and its subscription with a last invoice and prorations unless told otherwise. */
export function cancelSchedule(
  transaction: Transaction,
  schedule: Schedule,
  params: Stripe.SubscriptionScheduleCancelParams,
): Schedule {
  requireRunning(schedule, 'cancel')
  const fields = { canceled_at: transaction.now, status: 'canceled' } as const
  const { subscription } = schedule
  if (subscription === null) {
    const canceled = close(transaction, schedule, { fields, event: 'canceled' })
    // The official CLI's fixture for this event does nothing else than cancel a schedule that has not started.
    transaction.emit('subscription_schedule.aborted', 'subscription_schedules', canceled)
    return canceled
  }
  endSubscription(transaction, subscription, {
    reason: 'cancellation_requested',
    prorate: params.prorate ?? true,
    invoiceNow: params.invoice_now ?? true,
  })
  return transaction.load('subscription_schedules', schedule.id)
}

export function requireRunning({ status }: Schedule, verb: 'cancel' | 'release' | 'update'): void {
  if (status === 'not_started' || status === 'active') return
  const message = `You cannot ${verb} a subscription schedule that is currently in the \`${status}\` status. It must be \`not_started\` or \`active\`.`
  throw invalidRequest(message)
}

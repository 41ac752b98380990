import { armTimers } from '../subscriptions/timers.js'
import type { Transaction } from '../transaction.js'
import type { Schedule } from './phases.js'

/** Lets go of a subscription, which goes on as it is. */
export function releaseSchedule(
  transaction: Transaction,
  schedule: Schedule,
  { keepsCancelDate = false }: { readonly keepsCancelDate?: boolean } = {},
): Schedule {
  const fields = { released_at: transaction.now, status: 'released' } as const
  return letGo(transaction, schedule, { fields, event: 'released', keepsCancelDate })
}

/** The last phase is over, and its subscription goes on as it is. */
export function completeSchedule(transaction: Transaction, schedule: Schedule): Schedule {
  const fields = { completed_at: transaction.now, status: 'completed' } as const
  return letGo(transaction, schedule, { fields, event: 'completed', keepsCancelDate: false })
}

function letGo(
  transaction: Transaction,
  schedule: Schedule,
  how: { fields: Partial<Schedule>; event: 'completed' | 'released'; keepsCancelDate: boolean },
): Schedule {
  const after = transaction.patch('subscription_schedules', schedule.id, {
    current_phase: null,
    released_subscription: schedule.subscription,
    subscription: null,
    ...how.fields,
  })
  for (const kind of ['schedule.next_phase', 'schedule.expiring'] as const) transaction.unschedule(kind, schedule.id)
  transaction.emit(`subscription_schedule.${how.event}`, 'subscription_schedules', after)
  if (schedule.subscription !== null) detach(transaction, schedule.subscription, how.keepsCancelDate)
  return after
}

function detach(transaction: Transaction, id: string, keepsCancelDate: boolean): void {
  const before = transaction.load('subscriptions', id)
  const undone = { cancel_at: null, cancel_at_period_end: false, canceled_at: null }
  const after = transaction.patch('subscriptions', id, {
    schedule: null,
    ...(!keepsCancelDate && before.cancel_at !== null && undone),
  })
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
}

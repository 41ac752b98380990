import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'
import { endBehavior } from './create.js'
import { requireRunning } from './end.js'
import { armPauses, readPauseSchedules } from './pause-schedules.js'
import { instantOf, phaseAt, readPhases, type AskedPhase, type Phase, type Schedule } from './phases.js'
import { armSchedule, changePhase } from './run.js'
import { readSettings } from './settings.js'

type Params = Stripe.SubscriptionScheduleUpdateParams

/** Changes a schedule; what it changes of the running phase is changed in the subscription at once. */
export function updateSchedule(transaction: Transaction, before: Schedule, params: Params): Schedule {
  requireRunning(before, 'update')
  const { customer, default_settings: settings } = before
  const phases = params.phases === undefined ? before.phases : rephased(transaction, before, params.phases)
  const planned: Schedule = {
    ...before,
    default_settings: readSettings(transaction, params.default_settings, { before: settings, customer }),
    ...(params.end_behavior !== undefined && { end_behavior: endBehavior(params.end_behavior) }),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    pause_schedules: readPauseSchedules(transaction, params.pause_schedules, before.pause_schedules),
    phases,
  }
  const current = before.status === 'active' ? requireCurrent(transaction, planned) : undefined
  const after = transaction.put('subscription_schedules', {
    ...planned,
    current_phase: current === undefined ? null : { start_date: current.start_date, end_date: current.end_date },
  })
  armSchedule(transaction, after)
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    transaction.emitChange('subscription_schedule.updated', 'subscription_schedules', { before, after })
  }
  if (current !== undefined && after.subscription !== null) {
    const subscription = transaction.load('subscriptions', after.subscription)
    const prorations = params.proration_behavior ?? 'create_prorations'
    if (isAnother(before, after, current))
      changePhase(transaction, subscription, { schedule: after, phase: current, prorations })
  }
  if (params.pause_schedules !== undefined) armPauses(transaction, after)
  return transaction.load('subscription_schedules', before.id)
}

/** The first phase says when it starts, so that the ends of all can be counted from there. */
function rephased(transaction: Transaction, before: Schedule, asked: readonly AskedPhase[]): Phase[] {
  const first = before.phases[0]?.start_date ?? transaction.now
  const given = instantOf(transaction, asked[0]?.start_date)
  if (given === undefined && before.status === 'active') {
    const message =
      'The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.'
    throw invalidRequest(message, { param: 'phases' })
  }
  return readPhases(transaction, asked, { start: given ?? first, anchor: first })
}

function requireCurrent(transaction: Transaction, schedule: Schedule): Phase {
  const phase = phaseAt(schedule, transaction.now)
  if (phase === undefined) {
    throw invalidRequest('You must pass the phase that is currently active when you update the phases.', {
      param: 'phases',
    })
  }
  const start = schedule.current_phase?.start_date
  if (start === undefined || phase.start_date === start || phase.start_date === transaction.now) return phase
  throw invalidRequest('You can not modify the start date of the current phase.', { param: 'phases[0][start_date]' })
}

/** Whether the subscription is affected: by the running phase, by what it falls back to, or by when it all ends. */
function isAnother(before: Schedule, after: Schedule, phase: Phase): boolean {
  const old = before.phases.find(({ start_date: start }) => start === phase.start_date)
  const terms = (schedule: Schedule, { end_date: _end, ...rest }: Phase): string =>
    JSON.stringify([rest, schedule.default_settings, schedule.end_behavior])
  const endsElsewhen =
    after.end_behavior === 'cancel' && after.phases.at(-1)?.end_date !== before.phases.at(-1)?.end_date
  return old === undefined || endsElsewhen || terms(before, old) !== terms(after, phase)
}

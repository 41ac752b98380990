import type Stripe from 'stripe'
import { boundaryAt } from '../arithmetic/periods.js'
import { invalidRequest, missingParameter, noSuch, StripeError } from '../error.js'
import { isUnit } from '../subscriptions/items.js'
import { pauseBySchedule } from '../subscriptions/pause.js'
import { resumeSubscription } from '../subscriptions/resume.js'
import type { Transaction } from '../transaction.js'
import type { Schedule } from './phases.js'

type PauseSchedule = Schedule['pause_schedules'][number]
type Asked = NonNullable<Exclude<Stripe.SubscriptionScheduleUpdateParams['pause_schedules'], ''>>[number]
type Resume = NonNullable<PauseSchedule['resume']>
type Status = PauseSchedule['pause']['status']

const PAUSE = 'pause_schedules[0][pause]'
const RESUME = 'pause_schedules[0][resume]'

/** When a schedule pauses its subscription, and when it takes it up again. There can be one such plan. */
export function readPauseSchedules(
  transaction: Transaction,
  asked: readonly Asked[] | '' | null | undefined,
  before: readonly PauseSchedule[],
): readonly PauseSchedule[] {
  if (asked === undefined) return before
  if (asked === '' || asked === null) return []
  const [entry, ...others] = asked
  if (entry === undefined) return before
  if (others.length > 0) {
    throw invalidRequest('You may only specify one entry in `pause_schedules`.', { param: 'pause_schedules' })
  }
  const known = entry.key === undefined ? undefined : before.find(({ key }) => key === entry.key)
  if (entry.key !== undefined && known === undefined) {
    throw noSuch('pause schedule', entry.key, { param: 'pause_schedules[0][key]', status: 400 })
  }
  const pause = entry.pause === undefined ? known?.pause : readPause(transaction, entry.pause)
  if (pause === undefined) throw missingParameter(PAUSE)
  const key = known?.key ?? transaction.newId('pause')
  return [{ key, pause, resume: readResume(entry.resume, { known, pause, now: transaction.now }) }]
}

const scheduled: Status = { type: 'scheduled' }

function readPause(
  transaction: Transaction,
  { pause_at: at, settings }: NonNullable<Asked['pause']>,
): PauseSchedule['pause'] {
  if (at === undefined) throw missingParameter(`${PAUSE}[pause_at]`)
  const { bill_for: bill, invoicing_behavior: behavior, type } = settings ?? {}
  return {
    pause_at:
      at.type === 'now' ? transaction.now : futureOf(at.timestamp, transaction.now, `${PAUSE}[pause_at][timestamp]`),
    settings: {
      bill_for: {
        outstanding_usage_through: { type: bill?.outstanding_usage_through?.type ?? 'pause_at' },
        unused_time_from: { type: bill?.unused_time_from?.type ?? 'pause_at' },
      },
      invoicing_behavior: behavior ?? 'pending_invoice_item',
      type: type ?? 'subscription',
    },
    status: scheduled,
  }
}

function readResume(
  asked: Asked['resume'],
  { known, pause, now }: { known: PauseSchedule | undefined; pause: PauseSchedule['pause']; now: number },
): PauseSchedule['resume'] {
  if (asked === undefined) return known?.resume ?? null
  if (asked === '' || asked === null) return null
  const {
    billing_cycle_anchor: anchor,
    payment_behavior: payment,
    proration_behavior: proration,
  } = asked.settings ?? {}
  if (asked.resume_at === undefined) throw missingParameter(`${RESUME}[resume_at]`)
  const at = resumeAt(asked.resume_at, { from: pause.pause_at, now })
  if (at < pause.pause_at) {
    throw invalidRequest('A subscription cannot be resumed before it is paused.', { param: `${RESUME}[resume_at]` })
  }
  return {
    resume_at: at,
    settings: {
      billing_cycle_anchor: anchor ?? 'resume_at',
      payment_behavior: payment ?? 'resume_on_payment_attempt',
      proration_behavior: proration ?? 'create_prorations',
    },
    status: scheduled,
  }
}

function resumeAt(
  {
    type,
    timestamp,
    duration,
  }: { type: string; timestamp?: number; duration?: { interval: string; interval_count?: number } },
  { from, now }: { from: number; now: number },
): number {
  if (type === 'now') return now
  if (type !== 'duration') return futureOf(timestamp, now, `${RESUME}[resume_at][timestamp]`)
  const { interval = '', interval_count: count = 1 } = duration ?? {}
  if (isUnit(interval)) return boundaryAt(from, { unit: interval, count }, 1)
  const param = `${RESUME}[resume_at][duration][interval]`
  throw invalidRequest(`Invalid ${param}: must be one of day, week, month, or year`, { param })
}

function futureOf(timestamp: number | undefined, now: number, param: string): number {
  if (timestamp === undefined) throw missingParameter(param)
  if (timestamp > now) return timestamp
  throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', { param })
}

/** Arms what is planned, and does at once what is due. */
export function armPauses(transaction: Transaction, schedule: Schedule): void {
  for (const kind of ['schedule.pause', 'schedule.resume'] as const) transaction.unschedule(kind, schedule.id)
  if (schedule.status !== 'active' && schedule.status !== 'not_started') return
  const [plan] = schedule.pause_schedules
  if (plan === undefined) return
  const { pause, resume } = plan
  if (pause.status.type === 'scheduled') arm(transaction, schedule.id, { kind: 'schedule.pause', at: pause.pause_at })
  if (resume?.status.type === 'scheduled')
    arm(transaction, schedule.id, { kind: 'schedule.resume', at: resume.resume_at })
}

function arm(
  transaction: Transaction,
  subject: string,
  timer: { kind: 'schedule.pause' | 'schedule.resume'; at: number },
): void {
  if (timer.at > transaction.now) transaction.schedule({ ...timer, subject })
  else if (timer.kind === 'schedule.pause') pauseByPlan(transaction, { subject })
  else resumeByPlan(transaction, { subject })
}

export function pauseByPlan(transaction: Transaction, timer: { readonly subject: string }): void {
  const before = transaction.get('subscription_schedules', timer.subject)
  const [plan] = before?.pause_schedules ?? []
  if (before === undefined || plan === undefined || before.subscription === null) return
  const { subscription } = before
  const { bill_for: bill, invoicing_behavior: behavior = 'pending_invoice_item' } = plan.pause.settings ?? {}
  const status = outcomeOf(() => {
    pauseBySchedule(transaction, subscription, {
      bill_for: {
        outstanding_usage_through: { type: nowAt(bill?.outstanding_usage_through.type) },
        unused_time_from: { type: nowAt(bill?.unused_time_from.type) },
      },
      invoicing_behavior: behavior,
    })
    return { type: 'succeeded' }
  })
  report(transaction, before, { ...plan, pause: { ...plan.pause, status } })
}

/** What a plan names by its own instant is named `now` when that instant has come. */
function nowAt(type: string | undefined): string {
  return type === undefined || type === 'pause_at' || type === 'resume_at' ? 'now' : type
}

export function resumeByPlan(transaction: Transaction, timer: { readonly subject: string }): void {
  const before = transaction.get('subscription_schedules', timer.subject)
  const [plan] = before?.pause_schedules ?? []
  const resume = plan?.resume ?? null
  if (before === undefined || plan === undefined || resume === null || before.subscription === null) return
  const { subscription } = before
  const status = outcomeOf(() => resumed(transaction, subscription, resume))
  report(transaction, before, { ...plan, resume: { ...resume, status } })
}

function resumed(transaction: Transaction, id: string, { settings }: Resume): Status {
  const after = resumeSubscription(transaction, id, {
    billing_cycle_anchor: { type: nowAt(settings.billing_cycle_anchor) },
    payment_behavior: settings.payment_behavior,
    proration_behavior: settings.proration_behavior,
  })
  return { type: after.status === 'paused' ? 'pending' : 'succeeded' }
}

/** A plan that cannot be carried out says so, since nobody is there to be refused. */
function outcomeOf(act: () => Status): Status {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    return { type: 'error', error: { message: error.message } }
  }
}

function report(transaction: Transaction, before: Schedule, plan: PauseSchedule): void {
  const after = transaction.patch('subscription_schedules', before.id, { pause_schedules: [plan] })
  transaction.emitChange('subscription_schedule.updated', 'subscription_schedules', { before, after })
}

import type Stripe from 'stripe'
import { invalidRequest, noSuch } from '../error.js'
import type { Subscription } from './items.js'

type Params = Pick<Stripe.SubscriptionUpdateParams, 'cancel_at' | 'cancel_at_period_end' | 'cancellation_details'>

/** When and why a subscription is to end by itself. */
export type Cancellation = Pick<
  Subscription,
  'cancel_at' | 'cancel_at_period_end' | 'canceled_at' | 'cancellation_details'
>

interface Circumstances {
  readonly now: number
  /** The ends of the items' whole periods. */
  readonly ends: readonly number[]
  readonly before: Cancellation | null
}

type Plan = Omit<Cancellation, 'cancellation_details'>
const none: Plan = { cancel_at: null, cancel_at_period_end: false, canceled_at: null }

/** What a request says about the end of a subscription, upon what was planned before. */
export function planCancellation(params: Params, circumstances: Circumstances): Cancellation {
  const { before } = circumstances
  const plan = planOf(params, circumstances)
  const { cancel_at, cancel_at_period_end, canceled_at } = plan ?? before ?? none
  const given = params.cancellation_details
  refuseFeedbackOption(given?.feedback_option)
  const details = before?.cancellation_details
  return {
    cancel_at,
    cancel_at_period_end,
    canceled_at,
    cancellation_details: {
      comment: textOf(given?.comment, details?.comment),
      feedback: textOf(given?.feedback, details?.feedback),
      feedback_option: given?.feedback_option ?? details?.feedback_option ?? null,
      reason:
        plan === undefined ? (details?.reason ?? null) : plan.cancel_at === null ? null : 'cancellation_requested',
    },
  }
}

/** Options of one's own are made in the Dashboard only, and there are none here. */
export function refuseFeedbackOption(id: string | null | undefined): void {
  if (!id) return
  throw noSuch('feedback_option', id, { param: 'cancellation_details[feedback_option]', status: 400 })
}

function textOf<Text extends string>(
  given: Text | '' | null | undefined,
  before: Text | null | undefined,
): Text | null {
  if (given === '' || given === null) return null
  return given ?? before ?? null
}

function planOf(params: Params, { now, ends, before }: Circumstances): Plan | undefined {
  const { cancel_at: at, cancel_at_period_end: atPeriodEnd } = params
  if (typeof at === 'number' && atPeriodEnd !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.')
  }
  const canceledAt = before?.canceled_at ?? now
  const last = Math.max(...ends)
  if (atPeriodEnd === true) return { cancel_at: last, cancel_at_period_end: true, canceled_at: canceledAt }
  if (at === '' || at === null || (atPeriodEnd === false && before !== null)) return none
  if (at === undefined) return followPeriod(before, last)
  const moment = typeof at === 'number' ? at : momentOf(at, ends)
  if (moment > now) return { cancel_at: moment, cancel_at_period_end: false, canceled_at: canceledAt }
  throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', { param: 'cancel_at' })
}

/** Nothing is billed ahead of its period here, so what is billed furthest is the last period. */
function momentOf(helper: string, ends: readonly number[]): number {
  switch (helper) {
    case 'min_period_end':
      return Math.min(...ends)
    case 'max_period_end':
    case 'max_billed_until':
      return Math.max(...ends)
    default: {
      const message =
        'Invalid cancel_at: must be a timestamp or one of min_period_end, max_period_end, or max_billed_until'
      throw invalidRequest(message, { param: 'cancel_at' })
    }
  }
}

/** A subscription that is to end with its period ends with the new one when the period is moved. */
function followPeriod(before: Cancellation | null, end: number): Plan | undefined {
  if (before?.cancel_at_period_end !== true || before.cancel_at === end) return undefined
  return { cancel_at: end, cancel_at_period_end: true, canceled_at: before.canceled_at }
}

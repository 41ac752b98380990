import { invalidRequest } from '../error.js'
import type { CreateParams } from './create-params.js'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const SHORTEST = 30 * MINUTE
const LONGEST = 24 * HOUR

/** How long the address that recovers an expired session works. */
export const RECOVERY_LIFETIME = 30 * DAY

/** When the session closes by itself: a day later, unless the request says otherwise. */
export function readExpiry(expiresAt: number | undefined, now: number): number {
  if (expiresAt === undefined) return now + LONGEST
  const param = 'expires_at'
  if (expiresAt < now + SHORTEST) {
    const message = 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.'
    throw invalidRequest(message, { param })
  }
  if (expiresAt > now + LONGEST) {
    const message = 'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.'
    throw invalidRequest(message, { param })
  }
  return expiresAt
}

/** A trial must be worth having: at least a day, or an end at least two days ahead. */
export function checkTrial(data: CreateParams['subscription_data'], now: number): void {
  const { trial_end: end, trial_period_days: days } = data ?? {}
  if (end !== undefined && days !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.')
  }
  if (end !== undefined && end < now + 2 * DAY) {
    const message = 'The `trial_end` date has to be at least 2 days in the future.'
    throw invalidRequest(message, { param: 'subscription_data[trial_end]' })
  }
  if (days !== undefined && days < 1) {
    const message = 'The minimum number of trial period days is 1.'
    throw invalidRequest(message, { param: 'subscription_data[trial_period_days]' })
  }
}

export function hasTrial(data: CreateParams['subscription_data']): boolean {
  return data?.trial_end !== undefined || data?.trial_period_days !== undefined
}

/** When the trial ends that begins now; `null` without one. */
export function trialEndOf(data: CreateParams['subscription_data'], now: number): number | null {
  if (data?.trial_end !== undefined) return data.trial_end
  return data?.trial_period_days === undefined ? null : now + data.trial_period_days * DAY
}

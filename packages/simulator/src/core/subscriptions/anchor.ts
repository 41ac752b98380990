import type Stripe from 'stripe'
import { nextOccurrence, type AnchorConfig } from '../arithmetic/anchor.js'
import { boundaryAt } from '../arithmetic/periods.js'
import { invalidRequest } from '../error.js'
import { intervalOf, type NewItem } from './items.js'

type Params = Stripe.SubscriptionCreateParams
type Prices = readonly NewItem['price'][]

interface Start {
  readonly now: number
  /** When the first paid period begins: now, at the end of the trial, or at a day in the past. */
  readonly startsAt: number
  readonly trialEnd: number | null
  readonly prices: Prices
}

export interface Anchor {
  readonly anchor: number
  readonly config: AnchorConfig | null
}

/** The instant that a new subscription's periods are counted from. https://docs.stripe.com/billing/subscriptions/billing-cycle */
export function readAnchor(params: Params, start: Start): Anchor {
  if (params.billing_cycle_anchor_config !== undefined) return configuredAnchor(params, start)
  const isKept = params.trial_settings?.end_behavior.billing_cycle_anchor === 'unchanged'
  if (params.billing_cycle_anchor === undefined) {
    return { anchor: start.trialEnd !== null && !isKept ? start.trialEnd : start.startsAt, config: null }
  }
  requireAnchorInReach(params.billing_cycle_anchor, start)
  return { anchor: params.billing_cycle_anchor, config: null }
}

function configuredAnchor(params: Params, { now, trialEnd, prices }: Start): Anchor {
  const param = 'billing_cycle_anchor_config'
  if (params.billing_cycle_anchor !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: billing_cycle_anchor, billing_cycle_anchor_config.',
    )
  }
  const { day_of_month: day = 1, month = null, hour = null, minute = null, second = null } = params[param] ?? {}
  const intervals = prices.map((price) => intervalOf(price).unit)
  if (intervals.some((unit) => unit !== 'month' && unit !== 'year')) {
    const message = '`billing_cycle_anchor_config` is only valid with monthly and yearly price intervals.'
    throw invalidRequest(message, { param })
  }
  const config = { day_of_month: day, month, hour, minute, second }
  requireDay(config)
  return { anchor: nextOccurrence(config, trialEnd ?? now), config }
}

/** 2028 is a leap year: any day that ever comes is in it. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

function requireDay({ day_of_month: day, month, hour, minute, second }: AnchorConfig): void {
  const param = 'billing_cycle_anchor_config'
  requireBetween(`${param}[month]`, month, [1, 12])
  requireBetween(`${param}[day_of_month]`, day, [1, month === null ? 31 : (longestMonths[month - 1] ?? 31)])
  requireBetween(`${param}[hour]`, hour, [0, 23])
  requireBetween(`${param}[minute]`, minute, [0, 59])
  requireBetween(`${param}[second]`, second, [0, 59])
}

function requireBetween(param: string, value: number | null, [least, most]: readonly [number, number]): void {
  if (value === null || (value >= least && value <= most)) return
  throw invalidRequest(`Invalid ${param}: must be between ${least} and ${most}.`, { param })
}

function requireAnchorInReach(anchor: number, { now, trialEnd, prices }: Start): void {
  const param = 'billing_cycle_anchor'
  if (anchor < now) throw invalidRequest('billing_cycle_anchor must be a timestamp in the future', { param })
  const from = trialEnd ?? now
  if (anchor < from) {
    throw invalidRequest('billing_cycle_anchor cannot be before the end of the trial.', { param })
  }
  const next = Math.min(...prices.map((price) => boundaryAt(from, intervalOf(price), 1)))
  if (anchor > next) {
    const message = `billing_cycle_anchor cannot be later than next natural billing date (${next}) for plan`
    throw invalidRequest(message, { param })
  }
}

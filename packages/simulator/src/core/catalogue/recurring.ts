import { invalidRequest, missingParameter } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export interface RecurringParams {
  readonly interval: string
  readonly interval_count?: number
  readonly meter?: string
  readonly usage_type?: string
  readonly trial_period_days?: number
}

const LONGEST = { day: 1095, week: 156, month: 36, year: 3 } as const

/** How often a price is billed, and for what: a quantity in advance, or what a meter counted in arrears. */
export function recurringOf(
  transaction: Transaction,
  recurring: RecurringParams | undefined,
): Records['prices']['recurring'] {
  if (recurring === undefined) return null
  const { interval, interval_count: count = 1, trial_period_days: trial = null } = recurring
  if (!isInterval(interval)) {
    const message = 'Invalid recurring[interval]: must be one of day, month, week, or year'
    throw invalidRequest(message, { param: 'recurring[interval]' })
  }
  const longest = LONGEST[interval]
  if (count < 1 || count > longest) {
    const message = `Invalid recurring[interval_count]: must be between 1 and ${longest} for the interval ${interval}.`
    throw invalidRequest(message, { param: 'recurring[interval_count]' })
  }
  return { interval, interval_count: count, trial_period_days: trial, ...usageOf(transaction, recurring) }
}

function isInterval(text: string): text is keyof typeof LONGEST {
  return Object.hasOwn(LONGEST, text)
}

/** Usage is counted by meters alone since 2025-03-31.basil. */
function usageOf(
  transaction: Transaction,
  { meter, usage_type: type = 'licensed' }: RecurringParams,
): Pick<NonNullable<Records['prices']['recurring']>, 'meter' | 'usage_type'> {
  const param = 'recurring[meter]'
  if (type !== 'metered' && meter === undefined) return { meter: null, usage_type: type }
  if (type !== 'metered') {
    throw invalidRequest('You may only specify `meter` when `usage_type` is `metered`.', { param })
  }
  if (meter === undefined) throw missingParameter(param)
  if (transaction.require('meters', meter, { kind: 'meter', param }).status === 'active') {
    return { meter, usage_type: type }
  }
  throw invalidRequest(`The meter ${meter} is inactive. Prices can only be created for active meters.`, { param })
}

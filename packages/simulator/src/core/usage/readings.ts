import { compare, decimalOf, type Decimal } from '../arithmetic/decimal.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import type { MeterUsage } from '../usage-records.js'
import { aggregate } from './aggregate.js'

export type Meter = Records['meters']

/** From `start` up to `end`, which is not in it. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

interface Asked extends Stretch {
  readonly customer: string
  readonly where?: (usage: MeterUsage) => boolean
}

/** What a customer used by a meter; below zero when more was taken back than used. */
export function usageOf(transaction: Transaction, meter: Meter, { customer, start, end, where }: Asked): Decimal {
  if (start >= end) return decimalOf(0)
  const range = { created: { gte: start, lt: end }, limit: Infinity }
  const options = { ...bucketOf(meter, customer), ...(where !== undefined && { where }) }
  const { data } = transaction.page('meter_usage', range, options)
  const readings = data.map(({ value, date }) => ({ value: decimalOf(value), date }))
  return aggregate({ formula: meter.default_aggregation.formula, window: meter.event_time_window }, readings)
}

/** Usage that is dated at one second. */
export function usageAt(
  transaction: Transaction,
  meter: Meter,
  { customer, at }: { customer: string; at: number },
): readonly MeterUsage[] {
  return transaction.page('meter_usage', { created: at, limit: Infinity }, bucketOf(meter, customer)).data
}

function bucketOf(meter: Meter, customer: string): { index: 'meter_and_customer'; key: string; kind: string } {
  return { index: 'meter_and_customer', key: `${meter.id}/${customer}`, kind: 'meter event' }
}

/** What is billed: never less than nothing. */
export function billable(usage: Decimal): Decimal {
  return compare(usage, decimalOf(0)) < 0 ? decimalOf(0) : usage
}

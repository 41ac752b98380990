import { emitThin } from '../v2/emit-thin.js'
import { isoOf } from '../v2/instants.js'
import type { Transaction } from '../transaction.js'
import type { Refusal } from './check.js'

/** Refusals are summed up over windows of this length. */
const WINDOW = 10
const MOST_SAMPLES = 10

/** Reports refused usage, for each meter in a thin event of its own, as usage is processed after it was accepted. */
export function reportRefusals(transaction: Transaction, refusals: readonly Refusal[]): void {
  for (const meter of new Set(refusals.map((refusal) => refusal.meter))) {
    const own = refusals.filter((refusal) => refusal.meter === meter)
    emitThin(transaction, {
      type: meter === null ? 'v1.billing.meter.no_meter_found' : 'v1.billing.meter.error_report_triggered',
      data: reportOf(own, transaction.now),
      related: meter === null ? null : { id: meter, type: 'billing.meter', url: `/v1/billing/meters/${meter}` },
    })
  }
}

function reportOf(refusals: readonly Refusal[], now: number): Readonly<Record<string, unknown>> {
  const start = Math.floor(now / WINDOW) * WINDOW
  const codes = [...new Set(refusals.map(({ code }) => code))]
  return {
    developer_message_summary:
      refusals.length === 1 ? 'There is 1 invalid event' : `There are ${refusals.length} invalid events`,
    reason: {
      error_count: refusals.length,
      error_types: codes.map((code) =>
        typeOf(
          code,
          refusals.filter((refusal) => refusal.code === code),
        ),
      ),
    },
    validation_start: isoOf(start),
    validation_end: isoOf(start + WINDOW),
  }
}

function typeOf(code: string, refusals: readonly Refusal[]): unknown {
  return {
    code,
    error_count: refusals.length,
    sample_errors: refusals
      .slice(0, MOST_SAMPLES)
      .map(({ message, identifier }) => ({ error_message: message, request: { identifier } })),
  }
}

import { notSimulated } from '../error.js'

/** What Stripe takes and the simulator does not do: refused by name, never ignored. */
const unbuilt = [
  'application_fee_percent',
  'backdate_start_date',
  'billing_cycle_anchor_config',
  'billing_schedules',
  'billing_thresholds',
  'customer_account',
  'default_source',
  'default_tax_rates',
  'discounts',
  'on_behalf_of',
  'pending_invoice_item_interval',
  'transfer_data',
] as const

export function refuseUnbuilt(params: object, more: readonly string[] = []): void {
  for (const name of [...unbuilt, ...more]) {
    if (isGiven((params as Readonly<Record<string, unknown>>)[name])) throw notSimulated(name, name)
  }
  const tax = (params as { automatic_tax?: { enabled?: boolean } }).automatic_tax
  if (tax?.enabled === true) throw notSimulated('automatic_tax', 'automatic_tax[enabled]')
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
}

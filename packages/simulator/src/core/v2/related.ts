import type { EventRecord } from '../private-records.js'

interface Related {
  readonly id?: string
  readonly type: string
  readonly url: string
}

/** Where objects are found, by what they are called; elsewhere the plural of their name says it. */
const folders: Readonly<Record<string, string>> = {
  'billing.alert': 'billing/alerts',
  'billing.credit_balance_transaction': 'billing/credit_balance_transactions',
  'billing.credit_grant': 'billing/credit_grants',
  'billing.meter': 'billing/meters',
  'billing_portal.configuration': 'billing_portal/configurations',
  'checkout.session': 'checkout/sessions',
  'entitlements.feature': 'entitlements/features',
  invoiceitem: 'invoiceitems',
  'radar.early_fraud_warning': 'radar/early_fraud_warnings',
  'test_helpers.test_clock': 'test_helpers/test_clocks',
}

/** The object that an event is about, with its address. */
export function relatedTo(event: EventRecord): Related | undefined {
  // Guaranteed: the object of an event is one of Stripe's, each of which says what it is.
  const about = event.data.object as Readonly<Record<string, unknown>>
  const { object: type, id, customer } = about
  if (typeof type !== 'string') return undefined
  if (type === 'entitlements.active_entitlement_summary') {
    return { type, url: `/v1/entitlements/active_entitlements?customer=${String(customer)}` }
  }
  if (type === 'billing.alert_triggered') return relatedAlert(about['alert'])
  if (typeof id !== 'string') return undefined
  return { id, type, url: urlOf(type, id, customer) }
}

function relatedAlert(alert: unknown): Related | undefined {
  const { id } = (alert ?? {}) as Readonly<Record<string, unknown>>
  return typeof id === 'string' ? { id, type: 'billing.alert', url: `/v1/billing/alerts/${id}` } : undefined
}

function urlOf(type: string, id: string, customer: unknown): string {
  if (type === 'discount') return `/v1/customers/${String(customer)}/discount`
  if (type === 'tax_id') return `/v1/customers/${String(customer)}/tax_ids/${id}`
  return `/v1/${folders[type] ?? `${type}s`}/${id}`
}

import type { Records, TableName } from './records.js'
import type { UnixSeconds } from './unix-seconds.js'

/** The secondary indexes of each table. */
interface Indexes {
  active_entitlements: 'customer'
  alerts: 'meter'
  billed_usage: 'invoice'
  balance_transactions: 'source'
  charges: 'customer' | 'payment_intent'
  checkout_orders: 'intent'
  checkout_sessions: 'customer' | 'payment_intent' | 'payment_link' | 'recovery' | 'subscription'
  credit_balance_transactions: 'credit_grant' | 'customer' | 'invoice'
  credit_grants: 'customer'
  credit_note_lines: 'credit_note'
  credit_notes: 'customer' | 'invoice'
  customer_balance_transactions: 'customer' | 'invoice'
  customers: 'email' | 'test_clock'
  deliveries: 'event'
  disputes: 'charge' | 'payment_intent'
  early_fraud_warnings: 'charge' | 'payment_intent'
  entitlement_features: 'lookup_key'
  entitlement_grants: 'customer'
  events: 'clocked' | 'customer' | 'type'
  invoice_items: 'customer' | 'invoice' | 'pending'
  invoice_line_items: 'invoice'
  invoice_payments: 'invoice' | 'payment_intent'
  invoices: 'customer' | 'hosted_page' | 'number' | 'status' | 'subscription'
  meter_usage: 'meter_and_customer'
  meters: 'event_name'
  mandates: 'payment_method'
  payment_intents: 'customer'
  payment_links: 'page'
  payment_methods: 'customer'
  portal_configurations: 'login_page'
  portal_sessions: 'page'
  prices: 'lookup_key' | 'product'
  product_features: 'feature' | 'product'
  promotion_codes: 'code' | 'coupon'
  quotes: 'customer'
  refunds: 'charge' | 'payment_intent'
  setup_attempts: 'setup_intent'
  setup_intents: 'customer'
  subscription_items: 'subscription'
  subscription_schedules: 'customer'
  subscriptions: 'customer' | 'pending_setup_intent' | 'status'
  tax_ids: 'customer'
  timers: 'subject'
}

export type IndexName<Name extends TableName> = Name extends keyof Indexes ? Indexes[Name] : never

/**
 * How a record's key in each index is found (no key: the record is not in that index). Everything that is looked up by
 * anything but its id has an index, so that no command scans a table.
 */
export const indexes: {
  readonly [Name in keyof Indexes]: Readonly<
    Record<Indexes[Name], (record: Records[Name]) => string | null | undefined>
  >
} = {
  active_entitlements: { customer: (entitlement) => entitlement.customer },
  alerts: { meter: (alert) => alert.usage_threshold?.meter },
  billed_usage: { invoice: (usage) => usage.invoice },
  balance_transactions: { source: (movement) => movement.source },
  charges: { customer: (charge) => charge.customer, payment_intent: (charge) => charge.payment_intent },
  checkout_orders: { intent: (order) => order.attempt?.intent },
  checkout_sessions: {
    customer: (session) => session.customer,
    payment_intent: (session) => session.payment_intent,
    subscription: (session) => session.subscription,
    payment_link: (session) => session.payment_link,
    /** The last part of the address that recovers an expired session. */
    recovery: (session) => session.after_expiration?.recovery?.url?.split('/').at(-1),
  },
  credit_balance_transactions: {
    credit_grant: (entry) => entry.credit_grant,
    customer: (entry) => entry.customer,
    /** The invoice that was paid with it. */
    invoice: (entry) => entry.debit?.credits_applied?.invoice,
  },
  credit_grants: { customer: (grant) => grant.customer },
  credit_note_lines: { credit_note: (line) => line.credit_note },
  credit_notes: { customer: (note) => note.customer, invoice: (note) => note.invoice },
  customer_balance_transactions: { customer: (entry) => entry.customer, invoice: (entry) => entry.invoice },
  customers: { email: (customer) => customer.email, test_clock: (customer) => customer.test_clock },
  deliveries: { event: (delivery) => delivery.event },
  disputes: { charge: (dispute) => dispute.charge, payment_intent: (dispute) => dispute.payment_intent },
  early_fraud_warnings: { charge: (warning) => warning.charge, payment_intent: (warning) => warning.payment_intent },
  entitlement_features: { lookup_key: (feature) => feature.lookup_key },
  entitlement_grants: { customer: (grant) => grant.customer },
  events: {
    /** Those whose `created` says nothing about their place. */
    clocked: ({ clock }) => (clock === undefined ? undefined : CLOCKED),
    customer: ({ data }) => customerIn(data.object),
    type: (event) => event.type,
  },
  invoice_items: {
    customer: (item) => item.customer,
    invoice: (item) => item.invoice,
    /** Items not yet on an invoice. */
    pending: (item) => (item.invoice === null ? item.customer : null),
  },
  invoice_line_items: { invoice: (line) => line.invoice },
  invoice_payments: {
    invoice: (payment) => payment.invoice,
    payment_intent: (payment) => payment.payment.payment_intent,
  },
  invoices: {
    customer: (invoice) => invoice.customer,
    /** The last part of the hosted page's address; the origin before it may change when the server restarts. */
    hosted_page: (invoice) => invoice.hosted_invoice_url?.split('/').at(-1),
    number: (invoice) => invoice.number,
    status: (invoice) => invoice.status,
    subscription: (invoice) => invoice.parent?.subscription_details?.subscription,
  },
  meter_usage: { meter_and_customer: (usage) => `${usage.meter}/${usage.customer}` },
  meters: { event_name: (meter) => meter.event_name },
  mandates: { payment_method: (mandate) => mandate.payment_method },
  payment_intents: { customer: (intent) => intent.customer },
  payment_links: {
    /** The last part of the address. */
    page: (link) => link.url.split('/').at(-1),
  },
  payment_methods: { customer: (method) => method.customer },
  portal_configurations: {
    /** The last part of the address, as with invoices. */
    login_page: (configuration) => configuration.login_page.url?.split('/').at(-1),
  },
  portal_sessions: {
    /** The last part of the page's address, as with invoices. */
    page: (session) => session.url.split('/').at(-1),
  },
  prices: { lookup_key: (price) => price.lookup_key, product: (price) => price.product },
  product_features: { feature: (link) => link.feature, product: (link) => link.product },
  promotion_codes: {
    /** A code is the same in any case. */
    code: (promotionCode) => promotionCode.code.toUpperCase(),
    coupon: (promotionCode) => promotionCode.promotion.coupon,
  },
  quotes: { customer: (quote) => quote.customer },
  refunds: { charge: (refund) => refund.charge, payment_intent: (refund) => refund.payment_intent },
  setup_attempts: { setup_intent: (attempt) => attempt.setup_intent },
  setup_intents: { customer: (intent) => intent.customer },
  subscription_items: { subscription: (item) => item.subscription },
  subscription_schedules: { customer: (schedule) => schedule.customer },
  subscriptions: {
    customer: (subscription) => subscription.customer,
    pending_setup_intent: (subscription) => subscription.pending_setup_intent,
    status: (subscription) => subscription.status,
  },
  tax_ids: { customer: (taxId) => taxId.customer },
  timers: { subject: (timer) => timer.subject },
}

/** The only key of the index of events that came from a test clock. */
export const CLOCKED = 'yes'

/** Something that waits for its instant, in a queue of its table. */
export interface Waiting {
  readonly queue: string
  readonly at: UnixSeconds
}

/** The queue of the timers that run on no test clock. */
export const WORLD_CLOCK = 'world'

interface Queues {
  deliveries: (delivery: Records['deliveries']) => Waiting | undefined
  timers: (timer: Records['timers']) => Waiting | undefined
}

export type QueuedTable = keyof Queues

/** What is looked for by the instant at which it is due: timers by their clock, deliveries by their endpoint. */
export const queues: Readonly<Queues> = {
  deliveries: ({ status, endpoint, nextAttemptAt }) =>
    status === 'pending' && nextAttemptAt !== null ? { queue: endpoint, at: nextAttemptAt } : undefined,
  timers: ({ clock, at }) => ({ queue: clock ?? WORLD_CLOCK, at }),
}

/**
 * The instant by which lists are ordered and narrowed with `created`; what has none is in the order of its making. Events
 * stand as they happened, also those of a clock that goes differently: who reads on from the last one misses none.
 */
export function instantOf(record: unknown): UnixSeconds {
  if (typeof record !== 'object' || record === null) return 0
  const { recorded, created, date } = record as Readonly<Record<'recorded' | 'created' | 'date', unknown>>
  if (typeof recorded === 'number') return recorded
  if (typeof created === 'number') return created
  return typeof date === 'number' ? date : 0
}

/** Whom an object is about: itself, if it is a customer. */
function customerIn(object: unknown): string | null | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  const { object: kind, id, customer } = object as Readonly<Record<string, unknown>>
  const whom = kind === 'customer' ? id : customer
  return typeof whom === 'string' ? whom : undefined
}

import type { Records, TableName } from './records.js'

/** The secondary indexes of each table. */
interface Indexes {
  charges: 'customer' | 'payment_intent'
  checkout_orders: 'intent'
  checkout_sessions: 'customer' | 'payment_intent' | 'subscription'
  customers: 'email' | 'test_clock'
  deliveries: 'event' | 'status'
  events: 'type'
  invoice_items: 'customer' | 'invoice' | 'pending'
  invoice_line_items: 'invoice'
  invoice_payments: 'invoice' | 'payment_intent'
  invoices: 'customer' | 'hosted_page' | 'status' | 'subscription'
  payment_intents: 'customer'
  payment_methods: 'customer'
  portal_sessions: 'page'
  prices: 'lookup_key' | 'product'
  setup_intents: 'customer'
  subscription_items: 'subscription'
  subscriptions: 'customer' | 'pending_setup_intent' | 'status'
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
  charges: { customer: (charge) => charge.customer, payment_intent: (charge) => charge.payment_intent },
  checkout_orders: { intent: (order) => order.attempt?.intent },
  checkout_sessions: {
    customer: (session) => session.customer,
    payment_intent: (session) => session.payment_intent,
    subscription: (session) => session.subscription,
  },
  customers: { email: (customer) => customer.email, test_clock: (customer) => customer.test_clock },
  deliveries: { event: (delivery) => delivery.event, status: (delivery) => delivery.status },
  events: { type: (event) => event.type },
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
    status: (invoice) => invoice.status,
    subscription: (invoice) => invoice.parent?.subscription_details?.subscription,
  },
  payment_intents: { customer: (intent) => intent.customer },
  payment_methods: { customer: (method) => method.customer },
  portal_sessions: {
    /** The last part of the page's address, as with invoices. */
    page: (session) => session.url.split('/').at(-1),
  },
  prices: { lookup_key: (price) => price.lookup_key, product: (price) => price.product },
  setup_intents: { customer: (intent) => intent.customer },
  subscription_items: { subscription: (item) => item.subscription },
  subscriptions: {
    customer: (subscription) => subscription.customer,
    pending_setup_intent: (subscription) => subscription.pending_setup_intent,
    status: (subscription) => subscription.status,
  },
  timers: { subject: (timer) => timer.subject },
}

import type Stripe from 'stripe'
import type { ExpectedRow } from './expected-row.js'
import { everyPage, idOf, rawOf } from './stripe-lists.js'
import { catalogRecordTruth, discountRow, lineRow, recordTruth } from './stripe-truth-records.js'

/**
 * What Stripe says of a customer, as rows of the mirror. Written from Stripe's reference and not from the code that fills
 * the mirror, so that a mistake there is not repeated here.
 */
export async function customerTruth(
  stripe: Stripe,
  id: string,
  what: 'everything' | 'access',
): Promise<readonly ExpectedRow[]> {
  const customer = await stripe.customers.retrieve(id)
  if (customer.deleted) return [{ table: 'stripe_customers', id, columns: { is_deleted: true } }]
  const [subscriptions, invoices, methods, records] = await Promise.all([
    everyPage(stripe.subscriptions.list({ customer: id, status: 'all', limit: 100 })),
    everyPage(stripe.invoices.list({ customer: id, limit: 100 })),
    everyPage(stripe.customers.listPaymentMethods(id, { limit: 100 })),
    what === 'access' ? [] : recordTruth(stripe, id),
  ])
  const lines = await Promise.all(invoices.map((invoice) => linesOf(stripe, invoice)))
  return [
    customerRow(customer),
    ...subscriptions.flatMap(subscriptionRows),
    ...invoices.map(invoiceRow),
    ...methods.map(paymentMethodRow),
    ...lines.flat().map(lineRow),
    ...(customer.discount == null ? [] : [discountRow(customer.discount)]),
    ...records,
  ]
}

async function linesOf(stripe: Stripe, { id, lines }: Stripe.Invoice): Promise<readonly Stripe.InvoiceLineItem[]> {
  return lines.has_more ? everyPage(stripe.invoices.listLineItems(id, { limit: 100 })) : lines.data
}

/** What Stripe says of the objects of the account. */
export async function catalogTruth(stripe: Stripe, what: 'everything' | 'access'): Promise<readonly ExpectedRow[]> {
  const [products, prices, records] = await Promise.all([
    everyPage(stripe.products.list({ limit: 100 })),
    everyPage(stripe.prices.list({ limit: 100 })),
    what === 'access' ? [] : catalogRecordTruth(stripe),
  ])
  return [...products.map(productRow), ...prices.map(priceRow), ...records]
}

/** The ids of all customers. */
export async function stripeCustomerIds(stripe: Stripe): Promise<readonly string[]> {
  const customers = await everyPage(stripe.customers.list({ limit: 100 }))
  return customers.map(({ id }) => id)
}

function customerRow(customer: Stripe.Customer): ExpectedRow {
  const columns = {
    email: customer.email,
    name: customer.name ?? null,
    balance: customer.balance,
    currency: customer.currency ?? null,
    default_payment_method_id: idOf(customer.invoice_settings.default_payment_method),
    is_deleted: false,
    created_at: customer.created,
    object: rawOf(customer),
  }
  return { table: 'stripe_customers', id: customer.id, columns }
}

function subscriptionRows(subscription: Stripe.Subscription): readonly ExpectedRow[] {
  const items = subscription.items.data
  const columns = {
    stripe_customer_id: idOf(subscription.customer),
    status: subscription.status,
    current_period_start: Math.min(...items.map((item) => item.current_period_start)),
    current_period_end: Math.max(...items.map((item) => item.current_period_end)),
    cancel_at_period_end: subscription.cancel_at_period_end,
    cancel_at: subscription.cancel_at,
    canceled_at: subscription.canceled_at,
    ended_at: subscription.ended_at,
    trial_start: subscription.trial_start,
    trial_end: subscription.trial_end,
    started_at: subscription.start_date,
    created_at: subscription.created,
    currency: subscription.currency,
    collection_method: subscription.collection_method,
    latest_invoice_id: idOf(subscription.latest_invoice),
    default_payment_method_id: idOf(subscription.default_payment_method),
    is_collection_paused: subscription.pause_collection !== null,
    metadata: subscription.metadata,
    object: rawOf(subscription),
  }
  return [{ table: 'subscriptions', id: subscription.id, columns }, ...items.map((item) => itemRow(item, subscription))]
}

function itemRow(item: Stripe.SubscriptionItem, subscription: Stripe.Subscription): ExpectedRow {
  const columns = {
    stripe_subscription_id: subscription.id,
    stripe_price_id: item.price.id,
    stripe_product_id: idOf(item.price.product),
    quantity: item.quantity ?? null,
    current_period_start: item.current_period_start,
    current_period_end: item.current_period_end,
    object: rawOf(item),
    deleted_at: null,
  }
  return { table: 'subscription_items', id: item.id, columns }
}

function invoiceRow(invoice: Stripe.Invoice): ExpectedRow {
  const columns = {
    stripe_customer_id: idOf(invoice.customer),
    stripe_subscription_id: idOf(invoice.parent?.subscription_details?.subscription ?? null),
    number: invoice.number,
    status: invoice.status,
    billing_reason: invoice.billing_reason,
    currency: invoice.currency,
    amount_due: invoice.amount_due,
    amount_paid: invoice.amount_paid,
    amount_remaining: invoice.amount_remaining,
    subtotal: invoice.subtotal,
    total: invoice.total,
    attempt_count: invoice.attempt_count,
    is_attempted: invoice.attempted,
    next_payment_attempt_at: invoice.next_payment_attempt,
    due_at: invoice.due_date,
    period_start: invoice.period_start,
    period_end: invoice.period_end,
    created_at: invoice.created,
    finalized_at: invoice.status_transitions.finalized_at,
    paid_at: invoice.status_transitions.paid_at,
    hosted_invoice_url: invoice.hosted_invoice_url ?? null,
    invoice_pdf: invoice.invoice_pdf ?? null,
    object: rawOf(invoice),
    deleted_at: null,
  }
  return { table: 'invoices', id: invoice.id, columns }
}

function paymentMethodRow(method: Stripe.PaymentMethod): ExpectedRow {
  const columns = {
    stripe_customer_id: idOf(method.customer),
    type: method.type,
    brand: method.card?.brand ?? null,
    last4: method.card?.last4 ?? method.us_bank_account?.last4 ?? method.sepa_debit?.last4 ?? null,
    exp_month: method.card?.exp_month ?? null,
    exp_year: method.card?.exp_year ?? null,
    object: rawOf(method),
    deleted_at: null,
  }
  return { table: 'payment_methods', id: method.id, columns }
}

function productRow(product: Stripe.Product): ExpectedRow {
  const { id, name, active, metadata } = product
  return {
    table: 'products',
    id,
    columns: { name, is_active: active, metadata, object: rawOf(product), deleted_at: null },
  }
}

function priceRow(price: Stripe.Price): ExpectedRow {
  const columns = {
    stripe_product_id: idOf(price.product),
    lookup_key: price.lookup_key,
    is_active: price.active,
    currency: price.currency,
    unit_amount: price.unit_amount,
    interval: price.recurring?.interval ?? null,
    interval_count: price.recurring?.interval_count ?? null,
    usage_type: price.recurring?.usage_type ?? null,
    metadata: price.metadata,
    object: rawOf(price),
    deleted_at: null,
  }
  return { table: 'prices', id: price.id, columns }
}

import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { minimumCharge } from '../arithmetic/currency.js'
import type { Period } from '../arithmetic/proration.js'
import { changeCustomer } from '../customers/customers.js'
import type { Records } from '../records.js'
import type { UnixSeconds } from '../unix-seconds.js'
import type { Transaction } from '../transaction.js'
import { settle } from './amounts.js'
import { lineOfItem, type Line } from './lines.js'

export type Invoice = Records['invoices']

export interface InvoiceDraft {
  /** Given when the subscription must name its invoice before it exists. */
  readonly id?: string
  readonly customer: string
  readonly currency: string
  readonly reason: Stripe.Invoice.BillingReason
  readonly lines: readonly Line[]
  /** Pending items that this invoice takes in; their lines come first. */
  readonly pending: readonly Records['invoice_items'][]
  /** The window in which pending items were collected, not the service period. */
  readonly period: Period
  readonly subscription?: Pick<Records['subscriptions'], 'id' | 'metadata'> & { readonly prorationDate?: UnixSeconds }
  readonly collectionMethod: Stripe.Invoice.CollectionMethod
  readonly dueDays?: number
  readonly defaultPaymentMethod?: string | null
  readonly autoAdvance: boolean
  /** When the draft becomes an open invoice by itself. */
  readonly finalizesAt: UnixSeconds | null
  readonly description?: string | null
  readonly metadata?: Readonly<Record<string, string>>
}

/** Writes a draft, with its lines, and announces it. */
export function createInvoice(transaction: Transaction, draft: InvoiceDraft): Invoice {
  const id = draft.id ?? transaction.newId('in')
  const swept = draft.pending.map((item) => lineOfItem(transaction, item))
  const lines = [...swept, ...draft.lines].map((line) => ({ ...line, invoice: id }))
  for (const line of lines) transaction.put('invoice_line_items', line)
  for (const item of draft.pending) transaction.patch('invoice_items', item.id, { invoice: id })
  const invoice = transaction.put('invoices', withTotals(transaction, blank(transaction, draft, id), lines))
  if (draft.finalizesAt !== null && draft.autoAdvance) {
    transaction.schedule({ kind: 'invoice.finalize', at: draft.finalizesAt, subject: id })
  }
  transaction.emit('invoice.created', 'invoices', invoice)
  adoptCurrency(transaction, draft.customer, draft.currency)
  return invoice
}

/** What a customer is first billed in is their currency from then on. */
function adoptCurrency(transaction: Transaction, customer: string, currency: string): void {
  const { currency: before } = transaction.load('customers', customer)
  if (before === null || before === undefined) changeCustomer(transaction, customer, { currency })
}

/** An invoice with these lines and the amounts that follow from them and from the customer's balance. */
export function withTotals(transaction: Transaction, invoice: Invoice, lines: readonly Line[]): Invoice {
  const total = lines.reduce((sum, line) => sum + line.amount, 0)
  const balance = transaction.load('customers', invoice.customer ?? '').balance
  const { amountDue } = settle(total, balance, minimumCharge(invoice.currency))
  return {
    ...invoice,
    amount_due: amountDue,
    amount_remaining: amountDue - invoice.amount_paid,
    lines: { object: 'list', data: lines, has_more: false, url: `/v1/invoices/${invoice.id}/lines` },
    starting_balance: balance,
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  }
}

function blank(transaction: Transaction, draft: InvoiceDraft, id: string): Invoice {
  const customer = transaction.load('customers', draft.customer)
  return {
    ...constant,
    id,
    account_name: settingsOf(transaction).businessName,
    auto_advance: draft.autoAdvance,
    automatically_finalizes_at: draft.autoAdvance ? draft.finalizesAt : null,
    billing_reason: draft.reason,
    collection_method: draft.collectionMethod,
    created: transaction.now,
    currency: draft.currency,
    customer: customer.id,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    default_payment_method: draft.defaultPaymentMethod ?? null,
    description: draft.description ?? null,
    due_date: draft.dueDays === undefined ? null : transaction.now + draft.dueDays * 86_400,
    lines: { object: 'list', data: [], has_more: false, url: '' },
    metadata: draft.metadata ?? {},
    next_payment_attempt: draft.collectionMethod === 'charge_automatically' ? nextAttempt(draft) : null,
    parent: parentOf(draft),
    period_start: draft.period.start,
    period_end: draft.period.end,
    rendering: draft.subscription === undefined ? byPrinter : null,
    test_clock: customer.test_clock ?? null,
    webhooks_delivered_at: transaction.now,
  }
}

function nextAttempt(draft: InvoiceDraft): UnixSeconds | null {
  return draft.autoAdvance ? draft.finalizesAt : null
}

function parentOf({ subscription }: InvoiceDraft): Invoice['parent'] {
  if (subscription === undefined) return null
  const { id, metadata, prorationDate } = subscription
  const details = { metadata, subscription: id }
  return {
    type: 'subscription_details',
    quote_details: null,
    subscription_details:
      prorationDate === undefined ? details : { ...details, subscription_proration_date: prorationDate },
  }
}

const byPrinter = {
  amount_tax_display: null,
  pdf: { page_size: 'auto' },
  template: null,
  template_version: null,
} as const satisfies Invoice['rendering']

const constant = {
  object: 'invoice',
  account_country: 'US',
  account_tax_ids: null,
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_paid_off_stripe: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  confirmation_secret: null,
  custom_fields: null,
  customer_account: null,
  customer_tax_ids: [],
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  number: null,
  on_behalf_of: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  status: 'draft',
  status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
} as const satisfies Partial<Invoice>

import type { Stripe } from 'stripe'
import type { Invoice } from '../domain/mirror.js'
import { idOf } from './id-of.js'

export function toInvoice(stripeCustomerId: string, invoice: Stripe.Invoice): Invoice {
  return {
    stripeInvoiceId: invoice.id,
    stripeCustomerId,
    // The subscription stands in the parent since API version 2025-03-31.basil.
    stripeSubscriptionId: idOf(invoice.parent?.subscription_details?.subscription),
    number: invoice.number,
    status: invoice.status ?? 'draft',
    billingReason: invoice.billing_reason,
    currency: invoice.currency,
    amountDue: invoice.amount_due,
    amountPaid: invoice.amount_paid,
    amountRemaining: invoice.amount_remaining,
    subtotal: invoice.subtotal,
    total: invoice.total,
    attemptCount: invoice.attempt_count,
    isAttempted: invoice.attempted,
    nextPaymentAttemptAt: invoice.next_payment_attempt,
    dueAt: invoice.due_date,
    periodStart: invoice.period_start,
    periodEnd: invoice.period_end,
    createdAt: invoice.created,
    finalizedAt: invoice.status_transitions.finalized_at,
    paidAt: invoice.status_transitions.paid_at,
    hostedInvoiceUrl: invoice.hosted_invoice_url ?? null,
    invoicePdf: invoice.invoice_pdf ?? null,
  }
}

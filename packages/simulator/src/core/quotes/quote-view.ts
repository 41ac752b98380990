import { settingsOf } from '../account-settings.js'
import { invalidRequest } from '../error.js'
import type { Transaction } from '../transaction.js'
import type { Quote } from './create.js'

/** What a quote says on paper. */
export interface QuoteView {
  readonly number: string
  readonly status: string
  readonly businessName: string
  readonly customer: { readonly name: string | null; readonly email: string | null }
  readonly currency: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly header: string | null
  readonly footer: string | null
  readonly description: string | null
  readonly lines: readonly { readonly description: string; readonly quantity: number | null; readonly value: number }[]
  readonly subtotal: number
  readonly discount: number
  readonly tax: number
  readonly total: number
  readonly recurring: { readonly value: number; readonly interval: string; readonly intervalCount: number } | null
}

/**
 * A quote as it is put on paper, which only a final one is.
 *
 * @throws StripeError while the quote is a draft
 */
export function quoteView(transaction: Transaction, quote: Quote): QuoteView {
  if (quote.number === null) throw invalidRequest('The PDF of a quote is there once the quote is finalized.')
  const customer = quote.customer === null ? undefined : transaction.get('customers', quote.customer)
  const { recurring, upfront } = quote.computed
  return {
    number: quote.number,
    status: quote.status,
    businessName: settingsOf(transaction).businessName,
    customer: { name: customer?.name ?? null, email: customer?.email ?? null },
    currency: quote.currency ?? '',
    issuedAt: quote.status_transitions.finalized_at ?? quote.created,
    expiresAt: quote.expires_at,
    header: quote.header,
    footer: quote.footer,
    description: quote.description,
    lines: transaction.load('quote_details', quote.id).upfront.map((item) => ({
      description: item.description ?? '',
      quantity: item.quantity,
      value: item.amount_subtotal,
    })),
    subtotal: upfront.amount_subtotal,
    discount: upfront.total_details.amount_discount,
    tax: upfront.total_details.amount_tax,
    total: upfront.amount_total,
    recurring: recurring && {
      value: recurring.amount_total,
      interval: recurring.interval,
      intervalCount: recurring.interval_count,
    },
  }
}

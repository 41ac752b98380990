import type { TypedCard } from '../checkout-sessions/form.js'
import { addresseeOf, type Addressee } from './addressee.js'
import type { PageOutcome } from '../checkout-sessions/outcome.js'
import { invalidRequest, type StripeErrorBody } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { payInvoice } from './pay.js'
import { paymentIntentOf } from './payments.js'
import { cardsOf, cardView, errorBodyOf, type CardView } from '../page-views.js'
import { stepsToTotal, type SumView } from './page-sums.js'
import { createCard } from '../payments/payment-methods.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Invoice = Records['invoices']

/** The invoice behind the last part of its page's address. */
export function invoiceOfPage(transaction: Transaction, page: string): Invoice | undefined {
  return transaction.by('invoices', 'hosted_page', page)[0]
}

export interface InvoiceLineView {
  readonly description: string
  readonly quantity: number | null
  readonly period: { readonly start: number; readonly end: number }
  readonly value: number
}

/** What the page of an invoice shows. */
export interface InvoiceView {
  readonly formToken: string
  readonly now: number
  readonly number: string
  readonly status: 'open' | 'paid' | 'uncollectible' | 'void'
  readonly businessName: string
  readonly customer: Addressee
  readonly currency: string
  readonly issuedAt: number
  readonly dueAt: number | null
  readonly paidAt: number | null
  readonly lines: readonly InvoiceLineView[]
  /** What lies between the lines and the total. */
  readonly steps: readonly SumView[]
  readonly total: number
  /** What the customer's balance changed in what is due; credit is negative. */
  readonly balanceApplied: number
  /** What credit notes took off before payment. */
  readonly credited: number
  readonly amountDue: number
  readonly amountPaid: number
  readonly remaining: number
  /** The card that paid it. */
  readonly paidWith: CardView | null
  readonly notes: readonly string[]
  readonly cards: readonly CardView[]
  readonly lastError: StripeErrorBody | null
  readonly waitingIntent: string | null
}

export function invoiceView(transaction: Transaction, invoice: Invoice): InvoiceView {
  transaction.enterClockOf(invoice.customer)
  const intent = paymentIntentOf(transaction, invoice.id)
  return {
    formToken: invoice.id,
    now: transaction.now,
    number: invoice.number ?? '',
    status: statusOf(invoice),
    businessName: invoice.account_name ?? '',
    customer: addresseeOf(invoice),
    currency: invoice.currency,
    issuedAt: invoice.effective_at ?? invoice.created,
    dueAt: invoice.due_date,
    paidAt: invoice.status_transitions.paid_at,
    lines: invoice.lines.data.map((line) => ({
      description: line.description ?? '',
      quantity: line.quantity,
      period: line.period,
      value: line.amount,
    })),
    steps: stepsToTotal(transaction, invoice),
    total: invoice.total,
    balanceApplied: invoice.amount_due + invoice.pre_payment_credit_notes_amount - invoice.total,
    credited: invoice.pre_payment_credit_notes_amount,
    amountDue: invoice.amount_due,
    amountPaid: invoice.amount_paid,
    remaining: invoice.amount_remaining,
    paidWith: cardThatPaid(transaction, invoice),
    notes: notesOf(invoice),
    cards: invoice.customer === null ? [] : cardsOf(transaction, invoice.customer),
    lastError: intent === undefined ? null : errorBodyOf(intent.last_payment_error),
    waitingIntent: intent?.status === 'requires_action' ? intent.id : null,
  }
}

function cardThatPaid(transaction: Transaction, { id }: Invoice): CardView | null {
  const payment = transaction.by('invoice_payments', 'invoice', id).find(({ status }) => status === 'paid')
  const intent = transaction.get('payment_intents', payment?.payment.payment_intent ?? '')
  return intent === undefined ? null : cardView(transaction, intent.payment_method)
}

/** What the business says on the invoice besides. */
function notesOf({ custom_fields: fields, description, footer }: Invoice): readonly string[] {
  const named = (fields ?? []).map(({ name, value }) => `${name}: ${value}`)
  return [...named, description, footer].filter((text) => text !== null)
}

function statusOf({ status }: Invoice): InvoiceView['status'] {
  if (status === 'paid') return 'paid'
  if (status === 'void') return 'void'
  return status === 'uncollectible' ? 'uncollectible' : 'open'
}

export interface InvoicePaymentForm {
  /** A card that the customer has already, or one that was typed. */
  readonly savedCard: string | null
  readonly card: TypedCard | null
  readonly name: string | null
  readonly country: string | null
  readonly returnUrl: string
}

const pay: Handler<InvoicePaymentForm> = (transaction, { path, params }): PageOutcome => {
  const invoice = invoiceOfPage(transaction, path['id'] ?? '')
  if (invoice === undefined) throw invalidRequest('There is no such invoice.')
  transaction.enterClockOf(invoice.customer)
  return payOnPage(transaction, invoice, {
    paymentMethod:
      params.card === null
        ? savedCard(transaction, invoice, params.savedCard)
        : typedCard(transaction, params.card, params),
    returnUrl: params.returnUrl,
  })
}

function savedCard(transaction: Transaction, invoice: Invoice, id: string | null): string | null {
  if (id === null) return null
  const method = transaction.get('payment_methods', id)
  if (method !== undefined && method.customer === invoice.customer) return id
  throw invalidRequest('This card is no longer there.')
}

function typedCard(transaction: Transaction, card: TypedCard, { name, country }: InvoicePaymentForm): string {
  const billingDetails = { ...(name !== null && { name }), ...(country !== null && { address: { country } }) }
  return createCard(transaction, { ...card, billingDetails }).id
}

/** Pays an invoice with its customer looking on, so that a bank that wants to see them can. */
export function payOnPage(
  transaction: Transaction,
  invoice: Invoice,
  options: { readonly paymentMethod: string | null; readonly returnUrl: string },
): PageOutcome {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return { status: 'closed' }
  transaction.enterClockOf(invoice.customer)
  const { paymentMethod, returnUrl } = options
  const result = payInvoice(transaction, invoice.id, {
    offSession: false,
    ...(paymentMethod !== null && { paymentMethod }),
  })
  if (result.status === 'succeeded') return { status: 'succeeded' }
  if (result.status === 'requires_action') return sendToBank(transaction, invoice, returnUrl)
  const { error } = result
  if (error === undefined) throw new Error(`The payment of ${invoice.id} failed without a reason.`)
  return { status: 'failed', error }
}

/** The bank's page is to send the customer back to where they came from. */
function sendToBank(transaction: Transaction, invoice: Invoice, returnUrl: string): PageOutcome {
  const intent = paymentIntentOf(transaction, invoice.id)
  const redirect = intent?.next_action?.redirect_to_url
  if (intent === undefined || redirect === undefined) throw new Error(`Nothing waits for the bank of ${invoice.id}.`)
  transaction.patch('payment_intents', intent.id, {
    next_action: { type: 'redirect_to_url', redirect_to_url: { ...redirect, return_url: returnUrl } },
  })
  return { status: 'requires_action', intent: intent.id }
}

export const invoicePageHandlers: Handlers = { 'invoice_pages.pay': pay }

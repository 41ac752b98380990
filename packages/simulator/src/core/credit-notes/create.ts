import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { enterBalance } from '../customers/balance.js'
import { invalidRequest } from '../error.js'
import { totalTaxes } from '../invoices/totals.js'
import { dropOpenPayment, fitOpenPayment, markPaid } from '../invoices/settle-payment.js'
import { mergeMetadata } from '../metadata.js'
import { createRefund } from '../payments/refunds.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { amountLine, creditLines } from './lines.js'
import { payoutOf, type Payout } from './payout.js'

export type CreditNote = Records['credit_notes']
type Invoice = Records['invoices']
type Params = Stripe.CreditNoteCreateParams
type Lines = ReturnType<typeof creditLines>

/** Takes back what an invoice asked for, or gives back what was paid of it. https://docs.stripe.com/invoicing/dashboard/credit-notes */
export function createCreditNote(transaction: Transaction, params: Params): CreditNote {
  const invoice = creditedInvoice(transaction, params.invoice)
  const lines = linesOf(transaction, invoice, params)
  const shipping = params.shipping_cost === undefined ? null : invoice.shipping_cost
  const sums = sumsOf(lines, shipping?.amount_total ?? 0)
  const payout = payoutOf(transaction, invoice, { total: sums.total, params })
  const blank = blankNote(transaction, invoice, params)
  const note = transaction.put('credit_notes', {
    ...blank,
    ...sums,
    lines: { object: 'list', data: lines, has_more: false, url: `/v1/credit_notes/${blank.id}/lines` },
    out_of_band_amount: payout.outOfBand || null,
    post_payment_amount: payout.postPayment,
    pre_payment_amount: payout.prePayment,
    shipping_cost: shipping,
    type: typeOf(payout),
  })
  for (const line of lines) transaction.put('credit_note_lines', { ...line, credit_note: note.id })
  const paidOut = payOut(transaction, note, payout)
  transaction.emit('credit_note.created', 'credit_notes', paidOut)
  settleInvoice(transaction, invoice, payout)
  return transaction.load('credit_notes', note.id)
}

function creditedInvoice(transaction: Transaction, id: string): Invoice {
  const invoice = transaction.require('invoices', id, { kind: 'invoice', param: 'invoice' })
  transaction.enterClockOf(invoice.customer)
  if (invoice.status === 'open' || invoice.status === 'paid') return invoice
  const message = `You can only create credit notes for invoices that are open or paid. This invoice is ${invoice.status}.`
  throw invalidRequest(message, { param: 'invoice' })
}

function linesOf(transaction: Transaction, invoice: Invoice, params: Params): Lines {
  const { amount, lines, shipping_cost: shipping } = params
  if (amount !== undefined && lines !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: amount, lines.', { param: 'amount' })
  }
  if (lines !== undefined) return creditLines(transaction, invoice, lines)
  if (amount !== undefined) return [amountLine(transaction, amount)]
  if (shipping !== undefined && invoice.shipping_cost !== null) return []
  throw invalidRequest('You must pass one of `amount`, `lines`, or `shipping_cost`.', { param: 'amount' })
}

type Sums = Pick<
  CreditNote,
  | 'amount'
  | 'amount_shipping'
  | 'discount_amount'
  | 'discount_amounts'
  | 'pretax_credit_amounts'
  | 'subtotal'
  | 'subtotal_excluding_tax'
  | 'total'
  | 'total_excluding_tax'
  | 'total_taxes'
>

function sumsOf(lines: Lines, shipping: number): Sums {
  const taxes = lines.flatMap((line) => line.taxes ?? [])
  const credits = lines.flatMap((line) => line.pretax_credit_amounts)
  const exclusive = taxes.filter((tax) => tax.tax_behavior === 'exclusive')
  const subtotal = sum(lines)
  const total = subtotal - sum(credits) + sum(exclusive) + shipping
  const discounts = lines.flatMap((line) => line.discount_amounts)
  return {
    amount: total,
    amount_shipping: shipping,
    discount_amount: sum(discounts),
    discount_amounts: merged(discounts, ({ discount }) => discount),
    pretax_credit_amounts: merged(credits, (entry) => entry.discount ?? entry.credit_balance_transaction ?? ''),
    subtotal,
    subtotal_excluding_tax: subtotal - sum(taxes.filter((tax) => tax.tax_behavior === 'inclusive')),
    total,
    total_excluding_tax: total - sum(taxes),
    total_taxes: totalTaxes(taxes),
  }
}

function sum(entries: readonly { readonly amount: number }[]): number {
  return entries.reduce((total, { amount }) => total + amount, 0)
}

function merged<Entry extends { readonly amount: number }>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
): readonly Entry[] {
  const keys = [...new Set(entries.map(keyOf))]
  return keys.flatMap((key) => {
    const same = entries.filter((entry) => keyOf(entry) === key)
    return same.slice(0, 1).map((entry) => ({ ...entry, amount: sum(same) }))
  })
}

function typeOf({ prePayment, postPayment }: Payout): CreditNote['type'] {
  if (postPayment === 0) return 'pre_payment'
  return prePayment === 0 ? 'post_payment' : 'mixed'
}

type Blank = Omit<
  CreditNote,
  keyof Sums | 'lines' | 'out_of_band_amount' | 'post_payment_amount' | 'pre_payment_amount' | 'type'
>

function blankNote(transaction: Transaction, invoice: Invoice, params: Params): Blank {
  const id = transaction.newId('cn')
  const count = transaction.by('credit_notes', 'invoice', invoice.id).length + 1
  return {
    id,
    object: 'credit_note',
    created: transaction.now,
    currency: invoice.currency,
    customer: invoice.customer ?? '',
    customer_account: null,
    customer_balance_transaction: null,
    effective_at: params.effective_at ?? transaction.now,
    invoice: invoice.id,
    livemode: false,
    memo: params.memo || null,
    metadata: mergeMetadata({}, params.metadata),
    number: `${invoice.number}-CN-${String(count).padStart(2, '0')}`,
    pdf: `${settingsOf(transaction).origin}/cn/${id}/pdf`,
    reason: params.reason ?? null,
    refunds: [],
    shipping_cost: null,
    status: 'issued',
    voided_at: null,
  }
}

/** Gives back what was paid: to the card, or to the customer's balance. */
function payOut(transaction: Transaction, note: CreditNote, payout: Payout): CreditNote {
  const made = payout.refund === 0 ? [] : [refundInvoice(transaction, note, payout.refund)]
  const refunds = [...made, ...payout.refunds].map(({ refund, amount }) => ({
    amount_refunded: amount,
    payment_record_refund: null,
    refund,
    type: 'refund',
  }))
  return transaction.patch('credit_notes', note.id, {
    customer_balance_transaction: payout.credit === 0 ? null : creditBalance(transaction, note, payout.credit),
    refunds,
  })
}

function refundInvoice(transaction: Transaction, note: CreditNote, amount: number): Payout['refunds'][number] {
  const paid = transaction.by('invoice_payments', 'invoice', note.invoice).find(({ status }) => status === 'paid')
  const paymentIntent = paid?.payment.payment_intent
  if (paymentIntent === undefined) {
    const message =
      'This invoice was not paid by a payment that could be refunded. Use `credit_amount` or `out_of_band_amount`.'
    throw invalidRequest(message, { param: 'refund_amount' })
  }
  return { refund: createRefund(transaction, { paymentIntent, amount }).id, amount }
}

function creditBalance(transaction: Transaction, note: CreditNote, amount: number): string {
  const { currency, customer, id, invoice } = note
  return enterBalance(transaction, customer, {
    amount: -amount,
    credit_note: id,
    currency,
    invoice,
    type: 'credit_note',
  }).id
}

/** What is credited before payment is not asked for any more; with nothing left to ask for, the invoice is paid. */
function settleInvoice(transaction: Transaction, before: Invoice, { prePayment, postPayment }: Payout): void {
  const after = transaction.patch('invoices', before.id, {
    amount_due: before.amount_due - prePayment,
    amount_remaining: before.amount_remaining - prePayment,
    post_payment_credit_notes_amount: before.post_payment_credit_notes_amount + postPayment,
    pre_payment_credit_notes_amount: before.pre_payment_credit_notes_amount + prePayment,
  })
  transaction.emitChange('invoice.updated', 'invoices', { before, after })
  if (prePayment > 0) askForRest(transaction, after)
}

function askForRest(transaction: Transaction, invoice: Invoice): void {
  if (invoice.amount_remaining > 0) {
    fitOpenPayment(transaction, invoice)
    return
  }
  dropOpenPayment(transaction, invoice.id)
  markPaid(transaction, invoice)
}

/** Takes a note back that only lowered what an invoice asks for; what was given back stays given back. */
export function voidCreditNote(transaction: Transaction, id: string): CreditNote {
  const note = transaction.require('credit_notes', id, { kind: 'credit note' })
  transaction.enterClockOf(note.customer)
  const before = transaction.load('invoices', note.invoice)
  if (note.status === 'void' || note.type !== 'pre_payment' || before.status !== 'open') {
    throw invalidRequest('You can only void a credit note that was issued before payment, while its invoice is open.')
  }
  const voided = transaction.patch('credit_notes', id, { status: 'void', voided_at: transaction.now })
  const after = transaction.patch('invoices', before.id, {
    amount_due: before.amount_due + note.pre_payment_amount,
    amount_remaining: before.amount_remaining + note.pre_payment_amount,
    pre_payment_credit_notes_amount: before.pre_payment_credit_notes_amount - note.pre_payment_amount,
  })
  fitOpenPayment(transaction, after)
  transaction.emit('credit_note.voided', 'credit_notes', voided)
  transaction.emitChange('invoice.updated', 'invoices', { before, after })
  return voided
}

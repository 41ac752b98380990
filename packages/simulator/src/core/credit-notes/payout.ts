import type Stripe from 'stripe'
import { amountInWords } from '../arithmetic/currency.js'
import { invalidRequest } from '../error.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Invoice = Records['invoices']
type Params = Pick<Stripe.CreditNoteCreateParams, 'credit_amount' | 'out_of_band_amount' | 'refund_amount' | 'refunds'>

/** How a credit note's total is given back: by asking for less, and what was paid already by these ways. */
export interface Payout {
  readonly prePayment: number
  readonly postPayment: number
  readonly credit: number
  readonly outOfBand: number
  /** To be refunded now. */
  readonly refund: number
  /** Refunds that are there already, and what of each counts toward the note. */
  readonly refunds: readonly { readonly refund: string; readonly amount: number }[]
}

/** Divides a credit note's total, refusing what exceeds the invoice or does not add up. */
export function payoutOf(
  transaction: Transaction,
  invoice: Invoice,
  { total, params }: { readonly total: number; readonly params: Params },
): Payout {
  const left = creditable(invoice)
  const words = (amount: number): string => amountInWords(amount, invoice.currency)
  if (total <= 0) throw invalidRequest('The total of a credit note must be greater than zero.', { param: 'amount' })
  if (total > left) {
    const message = `The amount of the credit note (${words(total)}) exceeds what can still be credited of the invoice (${words(left)}).`
    throw invalidRequest(message, { param: 'amount' })
  }
  const prePayment = Math.min(total, invoice.status === 'open' ? invoice.amount_remaining : 0)
  const postPayment = total - prePayment
  const refunds = (params.refunds ?? []).map((entry, index) => linkedRefund(transaction, entry, `refunds[${index}]`))
  const { credit_amount: credit = 0, out_of_band_amount: outOfBand = 0, refund_amount: refund = 0 } = params
  const given = credit + outOfBand + refund + refunds.reduce((sum, { amount }) => sum + amount, 0)
  if (given !== postPayment) {
    const message = `The sum of credit amount, refund amount and out of band amount (${words(given)}) must equal the post payment amount of the credit note (${words(postPayment)}).`
    throw invalidRequest(message)
  }
  return { prePayment, postPayment, credit, outOfBand, refund, refunds }
}

/** What credit notes can still take of an invoice. */
function creditable(invoice: Invoice): number {
  return invoice.total - invoice.pre_payment_credit_notes_amount - invoice.post_payment_credit_notes_amount
}

function linkedRefund(
  transaction: Transaction,
  { refund: id = '', amount_refunded: amount }: NonNullable<Params['refunds']>[number],
  param: string,
): Payout['refunds'][number] {
  const refund = transaction.require('refunds', id, { kind: 'refund', param: `${param}[refund]` })
  return { refund: refund.id, amount: amount ?? refund.amount }
}

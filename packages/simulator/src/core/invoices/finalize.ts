import { minimumCharge } from '../arithmetic/currency.js'
import { changeBalance, nextInvoiceNumber } from '../customers/customers.js'
import { invalidRequest } from '../error.js'
import { createPaymentIntent } from '../payments/payment-intents.js'
import { settingsOf } from '../account-settings.js'
import type { Transaction } from '../transaction.js'
import { settle } from './amounts.js'
import type { Invoice } from './create.js'
import { openPayment } from './payments.js'
import { markPaid } from './settle-payment.js'

/**
 * Makes a draft final: it gets its number, the customer's balance is applied, and a payment intent waits for the rest.
 * Nothing left to pay means paid. https://docs.stripe.com/invoicing/integration/workflow-transitions#finalized
 */
export function finalizeInvoice(transaction: Transaction, id: string, options: { paidBy?: string } = {}): Invoice {
  const draft = transaction.load('invoices', id)
  if (draft.status !== 'draft') {
    throw invalidRequest(`This invoice is already finalized, you can't re-finalize a finalized invoice.`)
  }
  transaction.unschedule('invoice.finalize', id)
  const invoice = transaction.put('invoices', opened(transaction, draft))
  applyBalance(transaction, invoice)
  transaction.emit('invoice.finalized', 'invoices', invoice)
  if (invoice.amount_due === 0) return markPaid(transaction, invoice)
  const ready = awaitPayment(transaction, invoice, options.paidBy)
  if (ready.due_date !== null) transaction.schedule({ kind: 'invoice.past_due', at: ready.due_date, subject: id })
  transaction.send({ type: 'invoice.finalized', invoice: id })
  return transaction.load('invoices', id)
}

function opened(transaction: Transaction, draft: Invoice): Invoice {
  const customer = transaction.load('customers', draft.customer ?? '')
  const { amountDue, endingBalance } = settle(draft.total, customer.balance, minimumCharge(draft.currency))
  const hosted = `${settingsOf(transaction).origin}/i/${transaction.newId('test')}`
  return {
    ...draft,
    amount_due: amountDue,
    amount_remaining: amountDue,
    automatically_finalizes_at: null,
    effective_at: transaction.now,
    ending_balance: endingBalance,
    hosted_invoice_url: hosted,
    invoice_pdf: `${hosted}/pdf`,
    rendering: draft.rendering === null ? null : { ...draft.rendering, pdf: { page_size: 'letter' } },
    number: nextInvoiceNumber(transaction, customer.id),
    starting_balance: customer.balance,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: transaction.now },
  }
}

function applyBalance(transaction: Transaction, invoice: Invoice): void {
  const delta = (invoice.ending_balance ?? 0) - invoice.starting_balance
  if (delta !== 0 && invoice.customer !== null) changeBalance(transaction, invoice.customer, delta)
}

function awaitPayment(transaction: Transaction, invoice: Invoice, paidBy: string | undefined): Invoice {
  const intent =
    paidBy === undefined
      ? createPaymentIntent(transaction, {
          amount: invoice.amount_due,
          currency: invoice.currency,
          customer: invoice.customer,
          orderReference: invoice.id,
          ...wordingOf(invoice),
        })
      : transaction.load('payment_intents', paidBy)
  openPayment(transaction, invoice, intent.id)
  const secret = { client_secret: intent.client_secret ?? '', type: 'payment_intent' }
  return transaction.patch('invoices', invoice.id, { confirmation_secret: secret })
}

/** What the payment says it is for; a card that pays for a subscription is kept for later payments. */
function wordingOf(invoice: Invoice): { description?: string; setupFutureUsage?: 'off_session' } {
  if (invoice.parent?.type !== 'subscription_details') return {}
  const isFirst = invoice.billing_reason === 'subscription_create'
  return { description: isFirst ? 'Subscription creation' : 'Subscription update', setupFutureUsage: 'off_session' }
}

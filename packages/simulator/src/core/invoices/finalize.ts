import { minimumCharge } from '../arithmetic/currency.js'
import { enterBalance } from '../customers/balance.js'
import { consumeDiscounts } from '../discounts/end.js'
import { invalidRequest, type StripeError } from '../error.js'
import { paymentOptionsOf } from '../payments/billing-options.js'
import { createPaymentIntent, type NewPaymentIntent } from '../payments/payment-intents.js'
import { settingsOf } from '../account-settings.js'
import { taxLocationOf } from '../taxes/automatic.js'
import type { Transaction } from '../transaction.js'
import { withLateUsage } from '../usage/lines.js'
import { balanceChanges, settle } from './amounts.js'
import { customerOnInvoice } from './blank.js'
import type { Invoice } from './create.js'
import { openPayment } from './payments.js'
import { nextInvoiceNumber } from './numbering.js'
import { replaceRevised } from './revise.js'
import { markPaid } from './settle-payment.js'
import { saveInvoice, withTotals } from './totals.js'

/**
 * Makes a draft final: it gets its number, the customer's balance is applied, and a payment intent waits for the rest.
 * Nothing left to pay means paid. https://docs.stripe.com/invoicing/integration/workflow-transitions#finalized
 */
export function finalizeInvoice(transaction: Transaction, id: string, options: { paidBy?: string } = {}): Invoice {
  const draft = transaction.load('invoices', id)
  if (draft.status !== 'draft') {
    throw invalidRequest(`This invoice is already finalized, you can't re-finalize a finalized invoice.`)
  }
  const obstacle = obstacleOf(transaction, draft)
  if (obstacle !== undefined) throw obstacle
  transaction.unschedule('invoice.finalize', id)
  const invoice = saveInvoice(transaction, opened(transaction, draft))
  applyBalance(transaction, invoice)
  consumeDiscounts(transaction, invoice)
  transaction.emit('invoice.finalized', 'invoices', invoice)
  replaceRevised(transaction, invoice)
  if (invoice.amount_due === 0) return markPaid(transaction, invoice)
  const ready = awaitPayment(transaction, invoice, options.paidBy)
  if (ready.due_date !== null) watchDueDate(transaction, id, ready.due_date)
  transaction.send({ type: 'invoice.finalized', invoice: id })
  return transaction.load('invoices', id)
}

/** https://docs.stripe.com/billing/automations */
function watchDueDate(transaction: Transaction, subject: string, due: number): void {
  const { dueNotice } = settingsOf(transaction)
  transaction.schedule({ kind: 'invoice.past_due', at: due, subject })
  if (dueNotice === null || due - dueNotice <= transaction.now) return
  transaction.schedule({ kind: 'invoice.will_be_due', at: due - dueNotice, subject })
}

/** What keeps a draft from becoming final, such as taxes that cannot be worked out. */
export function obstacleOf(transaction: Transaction, draft: Invoice): StripeError | undefined {
  const customer = transaction.load('customers', draft.customer ?? '')
  if (!draft.automatic_tax.enabled || taxLocationOf(customer) !== null) return undefined
  return invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { code: 'customer_tax_location_invalid', param: 'automatic_tax' },
  )
}

function opened(transaction: Transaction, draft: Invoice): Invoice {
  const current = { ...draft, ...customerOnInvoice(transaction, draft) }
  const lines = withLateUsage(transaction, draft.id, draft.lines.data)
  const priced = withTotals(transaction, current, { lines, isFinal: true })
  const { amountDue, endingBalance } = settle(priced.total, priced.starting_balance, minimumCharge(draft.currency))
  const hosted = `${settingsOf(transaction).origin}/i/${transaction.newId('test')}`
  return {
    ...priced,
    amount_due: amountDue,
    amount_remaining: amountDue,
    automatically_finalizes_at: null,
    effective_at: draft.effective_at ?? transaction.now,
    ending_balance: endingBalance,
    hosted_invoice_url: hosted,
    invoice_pdf: `${hosted}/pdf`,
    last_finalization_error: null,
    rendering: draft.rendering === null ? null : { ...draft.rendering, pdf: { page_size: 'letter' } },
    number: draft.number ?? nextInvoiceNumber(transaction, draft.customer ?? ''),
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: transaction.now },
  }
}

function applyBalance(transaction: Transaction, invoice: Invoice): void {
  const { customer, currency, id } = invoice
  if (customer === null) return
  for (const change of balanceChanges(invoice.total, invoice.starting_balance, invoice.ending_balance ?? 0)) {
    enterBalance(transaction, customer, { ...change, currency, invoice: id })
  }
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
          ...wishesOf(invoice),
        })
      : transaction.load('payment_intents', paidBy)
  openPayment(transaction, invoice, { intent: intent.id, amount: invoice.amount_remaining, isDefault: true })
  const secret = { client_secret: intent.client_secret ?? '', type: 'payment_intent' }
  return transaction.patch('invoices', invoice.id, { confirmation_secret: secret })
}

function wishesOf({ payment_settings: settings }: Invoice): Pick<NewPaymentIntent, 'fields'> {
  const options = paymentOptionsOf(settings.payment_method_options)
  return options === null ? {} : { fields: { payment_method_options: options } }
}

/** What the payment says it is for; a card that pays for a subscription is kept for later payments. */
function wordingOf(invoice: Invoice): { description?: string; setupFutureUsage?: 'off_session' } {
  if (invoice.parent?.type !== 'subscription_details') return {}
  const isFirst = invoice.billing_reason === 'subscription_create'
  return { description: isFirst ? 'Subscription creation' : 'Subscription update', setupFutureUsage: 'off_session' }
}

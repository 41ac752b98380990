import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { emitThinAbout } from '../v2/emit-thin.js'
import type { Invoice } from './create.js'

export type InvoicePayment = Records['invoice_payments']

/** Ties a payment intent to the invoice that it is to pay. */
export function openPayment(
  transaction: Transaction,
  invoice: Invoice,
  payment: { readonly intent: string; readonly amount: number; readonly isDefault: boolean },
): InvoicePayment {
  const opened = transaction.put('invoice_payments', {
    id: transaction.newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: payment.amount,
    created: transaction.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: payment.isDefault,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: payment.intent },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  })
  emitThinAbout(transaction, 'invoice_payment.open', opened)
  return opened
}

/** The payment that an invoice waits for, if it waits for one. */
export function openPaymentOf(transaction: Transaction, invoice: string): InvoicePayment | undefined {
  const isOpen = (payment: InvoicePayment): boolean => payment.is_default && payment.status === 'open'
  return transaction.by('invoice_payments', 'invoice', invoice).find(isOpen)
}

export function paymentIntentOf(transaction: Transaction, invoice: string): Records['payment_intents'] | undefined {
  const id = openPaymentOf(transaction, invoice)?.payment.payment_intent
  return id === undefined ? undefined : transaction.load('payment_intents', id)
}

/** The card that pays an invoice when none is named. https://docs.stripe.com/billing/subscriptions/payment-methods-setting */
export function paymentMethodFor(transaction: Transaction, invoice: Invoice): string | undefined {
  const subscription = subscriptionOf(transaction, invoice)
  const customer = transaction.get('customers', invoice.customer ?? '')
  const choices = [
    invoice.default_payment_method,
    invoice.default_source,
    subscription?.default_payment_method,
    subscription?.default_source,
    customer?.invoice_settings.default_payment_method,
    customer?.default_source,
  ]
  return choices.find((choice) => choice !== null && choice !== undefined) ?? undefined
}

export function subscriptionOf(transaction: Transaction, invoice: Invoice): Records['subscriptions'] | undefined {
  const id = invoice.parent?.subscription_details?.subscription
  return id === undefined ? undefined : transaction.get('subscriptions', id)
}

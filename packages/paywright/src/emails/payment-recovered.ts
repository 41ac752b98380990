import type { Invoice } from '../domain/mirror.js'
import { formatMoney } from '../domain/money.js'
import { renderMessage, type RenderedMail } from './message.js'
import type { MailContext } from './payment-failed.js'

type PaidInvoice = Pick<Invoice, 'number' | 'amountPaid' | 'currency'>

/** Tells a customer that a payment that had failed went through after all. */
export function paymentRecoveredMail(invoice: PaidInvoice, { productName, billingUrl }: MailContext): RenderedMail {
  const amount = formatMoney({ amount: invoice.amountPaid, currency: invoice.currency })
  const forInvoice = invoice.number === null ? '' : ` for invoice ${invoice.number}`
  return renderMessage({
    subject: `Your payment of ${amount} to ${productName} went through`,
    productName,
    paragraphs: [`Thank you: your payment of ${amount}${forInvoice} went through, and your plan goes on as before.`],
    link: { label: 'See your billing page', url: billingUrl },
    footer: 'You receive this because an earlier attempt of this payment had failed.',
  })
}

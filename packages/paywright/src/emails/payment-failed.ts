import type { Invoice } from '../domain/mirror.js'
import { formatMoney } from '../domain/money.js'
import { formatDay } from './instant.js'
import { renderMessage, type RenderedMail } from './message.js'

export interface MailContext {
  readonly productName: string
  /** The page of the app where a customer pays or changes the card. Never a portal address: that lets anybody in. */
  readonly billingUrl: string
}

type FailedInvoice = Pick<Invoice, 'number' | 'amountRemaining' | 'currency' | 'nextPaymentAttemptAt'>

/** Tells a customer that a payment failed, what happens next, and where to put it right. */
export function paymentFailedMail(invoice: FailedInvoice, { productName, billingUrl }: MailContext): RenderedMail {
  const amount = formatMoney({ amount: invoice.amountRemaining, currency: invoice.currency })
  const forInvoice = invoice.number === null ? '' : ` for invoice ${invoice.number}`
  const next = invoice.nextPaymentAttemptAt
  return renderMessage({
    subject: `Your payment of ${amount} to ${productName} failed`,
    productName,
    paragraphs: [
      `We could not collect your payment of ${amount}${forInvoice}.`,
      next === null ? 'We will not try again by ourselves.' : `We will try again on ${formatDay(next)}.`,
      `To keep your plan, pay now or update your payment method.`,
    ],
    link: { label: 'Pay or update payment method', url: billingUrl },
    footer: 'You receive this because you have a subscription with us. If you have paid in the meantime, all is well.',
  })
}

import type { UnixSeconds } from '../domain/time.js'
import { formatDay } from './instant.js'
import { renderMessage, type RenderedMail } from './message.js'
import type { MailContext } from './payment-failed.js'

export interface EndingTrial {
  readonly planName: string
  readonly trialEnd: UnixSeconds
  /** Whether it ends for good then, because the customer has canceled. */
  readonly isCanceled: boolean
}

/** Tells a customer that the trial ends, and what happens then. */
export function trialEndingMail(trial: EndingTrial, { productName, billingUrl }: MailContext): RenderedMail {
  const day = formatDay(trial.trialEnd)
  return renderMessage({
    subject: `Your trial of ${trial.planName} ends on ${day}`,
    productName,
    paragraphs: [
      `Your trial of ${trial.planName} ends on ${day}.`,
      trial.isCanceled
        ? 'You have canceled, so you will not be charged. You can take that back until then.'
        : 'Your paid plan begins then, and your payment method is charged. You can cancel until then.',
    ],
    link: { label: 'See your billing page', url: billingUrl },
    footer: 'You receive this because you have a trial with us.',
  })
}

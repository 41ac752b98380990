import { scheduledEnd } from '../domain/access.js'
import { findPlan, type Catalog } from '../domain/catalog.js'
import type { MailNotice } from '../domain/dunning.js'
import type { Mail } from '../engine/ports.js'
import type { RenderedMail } from './message.js'
import { paymentFailedMail, type MailContext } from './payment-failed.js'
import { paymentRecoveredMail } from './payment-recovered.js'
import { trialEndingMail } from './trial-ending.js'

export interface ComposeContext extends MailContext {
  readonly from: string
  readonly catalog: Catalog
}

/** The mail for a notice, ready for the outbox. */
export function composeMail(notice: MailNotice, context: ComposeContext): Mail {
  return { key: notice.key, from: context.from, to: notice.to, ...renderNotice(notice, context) }
}

function renderNotice(notice: MailNotice, context: ComposeContext): RenderedMail {
  switch (notice.kind) {
    case 'payment_failed':
      return paymentFailedMail(notice.invoice, context)
    case 'payment_recovered':
      return paymentRecoveredMail(notice.invoice, context)
    case 'trial_ending': {
      const { plan, trialEnd, currentPeriodStart } = notice.subscription
      const planName = findPlan(context.catalog, plan)?.name ?? context.productName
      const isCanceled = scheduledEnd(notice.subscription) !== null
      return trialEndingMail({ planName, isCanceled, trialEnd: trialEnd ?? currentPeriodStart ?? 0 }, context)
    }
    default:
      return notice satisfies never
  }
}

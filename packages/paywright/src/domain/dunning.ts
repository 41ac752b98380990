import type { Effect } from './effects.js'
import type { Invoice, StripeCustomer, Subscription } from './mirror.js'

/** A mail that is due, in facts; the words come from the templates. */
export type MailNotice =
  | { readonly kind: 'payment_failed'; readonly key: string; readonly to: string; readonly invoice: Invoice }
  | { readonly kind: 'payment_recovered'; readonly key: string; readonly to: string; readonly invoice: Invoice }
  | { readonly kind: 'trial_ending'; readonly key: string; readonly to: string; readonly subscription: Subscription }

/** Which mails go out because of these effects: one for each failed attempt; none without an address. */
export function decideMails(effects: readonly Effect[], customer: StripeCustomer): readonly MailNotice[] {
  const to = customer.email
  if (to === null || customer.isDeleted) return []
  return effects.flatMap((effect) => noticeOf(effect, to) ?? [])
}

function noticeOf(effect: Effect, to: string): MailNotice | null {
  const key = `mail:${effect.key}`
  switch (effect.type) {
    case 'payment.failed':
      // At the first payment the customer is there, and the page says it.
      if (effect.after.billingReason === 'subscription_create') return null
      return { kind: 'payment_failed', key, to, invoice: effect.after }
    case 'payment.succeeded':
      if (!wasFailing(effect.before)) return null
      return { kind: 'payment_recovered', key, to, invoice: effect.after }
    case 'subscription.trial_ending':
      return { kind: 'trial_ending', key, to, subscription: effect.after }
    default:
      return null
  }
}

function wasFailing(before: Invoice | null): boolean {
  return before !== null && before.attemptCount > 0 && before.billingReason !== 'subscription_create'
}

import type { BillingErrorCode } from 'paywright'

interface Words {
  readonly message: string
  readonly hint: string
}

const LATER: Words = {
  message: 'This does not work at the moment.',
  hint: 'Try again in a moment; nothing was charged.',
}

/**
 * What the server's refusals mean to a customer. The server's own words are for the developer, and stay where a customer
 * cannot come to.
 */
const WORDS: Partial<Readonly<Record<BillingErrorCode, Words>>> = {
  not_signed_in: { message: 'You are not signed in.', hint: 'Sign in and try again.' },
  already_subscribed: {
    message: 'You already have a plan.',
    hint: 'Change it under your billing instead of buying a second one.',
  },
  subscription_canceling: {
    message: 'You have a plan that ends soon.',
    hint: 'Keep it under your billing, or wait until it has ended.',
  },
  subscription_unpaid: {
    message: 'The last payment for your plan failed.',
    hint: 'Pay it or update your card under your billing first.',
  },
  subscription_incomplete: {
    message: 'The first payment for your plan is not finished.',
    hint: 'Finish it, or try again tomorrow.',
  },
  checkout_in_progress: {
    message: 'Another checkout of yours is open.',
    hint: 'Finish it, or try again in a moment.',
  },
  no_stripe_customer: { message: 'You have not paid for anything yet.', hint: 'Choose a plan first.' },
  no_subscription: { message: 'You have no plan that could be changed.', hint: 'Choose one first.' },
  subscription_ended: { message: 'Your plan has ended.', hint: 'Choose a new one.' },
  stripe_unavailable: LATER,
  stripe_rate_limited: LATER,
  database_unavailable: LATER,
  sync_pending: LATER,
}

/** The customer's words for a code, where there are some. */
export function customerWords(code: string): Words | undefined {
  return Object.hasOwn(WORDS, code) ? WORDS[code as BillingErrorCode] : undefined
}

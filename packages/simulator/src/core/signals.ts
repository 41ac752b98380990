/**
 * What one resource tells the others inside a command, so that none imports another's insides: `core/machine.ts` says
 * who listens. Signals are handled at once, in the same transaction, in the order in which they are sent.
 */
export type Signal =
  | { readonly type: 'checkout_session.completed'; readonly session: string; readonly paymentLink: string }
  | { readonly type: 'customer.deleted'; readonly customer: string }
  | { readonly type: 'payment_intent.succeeded'; readonly paymentIntent: string }
  /** The bank answers later; one of the two other signals of payment intents will follow. */
  | { readonly type: 'payment_intent.processing'; readonly paymentIntent: string }
  /** The money is set aside and waits to be taken. */
  | { readonly type: 'payment_intent.capturable'; readonly paymentIntent: string }
  | { readonly type: 'payment_intent.failed'; readonly paymentIntent: string }
  | { readonly type: 'setup_intent.succeeded'; readonly setupIntent: string }
  | { readonly type: 'payment_method.attached'; readonly paymentMethod: string; readonly customer: string }
  | { readonly type: 'payment_method.detached'; readonly paymentMethod: string; readonly customer: string }
  | { readonly type: 'invoice.finalized'; readonly invoice: string }
  | { readonly type: 'invoice.paid'; readonly invoice: string }
  | { readonly type: 'invoice.payment_failed'; readonly invoice: string }
  | { readonly type: 'invoice.voided'; readonly invoice: string }
  | { readonly type: 'invoice.marked_uncollectible'; readonly invoice: string }
  | { readonly type: 'invoice.retries_exhausted'; readonly invoice: string }
  | { readonly type: 'meter.used'; readonly meter: string; readonly customer: string }
  | { readonly type: 'subscription.ended'; readonly subscription: string; readonly reason: string | null }
  | { readonly type: 'subscription.period_over'; readonly subscription: string }
  | { readonly type: 'test_clock.deleted'; readonly clock: string }

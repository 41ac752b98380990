/**
 * What one resource tells the others inside a command, so that none imports another's insides: `core/machine.ts` says
 * who listens. Signals are handled at once, in the same transaction, in the order in which they are sent.
 */
export type Signal =
  | { readonly type: 'customer.deleted'; readonly customer: string }
  | { readonly type: 'payment_intent.succeeded'; readonly paymentIntent: string }
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
  | { readonly type: 'test_clock.deleted'; readonly clock: string }

import type { StripeErrorBody } from '../error.js'

/** What a page tells after a payment was tried. */
export type PageOutcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'requires_action'; readonly intent: string }
  | { readonly status: 'failed'; readonly error: StripeErrorBody }
  /** Nothing was tried, since there is nothing to pay any more. */
  | { readonly status: 'closed' }

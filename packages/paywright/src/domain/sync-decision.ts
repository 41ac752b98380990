/** What a sync does with the receipts that wait for its subject. */
export type SyncDecision = 'fetch' | 'ignore'

/**
 * Decides what a sync does; in this version it always reads the subject from Stripe.
 *
 * Receipts that mean nothing to the mirror have no subject and never come here. `ignore` is not answered for a list of
 * known, uninteresting types: a wish without a receipt (a return from checkout, the end of a grace period) may stand
 * behind the same claim, and it must be fetched. Here `apply` will come, for a payload that is provably newer than all
 * that is stored.
 */
export function decideSync(_pendingTypes: readonly string[]): SyncDecision {
  return 'fetch'
}

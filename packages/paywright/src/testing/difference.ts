/** A field of ours that says something else than Stripe. */
export interface Difference {
  /** The table and the id of the object. */
  readonly object: string
  readonly field: string
  readonly ours: unknown
  readonly stripe: unknown
}

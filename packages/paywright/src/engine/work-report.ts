/** What one pass of work did. */
export interface WorkReport {
  /** Subjects that were read from Stripe and written. */
  readonly synced: number
  /** Effects and mails that were handed over. */
  readonly delivered: number
  /** What is tried again later. */
  readonly failed: number
  /** Whether there may be more to do at once. */
  readonly hasMore: boolean
}

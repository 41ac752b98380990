/** Whether somebody waits for what a request answers (`prompt`), or it may come later (`patient`). */
export type Urgency = 'prompt' | 'patient'

/** What was taken from the bucket of all instances. */
export interface Loan {
  /** So many requests may be sent within the moment that follows. */
  readonly granted: number
  /** Where none may: how long until it is worth asking again. */
  readonly waitMilliseconds: number
}

/** The bucket as it is to be: all instances must name the same. */
export interface BudgetSize {
  readonly perSecond: number
  /** The most that may be sent at once after a time without requests. */
  readonly capacity: number
}

/** How many requests to Stripe the account may make, whichever instance makes them. */
export interface RequestBudget {
  /** Takes up to so many, and leaves so many in the bucket for those who cannot wait. */
  borrow(wish: { readonly most: number; readonly keep: number }): Promise<Loan>
  /** Nobody sends anything for so long. */
  pause(seconds: number): Promise<void>
}

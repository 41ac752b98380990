/**
 * Why a customer has the access that they have. The first four give access to the plan of a subscription; all others
 * leave the default plan.
 */
export type AccessReason =
  | 'subscription_active'
  | 'trial'
  | 'grace_period'
  | 'canceled_until_period_end'
  | 'incomplete'
  | 'incomplete_expired'
  | 'past_due'
  | 'unpaid'
  | 'paused'
  | 'canceled'
  | 'price_unknown'
  | 'unknown_status'
  | 'none'

/** What was decided about a customer: the plan that counts, and why. */
export interface PlanAccess {
  readonly plan: string | null
  readonly reason: AccessReason
}

/** An allow-list: a reason that nobody has thought of gives nothing. */
export function givesAccess(reason: AccessReason): boolean {
  switch (reason) {
    case 'subscription_active':
    case 'trial':
    case 'grace_period':
    case 'canceled_until_period_end':
      return true
    default:
      return false
  }
}

import type { AccessReason } from './access-reason.js'
import type { AnyStatus, Subscription } from './mirror.js'
import type { UnixSeconds } from './time.js'
import type { Catalog } from './catalog.js'

export interface Access {
  /** The plan that counts; the default plan where no subscription gives one. */
  readonly plan: string | null
  readonly reason: AccessReason
  readonly status: AnyStatus | null
  /** The subscription that decided; `null` where there is none. */
  readonly subscription: Subscription | null
  /** When this access ends if nothing else happens; `null` where it does not end by itself. */
  readonly until: UnixSeconds | null
  readonly trialEndsAt: UnixSeconds | null
}

export interface AccessFacts {
  readonly catalog: Catalog
  readonly subscriptions: readonly Subscription[]
  /** How long a customer keeps the plan after a payment was due and failed. */
  readonly graceSeconds: number
}

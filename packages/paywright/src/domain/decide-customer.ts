import { decideAccess, nextAccessChange, type Access } from './access.js'
import { diffCustomer } from './customer-diff.js'
import { decideMails, type MailNotice } from './dunning.js'
import type { Effect } from './effects.js'
import type { CustomerState } from './mirror.js'
import { completeState, type CustomerFacts } from './plan-assignment.js'
import type { UnixSeconds } from './time.js'

export interface SyncFacts extends CustomerFacts {
  readonly graceSeconds: number
  /** The app's own id, as our customers table knows it. */
  readonly customerId: string | null
  readonly pendingTypes: readonly string[]
  /** Tells this sync from all others of the subject, such as the wish it fulfils and the time. */
  readonly occurrence: string
  /** What was over before this is no news of a customer who was not known. */
  readonly newsFrom: UnixSeconds
}

export interface CustomerDecision {
  /** What is to be stored, with plans, the start of grace, and access. */
  readonly state: CustomerState
  readonly access: Access
  readonly effects: readonly Effect[]
  readonly notices: readonly MailNotice[]
  readonly wakeAt: UnixSeconds | null
}

/** Everything that follows from a customer as it was just read and as it is stored. */
export function decideCustomer(facts: SyncFacts, now: UnixSeconds): CustomerDecision {
  const { catalog, graceSeconds, stored } = facts
  const completed = completeState(facts, now)
  const accessFacts = { catalog, graceSeconds, subscriptions: completed.subscriptions }
  const access = decideAccess(accessFacts, now)
  const state = { ...completed, access: { plan: access.plan, reason: access.reason } }
  const noAccess = { plan: catalog.defaultPlan, reason: 'none' } as const
  const effects = diffCustomer({ ...facts, before: stored, after: state, noAccess })
  const notices = decideMails(effects, state.customer)
  return { state, access, effects, notices, wakeAt: nextAccessChange(accessFacts, now) }
}

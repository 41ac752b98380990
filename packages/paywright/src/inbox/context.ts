import type { Catalog } from '../domain/catalog.js'
import type { MailNotice } from '../domain/dunning.js'
import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Clock, Ids, Log, Mail, Mailer, Store, StripeGateway } from '../engine/ports.js'
import type { Handlers } from './handlers.js'
import type { WorkPolicy } from './policy.js'

/** What is done now and then without being asked: to catch up with the events of Stripe, so that lost ones do no harm. */
export interface Upkeep {
  /** How often it is looked whether it is time, in seconds. */
  readonly lookSeconds: number
  /** Does it where it is time and no other instance does; answers how much work has come of it. */
  run(wish: { readonly isStart: boolean; readonly signal: AbortSignal }): Promise<number>
}

/** What the inbox works with. */
export interface InboxContext {
  readonly store: Store
  readonly gateway: StripeGateway
  /** The same for what nobody waits for: its requests come after the others where there are few to make. */
  readonly patientGateway: StripeGateway
  readonly catalog: Catalog
  /** Seconds that access outlives an unpaid invoice. */
  readonly graceSeconds: number
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Whose data this process works on. */
  readonly scope: () => Promise<Scope>
  /** What was over before this instant is no news to anybody. */
  readonly newsFrom: () => Promise<UnixSeconds>
  /** Ends after so many milliseconds, or at once when the signal is aborted. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** From 0 up to but not including 1. */
  readonly random: () => number
  readonly handlers: Handlers
  /** `null`: no mail is sent. */
  readonly mail: { readonly render: (notice: MailNotice) => Mail; readonly mailer: Mailer } | null
  readonly policy: WorkPolicy
  /** `null`: nothing is done that nobody has asked for. */
  readonly upkeep: Upkeep | null
}

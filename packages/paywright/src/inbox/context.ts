import type { Catalog } from '../domain/catalog.js'
import type { MailNotice } from '../domain/dunning.js'
import type { Scope } from '../domain/mirror.js'
import type { Clock, Ids, Log, Mail, Mailer, Store, StripeGateway } from '../engine/ports.js'
import type { Handlers } from './handlers.js'
import type { WorkPolicy } from './policy.js'

/** What the inbox works with. */
export interface InboxContext {
  readonly store: Store
  readonly gateway: StripeGateway
  readonly catalog: Catalog
  /** Seconds that access outlives an unpaid invoice. */
  readonly graceSeconds: number
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Whose data this process works on. */
  readonly scope: () => Promise<Scope>
  /** Ends after so many milliseconds, or at once when the signal is aborted. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** From 0 up to but not including 1. */
  readonly random: () => number
  readonly handlers: Handlers
  /** `null`: no mail is sent. */
  readonly mail: { readonly render: (notice: MailNotice) => Mail; readonly mailer: Mailer } | null
  readonly policy: WorkPolicy
}

import type { AccessSubscription } from '../../domain/access.js'
import type { Effect } from '../../domain/effects.js'
import type { CustomerState, Price, Product, Scope, Subscription } from '../../domain/mirror.js'
import type { CustomerRecordKind, RawObjects, RecordRef, RecordWrites, StoredRecord } from '../../domain/records.js'
import type { Knowledge } from '../../domain/sync-decision.js'
import type { UnixSeconds } from '../../domain/time.js'
import type { Mail } from './outside.js'
import type { InboxFigures, MirroredCatalog, ReceiptFilter, Run, RunName, SubjectFacts } from './repair.js'
import type { BudgetSize, Loan } from './request-budget.js'
import type { VerifiedEvent } from './stripe-gateway.js'

export interface CustomerRow {
  readonly customerId: string
  readonly stripeCustomerId: string | null
  readonly email: string | null
  readonly name: string | null
  /** Counts the Stripe customers made for this row: part of the idempotency key, raised when a stale id is replaced. */
  readonly generation: number
}

/** A subject in hand: nobody else works on it until the lease ends, and nothing is written once it was lost. */
export interface Claim {
  readonly scope: Scope
  readonly subject: string
  readonly token: string
  /** The wish that was seen when the subject was claimed; all receipts up to it are done when this is written. */
  readonly wantedSeq: bigint
  readonly attempts: number
  /** Since when there is something to do; `null` where only time has passed. */
  readonly wantedAt: UnixSeconds | null
  /** The receipts that wait, oldest first: exactly these are done when this is written. */
  readonly pending: readonly PendingReceipt[]
  /** Somebody wants to know how Stripe is now, which no receipt tells. */
  readonly isReadWanted: boolean
  /** Somebody wants all kinds of records read, too. */
  readonly isDeep: boolean
  /** Nobody but a backfill wants this sync: what a customer who was not known has had before is no news. */
  readonly isQuiet: boolean
  /** Of what instant what is stored is; `null` where that is not known. */
  readonly knowledge: Knowledge | null
}

export interface PendingReceipt {
  readonly eventId: string
  readonly type: string
  /** `null` where too many wait to look at each. */
  readonly payload: string | null
}

/** What a sync decided; written whole or not at all. */
export type SyncPlan = CustomerSyncPlan | RecordsSyncPlan | CatalogSyncPlan | NothingSyncPlan

/** The receipts that wait change nothing that is stored. */
export interface NothingSyncPlan {
  readonly kind: 'nothing'
}

/** Everything of the account: what is stored and not among it is marked as gone. */
export interface CatalogSyncPlan {
  readonly kind: 'catalog'
  readonly products: readonly Product[]
  readonly prices: readonly Price[]
  /** Products and prices as Stripe says them. */
  readonly objects: RawObjects
  readonly records: RecordWrites
}

/** Records of a customer that are synced under a subject of their own. */
export interface RecordsSyncPlan {
  readonly kind: 'records'
  readonly stripeCustomerId: string
  readonly records: RecordWrites
  readonly wanted: readonly WantedSubject[]
}

/** Another subject that is to be read because of this sync. */
export interface WantedSubject {
  readonly subject: string
  readonly isDeep: boolean
}

export interface CustomerSyncPlan {
  readonly kind: 'customer'
  readonly state: CustomerState
  /** Prices met in its subscriptions: added where they are missing; only the catalogue overwrites. */
  readonly prices: readonly Price[]
  readonly effects: readonly Effect[]
  readonly mails: readonly Mail[]
  readonly projection: Projection | null
  /** When access changes by the passing of time alone, so that the subject is looked at again. */
  readonly wakeAt: UnixSeconds | null
  /** Of what instant the state is; `null` where no payload can be told to be newer. */
  readonly knowledge: Knowledge | null
  /** As Stripe says them: the objects of the state and the prices that were told or read anew. */
  readonly objects: RawObjects
  readonly records: RecordWrites
  readonly wanted: readonly WantedSubject[]
}

/** The product's own row about a customer. */
export interface Projection {
  readonly customerId: string
  readonly stripeCustomerId: string
  readonly stripeSubscriptionId: string | null
  readonly tier: string
  readonly status: string | null
  readonly currentPeriodEnd: UnixSeconds | null
  readonly cancelAtPeriodEnd: boolean
}

export interface OutboxRow {
  readonly scope: Scope
  readonly subject: string
  readonly number: bigint
  readonly attempts: number
  readonly message:
    | { readonly topic: 'effect'; readonly effect: Effect }
    | { readonly topic: 'mail'; readonly mail: Mail }
}

export interface Reservation {
  readonly customerId: string
  readonly group: string
  readonly token: string
  readonly plan: string
  readonly interval: string
  readonly stripeSessionId: string | null
  readonly expiresAt: UnixSeconds
}

/** What the app's customer has. */
export interface AccessRecord {
  readonly stripeCustomerId: string | null
  readonly subscriptions: readonly Subscription[]
}

/** What access is decided from. */
export interface AccessFactsRecord {
  readonly stripeCustomerId: string | null
  readonly subscriptions: readonly AccessSubscription[]
}

/** What was given up after too many attempts, until it is replayed. */
export interface DeadLetter {
  readonly kind: 'subject' | 'effect' | 'mail'
  readonly subject: string
  readonly number: bigint | null
  readonly attempts: number
  readonly error: string
  readonly at: UnixSeconds
}

/** A delivery as the event log shows it. */
export interface ReceiptView {
  readonly eventId: string
  readonly type: string
  readonly subject: string | null
  readonly createdAt: UnixSeconds
  readonly receivedAt: UnixSeconds
  readonly processedAt: UnixSeconds | null
  /** How often its subject was tried for it, and the last error, while it waits. */
  readonly attempts: number
  readonly lastError: string | null
}

/** Where a receipt stands in the order in which they came. */
export interface ReceiptPlace {
  readonly receivedAt: UnixSeconds
  readonly eventId: string
}

/** Every read and write of our own database. Each method is one statement or one transaction. */
export interface Store {
  migrate(options?: MigrateOptions): Promise<MigrationReport>
  /** What `migrate` would do now; changes nothing. */
  previewMigration(): Promise<MigrationPreview>
  close(): Promise<void>
  /** What time it is by the clock of the database, which all instances share. */
  time(): Promise<UnixSeconds>

  /** The account that this key was found to belong to, so that a receipt needs no call to Stripe. */
  knownAccount(keyFingerprint: string): Promise<string | null>
  rememberAccount(keyFingerprint: string, account: string): Promise<void>
  /** Since when this account is listened to: since this call, where it is the first. */
  listeningSince(scope: Scope, now: UnixSeconds): Promise<UnixSeconds>

  /** Takes up to so many requests out of the account's bucket, and leaves so many in it; `at` in milliseconds, for tests. */
  borrowRequests(
    scope: Scope,
    wish: BudgetSize & { readonly most: number; readonly keep: number; readonly at: number | null },
  ): Promise<Loan>
  /** Has nothing granted to anybody for so long. */
  pauseRequests(scope: Scope, pause: { readonly seconds: number; readonly at: number | null }): Promise<void>

  /** Inserts the row if it is new, and answers the one that is there. */
  ensureCustomer(
    scope: Scope,
    customer: { customerId: string; email: string | null; name: string | null },
  ): Promise<CustomerRow>
  findCustomer(scope: Scope, by: { customerId: string } | { stripeCustomerId: string }): Promise<CustomerRow | null>
  /** Sets the Stripe id where none is set yet, and answers the row as it stands, whoever won. */
  claimStripeCustomer(
    scope: Scope,
    claim: { customerId: string; stripeCustomerId: string; generation: number },
  ): Promise<CustomerRow>
  /** Forgets a Stripe id that Stripe no longer knows, if it is still that one, and raises the generation. */
  releaseStripeCustomer(scope: Scope, stale: { customerId: string; stripeCustomerId: string }): Promise<CustomerRow>

  /**
   * Stores the events and marks their subjects, in one statement and one commit. Answers the ids of those that were not
   * there already.
   */
  receive(scope: Scope, events: readonly VerifiedEvent[], now: UnixSeconds): Promise<ReadonlySet<string>>
  /** Marks a subject as wanting a read of Stripe, without an event; answers the wish to wait for. */
  wantSync(scope: Scope, subject: string, now: UnixSeconds): Promise<bigint>
  /** The same for who wants all kinds of records read, too. */
  wantDeepSync(scope: Scope, subject: string, now: UnixSeconds): Promise<bigint>
  /** The same as `wantDeepSync` for who fills the mirror; see `Claim.isQuiet`. */
  wantQuietSync(scope: Scope, subject: string, now: UnixSeconds): Promise<bigint>
  claim(request: {
    scope: Scope
    limit: number
    token: string
    now: UnixSeconds
    leaseUntil: UnixSeconds
    /** Only this one; also before its backoff has passed, unless it must be due. */
    subject?: string
    mustBeDue?: boolean
  }): Promise<readonly Claim[]>
  doneSeq(scope: Scope, subject: string): Promise<bigint>
  loadCustomer(scope: Scope, stripeCustomerId: string): Promise<CustomerState | null>
  /** Those of the records that are stored, and all of these kinds; the deleted ones too. */
  loadRecords(
    scope: Scope,
    stripeCustomerId: string,
    wanted: { refs: readonly RecordRef[]; kinds: readonly CustomerRecordKind[] },
  ): Promise<readonly StoredRecord[]>
  /** Whose charge it is, and whether we know of a dispute; `null` where it is not stored. */
  findCharge(scope: Scope, stripeChargeId: string): Promise<{ stripeCustomerId: string; isDisputed: boolean } | null>
  /** Those with these ids, or all. */
  loadPrices(scope: Scope, stripePriceIds?: readonly string[]): Promise<readonly Price[]>
  /** One transaction, only if the lease is still ours: answers false, and writes nothing, where it was lost. */
  commitSync(claim: Claim, plan: SyncPlan, now: UnixSeconds): Promise<boolean>
  /**
   * Gives the subject back after a fault: tried again at `retryAt`, or set aside as a dead letter when that is `null`. An
   * attempt that is not counted (`isCounted: false`) was none of the subject's fault.
   */
  releaseSync(
    claim: Claim,
    failure: { error: string; retryAt: UnixSeconds | null; now: UnixSeconds; isCounted?: boolean },
  ): Promise<void>

  /** The first undelivered row of each subject and topic: rows of one topic are delivered in order. */
  claimOutbox(request: {
    scope: Scope
    limit: number
    token: string
    now: UnixSeconds
    leaseUntil: UnixSeconds
  }): Promise<readonly OutboxRow[]>
  finishOutbox(row: OutboxRow, token: string, now: UnixSeconds): Promise<void>
  releaseOutbox(
    row: OutboxRow,
    failure: { token: string; error: string; retryAt: UnixSeconds | null; now: UnixSeconds },
  ): Promise<void>

  deadLetters(scope: Scope): Promise<readonly DeadLetter[]>
  /** Puts dead letters back to work; answers how many. */
  replayDeadLetters(scope: Scope, now: UnixSeconds): Promise<number>
  recentReceipts(scope: Scope, limit: number): Promise<readonly ReceiptView[]>
  /** Counts for health: subjects and outbox rows that wait, the oldest of them, and dead letters. */
  backlog(
    scope: Scope,
  ): Promise<{ waiting: number; oldestReceivedAt: UnixSeconds | null; outbox: number; dead: number }>
  inboxFigures(scope: Scope, now: UnixSeconds): Promise<InboxFigures>

  /**
   * Puts the receipts that fit back to work, and has Stripe read for them; answers how many, or `null`, with nothing
   * changed, where there are more than `most`.
   */
  replayReceipts(scope: Scope, wish: { filter: ReceiptFilter; most: number; now: UnixSeconds }): Promise<number | null>
  runs(scope: Scope): Promise<readonly Run[]>
  /** The run of this name that is under way, or a new one; always a new one where `isNew` says so. */
  openRun(scope: Scope, wish: { name: RunName; token: string; now: UnixSeconds; isNew: boolean }): Promise<Run>
  /**
   * A new run, where the last one began so long ago; or one that was left in the middle, where it goes on. `null` where
   * there is nothing to do, or somebody is at it. Of those who ask at the same time one is answered.
   */
  openDueRun(
    scope: Scope,
    wish: { name: RunName; token: string; now: UnixSeconds; begunUntil: UnixSeconds; idleSince: UnixSeconds },
  ): Promise<Run | null>
  /** Writes how far the run is; false where it was overtaken or is complete, and nothing was written. */
  saveRun(scope: Scope, run: RunProgress & { now: UnixSeconds }): Promise<boolean>
  completeRun(scope: Scope, run: Pick<Run, 'name' | 'token'> & { now: UnixSeconds }): Promise<boolean>

  /** Ids of mirrored customers that are not deleted, in the order of the ids. */
  storedCustomers(scope: Scope, page: { after: string; limit: number }): Promise<readonly string[]>
  /** Those of the Stripe customers that the mirror does not have. */
  notStored(scope: Scope, stripeCustomerIds: readonly string[]): Promise<readonly string[]>
  subjectFacts(scope: Scope, subject: string): Promise<SubjectFacts>
  loadCatalog(scope: Scope): Promise<MirroredCatalog>
  /** Appends an effect that no sync has caused, once for its key. */
  tellEffect(scope: Scope, telling: { subject: string; effect: Effect; now: UnixSeconds }): Promise<void>

  /** Looks at so many receipts after this one, and deletes those that were processed before the instant. */
  pruneReceipts(
    scope: Scope,
    step: { before: UnixSeconds; after: ReceiptPlace | null; limit: number },
  ): Promise<{ deleted: number; walkedTo: ReceiptPlace | null; isEnd: boolean }>
  /** Deletes so many messages that were delivered before the instant; answers how many there were. */
  pruneOutbox(scope: Scope, step: { before: UnixSeconds; limit: number }): Promise<number>

  access(scope: Scope, customerId: string): Promise<AccessRecord>
  /** The part of it that access is decided from: one row, by its key. */
  accessFacts(scope: Scope, customerId: string): Promise<AccessFactsRecord>
  /**
   * Takes the one place of this customer and plan group. Answers ours, or the one that holds the place until it expires.
   */
  reserve(scope: Scope, wish: Omit<Reservation, 'stripeSessionId'>, now: UnixSeconds): Promise<Reservation>
  /** Writes the session into our reservation; false where the place was taken over in the meantime. */
  attachSession(
    scope: Scope,
    reservation: Reservation,
    session: { stripeSessionId: string; expiresAt: UnixSeconds },
  ): Promise<boolean>
  release(scope: Scope, reservation: Pick<Reservation, 'customerId' | 'group' | 'token'>): Promise<void>
}

export type RunProgress = Pick<Run, 'name' | 'token' | 'cursor' | 'done' | 'failed'>

/** What a migration would do, told without doing it. */
export interface MigrationPreview {
  /** Migrations of the schema `paywright` that are still to be applied. */
  readonly pending: readonly string[]
  /** The statements that would change the product's own users table. */
  readonly statements: readonly string[]
  readonly addedColumns: readonly string[]
  /** Columns of ours that are there already and fit; they are used as they are. */
  readonly keptColumns: readonly string[]
  /** What stands in the way, one sentence each. `migrate` refuses while there is any. */
  readonly conflicts: readonly string[]
}

/** How far a migration goes. */
export interface MigrateOptions {
  /**
   * Also take away what only instances of an earlier release need, once none of them runs. A new database never has it.
   */
  readonly contract?: boolean
}

/** What a migration has done. */
export interface MigrationReport {
  readonly applied: readonly string[]
  /** Columns added to the product's own users table. */
  readonly addedColumns: readonly string[]
}

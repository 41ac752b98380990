import type { AccessReason } from './domain/access-reason.js'
import type { FeatureValue, PlanDefinitions } from './domain/catalog.js'
import type { EffectType } from './domain/effects.js'
import type { AnyStatus, Invoice, Subscription } from './domain/mirror.js'
import type { BackfillOptions, BackfillReport } from './engine/backfill.js'
import type { CatchUpOptions, CatchUpReport } from './engine/catch-up.js'
import type { CheckoutOutcome } from './engine/complete-checkout.js'
import type { CheckoutRefusal } from './engine/checkout-attempt.js'
import type { PortalPage } from './engine/open-portal.js'
import type {
  DeadLetter,
  MigrateOptions,
  MigrationPreview,
  MigrationReport,
  PushReport,
  ReceiptView,
  Transaction,
  WorkReport,
} from './engine/ports.js'
import type { PruneOptions, PruneReport } from './engine/prune.js'
import type { Health } from './engine/read-health.js'
import type { ReconcileOptions } from './engine/reconcile.js'
import type { ReconcileReport } from './engine/reconcile-report.js'
import type { ReplayFilter } from './engine/replay.js'
import type { EffectHandler } from './inbox/handlers.js'
import type { CurrentPlan, FeatureKey, IntervalOf, LimitKey, PaidPlanKey } from './plans.js'

/** What a customer may do now, and why. */
export interface CustomerAccess<Plans extends PlanDefinitions> {
  readonly plan: CurrentPlan<Plans>
  readonly status: AnyStatus | null
  readonly reason: AccessReason
  /** When this access ends if nothing else happens; `null` where it does not end by itself. */
  readonly until: Date | null
  readonly trialEndsAt: Date | null
  readonly features: Readonly<Partial<Record<FeatureKey<Plans>, FeatureValue>>>
  /** Whether the plan has the feature: it is on, or allows more than none. */
  has(feature: FeatureKey<Plans>): boolean
  /** How many the plan allows: `Infinity` without a limit, 0 where the plan says nothing of it. */
  limit(feature: LimitKey<Plans>): number
}

type CheckoutChoice<Plans extends PlanDefinitions> = {
  readonly [Key in PaidPlanKey<Plans>]: { readonly plan: Key; readonly interval: IntervalOf<Plans, Key> }
}[PaidPlanKey<Plans>]

/** Which plan a customer wants to pay for, and where to go afterwards. */
export type CheckoutOptions<Plans extends PlanDefinitions> = CheckoutChoice<Plans> & {
  readonly customerId: string
  /** Where to go after paying: a path of the app, or an address on an allowed origin. */
  readonly successPath?: string
  readonly cancelPath?: string
  readonly email?: string | null
  readonly name?: string | null
}

/** The page to send the customer to, or why there is none and what to do instead. */
export type CheckoutResult =
  | { readonly ok: true; readonly url: string; readonly stripeSessionId: string }
  | { readonly ok: false; readonly reason: CheckoutRefusal; readonly message: string; readonly hint: string }

/** The customer as our database knows them. */
export interface CustomerView {
  readonly customerId: string
  readonly stripeCustomerId: string | null
  readonly email: string | null
  readonly name: string | null
}

/** What our own database answers of a customer. Instants are Stripe's: seconds since 1970. */
export interface ReadingVerbs {
  readonly customers: {
    /** The customer as our database knows them, or `null`. */
    get(options: { readonly customerId: string }): Promise<CustomerView | null>
  }
  readonly subscriptions: {
    /** The live subscription of the main plan group, or `null`. */
    get(options: { readonly customerId: string }): Promise<Subscription | null>
    /** All subscriptions, the ended ones too, newest first. */
    list(options: { readonly customerId: string }): Promise<readonly Subscription[]>
  }
  readonly invoices: {
    /** The customer's invoices, newest first. */
    list(options: { readonly customerId: string }): Promise<readonly Invoice[]>
  }
}

/**
 * What can be asked inside a transaction of the app: verbs that touch our own database only. What they write, and what the
 * app writes, commits or rolls back together.
 */
export interface TransactionBilling<Plans extends PlanDefinitions> {
  /** What this customer may do as the transaction sees it. */
  access(customerId: string): Promise<CustomerAccess<Plans>>
  readonly customers: ReadingVerbs['customers'] & {
    /** Finds or makes the customer here. At Stripe it is made from this row, when it is first needed there. */
    ensure(options: {
      readonly customerId: string
      readonly email?: string | null
      readonly name?: string | null
    }): Promise<CustomerView>
  }
  readonly subscriptions: ReadingVerbs['subscriptions']
  readonly invoices: ReadingVerbs['invoices']
  /**
   * Has the workers read the customer from Stripe once the transaction has committed. Until then deliveries about this
   * customer wait, so let it be the last thing the transaction does.
   *
   * @throws `customer_not_found` where there is no such customer.
   */
  requestSync(options: { readonly customerId: string }): Promise<void>
}

/** Everything the product asks of its billing. */
export interface Billing<Plans extends PlanDefinitions> {
  /**
   * What this customer may do now, and why; one indexed read of our own database.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * const access = await billing.access('user_1')
   * if (!access.has('export')) throw new Error('Export is part of Pro.')
   * ```
   */
  access(customerId: string): Promise<CustomerAccess<Plans>>
  /**
   * With the option `accessCache`: whoever asks for this customer's access from now on is answered from what is read after
   * now, also where an older read is under way. Without it there is nothing to forget.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * billing.forgetAccess({ customerId: 'user_1' })
   * ```
   */
  forgetAccess(options: { readonly customerId: string }): void
  readonly checkout: {
    /**
     * Makes a page where the customer pays for a plan, or answers the one that is open for it already.
     *
     * @throws `plan_unknown`, `plan_not_for_sale`, `interval_unknown`, `price_not_pushed`, `return_url_forbidden`, and Stripe's faults.
     */
    create(options: CheckoutOptions<Plans>): Promise<CheckoutResult>
    /**
     * What came of a checkout, after reading the customer from Stripe; waits a bounded time.
     *
     * @throws `checkout_session_unknown` where the session is not this customer's.
     */
    complete(options: { readonly customerId: string; readonly stripeSessionId: string }): Promise<CheckoutOutcome>
    /**
     * Closes the customer's own page, so that it cannot be paid any more.
     *
     * @throws `checkout_session_unknown` where the session is not this customer's.
     */
    expire(options: {
      readonly customerId: string
      readonly stripeSessionId: string
    }): Promise<{ readonly expired: boolean }>
  }
  readonly portal: {
    /**
     * Makes an address of Stripe's portal for this customer, good for a few minutes.
     *
     * @throws `no_stripe_customer`, `return_url_forbidden`, `no_subscription`, and Stripe's faults.
     */
    create(options: {
      readonly customerId: string
      readonly returnPath?: string
      readonly flow?: PortalPage
    }): Promise<{ readonly url: string }>
  }
  readonly customers: ReadingVerbs['customers'] & {
    /** Finds or makes the customer, here and at Stripe; never twice. */
    ensure(options: {
      readonly customerId: string
      readonly email?: string | null
      readonly name?: string | null
    }): Promise<CustomerView & { readonly stripeCustomerId: string }>
  }
  readonly subscriptions: ReadingVerbs['subscriptions'] & {
    /**
     * Ends the subscription when the paid period ends; the customer keeps access until then.
     *
     * @throws `no_subscription`, and Stripe's faults.
     */
    cancel(options: { readonly customerId: string }): Promise<Subscription>
    /**
     * Takes a cancellation back that has not come true yet.
     *
     * @throws `no_subscription`, and Stripe's faults.
     */
    resume(options: { readonly customerId: string }): Promise<Subscription>
  }
  readonly invoices: ReadingVerbs['invoices']
  readonly catalog: {
    /** Creates or finds the plans' products and prices in Stripe; never changes an amount in place. */
    push(): Promise<PushReport>
  }
  /** Reads a customer from Stripe now and writes what it says. */
  sync(options: { readonly customerId: string }): Promise<void>
  /** Calls `handle` at least once for each effect of this type; `effect.key` is the same when it is repeated. */
  on<Type extends EffectType>(type: Type, handle: EffectHandler<Type>): () => void
  /**
   * Joins a transaction of the app on the same database, by the adapter for the library that opened it. A fault of the
   * database aborts the transaction, as it does for a statement of the app's own. Verbs that call Stripe are not here: what
   * Stripe has done does not roll back, and a transaction must not wait for it.
   *
   * @example
   * ```ts
   * import { sql } from 'drizzle-orm'
   * import { drizzle } from 'drizzle-orm/node-postgres'
   * import { drizzleTransaction } from 'paywright'
   * import { billing } from './billing.js'
   *
   * const db = drizzle(process.env.DATABASE_URL ?? '')
   * await db.transaction(async (tx) => {
   *   await tx.execute(sql`insert into users (id) values (${'user_1'})`)
   *   await billing.withTransaction(drizzleTransaction(tx, sql)).customers.ensure({ customerId: 'user_1' })
   * })
   * ```
   *
   * @throws `not_in_transaction` from its verbs, where what was handed in can be seen to be outside of any.
   * @throws `account_unknown` from its verbs, where this database has never been used with this Stripe key.
   */
  withTransaction(transaction: Transaction): TransactionBilling<Plans>
  /** The newest deliveries of webhooks, with how far they are. */
  receipts(options?: { readonly limit?: number }): Promise<readonly ReceiptView[]>
  /** What was set aside after too many attempts. */
  deadLetters(): Promise<readonly DeadLetter[]>
  /**
   * Puts the dead letters back to work, or the receipts that the filter names, for which Stripe is then read anew; answers
   * how many. The workers do the rest.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * await billing.replay()
   * await billing.replay({ eventIds: ['evt_1'] })
   * await billing.replay({ type: 'invoice.*', customerId: 'user_1', from: new Date('2026-10-01') })
   * ```
   *
   * @throws `replay_too_large` where more than ten thousand receipts fit; nothing is changed then.
   * @throws `customer_not_found`, `no_stripe_customer` for a `customerId` that Stripe has nothing of.
   */
  replay(filter?: ReplayFilter): Promise<number>
  /**
   * Stores what Stripe's list of events has had while webhooks did not arrive, for the workers to work on: since a little
   * before the last catch-up, or for thirty days. It may be ended at any time and begun again.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * const { stored, lost } = await billing.catchUp()
   * if (lost !== null) await billing.reconcile()
   * console.log(`${stored} events had not come.`)
   * ```
   *
   * @throws `stripe_unavailable`, `database_unavailable` and their kin; what was stored stays stored.
   */
  catchUp(options?: CatchUpOptions): Promise<CatchUpReport>
  /**
   * Reads all products, prices and customers of Stripe into the database. It may be ended at any time, and the next call
   * goes on where it was, in another process too. Of customers who were not known no effect is told and no mail is sent.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * const { done, failed } = await billing.backfill({
   *   concurrency: 8,
   *   onProgress: ({ done, total, perSecond, secondsLeft }) =>
   *     console.log(`${done} of ${total ?? '?'}, ${perSecond.toFixed(0)} a second, ${secondsLeft ?? '?'} s left`),
   * })
   * console.log(done, failed)
   * ```
   *
   * @throws `configuration_invalid` for a concurrency that is none.
   * @throws `stripe_unavailable`, `database_unavailable` and their kin, where nothing can be read any more.
   */
  backfill(options?: BackfillOptions): Promise<BackfillReport>
  /**
   * Compares the mirror with Stripe, all of it or a sample, tells `drift.found` of what differs, reads it anew, and tells
   * `drift.repaired`. Names customers and subscriptions of Stripe that belong to no customer of the app.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * const { drift, orphans } = await billing.reconcile({ sample: 200 })
   * console.log(drift, orphans.stripeSubscriptionIds)
   * ```
   *
   * @throws `configuration_invalid` for a concurrency or sample that is none.
   * @throws `stripe_unavailable`, `database_unavailable` and their kin, where nothing can be read any more.
   */
  reconcile(options?: ReconcileOptions): Promise<ReconcileReport>
  /**
   * Deletes processed receipts and delivered messages older than 90 days, in small steps. What waits, and what was set
   * aside, stays.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * const { isDone } = await billing.prune({ olderThan: '60d' })
   * console.log(isDone ? 'Nothing is left to delete.' : 'There is more; call it again.')
   * ```
   *
   * @throws `configuration_invalid` for less than 31 days: until then Stripe may send an event again.
   */
  prune(options?: PruneOptions): Promise<PruneReport>
  /**
   * How much waits, how long it takes, and whether somebody must look.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * const { ok, lag, lastWebhookSecret } = await billing.health()
   * console.log(ok, lag?.p99, lastWebhookSecret)
   * ```
   */
  health(): Promise<Health>
  /**
   * Creates or upgrades our schema and the columns of `usersTable`; may run in every process at start, and while instances of
   * the release before still work. With `contract: true`, which is for when none of them does any more, what only they
   * need is taken away as well.
   *
   * @example
   * ```ts
   * import { billing } from './billing.js'
   *
   * await billing.migrate({ contract: true })
   * ```
   */
  migrate(options?: MigrateOptions): Promise<MigrationReport>
  /** What `migrate` would do, and what stands in its way; changes nothing. */
  previewMigration(): Promise<MigrationPreview>
  /** One bounded pass over what waits, for cron. */
  work(): Promise<WorkReport>
  /** Works in the background until `stop`. */
  start(): void
  /** Ends the background work after the pass under way; answers when it has ended. */
  stop(): Promise<void>
  /** Ends the background work and closes the database. */
  close(): Promise<void>
  /** All routes below `basePath`: mount it there for every method. */
  handler(request: Request): Promise<Response>
}

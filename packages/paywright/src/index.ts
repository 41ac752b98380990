/** Makes the billing of a product. */
export { createBilling } from './create-billing.js'
/** Where the state is kept. */
export { pglite } from './store/pglite.js'
export { postgres } from './store/pg.js'
export type { PostgresOptions } from './store/pg-limits.js'
export type { Database } from './store/database.js'
/** Adapters of the app's own transaction for `billing.withTransaction`. */
export { drizzleTransaction, type DrizzleTransaction } from './store/transactions/drizzle.js'
export { knexTransaction, type KnexTransaction } from './store/transactions/knex.js'
export { kyselyTransaction, type KyselyTransaction } from './store/transactions/kysely.js'
export { pgTransaction, type PgClient } from './store/transactions/pg.js'
export { pgliteTransaction, type PGliteTransaction } from './store/transactions/pglite.js'
export { postgresJsTransaction, type PostgresJsTransaction } from './store/transactions/postgres-js.js'
export { prismaTransaction, type PrismaTransaction } from './store/transactions/prisma.js'
export { typeormTransaction, type TypeOrmEntityManager } from './store/transactions/typeorm.js'
export type { Transaction } from './engine/ports.js'
/** Transports of mail. */
export { fileMailer } from './emails/file-mailer.js'
export { memoryMailer, type MemoryMailer } from './emails/memory-mailer.js'
export { nodemailerMailer, type Transporter } from './emails/nodemailer-mailer.js'
/** What the routes of `billing.handler` answer, for the front end. */
export type {
  AccessJson,
  BillingState,
  ErrorJson,
  FeatureJson,
  Instant,
  InvoiceJson,
  InvoicesJson,
  PastDueJson,
  PaymentMethodJson,
  PlanJson,
  PlanPriceJson,
  PlansJson,
  SubscriptionJson,
  UrlJson,
} from './http/state-json.js'
/** What is passed in from outside. */
export type { Clock, Log, LogFields, Mail, Mailer } from './engine/ports.js'
/** What the verbs answer. */
export type {
  DeadLetter,
  MigrationPreview,
  MigrateOptions,
  MigrationReport,
  PushReport,
  ReceiptView,
  WorkReport,
} from './engine/ports.js'
export type { AnyStatus, Invoice, Subscription, SubscriptionItem, SubscriptionStatus } from './domain/mirror.js'
export type { AccessReason } from './domain/access-reason.js'
/** What `billing.on` tells. */
export type { Drift, DriftField, DriftKind } from './domain/drift.js'
export type { Effect, EffectType } from './domain/effects.js'
export type { EffectHandler, EffectOf } from './inbox/handlers.js'
/** States what the product sells. */
export { definePlans } from './plans.js'
export type { FeatureValue, Interval, PlanDefinition, PlanDefinitions, PriceDefinition } from './domain/catalog.js'
/** What `createBilling` is told, and what it answers. */
export type { BillingOptions, MailOptions, StripeOptions } from './options.js'
export type { Identity } from './http/context.js'
export type {
  Billing,
  CheckoutOptions,
  CheckoutResult,
  CustomerAccess,
  CustomerView,
  TransactionBilling,
} from './billing.js'
export type { BackfillOptions, BackfillProgress, BackfillReport } from './engine/backfill.js'
export type { CatchUpOptions, CatchUpReport } from './engine/catch-up.js'
export type { CheckoutOutcome } from './engine/complete-checkout.js'
export type { CheckoutRefusal } from './engine/checkout-attempt.js'
export type { PortalPage } from './engine/open-portal.js'
export type { PruneOptions, PruneReport } from './engine/prune.js'
export type { Health, RunView, SecretUse } from './engine/read-health.js'
export type { ReconcileOptions } from './engine/reconcile.js'
export type { FoundDrift, ReconcileReport } from './engine/reconcile-report.js'
export type { ReplayFilter } from './engine/replay.js'
/** Makes a listener of `node:http` from `billing.handler`. */
export { toNodeListener } from './http/adapters/node.js'
/** What the library throws and its routes answer. */
export { BillingError, type BillingErrorCode } from './errors.js'

/** Compares the mirror with Stripe or the simulator, field by field. */
export { compareWithStripe, type ComparisonOptions } from './compare-with-stripe.js'
export type { Difference } from './difference.js'
export type { UsersTable } from './users-table-truth.js'
/** A migrated database in memory. */
export { memoryDatabase } from './database.js'
/** A log that keeps what it is told. */
export { memoryLog, type LogEntry, type MemoryLog } from './memory-log.js'
/** Billing in this process, on a database in memory and the simulator. */
export {
  createTestBilling,
  TEST_ORIGIN,
  TEST_PLANS,
  WEBHOOK_SECRET,
  type TestBilling,
  type TestBillingOptions,
  type TestRequest,
} from './test-billing.js'
/** A real Postgres for tests. */
export { startEmbeddedPostgres, startLocalPostgres, freePort, type LocalPostgres } from './local-postgres.js'
/** What every database must do for Paywright. */
export { storeConformance } from './store-conformance/index.js'
/** Billing with something put in the place of the real thing, and what it stands between. */
export { createAnyBilling } from '../create-billing.js'
export type { Seams } from '../compose.js'
export type { Claim, CustomerRead, Store, StripeGateway } from '../engine/ports.js'
/** The names of all effects, of which nothing is told twice. */
export { EFFECT_TYPES } from '../domain/effect-keys.js'
export type { Exec } from '../store/database.js'
/** Under this the app's own id stands on a customer at Stripe. */
export { CUSTOMER_METADATA_KEY } from '../stripe/metadata.js'

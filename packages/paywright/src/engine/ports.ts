/** Every interface to the outside: what the engine and the inbox ask for, and composition roots pass in. */
export type { BudgetSize, Loan, RequestBudget, Urgency } from './ports/request-budget.js'
export type { Clock, Ids, Log, LogFields, Mail, Mailer } from './ports/outside.js'
export type {
  CheckoutRequest,
  CheckoutSession,
  CustomerPage,
  CatalogRead,
  CustomerRead,
  DisputesRead,
  ReadDepth,
  EventPage,
  PortalFlow,
  PushReport,
  RecordRequest,
  StripeGateway,
  VerifiedEvent,
} from './ports/stripe-gateway.js'
export type { InboxFigures, MirroredCatalog, ReceiptFilter, Run, RunName, SubjectFacts } from './ports/repair.js'
export type {
  AccessFactsRecord,
  AccessRecord,
  Claim,
  CustomerRow,
  CustomerSyncPlan,
  DeadLetter,
  MigrateOptions,
  MigrationPreview,
  MigrationReport,
  OutboxRow,
  PendingReceipt,
  Projection,
  ReceiptPlace,
  ReceiptView,
  Reservation,
  RunProgress,
  Store,
  SyncPlan,
} from './ports/store.js'
export type { Inbox, ReceiveReport, WorkReport } from './ports/inbox.js'
export type { Transaction } from './ports/transaction.js'

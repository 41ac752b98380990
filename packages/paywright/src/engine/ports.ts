/** Every interface to the outside: what the engine and the inbox ask for, and composition roots pass in. */
export type { Clock, Ids, Log, LogFields, Mail, Mailer } from './ports/outside.js'
export type {
  CheckoutRequest,
  CheckoutSession,
  CustomerPage,
  CustomerRead,
  EventPage,
  PortalFlow,
  PushReport,
  StripeGateway,
  VerifiedEvent,
} from './ports/stripe-gateway.js'
export type { InboxFigures, MirroredCatalog, ReceiptFilter, Run, RunName, SubjectFacts } from './ports/repair.js'
export type {
  AccessRecord,
  Claim,
  CustomerRow,
  CustomerSyncPlan,
  DeadLetter,
  MigrationPreview,
  MigrationReport,
  OutboxRow,
  PendingReceipt,
  Projection,
  ReceiptView,
  Reservation,
  RunProgress,
  Store,
  SyncPlan,
} from './ports/store.js'
export type { Inbox, ReceiveReport, WorkReport } from './ports/inbox.js'

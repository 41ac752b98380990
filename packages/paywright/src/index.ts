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

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
/** States what the product sells. */
export { definePlans } from './plans.js'
export type { FeatureValue, Interval, PlanDefinition, PlanDefinitions, PriceDefinition } from './domain/catalog.js'
/** What `createBilling` is told, and what it answers. */
export type { BillingOptions, Identity, MailOptions, StripeOptions } from './options.js'
export type {
  Billing,
  CheckoutOptions,
  CheckoutOutcome,
  CheckoutRefusal,
  CheckoutResult,
  CustomerAccess,
  CustomerView,
  EffectOf,
  Health,
  PortalPage,
  WorkReport,
} from './billing.js'

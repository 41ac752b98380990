import type Stripe from 'stripe'
import type { DiscountRecord } from './discounts/record.js'
import type { DeliveryRecord, IdempotencyRecord } from './edge-records.js'
import type {
  AccountSettings,
  ActiveEntitlement,
  BalanceTotal,
  ConfirmationTokenRecord,
  CardBehaviour,
  CheckoutOrder,
  EntitlementGrant,
  EventRecord,
  ItemBreakdown,
  ItemDebits,
  ItemTaxBehavior,
  LineTerms,
  PaymentLinkOrder,
  PendingUpdate,
  ProductFeature,
  QuoteDetails,
  Resumption,
  Timer,
  TimerFault,
  WebhookEndpointRecord,
} from './private-records.js'
import type { Stored } from './stored.js'
import type {
  AlertFiring,
  BilledUsage,
  CreditEntry,
  MeterIdentifier,
  MeterSession,
  MeterUsage,
  ThinEventRecord,
  UsageMark,
} from './usage-records.js'

/** All tables of a world: the stored form of each kind of object, by id. */
export interface Records {
  account_settings: AccountSettings
  active_entitlements: ActiveEntitlement
  alert_firings: AlertFiring
  alerts: Stored<Stripe.Billing.Alert>
  /** What becomes available on one day in one currency; never on the wire. */
  balance_totals: BalanceTotal
  balance_transactions: Stored<Stripe.BalanceTransaction>
  billed_usage: BilledUsage
  card_behaviours: CardBehaviour
  charges: Stored<Stripe.Charge>
  checkout_orders: CheckoutOrder
  checkout_sessions: Stored<Stripe.Checkout.Session>
  credit_balance_transactions: CreditEntry
  credit_grants: Stored<Stripe.Billing.CreditGrant>
  credit_note_lines: Stored<Stripe.CreditNoteLineItem> & { readonly credit_note: string }
  credit_notes: Stored<Stripe.CreditNote>
  customer_balance_transactions: Stored<Stripe.CustomerBalanceTransaction>
  confirmation_tokens: ConfirmationTokenRecord
  coupons: Stored<Stripe.Coupon>
  customers: Stored<Stripe.Customer>
  deliveries: DeliveryRecord
  /** What discounts still refer to. */
  deleted_coupons: Stored<Stripe.Coupon>
  /** What subscriptions and invoices still refer to. */
  deleted_prices: Stored<Stripe.Price>
  deleted_objects: { readonly id: string; readonly object: string }
  discounts: DiscountRecord
  disputes: Stored<Stripe.Dispute>
  early_fraud_warnings: Stored<Stripe.Radar.EarlyFraudWarning>
  entitlement_features: Stored<Stripe.Entitlements.Feature>
  entitlement_grants: EntitlementGrant
  events: EventRecord
  idempotency_keys: IdempotencyRecord
  invoice_items: Stored<Stripe.InvoiceItem>
  invoice_line_items: Stored<Stripe.InvoiceLineItem>
  invoice_payments: Stored<Stripe.InvoicePayment>
  invoices: Stored<Stripe.Invoice>
  item_breakdowns: ItemBreakdown
  item_debits: ItemDebits
  item_tax_behaviors: ItemTaxBehavior
  line_terms: LineTerms
  meter_identifiers: MeterIdentifier
  meter_sessions: MeterSession
  meter_usage: MeterUsage
  meters: Stored<Stripe.Billing.Meter>
  mandates: Stored<Stripe.Mandate>
  payment_intents: Stored<Stripe.PaymentIntent>
  payment_link_orders: PaymentLinkOrder
  payment_links: Stored<Stripe.PaymentLink>
  payment_methods: Stored<Stripe.PaymentMethod>
  pending_updates: PendingUpdate
  portal_configurations: Stored<Stripe.BillingPortal.Configuration>
  portal_sessions: Stored<Stripe.BillingPortal.Session>
  /** Setup intents of the portal, whose card becomes the customer's default; never on the wire. */
  portal_setups: { readonly id: string; readonly customer: string }
  prices: Stored<Stripe.Price>
  product_features: ProductFeature
  products: Stored<Stripe.Product>
  promotion_codes: Stored<Stripe.PromotionCode>
  quote_details: QuoteDetails
  quotes: Stored<Stripe.Quote>
  refunds: Stored<Stripe.Refund>
  setup_attempts: Stored<Stripe.SetupAttempt>
  resumptions: Resumption
  setup_intents: Stored<Stripe.SetupIntent>
  shipping_rates: Stored<Stripe.ShippingRate>
  subscription_items: Stored<Stripe.SubscriptionItem>
  subscription_schedules: Stored<Stripe.SubscriptionSchedule>
  subscriptions: Stored<Stripe.Subscription>
  tax_ids: Stored<Stripe.TaxId>
  tax_rates: Stored<Stripe.TaxRate>
  test_clocks: Stored<Stripe.TestHelpers.TestClock>
  thin_events: ThinEventRecord
  timer_faults: TimerFault
  timers: Timer
  tokens: Stored<Stripe.Token>
  usage_marks: UsageMark
  webhook_endpoints: WebhookEndpointRecord
}

export type TableName = keyof Records

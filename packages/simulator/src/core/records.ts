import type Stripe from 'stripe'
import type { DeliveryRecord, IdempotencyRecord } from './edge-records.js'
import type {
  AccountSettings,
  CardBehaviour,
  CheckoutOrder,
  EventRecord,
  ItemDebits,
  PendingUpdate,
  Timer,
  WebhookEndpointRecord,
} from './private-records.js'
import type { Stored } from './stored.js'

/** All tables of a world: the stored form of each kind of object, by id. */
export interface Records {
  account_settings: AccountSettings
  balance_transactions: Stored<Stripe.BalanceTransaction>
  card_behaviours: CardBehaviour
  charges: Stored<Stripe.Charge>
  checkout_orders: CheckoutOrder
  checkout_sessions: Stored<Stripe.Checkout.Session>
  customers: Stored<Stripe.Customer>
  deliveries: DeliveryRecord
  deleted_objects: { readonly id: string; readonly object: string }
  events: EventRecord
  idempotency_keys: IdempotencyRecord
  invoice_items: Stored<Stripe.InvoiceItem>
  invoice_line_items: Stored<Stripe.InvoiceLineItem>
  invoice_payments: Stored<Stripe.InvoicePayment>
  invoices: Stored<Stripe.Invoice>
  item_debits: ItemDebits
  payment_intents: Stored<Stripe.PaymentIntent>
  payment_methods: Stored<Stripe.PaymentMethod>
  pending_updates: PendingUpdate
  portal_configurations: Stored<Stripe.BillingPortal.Configuration>
  portal_sessions: Stored<Stripe.BillingPortal.Session>
  /** Setup intents of the portal, whose card becomes the customer's default; never on the wire. */
  portal_setups: { readonly id: string; readonly customer: string }
  prices: Stored<Stripe.Price>
  products: Stored<Stripe.Product>
  setup_intents: Stored<Stripe.SetupIntent>
  subscription_items: Stored<Stripe.SubscriptionItem>
  subscriptions: Stored<Stripe.Subscription>
  test_clocks: Stored<Stripe.TestHelpers.TestClock>
  timers: Timer
  webhook_endpoints: WebhookEndpointRecord
}

export type TableName = keyof Records

import { accountHandlers } from './account.js'
import { authenticationPageHandlers } from './payments/authentication-pages.js'
import { balanceTransactionsHandlers } from './payments/balance-transactions.js'
import { chargesHandlers, settleCharge } from './payments/charges.js'
import { checkoutSessionHandlers, closeWhenDue, onCheckoutPaid, onCheckoutSetUp } from './checkout-sessions/index.js'
import { customersHandlers } from './customers/customer-handlers.js'
import { eventsHandlers } from './events/events.js'
import type { Handlers, Reactions, Renderers, TimerHandler } from './handler.js'
import { invoiceItemHandlers } from './invoices/invoice-items.js'
import { invoicePageHandlers } from './invoices/invoice-pages.js'
import { invoicePaymentHandlers } from './invoices/invoice-payments.js'
import { announceUpcoming, invoicePreviewHandlers } from './invoices/invoice-previews.js'
import { invoiceHandlers } from './invoices/handlers.js'
import { renderInvoice, renderSubscription } from './invoices/render.js'
import { finalizeWhenDue, passDueDate, retryWhenDue } from './invoices/retry.js'
import { onPaymentFailed, onPaymentSucceeded } from './invoices/settle-payment.js'
import { paymentIntentsHandlers } from './payments/payment-intent-handlers.js'
import { paymentMethodsHandlers } from './payments/payment-method-handlers.js'
import { plansHandlers } from './catalogue/plans.js'
import { portalConfigurationHandlers } from './portal/portal-configurations.js'
import { onPortalSetUp, portalPageHandlers } from './portal/pages/index.js'
import { portalSessionHandlers } from './portal/portal-sessions.js'
import { pricesHandlers } from './catalogue/prices.js'
import { productsHandlers } from './catalogue/products.js'
import type { TimerKind } from './private-records.js'
import { setupIntentsHandlers } from './payments/setup-intent-handlers.js'
import { subscriptionHandlers } from './subscriptions/handlers.js'
import { expireUpdateWhenDue } from './subscriptions/pending-update.js'
import { announceTrialEnd, cancelWhenDue, renewWhenDue } from './subscriptions/renew.js'
import { onSetupSucceeded } from './subscriptions/setup.js'
import {
  expireWhenDue,
  onCustomerDeleted,
  onInvoiceFailed,
  onInvoicePaid,
  onInvoiceUncollectible,
  onInvoiceVoided,
  onRetriesExhausted,
} from './subscriptions/status.js'
import { testClockHandlers } from './test-clocks.js'
import { webhookEndpointsHandlers, webhookEndpointsRenderers } from './events/webhook-endpoints.js'

/** Every verb the simulator knows, by `resource.verb`. */
export const handlers: Handlers = {
  ...accountHandlers,
  ...authenticationPageHandlers,
  ...balanceTransactionsHandlers,
  ...chargesHandlers,
  ...checkoutSessionHandlers,
  ...customersHandlers,
  ...eventsHandlers,
  ...invoiceHandlers,
  ...invoiceItemHandlers,
  ...invoicePageHandlers,
  ...invoicePaymentHandlers,
  ...invoicePreviewHandlers,
  ...paymentIntentsHandlers,
  ...paymentMethodsHandlers,
  ...plansHandlers,
  ...portalConfigurationHandlers,
  ...portalPageHandlers,
  ...portalSessionHandlers,
  ...pricesHandlers,
  ...productsHandlers,
  ...setupIntentsHandlers,
  ...subscriptionHandlers,
  ...testClockHandlers,
  ...webhookEndpointsHandlers,
}

/** Who listens to what happens inside a command; order matters. */
export const reactions: Reactions = {
  'customer.deleted': [onCustomerDeleted],
  'invoice.marked_uncollectible': [onInvoiceUncollectible],
  'invoice.paid': [onInvoicePaid],
  'invoice.payment_failed': [onInvoiceFailed],
  'invoice.retries_exhausted': [onRetriesExhausted],
  'invoice.voided': [onInvoiceVoided],
  'payment_intent.failed': [onPaymentFailed],
  'payment_intent.succeeded': [onPaymentSucceeded, onCheckoutPaid],
  'setup_intent.succeeded': [onSetupSucceeded, onCheckoutSetUp, onPortalSetUp],
}

export const renderers: Renderers = {
  invoices: renderInvoice,
  subscriptions: renderSubscription,
  ...webhookEndpointsRenderers,
}

export const timers: Readonly<Record<TimerKind, TimerHandler>> = {
  'subscription.renew': renewWhenDue,
  'subscription.trial_will_end': announceTrialEnd,
  'subscription.upcoming_invoice': announceUpcoming,
  'subscription.cancel': cancelWhenDue,
  'subscription.expire_incomplete': expireWhenDue,
  'subscription.expire_update': expireUpdateWhenDue,
  'invoice.finalize': finalizeWhenDue,
  'invoice.retry': retryWhenDue,
  'invoice.past_due': passDueDate,
  'checkout_session.expire': closeWhenDue,
  'charge.settle': settleCharge,
}

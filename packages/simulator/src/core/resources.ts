import { accountHandlers } from './account.js'
import {
  activeEntitlementsHandlers,
  activeEntitlementsRenderers,
  refreshEntitlements,
} from './entitlements/active-entitlements.js'
import { authenticationPageHandlers } from './payments/authentication-pages.js'
import { balanceTransactionsHandlers, renderBalanceTransaction } from './payments/balance-transactions.js'
import { chargesHandlers } from './payments/charge-handlers.js'
import { settleCharge } from './payments/charges.js'
import {
  checkoutSessionHandlers,
  closeWhenDue,
  onCheckoutFailed,
  onCheckoutPaid,
  onCheckoutPending,
  onCheckoutSetUp,
} from './checkout-sessions/index.js'
import { couponsHandlers, couponsRenderers } from './catalogue/coupons.js'
import { creditBalanceHandlers, creditBalanceRenderers } from './credits/credit-balance.js'
import { creditGrantHandlers, expireWhenOver } from './credits/credit-grants.js'
import { customerSessionsHandlers } from './customers/customer-sessions.js'
import { customersHandlers, onTestClockDeleted } from './customers/customer-handlers.js'
import { eventsHandlers, eventsRenderers } from './events/events.js'
import { balanceHandlers } from './customers/balance-handlers.js'
import { discountsRenderers } from './discounts/discounts.js'
import { endDiscountWhenDue } from './discounts/end.js'
import { discountsHandlers } from './discounts/handlers.js'
import { featuresHandlers } from './entitlements/features.js'
import { productFeaturesHandlers, productFeaturesRenderers } from './entitlements/product-features.js'
import { creditNotesHandlers, creditNotesRenderers } from './credit-notes/handlers.js'
import type { Handlers, Reactions, Renderers, TimerHandler } from './handler.js'
import { invoiceItemHandlers } from './invoices/invoice-item-handlers.js'
import { invoicePageHandlers } from './invoices/invoice-pages.js'
import { invoicePaymentHandlers } from './invoices/invoice-payments.js'
import { announceUpcoming, invoicePreviewHandlers } from './invoices/invoice-previews.js'
import { invoiceHandlers } from './invoices/handlers.js'
import { lineHandlers } from './invoices/line-handlers.js'
import { renderingTemplateHandlers } from './invoices/rendering-templates.js'
import { renderInvoice, renderSubscription } from './invoices/render.js'
import { giveUpWhenExhausted } from './invoices/close.js'
import { announceDueDate, finalizeWhenDue, passDueDate, retryWhenDue } from './invoices/retry.js'
import { onPaymentFailed, onPaymentSucceeded } from './invoices/settle-payment.js'
import { confirmationTokensHandlers, renderConfirmationToken } from './payments/confirmation-tokens.js'
import { customerSourcesHandlers } from './payments/customer-sources.js'
import { disputesHandlers } from './payments/dispute-handlers.js'
import { decideDispute, expireDispute } from './payments/disputes.js'
import { mandatesHandlers } from './payments/mandates.js'
import { paymentIntentsHandlers } from './payments/payment-intent-handlers.js'
import { expireCharge } from './payments/payment-intents.js'
import { settlePaymentIntent } from './payments/processing.js'
import { refundsHandlers } from './payments/refund-handlers.js'
import { settleRefund } from './payments/refunds.js'
import { onCheckoutCompleted, paymentLinkHandlers } from './payment-links/index.js'
import { paymentMethodsHandlers } from './payments/payment-method-handlers.js'
import { plansHandlers } from './catalogue/plans.js'
import { portalConfigurationHandlers } from './portal/portal-configurations.js'
import { onPortalSetUp, portalPageHandlers, resumeWhenDue } from './portal/pages/index.js'
import { portalSessionHandlers } from './portal/portal-sessions.js'
import { pricesHandlers, pricesRenderers } from './catalogue/prices.js'
import { productsHandlers } from './catalogue/products.js'
import { promotionCodesHandlers, promotionCodesRenderers } from './catalogue/promotion-codes.js'
import type { TimerKind } from './private-records.js'
import type { Transaction } from './transaction.js'
import { setupAttemptsHandlers } from './payments/setup-attempts.js'
import { tokensHandlers } from './payments/tokens.js'
import { quotesHandlers } from './quotes/handlers.js'
import { expireWhenDue as expireQuoteWhenDue } from './quotes/lifecycle.js'
import { searchHandlers } from './search/search.js'
import { setupIntentsHandlers } from './payments/setup-intent-handlers.js'
import { shippingRatesHandlers, shippingRatesRenderers } from './catalogue/shipping-rates.js'
import {
  announceExpiry,
  enterPhaseWhenDue,
  onPeriodOver,
  onSubscriptionEnded,
  pauseByPlan,
  resumeByPlan,
  subscriptionScheduleHandlers,
} from './subscription-schedules/index.js'
import { subscriptionHandlers } from './subscriptions/handlers.js'
import { resumeCollectionWhenDue } from './subscriptions/pause-collection.js'
import { billPendingWhenDue } from './subscriptions/pending-interval.js'
import { expireUpdateWhenDue } from './subscriptions/pending-update.js'
import { announceTrialEnd, cancelWhenDue, renewWhenDue } from './subscriptions/renew.js'
import { expireResumptionWhenDue } from './subscriptions/resumption.js'
import { onUsageOfSubscriptions } from './subscriptions/thresholds.js'
import { onSetupSucceeded } from './subscriptions/setup.js'
import {
  expireWhenDue,
  onCustomerDeleted,
  onInvoiceFailed,
  onInvoicePaid,
  onInvoiceUncollectible,
  onInvoiceVoided,
  onPaymentProcessing,
  onRetriesExhausted,
} from './subscriptions/status.js'
import { removeTaxIds, taxIdsHandlers, verifyWhenDue } from './customers/tax-ids.js'
import { taxCodesHandlers } from './catalogue/tax-codes.js'
import { taxRatesHandlers } from './catalogue/tax-rates.js'
import { testClockHandlers } from './test-clocks.js'
import { alertHandlers, onMeterUsed } from './usage/alerts.js'
import { meterEventHandlers } from './usage/meter-events.js'
import { meterHandlers } from './usage/meters.js'
import { meterSummaryHandlers } from './usage/summaries.js'
import { coreEventHandlers } from './v2/core-events.js'
import { eventDestinationHandlers } from './v2/event-destinations.js'
import { version2MeterEventHandlers } from './v2/meter-events.js'
import { webhookEndpointsHandlers, webhookEndpointsRenderers } from './events/webhook-endpoints.js'

/** Every verb the simulator knows, by `resource.verb`. */
export const handlers: Handlers = {
  ...accountHandlers,
  ...activeEntitlementsHandlers,
  ...alertHandlers,
  ...authenticationPageHandlers,
  ...balanceHandlers,
  ...balanceTransactionsHandlers,
  ...chargesHandlers,
  ...checkoutSessionHandlers,
  ...couponsHandlers,
  ...creditBalanceHandlers,
  ...creditGrantHandlers,
  ...confirmationTokensHandlers,
  ...customerSessionsHandlers,
  ...creditNotesHandlers,
  ...customersHandlers,
  ...customerSourcesHandlers,
  ...disputesHandlers,
  ...discountsHandlers,
  ...eventsHandlers,
  ...featuresHandlers,
  ...invoiceHandlers,
  ...invoiceItemHandlers,
  ...invoicePageHandlers,
  ...invoicePaymentHandlers,
  ...invoicePreviewHandlers,
  ...lineHandlers,
  ...renderingTemplateHandlers,
  ...meterEventHandlers,
  ...meterHandlers,
  ...meterSummaryHandlers,
  ...mandatesHandlers,
  ...paymentIntentsHandlers,
  ...paymentLinkHandlers,
  ...paymentMethodsHandlers,
  ...plansHandlers,
  ...portalConfigurationHandlers,
  ...portalPageHandlers,
  ...portalSessionHandlers,
  ...pricesHandlers,
  ...productFeaturesHandlers,
  ...productsHandlers,
  ...promotionCodesHandlers,
  ...refundsHandlers,
  ...setupAttemptsHandlers,
  ...quotesHandlers,
  ...searchHandlers,
  ...setupIntentsHandlers,
  ...shippingRatesHandlers,
  ...subscriptionHandlers,
  ...subscriptionScheduleHandlers,
  ...taxCodesHandlers,
  ...taxIdsHandlers,
  ...taxRatesHandlers,
  ...testClockHandlers,
  ...tokensHandlers,
  ...coreEventHandlers,
  ...eventDestinationHandlers,
  ...version2MeterEventHandlers,
  ...webhookEndpointsHandlers,
}

/** Who listens to what happens inside a command; order matters. */
export const reactions: Reactions = {
  'checkout_session.completed': [onCheckoutCompleted],
  'customer.deleted': [onCustomerDeleted, removeTaxIds],
  'invoice.marked_uncollectible': [onInvoiceUncollectible],
  'invoice.paid': [onInvoicePaid],
  'invoice.payment_failed': [onInvoiceFailed],
  'invoice.retries_exhausted': [onRetriesExhausted, giveUpWhenExhausted],
  'invoice.voided': [onInvoiceVoided],
  'meter.used': [onMeterUsed, onUsageOfSubscriptions],
  'payment_intent.capturable': [onCheckoutPending],
  'payment_intent.failed': [onPaymentFailed, onCheckoutFailed],
  'payment_intent.processing': [onPaymentProcessing, onCheckoutPending],
  'payment_intent.succeeded': [onPaymentSucceeded, onCheckoutPaid],
  'setup_intent.succeeded': [onSetupSucceeded, onCheckoutSetUp, onPortalSetUp],
  'subscription.ended': [onSubscriptionEnded],
  'subscription.period_over': [onPeriodOver],
  'test_clock.deleted': [onTestClockDeleted],
}

/** What follows from all that a command did, once it is done. */
export const conclusions: readonly ((transaction: Transaction) => void)[] = [refreshEntitlements]

export const renderers: Renderers = {
  balance_transactions: renderBalanceTransaction,
  confirmation_tokens: renderConfirmationToken,
  ...creditNotesRenderers,
  ...discountsRenderers,
  ...creditBalanceRenderers,
  ...eventsRenderers,
  invoices: renderInvoice,
  subscriptions: renderSubscription,
  ...activeEntitlementsRenderers,
  ...couponsRenderers,
  ...pricesRenderers,
  ...productFeaturesRenderers,
  ...promotionCodesRenderers,
  ...shippingRatesRenderers,
  ...webhookEndpointsRenderers,
}

export const timers: Readonly<Record<TimerKind, TimerHandler>> = {
  'subscription.renew': renewWhenDue,
  'subscription.trial_will_end': announceTrialEnd,
  'subscription.upcoming_invoice': announceUpcoming,
  'subscription.cancel': cancelWhenDue,
  'subscription.bill_pending_items': billPendingWhenDue,
  'subscription.expire_incomplete': expireWhenDue,
  'subscription.expire_update': expireUpdateWhenDue,
  'schedule.expiring': announceExpiry,
  'schedule.next_phase': enterPhaseWhenDue,
  'schedule.pause': pauseByPlan,
  'schedule.resume': resumeByPlan,
  'subscription.expire_resumption': expireResumptionWhenDue,
  'subscription.resume_collection': resumeCollectionWhenDue,
  'invoice.finalize': finalizeWhenDue,
  'invoice.retry': retryWhenDue,
  'invoice.will_be_due': announceDueDate,
  'invoice.past_due': passDueDate,
  'checkout_session.expire': closeWhenDue,
  'portal.resume': resumeWhenDue,
  'charge.settle': settleCharge,
  'tax_id.verify': verifyWhenDue,
  'quote.expire': expireQuoteWhenDue,
  'charge.expire': expireCharge,
  'dispute.decide': decideDispute,
  'dispute.expire': expireDispute,
  'payment_intent.settle': settlePaymentIntent,
  'refund.settle': settleRefund,
  'discount.end': endDiscountWhenDue,
  'credit_grant.expire': expireWhenOver,
}

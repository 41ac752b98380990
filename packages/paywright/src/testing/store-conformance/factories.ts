import type { AccessEffect } from '../../domain/effects.js'
import type {
  CustomerState,
  Invoice,
  PaymentMethod,
  Price,
  Product,
  Subscription,
  SubscriptionItem,
} from '../../domain/mirror.js'
import type { Mail } from '../../engine/ports.js'

const START = 1_799_000_000
const END = 1_801_678_400

export function buildState(
  parts: Partial<Omit<CustomerState, 'customer'>> & { stripeCustomerId: string; customerId?: string | null },
): CustomerState {
  const { stripeCustomerId, customerId = null, ...lists } = parts
  return {
    customer: {
      stripeCustomerId,
      customerId,
      email: 'ada@example.com',
      name: 'Ada',
      balance: -500,
      currency: 'usd',
      defaultPaymentMethodId: 'pm_1',
      isDeleted: false,
      createdAt: START,
    },
    subscriptions: [],
    invoices: [],
    paymentMethods: [],
    access: null,
    ...lists,
  }
}

export function buildItem(item: Partial<SubscriptionItem> = {}): SubscriptionItem {
  return {
    stripeItemId: 'si_1',
    stripePriceId: 'price_pro',
    stripeProductId: 'prod_pro',
    quantity: 1,
    currentPeriodStart: START,
    currentPeriodEnd: END,
    ...item,
  }
}

export function buildSubscription(subscription: Partial<Subscription> & { stripeCustomerId: string }): Subscription {
  return {
    stripeSubscriptionId: 'sub_1',
    status: 'active',
    items: [buildItem()],
    currentPeriodStart: START,
    currentPeriodEnd: END,
    cancelAtPeriodEnd: false,
    cancelAt: null,
    canceledAt: null,
    endedAt: null,
    trialStart: null,
    trialEnd: null,
    startedAt: START,
    createdAt: START,
    currency: 'usd',
    collectionMethod: 'charge_automatically',
    latestInvoiceId: 'in_1',
    defaultPaymentMethodId: null,
    isCollectionPaused: false,
    metadata: {},
    plan: 'pro',
    unknownPriceId: null,
    pastDueSince: null,
    ...subscription,
  }
}

export function buildInvoice(invoice: Partial<Invoice> & { stripeCustomerId: string }): Invoice {
  return {
    stripeInvoiceId: 'in_1',
    stripeSubscriptionId: 'sub_1',
    number: 'A-1',
    status: 'paid',
    billingReason: 'subscription_create',
    currency: 'usd',
    amountDue: 2000,
    amountPaid: 2000,
    amountRemaining: 0,
    subtotal: 2000,
    total: 2000,
    attemptCount: 1,
    isAttempted: true,
    nextPaymentAttemptAt: null,
    dueAt: null,
    periodStart: START,
    periodEnd: END,
    createdAt: START,
    finalizedAt: START,
    paidAt: START,
    hostedInvoiceUrl: null,
    invoicePdf: null,
    ...invoice,
  }
}

export function buildPaymentMethod(
  paymentMethod: Partial<PaymentMethod> & { stripeCustomerId: string },
): PaymentMethod {
  return {
    stripePaymentMethodId: 'pm_1',
    type: 'card',
    brand: 'visa',
    last4: '4242',
    expMonth: 12,
    expYear: 2034,
    ...paymentMethod,
  }
}

export function buildPrice(price: Partial<Price> = {}): Price {
  return {
    stripePriceId: 'price_pro',
    stripeProductId: 'prod_pro',
    lookupKey: 'paywright_pro_month',
    isActive: true,
    currency: 'usd',
    unitAmount: 2000,
    interval: 'month',
    intervalCount: 1,
    usageType: 'licensed',
    metadata: { paywright_plan: 'pro' },
    ...price,
  }
}

export function buildProduct(product: Partial<Product> = {}): Product {
  return { stripeProductId: 'prod_pro', name: 'Pro', isActive: true, metadata: {}, ...product }
}

export function buildEffect(key: string): AccessEffect {
  return {
    type: 'access.granted',
    key,
    customerId: 'ada',
    stripeCustomerId: 'cus_1',
    before: { plan: 'free', reason: 'none' },
    after: { plan: 'pro', reason: 'subscription_active' },
  }
}

export function buildMail(key: string): Mail {
  return { key, to: 'ada@example.com', subject: 'Payment failed', html: '<p>Failed</p>', text: 'Failed' }
}

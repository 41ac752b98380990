import { toCatalog, type Catalog, type PlanDefinitions } from '../catalog.js'
import type { CustomerState, Invoice, Price, StripeCustomer, Subscription, SubscriptionItem } from '../mirror.js'

/** 15 November 2023; every instant of these objects counts from here. */
export const START = 1_700_000_000

export const DAY = 86_400

export const MONTH = 30 * DAY

export function createCatalog(definitions: PlanDefinitions = PLANS): Catalog {
  const result = toCatalog(definitions)
  if (!result.ok) throw new Error(result.problem)
  return result.catalog
}

const PLANS: PlanDefinitions = {
  free: { name: 'Free', features: { projects: 3 } },
  pro: { name: 'Pro', trialDays: 14, features: { projects: 50 }, prices: { month: { amount: 2000, currency: 'usd' } } },
  team: { name: 'Team', features: { projects: 500 }, prices: { month: { priceId: 'price_team' } } },
}

export function createItem(values: Partial<SubscriptionItem> = {}): SubscriptionItem {
  return {
    stripeItemId: 'si_1',
    stripePriceId: 'price_pro',
    stripeProductId: 'prod_pro',
    quantity: 1,
    currentPeriodStart: START,
    currentPeriodEnd: START + MONTH,
    ...values,
  }
}

export function createSubscription(values: Partial<Subscription> = {}): Subscription {
  return {
    stripeSubscriptionId: 'sub_1',
    stripeCustomerId: 'cus_1',
    status: 'active',
    items: [createItem()],
    currentPeriodStart: START,
    currentPeriodEnd: START + MONTH,
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
    ...values,
  }
}

export function createInvoice(values: Partial<Invoice> = {}): Invoice {
  return {
    stripeInvoiceId: 'in_1',
    stripeCustomerId: 'cus_1',
    stripeSubscriptionId: 'sub_1',
    number: 'ACME-0001',
    status: 'open',
    billingReason: 'subscription_cycle',
    currency: 'usd',
    amountDue: 2000,
    amountPaid: 0,
    amountRemaining: 2000,
    subtotal: 2000,
    total: 2000,
    attemptCount: 0,
    isAttempted: false,
    nextPaymentAttemptAt: null,
    dueAt: null,
    periodStart: START,
    periodEnd: START + MONTH,
    createdAt: START,
    finalizedAt: START + 3600,
    paidAt: null,
    hostedInvoiceUrl: null,
    invoicePdf: null,
    ...values,
  }
}

export function createCustomer(values: Partial<StripeCustomer> = {}): StripeCustomer {
  return {
    stripeCustomerId: 'cus_1',
    customerId: 'user_1',
    email: 'ada@example.com',
    name: 'Ada',
    balance: 0,
    currency: 'usd',
    defaultPaymentMethodId: null,
    isDeleted: false,
    createdAt: START,
    ...values,
  }
}

export function createCustomerState(values: Partial<CustomerState> = {}): CustomerState {
  return { customer: createCustomer(), subscriptions: [], invoices: [], paymentMethods: [], access: null, ...values }
}

export function createPrice(values: Partial<Price> = {}): Price {
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
    metadata: {},
    ...values,
  }
}

import type { AccessReason } from '../domain/access-reason.js'
import type {
  Invoice,
  PaymentMethod,
  Price,
  Product,
  StripeCustomer,
  Subscription,
  SubscriptionItem,
} from '../domain/mirror.js'
import type { MirrorTableOf } from './mirror-table.js'

type OfCustomer<Entry> = Omit<Entry, 'stripeCustomerId'>

export type SubscriptionEntry = Omit<OfCustomer<Subscription>, 'items'>

export type ItemEntry = SubscriptionItem & { readonly stripeSubscriptionId: string; readonly position: number }

const customer = ['account', 'livemode', 'stripe_customer_id'] as const

/** The access that was decided stands beside the customer that it was decided for. */
export interface CustomerEntry extends OfCustomer<StripeCustomer> {
  readonly accessPlan: string | null
  readonly accessReason: AccessReason | null
}

export const STRIPE_CUSTOMERS: MirrorTableOf<CustomerEntry> = {
  name: 'stripe_customers',
  isMarkedGone: false,
  owner: customer,
  id: [],
  columns: {
    customerId: 'text',
    email: 'text',
    name: 'text',
    balance: 'bigint',
    currency: 'text',
    defaultPaymentMethodId: 'text',
    isDeleted: 'boolean',
    createdAt: 'time',
    accessPlan: 'text',
    accessReason: 'text',
  },
}

export const SUBSCRIPTIONS: MirrorTableOf<SubscriptionEntry> = {
  name: 'subscriptions',
  isMarkedGone: false,
  owner: customer,
  id: ['stripeSubscriptionId'],
  columns: {
    stripeSubscriptionId: 'text',
    status: 'text',
    currentPeriodStart: 'time',
    currentPeriodEnd: 'time',
    cancelAtPeriodEnd: 'boolean',
    cancelAt: 'time',
    canceledAt: 'time',
    endedAt: 'time',
    trialStart: 'time',
    trialEnd: 'time',
    startedAt: 'time',
    createdAt: 'time',
    currency: 'text',
    collectionMethod: 'text',
    latestInvoiceId: 'text',
    defaultPaymentMethodId: 'text',
    isCollectionPaused: 'boolean',
    metadata: 'json',
    plan: 'text',
    unknownPriceId: 'text',
    pastDueSince: 'time',
  },
}

export const SUBSCRIPTION_ITEMS: MirrorTableOf<ItemEntry> = {
  name: 'subscription_items',
  isMarkedGone: true,
  owner: customer,
  id: ['stripeSubscriptionId', 'stripeItemId'],
  columns: {
    stripeSubscriptionId: 'text',
    stripeItemId: 'text',
    position: 'integer',
    stripePriceId: 'text',
    stripeProductId: 'text',
    quantity: 'bigint',
    currentPeriodStart: 'time',
    currentPeriodEnd: 'time',
  },
}

export const INVOICES: MirrorTableOf<OfCustomer<Invoice>> = {
  name: 'invoices',
  isMarkedGone: true,
  owner: customer,
  id: ['stripeInvoiceId'],
  columns: {
    stripeInvoiceId: 'text',
    stripeSubscriptionId: 'text',
    number: 'text',
    status: 'text',
    billingReason: 'text',
    currency: 'text',
    amountDue: 'bigint',
    amountPaid: 'bigint',
    amountRemaining: 'bigint',
    subtotal: 'bigint',
    total: 'bigint',
    attemptCount: 'integer',
    isAttempted: 'boolean',
    nextPaymentAttemptAt: 'time',
    dueAt: 'time',
    periodStart: 'time',
    periodEnd: 'time',
    createdAt: 'time',
    finalizedAt: 'time',
    paidAt: 'time',
    hostedInvoiceUrl: 'text',
    invoicePdf: 'text',
  },
}

export const PAYMENT_METHODS: MirrorTableOf<OfCustomer<PaymentMethod>> = {
  name: 'payment_methods',
  isMarkedGone: true,
  owner: customer,
  id: ['stripePaymentMethodId'],
  columns: {
    stripePaymentMethodId: 'text',
    type: 'text',
    brand: 'text',
    last4: 'text',
    expMonth: 'integer',
    expYear: 'integer',
  },
}

export const PRODUCTS: MirrorTableOf<Product> = {
  name: 'products',
  isMarkedGone: true,
  owner: ['account', 'livemode'],
  id: ['stripeProductId'],
  columns: { stripeProductId: 'text', name: 'text', isActive: 'boolean', metadata: 'json' },
}

export const PRICES: MirrorTableOf<Price> = {
  name: 'prices',
  isMarkedGone: true,
  owner: ['account', 'livemode'],
  id: ['stripePriceId'],
  columns: {
    stripePriceId: 'text',
    stripeProductId: 'text',
    lookupKey: 'text',
    isActive: 'boolean',
    currency: 'text',
    unitAmount: 'bigint',
    interval: 'text',
    intervalCount: 'integer',
    usageType: 'text',
    metadata: 'json',
  },
}

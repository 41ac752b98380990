/** An instant in JSON: ISO 8601 in UTC, such as `2026-11-24T00:00:00.000Z`. */
export type Instant = string

/** What a plan says about a feature: a switch, a number, or a number without end. */
export type FeatureJson = boolean | number | 'unlimited'

/** What `GET /state` answers: where the signed-in customer stands. */
export interface BillingState {
  readonly customerId: string
  /** The plan that counts now: the default plan where nothing is paid, and no key where there is no such plan. */
  readonly plan: { readonly key: string | null; readonly name: string }
  readonly access: AccessJson
  /** The live subscription of the main plan group, or `null`: the one that cancel and resume are about. */
  readonly subscription: SubscriptionJson | null
  /** All live subscriptions; more than one only where somebody made a second one outside of the product. */
  readonly subscriptions: readonly SubscriptionJson[]
  /** What is charged next and when, before tax and credit; `null` where nothing is to come. */
  readonly nextCharge: { readonly amount: number; readonly currency: string; readonly at: Instant } | null
  readonly paymentMethod: PaymentMethodJson | null
  /** The payment that failed; `null` where all is paid. */
  readonly pastDue: PastDueJson | null
  /** Whether there is a customer at Stripe yet, so that the portal can be opened. */
  readonly hasStripeCustomer: boolean
}

/** What the customer may do now, and why. */
export interface AccessJson {
  /** Why access is as it is, such as `subscription_active`, `trial`, `grace_period` or `none`. */
  readonly reason: string
  readonly status: string | null
  readonly features: Readonly<Record<string, FeatureJson>>
  /** When this access ends if nothing else happens; `null` where it does not end by itself. */
  readonly until: Instant | null
  readonly trialEndsAt: Instant | null
}

/** A subscription, as the front end shows it. */
export interface SubscriptionJson {
  readonly id: string
  readonly plan: string | null
  readonly status: string
  readonly interval: string | null
  readonly currentPeriodEnd: Instant | null
  readonly trialEndsAt: Instant | null
  readonly cancelAtPeriodEnd: boolean
  /** When it ends because it was canceled; `null` for one that renews. */
  readonly endsAt: Instant | null
}

/** What is charged next time: what may be shown of a card, and nothing more. */
export interface PaymentMethodJson {
  readonly type: string
  readonly brand: string | null
  readonly last4: string | null
  readonly expMonth: number | null
  readonly expYear: number | null
}

/** A payment that failed: how much is due, when it is tried again, and where to pay it now. */
export interface PastDueJson {
  readonly amountDue: number
  readonly currency: string
  readonly nextAttemptAt: Instant | null
  /** Stripe's page where this invoice is paid: for the signed-in customer only. */
  readonly hostedInvoiceUrl: string | null
}

/** What `GET /plans` answers: what is for sale, in the order of the code. */
export interface PlansJson {
  readonly plans: readonly PlanJson[]
}

/** A plan that is for sale. */
export interface PlanJson {
  readonly key: string
  readonly name: string
  readonly trialDays: number | null
  readonly features: Readonly<Record<string, FeatureJson>>
  /** Empty for a plan that costs nothing. */
  readonly prices: readonly PlanPriceJson[]
}

/** What a plan costs when it is paid by this interval. */
export interface PlanPriceJson {
  readonly interval: string
  /** Minor units of the currency. */
  readonly amount: number
  readonly currency: string
}

/** What `GET /invoices` answers, newest first. */
export interface InvoicesJson {
  readonly invoices: readonly InvoiceJson[]
}

/** An invoice, as the front end lists it. Amounts are in minor units of its currency. */
export interface InvoiceJson {
  readonly id: string
  readonly number: string | null
  readonly status: string
  readonly currency: string
  readonly total: number
  readonly amountDue: number
  readonly amountPaid: number
  readonly amountRemaining: number
  readonly createdAt: Instant
  readonly paidAt: Instant | null
  readonly hostedInvoiceUrl: string | null
  readonly invoicePdf: string | null
}

/** What `POST /checkout` and `POST /portal` answer: the page of Stripe to go to. */
export interface UrlJson {
  readonly url: string
}

/** What every refusal answers, under its HTTP status. */
export interface ErrorJson {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string }
}

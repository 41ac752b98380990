import type { Catalog } from '../../domain/catalog.js'
import type { CustomerState, Price, Product } from '../../domain/mirror.js'
import type {
  CatalogRecordKind,
  JsonObject,
  MirrorRecord,
  RawObjects,
  RecordListRef,
  RecordRef,
  WholeList,
} from '../../domain/records.js'
import type { Seen } from '../../domain/seen.js'
import type { EventReading, ObjectRef, Renewal } from '../../domain/sync-decision.js'
import type { UnixSeconds } from '../../domain/time.js'

export interface VerifiedEvent {
  readonly eventId: string
  readonly type: string
  readonly livemode: boolean
  readonly apiVersion: string | null
  /** The connected account it is about; `null` for the account's own events. */
  readonly account: string | null
  readonly createdAt: UnixSeconds
  /** What wants to be synced: a Stripe customer id, `catalog` for products and prices, `null` for nothing of ours. */
  readonly subject: string | null
  readonly objectId: string | null
  readonly payload: string
  /** Which secret verified it; `null` where it came from Stripe's list of events. */
  readonly secretFingerprint: string | null
}

/** A page of Stripe's events, the newest first. */
export interface EventPage {
  readonly events: readonly VerifiedEvent[]
  /** Where the next page begins; `null` after the last. */
  readonly next: string | null
}

/** A page of Stripe's customers, the newest first. */
export interface CustomerPage {
  readonly stripeCustomerIds: readonly string[]
  /** Where the next page begins; `null` after the last. */
  readonly next: string | null
}

export interface CheckoutRequest {
  readonly stripeCustomerId: string
  readonly customerId: string
  readonly stripePriceId: string
  readonly trialDays: number | null
  readonly plan: string
  readonly interval: string
  readonly successUrl: string
  readonly cancelUrl: string
  readonly expiresAt: UnixSeconds
  readonly idempotencyKey: string
}

export interface CheckoutSession {
  readonly stripeSessionId: string
  readonly status: string
  readonly paymentStatus: string
  readonly stripeCustomerId: string | null
  readonly customerId: string | null
  readonly stripeSubscriptionId: string | null
  /** A bearer address: sent to the customer's browser and nowhere else. */
  readonly url: string | null
  readonly expiresAt: UnixSeconds
}

/** What the product asks of Stripe, in our words. Faults are thrown as `BillingError`. */
export interface StripeGateway {
  readonly livemode: boolean
  /** The id of the account that the key belongs to. */
  account(): Promise<string>
  /** The fingerprints of the webhook secrets, in the order in which they were given. */
  readonly secretFingerprints: readonly string[]
  /** Verifies the signature over the raw body against every secret; throws `webhook_signature_invalid` and its kin. */
  verifyWebhook(request: { body: Uint8Array; signature: string | null; now: UnixSeconds }): VerifiedEvent
  /** Everything the mirror keeps of a customer, as of now; a deleted one answers with `isDeleted`. `null`: no such id. */
  readCustomer(stripeCustomerId: string, depth?: ReadDepth): Promise<CustomerRead | null>
  /** One object of a customer, as of now. `null`: it is gone, or is not the customer's any more. */
  readObject(ref: ObjectRef): Promise<Renewal | null>
  /** One record of a customer, as of now; `last` is what was known of it. `null`: it is gone. */
  readRecord(request: RecordRequest): Promise<{ readonly object: JsonObject; readonly seen: Seen } | null>
  /** A whole list of records, as of now. `null`: there is no such customer or invoice any more. */
  readRecordList(stripeCustomerId: string, list: RecordListRef): Promise<WholeList | null>
  /** The disputes of a charge and whose they are, as of now. `null`: it is nobody's charge. */
  readDisputes(stripeChargeId: string): Promise<DisputesRead | null>
  /** What a stored event says; asks nobody. */
  readEvent(payload: string): EventReading
  /** The account's events that are created from this second on, as far back as Stripe keeps them. */
  listEvents(request: { since: UnixSeconds; after: string | null }): Promise<EventPage>
  /** All customers but deleted ones and those on test clocks. */
  listCustomers(request: { after: string | null }): Promise<CustomerPage>
  /** All products, prices and other objects of the account. */
  readCatalog(): Promise<CatalogRead>
  createCustomer(request: {
    customerId: string
    email: string | null
    name: string | null
    idempotencyKey: string
  }): Promise<{ stripeCustomerId: string }>
  createCheckout(request: CheckoutRequest): Promise<CheckoutSession>
  readCheckout(stripeSessionId: string): Promise<CheckoutSession | null>
  /** Ends an open session; answers its state also where it had ended before. */
  expireCheckout(stripeSessionId: string): Promise<CheckoutSession>
  createPortal(request: {
    stripeCustomerId: string
    returnUrl: string
    flow: PortalFlow | null
  }): Promise<{ url: string }>
  setCancelAtPeriodEnd(request: {
    stripeSubscriptionId: string
    cancelAtPeriodEnd: boolean
    idempotencyKey: string
  }): Promise<void>
  /** Creates or finds the product and prices of each plan by lookup key; never edits an amount in place. */
  pushCatalog(catalog: Catalog): Promise<PushReport>
}

export type PortalFlow =
  | { readonly type: 'payment_method_update' }
  | { readonly type: 'subscription_cancel'; readonly stripeSubscriptionId: string }
  | { readonly type: 'subscription_update'; readonly stripeSubscriptionId: string }

/** A customer as Stripe says; `plan` and `unknownPriceId` of its subscriptions are still undecided (`null`). */
export interface CustomerRead {
  readonly state: CustomerState
  /** The prices of its subscriptions, which stand inside the items. */
  readonly prices: readonly Price[]
  /** Of what instant of Stripe's clock it is; `null` for a customer on a test clock, which has a time of its own. */
  readonly seen: Seen | null
  /** All of it as Stripe says. */
  readonly objects: RawObjects
  /** Lists of records that were read whole; with test clocks of any time. */
  readonly lists: readonly WholeList[]
  /** Records that were read without their whole list. */
  readonly records: readonly (RecordRef & MirrorRecord & { readonly seen: Seen })[]
  /** All kinds of records were read, too. */
  readonly isDeep: boolean
  /** Its charges that somebody disputes. */
  readonly disputedChargeIds: readonly string[]
}

/** How much is read of a customer. */
export interface ReadDepth {
  /** All kinds of records, too. */
  readonly isDeep?: boolean
  /** Invoices of which all lines are wanted, be there ever so many. */
  readonly invoicesWithLines?: readonly string[]
}

/** Which record to read. */
export interface RecordRequest extends RecordRef {
  readonly stripeCustomerId: string
  readonly last: JsonObject | null
}

/** The disputes of a charge, and whose it is. */
export interface DisputesRead {
  readonly stripeCustomerId: string
  readonly disputes: readonly MirrorRecord[]
  readonly seen: Seen
}

/** Everything of the account, as of now. */
export interface CatalogRead {
  readonly products: readonly Product[]
  readonly prices: readonly Price[]
  readonly objects: RawObjects
  readonly seen: Seen
  readonly lists: readonly CatalogList[]
}

/** What `billing.catalog.push()` did, by lookup key. */
export interface PushReport {
  readonly created: readonly string[]
  readonly found: readonly string[]
  /** Lookup keys moved to a new price because the amount in the code differs from Stripe's. */
  readonly replaced: readonly string[]
}

export interface CatalogList {
  readonly kind: CatalogRecordKind
  readonly members: readonly MirrorRecord[]
  /** False where there are so many that only the newest were read. */
  readonly isWhole: boolean
}

import type { PlanDefinitions } from './domain/catalog.js'
import type { Duration } from './domain/time.js'
import type { Clock, Log, Mailer } from './engine/ports.js'
import type { Identity } from './http/context.js'
import type { Database } from './store/database.js'

/** What `createBilling` is told. */
export interface BillingOptions<Plans extends PlanDefinitions> {
  /** `postgres(…)` or `pglite(…)`. */
  readonly database: Database
  /** Read from the environment where left out. */
  readonly stripe?: StripeOptions
  /** What the product sells, from `definePlans`. */
  readonly plans: Plans
  /** The customer who sends this request, or `null` for nobody. */
  readonly identify: (request: Request) => Promise<Identity | null> | Identity | null
  /** The product's own table that is told of each change; see `billing.migrate()` for its columns. */
  readonly usersTable?: { readonly name: string; readonly id: string; readonly schema?: string }
  /** How long a customer keeps access after a payment was due and failed; `7d` where left out. */
  readonly grace?: Duration
  /**
   * Keeps what access is decided from in this process for so long, such as `10s`; not at all where left out. What this process
   * writes is seen at once, what another one writes after that time at the latest; see `billing.forgetAccess`.
   */
  readonly accessCache?: Duration
  /** Where the app is reached, such as `https://app.example`; `APP_URL` where left out. */
  readonly baseUrl?: string
  /** Where `billing.handler` is mounted; `/api/billing` where left out. */
  readonly basePath?: string
  /** Other origins of the app that return paths may point to and requests may come from. */
  readonly allowedReturnOrigins?: readonly string[]
  /** Without it no mail is sent. */
  readonly mail?: MailOptions
  /** The bearer secret of `/work`; `PAYWRIGHT_WORK_SECRET` where left out, and no such route without one. */
  readonly workSecret?: string
  /**
   * How often the worker looks into Stripe's list of events for those whose webhooks never came; `1h` where left out, and
   * `false` for never. Of several instances one does it.
   */
  readonly catchUp?: Duration | false
  /** Keeps a serverless function alive until the promise has settled, such as Vercel's `waitUntil`. */
  readonly waitUntil?: (work: Promise<unknown>) => void
  /** Needed to use a live key where `NODE_ENV` is not `production`. */
  readonly allowLiveKey?: boolean
  readonly log?: Log
  /** Trusted as it is, and the same for all instances. Where left out, time is that of the database. */
  readonly clock?: Clock
}

/** The Stripe account to work with. Of a webhook secret, give the old one too while it is being replaced. */
export interface StripeOptions {
  /** `STRIPE_SECRET_KEY` where left out. */
  readonly secretKey?: string
  /** `STRIPE_WEBHOOK_SECRET` where left out; several while one is being replaced. */
  readonly webhookSecrets?: readonly (string | undefined)[]
  /** Where Stripe is, such as `http://127.0.0.1:12111` for the simulator; `STRIPE_API_BASE` where left out. */
  readonly apiBase?: string
  /**
   * How many requests a second all instances together send, which has to be the same for all. Where left out it is 75, or 11
   * with a test key, which is below what Stripe allows; `null` for no limit, as is so where `apiBase` names another Stripe.
   */
  readonly readsPerSecond?: number | null
  /** How long one request may take, at most 18000; 15000 where left out. */
  readonly timeoutMilliseconds?: number
}

/** How mail about payments is sent, and what it says about the product. */
export interface MailOptions {
  readonly transport: Mailer
  /** Such as `Acme <billing@acme.example>`. */
  readonly from: string
  readonly productName: string
  /** The page of the app where a customer pays or changes the card; `/billing` where left out. */
  readonly billingPath?: string
}

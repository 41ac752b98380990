interface CodeRow {
  /** The HTTP status under which a route answers it. */
  readonly status: number
  readonly message: string
  /** What to do next. */
  readonly hint: string
}

/**
 * Every code with its status and texts. What is particular to a case stands in
 * its `detail`.
 */
const CODES = {
  // Requests of the customer's browser.
  not_signed_in: {
    status: 401,
    message: 'Nobody is signed in.',
    hint: 'Sign in and try again.',
  },
  origin_forbidden: {
    status: 403,
    message: 'The request came from another origin.',
    hint: 'Send it from the app itself, or name its origin in `baseUrl` or `allowedReturnOrigins`.',
  },
  not_found: { status: 404, message: 'There is no such route.', hint: 'See the list of routes of `billing.handler`.' },
  method_not_allowed: {
    status: 405,
    message: 'The route does not answer this method.',
    hint: 'Use the method that the list of routes names.',
  },
  body_too_large: {
    status: 413,
    message: 'The body is too large.',
    hint: 'Send a smaller body.',
  },
  body_invalid: {
    status: 400,
    message: 'The body cannot be read.',
    hint: 'Send JSON as described for this route.',
  },
  return_url_forbidden: {
    status: 400,
    message: 'The return address is on an origin that is not allowed.',
    hint: 'Give a path that begins with one "/", or add its origin to `allowedReturnOrigins`.',
  },
  work_unauthorized: {
    status: 401,
    message: 'The bearer secret is missing or wrong.',
    hint: 'Send "Authorization: Bearer …" with the value of `workSecret`.',
  },

  // Plans, customers, subscriptions.
  plan_unknown: { status: 400, message: 'There is no such plan.', hint: 'Use the key of a plan of `definePlans`.' },
  plan_not_for_sale: {
    status: 400,
    message: 'The plan has no prices, so it cannot be bought.',
    hint: 'Use a plan with prices; leaving a paid plan is done by canceling it.',
  },
  interval_unknown: {
    status: 400,
    message: 'The plan is not sold at this interval.',
    hint: 'Use an interval that the plan has a price for.',
  },
  price_not_configured: {
    status: 500,
    message: 'The price has no id.',
    hint: 'Set the environment variable that its `priceId` is read from, and start again.',
  },
  price_not_pushed: {
    status: 500,
    message: 'Stripe does not have this price.',
    hint: 'Run `billing.catalog.push()` once after each change of the plans.',
  },
  already_subscribed: {
    status: 409,
    message: 'The customer already has a subscription.',
    hint: 'Change it in the customer portal instead of buying a second one.',
  },
  subscription_canceling: {
    status: 409,
    message: 'The customer has a subscription that ends later.',
    hint: 'Resume it, or wait until it has ended.',
  },
  subscription_unpaid: {
    status: 409,
    message: 'The customer has a subscription with an unpaid invoice.',
    hint: 'Pay the open invoice or update the card in the customer portal.',
  },
  subscription_incomplete: {
    status: 409,
    message: 'The customer has a subscription whose first payment is not finished.',
    hint: 'Finish that payment, or wait until it has expired (23 hours).',
  },
  checkout_in_progress: {
    status: 409,
    message: 'Another checkout of this customer is under way.',
    hint: 'Finish it, or try again in a moment.',
  },
  checkout_session_unknown: {
    status: 404,
    message: 'There is no such checkout session for this customer.',
    hint: 'Start again from the pricing page.',
  },
  customer_not_found: {
    status: 404,
    message: 'There is no such customer.',
    hint: 'Call `billing.customers.ensure()` first.',
  },
  no_stripe_customer: {
    status: 409,
    message: 'The customer has never been to checkout, so there is nothing at Stripe yet.',
    hint: 'Send the customer to checkout first.',
  },
  no_subscription: {
    status: 404,
    message: 'The customer has no live subscription.',
    hint: 'Send the customer to checkout first.',
  },
  subscription_ended: {
    status: 409,
    message: 'The subscription has ended and cannot be changed any more.',
    hint: 'Send the customer to checkout for a new one.',
  },

  // Webhooks.
  webhook_signature_missing: {
    status: 400,
    message: 'The webhook has no Stripe-Signature header.',
    hint: 'Only Stripe should call this route; check that no proxy drops headers.',
  },
  webhook_signature_invalid: {
    status: 400,
    message: 'The signature of the webhook fits none of the configured secrets.',
    hint: 'Compare `webhookSecrets` with the secret of this endpoint, and pass the body on exactly as it came.',
  },
  webhook_timestamp_stale: {
    status: 400,
    message: 'The signature of the webhook is older than five minutes.',
    hint: 'Stripe signs each attempt afresh, so check the clock of this machine.',
  },
  webhook_payload_invalid: {
    status: 400,
    message: 'The webhook is signed correctly but is no event.',
    hint: 'Check what sends it.',
  },
  webhook_livemode_mismatch: {
    status: 400,
    message: 'The event and the secret key are of different modes, live and test.',
    hint: 'Give each mode its own endpoint, secret key and webhook secret.',
  },
  webhook_account_mismatch: {
    status: 400,
    message: 'The event is of another account.',
    hint: 'Point only the endpoints of your own account at this route.',
  },
  webhook_secret_missing: {
    status: 500,
    message: 'No webhook secret is configured.',
    hint: 'Set STRIPE_WEBHOOK_SECRET or `stripe.webhookSecrets`.',
  },

  // Stripe.
  stripe_unavailable: {
    status: 503,
    message: 'Stripe could not be reached or did not answer.',
    hint: 'Try again in a moment; nothing was lost.',
  },
  stripe_rate_limited: {
    status: 503,
    message: 'Stripe asks for fewer requests.',
    hint: 'Try again in a moment.',
  },
  stripe_authentication_failed: {
    status: 500,
    message: 'Stripe does not accept the secret key.',
    hint: 'Check STRIPE_SECRET_KEY and, for a restricted key, its permissions.',
  },
  stripe_object_missing: {
    status: 404,
    message: 'Stripe has no such object.',
    hint: 'Check that the id belongs to this account and mode.',
  },
  stripe_idempotency_conflict: {
    status: 409,
    message: 'The same act is under way or was done with other parameters.',
    hint: 'Try again in a moment.',
  },
  stripe_payment_declined: {
    status: 402,
    message: 'The payment was declined.',
    hint: 'Ask the customer for another payment method.',
  },
  stripe_refused: {
    status: 502,
    message: 'Stripe refused the request.',
    hint: 'The message of Stripe says what is wrong with it.',
  },
  stripe_answer_unexpected: {
    status: 502,
    message: 'The answer of Stripe is not what the library expects.',
    hint: 'Check that the versions of the packages `stripe` and `paywright` fit together.',
  },
  stripe_read_too_large: {
    status: 500,
    message: 'Stripe has more objects here than one sync reads.',
    hint: 'Archive what is no longer used, or report this with the number that you need.',
  },

  // Our own house.
  configuration_invalid: {
    status: 500,
    message: 'The configuration is wrong.',
    hint: 'Correct the option or environment variable that is named.',
  },
  live_key_forbidden: {
    status: 500,
    message: 'A live secret key was given outside of production.',
    hint: 'Use a test key, or set NODE_ENV=production where real money is meant.',
  },
  database_unavailable: {
    status: 503,
    message: 'The database could not be reached.',
    hint: 'Try again in a moment; Stripe sends its events again.',
  },
  overloaded: {
    status: 503,
    message: 'More webhooks are waiting to be stored than this instance holds.',
    hint: 'Stripe sends them again; if this goes on, add an instance or look at the database.',
  },
  database_busy: {
    status: 503,
    message: 'The database did not answer in time, or waited too long for what another transaction has locked.',
    hint: 'Try again in a moment; if this goes on, look for transactions that stay open.',
  },
  database_locked: {
    status: 500,
    message: 'Another process has opened this database directory.',
    hint: 'Stop that process, or use Postgres where several processes share one database.',
  },
  not_in_transaction: {
    status: 500,
    message: 'What was handed in is not inside a transaction.',
    hint: 'Begin one, and pass what the library gives you for it, not its pool or client.',
  },
  account_unknown: {
    status: 503,
    message: 'It is not known yet which Stripe account this is, and Stripe is not asked inside a transaction.',
    hint: 'Run `billing.catalog.push()` or `billing.start()` once on this database; it is remembered from then on.',
  },
  migration_conflict: {
    status: 500,
    message: 'The database cannot be migrated.',
    hint: 'Change what is named, then migrate again; nothing was changed.',
  },
  not_migrated: {
    status: 500,
    message: 'The database has no tables of Paywright yet, or old ones.',
    hint: 'Run `billing.migrate()` before the app starts.',
  },
  replay_too_large: {
    status: 400,
    message: 'More receipts fit than one replay takes.',
    hint: 'Narrow the filter, or use `billing.reconcile()`, which finds and repairs what is wrong.',
  },
  sync_pending: {
    status: 503,
    message: 'The customer is not synced yet.',
    hint: 'Try again in a moment.',
  },
  handler_failed: {
    status: 500,
    message: 'A handler of a domain event has thrown.',
    hint: 'It is called again later; see the cause.',
  },
  internal_error: {
    status: 500,
    message: 'Something went wrong in the library.',
    hint: 'See the log; the cause is attached.',
  },
} as const satisfies Readonly<Record<string, CodeRow>>

/** Every code that a `BillingError` can have. */
export type BillingErrorCode = keyof typeof CODES

export interface BillingErrorOptions {
  /** What is particular to this case, in a sentence: the ids in trouble, the names that are known. */
  readonly detail?: string
  readonly cause?: unknown
}

/**
 * What the library throws and what its routes answer: a code of one table, a message, and what to do next.
 *
 * @example
 * ```ts
 * import { BillingError } from 'paywright'
 *
 * export function statusOf(error: unknown): number {
 *   return error instanceof BillingError ? error.status : 500
 * }
 * ```
 */
export class BillingError extends Error {
  readonly code: BillingErrorCode
  /** The HTTP status that fits. */
  readonly status: number
  /** What to do next. */
  readonly hint: string

  constructor(code: BillingErrorCode, options: BillingErrorOptions = {}) {
    const { status, message, hint } = CODES[code]
    const detail = options.detail === undefined ? '' : ` ${withoutSecrets(options.detail)}`
    super(message + detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'BillingError'
    this.code = code
    this.status = status
    this.hint = hint
  }
}

/** Something is down, or has enough of us, and would fail with anybody's data. */
const OUTAGES: readonly BillingErrorCode[] = [
  'database_unavailable',
  'stripe_authentication_failed',
  'stripe_rate_limited',
  'stripe_unavailable',
]

/** Whether the fault says nothing against what it happened to, so that it must not count against that. */
export function isOutage(error: unknown): boolean {
  return error instanceof BillingError && OUTAGES.includes(error.code)
}

/** Every code with its status and texts, for documentation and tests. */
export function errorCodes(): Readonly<Record<BillingErrorCode, CodeRow>> {
  return CODES
}

/** Keys, webhook and client secrets, and addresses, because those of hosted pages are bearer credentials. */
const SECRETS = /\b(?:(?:sk|rk)_(?:live|test)_\w+|whsec_\w+|[a-z]+_\w+_secret_\w+|[a-zA-Z][a-zA-Z0-9+.-]*:\/\/\S+)/g

/** The text with everything taken out that must reach no log and no page. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '[removed]')
}

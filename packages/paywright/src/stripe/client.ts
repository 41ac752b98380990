import { Stripe } from 'stripe'
import { BillingError } from '../errors.js'
import { UNPACED } from './pace.js'
import { pacedHttp, type Pacing } from './paced-http.js'

export interface StripeAccess {
  readonly secretKey: string
  /** Where Stripe is, such as `http://127.0.0.1:12111` for the simulator; the real one where left out. */
  readonly apiBase?: string | undefined
  /** How long one request may take; 15 seconds where left out. */
  readonly timeoutMilliseconds?: number | undefined
  /** How often one request is sent again after its connection broke; twice where left out. */
  readonly networkRetries?: number | undefined
  /** Who lets its requests through; where left out they are sent at once. */
  readonly pacing?: Pacing | undefined
}

/** The SDK repeats a request after a broken connection, under the same idempotency key. */
const NETWORK_RETRIES = 2

/**
 * A sync holds its lease of a minute while it waits, so it must not wait as long as the SDK would (80 s). Stripe answers
 * most requests within one second.
 */
const DEFAULT_TIMEOUT = 15_000

export function createStripe(access: StripeAccess): Stripe {
  const { secretKey, apiBase, timeoutMilliseconds = DEFAULT_TIMEOUT, networkRetries = NETWORK_RETRIES } = access
  const { pacing = { pace: UNPACED, urgency: 'prompt' } } = access
  return new Stripe(secretKey, {
    ...(apiBase === undefined ? {} : hostOf(apiBase, isLiveKey(secretKey))),
    maxNetworkRetries: networkRetries,
    timeout: timeoutMilliseconds,
    httpClient: pacedHttp(Stripe.createNodeHttpClient(), pacing),
    telemetry: false,
    appInfo: { name: 'paywright' },
  })
}

/** Whether the key moves real money; refuses what is no secret key. */
export function isLiveKey(secretKey: string): boolean {
  const match = /^(?:sk|rk)_(test|live)_\w+$/.exec(secretKey)
  if (match !== null) return match[1] === 'live'
  const isPublishable = secretKey.startsWith('pk_')
  const detail = isPublishable
    ? 'STRIPE_SECRET_KEY holds a publishable key; give the secret one (sk_… or rk_…).'
    : 'STRIPE_SECRET_KEY is no secret key; it begins with sk_test_, rk_test_, sk_live_ or rk_live_.'
  throw new BillingError('configuration_invalid', { detail })
}

function hostOf(apiBase: string, isLive: boolean): { protocol: 'http' | 'https'; host: string; port: string } {
  const url = URL.canParse(apiBase) ? new URL(apiBase) : null
  const protocol = url?.protocol === 'http:' ? 'http' : url?.protocol === 'https:' ? 'https' : null
  if (url === null || protocol === null) {
    const detail = 'STRIPE_API_BASE is no address such as http://127.0.0.1:12111.'
    throw new BillingError('configuration_invalid', { detail })
  }
  if (isLive) {
    const detail = 'A live key is sent to Stripe and nowhere else: unset STRIPE_API_BASE, or use a test key.'
    throw new BillingError('configuration_invalid', { detail })
  }
  return { protocol, host: url.hostname, port: url.port || (protocol === 'http' ? '80' : '443') }
}

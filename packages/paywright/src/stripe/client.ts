import { Stripe } from 'stripe'
import { BillingError } from '../errors.js'

export interface StripeAccess {
  readonly secretKey: string
  /** Where Stripe is, such as `http://127.0.0.1:12111` for the simulator; the real one where left out. */
  readonly apiBase?: string | undefined
}

/** The SDK repeats a request after a broken connection, under the same idempotency key. */
const NETWORK_RETRIES = 2

/** A sync holds its lease while it waits, so it must not wait as long as the SDK would (80 s). */
const TIMEOUT_MILLISECONDS = 20_000

export function createStripe({ secretKey, apiBase }: StripeAccess): Stripe {
  return new Stripe(secretKey, {
    ...(apiBase === undefined ? {} : hostOf(apiBase, isLiveKey(secretKey))),
    maxNetworkRetries: NETWORK_RETRIES,
    timeout: TIMEOUT_MILLISECONDS,
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

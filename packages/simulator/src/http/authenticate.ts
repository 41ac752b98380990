import { StripeError } from '../core/error.js'

const NO_KEY =
  'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth ' +
  "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can " +
  'help at https://support.stripe.com/.'

const PUBLISHABLE =
  'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API ' +
  'keys at https://dashboard.stripe.com/account/apikeys.'

const LIVE =
  'This is the Paywright simulator, and you sent it a live key. Nothing was done. Use any key that starts with sk_test_; ' +
  'if this key is real, it has now been on the wire of this machine.'

/**
 * Checks the key of a request, by bearer or by basic authentication. Any test key opens the simulator's one account.
 *
 * @throws StripeError 401
 */
export function authenticate(authorization: string | undefined): void {
  const key = keyOf(authorization)
  if (key === undefined || key === '') throw refusal({ message: NO_KEY })
  if (/^(?:sk|rk)_test_./.test(key)) return
  if (/^(?:sk|rk)_live_/.test(key)) throw refusal({ message: LIVE, code: 'livemode_mismatch' })
  if (key.startsWith('pk_')) throw refusal({ message: PUBLISHABLE, code: 'secret_key_required' })
  throw refusal({ message: `Invalid API Key provided: ${masked(key)}` })
}

function keyOf(authorization: string | undefined): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(.*)$/.exec(authorization ?? '') ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials.trim()
    case 'basic':
      return Buffer.from(credentials, 'base64').toString().split(':')[0]
    default:
      return undefined
  }
}

/** As Stripe repeats a key in its refusal: beginning and end, and stars between. */
function masked(key: string): string {
  if (key.length <= 8) return '*'.repeat(key.length)
  const shown = key.startsWith('sk_') || key.startsWith('rk_') ? 8 : 4
  return `${key.slice(0, shown)}${'*'.repeat(Math.max(4, key.length - shown - 4))}${key.slice(-4)}`
}

function refusal(details: { message: string; code?: string }): StripeError {
  return new StripeError(401, { type: 'invalid_request_error', ...details })
}

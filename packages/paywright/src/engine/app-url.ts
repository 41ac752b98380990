import { BillingError } from '../errors.js'
import type { EngineContext } from './context.js'
import { resolveReturn, type ReturnOrigins } from './return-url.js'

/** The absolute address of a path of the app; refuses every address on an origin that was not allowed. */
export function appUrl(context: EngineContext, path: string): string {
  const url = resolveReturn(path, originsOf(context))
  if (url === null) throw new BillingError('return_url_forbidden')
  return url
}

/** Where Stripe's checkout page sends the customer: to our own route first, which reads what was paid before the app does. */
export function checkoutUrls(
  context: EngineContext,
  paths: { readonly successPath: string; readonly cancelPath: string },
): { readonly successUrl: string; readonly cancelUrl: string } {
  const { origin } = originsOf(context)
  const next = encodeURIComponent(appUrl(context, paths.successPath))
  // Stripe puts the session's id in the place of the word in braces, which therefore must not be encoded.
  const successUrl = `${origin}${context.basePath}/return?session_id={CHECKOUT_SESSION_ID}&next=${next}`
  return { successUrl, cancelUrl: appUrl(context, paths.cancelPath) }
}

/** Where Stripe's portal sends the customer: to our own route first, which reads what was changed before the app does. */
export function portalReturnUrl(context: EngineContext, returnPath: string): string {
  const next = encodeURIComponent(appUrl(context, returnPath))
  return `${originsOf(context).origin}${context.basePath}/return?from=portal&next=${next}`
}

function originsOf({ origins }: EngineContext): ReturnOrigins {
  if (origins !== null) return origins
  const detail = 'Nothing says where the app is reached: set `baseUrl` or APP_URL, such as https://app.example.'
  throw new BillingError('configuration_invalid', { detail })
}

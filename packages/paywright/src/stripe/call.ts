import { Stripe } from 'stripe'
import { BillingError, type BillingErrorCode } from '../errors.js'
import { faultIn } from './paced-http.js'

/** Runs a request to Stripe; its faults come out as `BillingError`, named after the operation. */
export async function call<Result>(operation: string, request: () => Promise<Result>): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    throw toBillingError(operation, error)
  }
}

/** Like `call`, with `null` where Stripe has no such object. */
export async function callOrNull<Result>(operation: string, request: () => Promise<Result>): Promise<Result | null> {
  try {
    return await request()
  } catch (error) {
    if (isMissing(error)) return null
    throw toBillingError(operation, error)
  }
}

/** Our fault for one of Stripe's; what did not come from Stripe stays what it is. */
export function toBillingError(operation: string, error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  const fault = faultIn(error)
  if (fault !== undefined) return fault
  const request = error.requestId === undefined ? '' : ` (${error.requestId})`
  return new BillingError(codeOf(error), { detail: `At ${operation}${request}: ${error.message}`, cause: error })
}

function codeOf(error: InstanceType<typeof Stripe.errors.StripeError>): BillingErrorCode {
  const { errors } = Stripe
  if (isMissing(error)) return 'stripe_object_missing'
  // Answered under 409, for which the SDK has no class of its own.
  if (error.code === 'idempotency_key_in_use') return 'stripe_idempotency_conflict'
  if (error instanceof errors.StripeIdempotencyError) return 'stripe_idempotency_conflict'
  if (error instanceof errors.StripeRateLimitError) return 'stripe_rate_limited'
  if (error instanceof errors.StripeAuthenticationError) return 'stripe_authentication_failed'
  if (error instanceof errors.StripePermissionError) return 'stripe_authentication_failed'
  if (error instanceof errors.StripeCardError) return 'stripe_payment_declined'
  if (error instanceof errors.StripeConnectionError) return 'stripe_unavailable'
  return (error.statusCode ?? 500) >= 500 ? 'stripe_unavailable' : 'stripe_refused'
}

function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'resource_missing'
}

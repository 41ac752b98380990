import { BillingError, withoutSecrets } from '../errors.js'
import type { EngineContext } from './context.js'
import type { LogFields } from './ports.js'
import { within } from './within.js'

/** How long the customer's browser waits for Stripe on the way back; after that the page says that it is being confirmed. */
const RETURN_WAIT_MILLISECONDS = 8000

/**
 * Waits for what the customer's next page is to show, but only for a moment, and not for a Stripe that does not answer:
 * then the result is `late`, and the webhook brings what is missing.
 */
export async function beforeNextPage<Result>(
  context: EngineContext,
  wish: { readonly work: Promise<Result>; readonly late: Result; readonly about: LogFields },
): Promise<Result> {
  const { late, about } = wish
  const work = wish.work.catch((error: unknown) => {
    if (!isTransient(error)) throw error
    const fields = { ...about, error: withoutSecrets(String(error)) }
    context.log.warn('What a customer did at Stripe could not be read yet.', fields)
    return late
  })
  return within(context, { work, milliseconds: RETURN_WAIT_MILLISECONDS, late })
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof BillingError)) return false
  return error.code === 'stripe_unavailable' || error.code === 'stripe_rate_limited' || error.code === 'sync_pending'
}

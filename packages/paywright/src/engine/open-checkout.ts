import { MAIN_GROUP } from '../domain/catalog.js'
import type { Scope } from '../domain/mirror.js'
import { BillingError } from '../errors.js'
import type { CheckoutAnswer, CheckoutAttempt } from './checkout-attempt.js'
import type { EngineContext } from './context.js'
import { idempotencyKey } from './idempotency-key.js'
import type { CheckoutSession, Reservation } from './ports.js'

/** How long a place is held for a request that makes its page; after a crash, the next wish waits that long. */
const PLACE_SECONDS = 120

/** How long a page can be paid. Stripe takes from 30 minutes to 24 hours. */
const PAGE_SECONDS = 3600

/**
 * Takes the customer's one place and opens the page for it, or answers the page that is open in it. `null`: what held the
 * place is over and was cleared away, so look again.
 */
export async function openCheckout(
  context: EngineContext,
  attempt: CheckoutAttempt,
  trialDays: number | null,
): Promise<CheckoutAnswer | null> {
  const scope = await context.scope()
  const { customer, plan, interval } = attempt
  const now = context.clock.now()
  const wish = { customerId: customer.customerId, group: MAIN_GROUP, plan, interval }
  const place = await context.store.reserve(
    scope,
    { ...wish, token: context.ids.token(), expiresAt: now + PLACE_SECONDS },
    now,
  )
  const isSameWish = place.plan === plan && place.interval === interval
  if (place.stripeSessionId !== null) return enterOpen(context, scope, { place, isSameWish })
  if (isSameWish) return openPage(context, scope, { attempt, place, trialDays })
  return { ok: false, reason: 'checkout_in_progress' }
}

/** A second click or tab: the same page for the same wish; for another wish the page is closed first. */
async function enterOpen(
  context: EngineContext,
  scope: Scope,
  { place, isSameWish }: { place: Reservation; isSameWish: boolean },
): Promise<CheckoutAnswer | null> {
  const { stripeSessionId } = place
  if (stripeSessionId === null) return null
  const session = await context.gateway.readCheckout(stripeSessionId)
  if (session?.status === 'open' && isSameWish && session.url !== null) {
    return { ok: true, url: session.url, stripeSessionId }
  }
  if (session?.status === 'open') await context.gateway.expireCheckout(stripeSessionId)
  await context.store.release(scope, place)
  return null
}

/**
 * Makes the page for a place that has none. Whoever finds the place at this moment does the same under the same key, and
 * is answered the same page: a double click, or the repetition after a crash.
 */
async function openPage(
  context: EngineContext,
  scope: Scope,
  { attempt, place, trialDays }: { attempt: CheckoutAttempt; place: Reservation; trialDays: number | null },
): Promise<CheckoutAnswer | null> {
  const session = await requestPage(context, scope, { attempt, place, trialDays })
  if (session === null) return { ok: false, reason: 'checkout_in_progress' }
  const { stripeSessionId, expiresAt, url } = session
  const isAttached = await context.store.attachSession(scope, place, { stripeSessionId, expiresAt })
  if (isAttached && url !== null) return { ok: true, url, stripeSessionId }
  // The place was taken over meanwhile: two pages must not be open to pay at once.
  await context.gateway.expireCheckout(stripeSessionId)
  return null
}

async function requestPage(
  context: EngineContext,
  scope: Scope,
  { attempt, place, trialDays }: { attempt: CheckoutAttempt; place: Reservation; trialDays: number | null },
): Promise<CheckoutSession | null> {
  const { stripePriceId, successUrl, cancelUrl } = attempt
  const { stripeCustomerId, customerId } = attempt.customer
  const intent = [scope.account, scope.livemode, customerId, place.token, stripeCustomerId, stripePriceId]
  try {
    return await context.gateway.createCheckout({
      stripeCustomerId,
      customerId,
      stripePriceId,
      trialDays,
      plan: place.plan,
      interval: place.interval,
      successUrl,
      cancelUrl,
      // From the place alone, so that all who make this page ask for the same.
      expiresAt: place.expiresAt + PAGE_SECONDS,
      idempotencyKey: idempotencyKey('checkout', intent),
    })
  } catch (error) {
    if (!(error instanceof BillingError)) throw error
    // Somebody else opens a page for this place with other return paths.
    if (error.code === 'stripe_idempotency_conflict') return null
    // Where no answer came the page may have been made, so the place is kept for whoever repeats the request.
    if (error.code !== 'stripe_unavailable') await context.store.release(scope, place)
    throw error
  }
}

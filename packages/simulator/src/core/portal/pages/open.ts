import { StripeError } from '../../error.js'
import type { PortalConfiguration } from '../portal-configurations.js'
import { PORTAL_SESSION_LIFETIME, type PortalSession } from '../portal-sessions.js'
import { isEnded } from '../../subscriptions/end.js'
import type { Subscription } from '../../subscriptions/items.js'
import type { Transaction } from '../../transaction.js'

/** A portal that is open for one customer. */
export interface Portal {
  readonly session: PortalSession
  readonly configuration: PortalConfiguration
}

/** The portal behind the last part of a session's address; its time runs on the world's clock. */
export function openPortal(transaction: Transaction, page: string): Portal | undefined {
  const [session] = transaction.by('portal_sessions', 'page', page)
  if (session === undefined) return undefined
  if (transaction.now >= session.created + PORTAL_SESSION_LIFETIME) return undefined
  if (transaction.get('customers', session.customer) === undefined) return undefined
  return { session, configuration: transaction.load('portal_configurations', session.configuration) }
}

/** Where a customer whose session has expired can ask for a new one, if the session says that they may. */
export function loginPageOf(transaction: Transaction, page: string): string | null {
  const [session] = transaction.by('portal_sessions', 'page', page)
  if (session?.after_expiration?.type !== 'customer_login') return null
  const until = session.after_expiration.customer_login?.expires_at ?? Infinity
  const { login_page: login } = transaction.load('portal_configurations', session.configuration)
  return transaction.now < until && login.url !== null ? new URL(login.url).pathname : null
}

/** Enters the portal to do something there, at the time of its customer's clock. */
export function enterPortal(transaction: Transaction, page: string | undefined): Portal {
  const portal = openPortal(transaction, page ?? '')
  if (portal === undefined) throw refusal('This portal session has expired.')
  transaction.enterClockOf(portal.session.customer)
  return portal
}

/** The page offered no such thing: the address or the form was made up, or the page was old. */
export function refusal(message: string): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', code: 'portal_refused', message })
}

export function subscriptionIn(transaction: Transaction, { session }: Portal, id: string): Subscription {
  const subscription = transaction.get('subscriptions', id)
  if (subscription !== undefined && subscription.customer === session.customer && !isEnded(subscription))
    return subscription
  throw refusal('This subscription has ended or is not yours.')
}

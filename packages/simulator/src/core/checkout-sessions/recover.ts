import { settingsOf } from '../account-settings.js'
import type { Handler } from '../handler.js'
import type { Transaction } from '../transaction.js'
import { openSession } from './create.js'
import { pageOf, type CheckoutSession } from './session.js'
import { RECOVERY_LIFETIME } from './timing.js'

/** What an expired session says of the address that opens a copy of it; nothing when none was asked for. */
export function recoveryOf(
  transaction: Transaction,
  { after_expiration: after }: CheckoutSession,
): Pick<CheckoutSession, 'after_expiration'> {
  if (after?.recovery?.enabled !== true) return { after_expiration: after }
  const url = `${settingsOf(transaction).origin}/r/${transaction.newId('live')}`
  return { after_expiration: { recovery: { ...after.recovery, expires_at: transaction.now + RECOVERY_LIFETIME, url } } }
}

export interface Recovered {
  /** The page of the copy; `null` when the address is unknown or too old. */
  readonly url: string | null
}

/** The customer follows the address that recovers an expired session: they get a copy that is open. */
export const recoverCheckout: Handler = (transaction, { path }): Recovered => {
  const [session] = transaction.by('checkout_sessions', 'recovery', path['id'] ?? '')
  const recovery = session?.after_expiration?.recovery
  if (session === undefined || recovery === undefined || recovery === null) return { url: null }
  if (transaction.now >= (recovery.expires_at ?? 0)) return { url: null }
  const { expires_at: _expiry, ...asked } = transaction.load('checkout_orders', session.id).asked
  const allowsCodes = recovery.allow_promotion_codes && (asked.discounts ?? []).length === 0
  const copy = openSession(
    transaction,
    { ...asked, ...(allowsCodes && { allow_promotion_codes: true }) },
    { recoveredFrom: session.id, ...(session.payment_link !== null && { paymentLink: session.payment_link }) },
  )
  return { url: copy.url ?? pageOf(settingsOf(transaction).origin, copy.id) }
}

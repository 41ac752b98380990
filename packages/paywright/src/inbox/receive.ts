import type { ReceiveReport } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import type { InboxContext } from './context.js'

/** Step one: whatever comes signed by Stripe is stored, and its subject wants to be synced. */
export async function receive(
  context: InboxContext,
  delivery: { body: Uint8Array; signature: string | null },
): Promise<ReceiveReport> {
  const now = context.clock.now()
  const event = context.gateway.verifyWebhook({ ...delivery, now })
  const scope = await context.scope()
  const { eventId, type, subject, account } = event
  if (account !== null && account !== scope.account) {
    throw new BillingError('webhook_account_mismatch', { detail: `${eventId} is of the account ${account}.` })
  }
  const { isNew } = await context.store.receive(scope, event, now)
  return { eventId, type, subject, isNew }
}

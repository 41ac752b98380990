import type { Scope } from '../domain/mirror.js'
import type { Inbox, VerifiedEvent } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import type { InboxContext } from './context.js'
import { createGroupCommit } from './group-commit.js'

/** Step one: whatever comes signed by Stripe is stored, and its subject wants to be synced. */
export function createReceive(context: InboxContext): Pick<Inbox, 'receive'> & { isBusy(): boolean } {
  const receipts = createGroupCommit<VerifiedEvent, boolean>(context.policy.receive, {
    write: async (events) => store(context, events),
    weigh: ({ payload }) => payload.length,
  })
  return {
    receive: async (delivery) => {
      // Before anything else, so that what is forged costs the database nothing.
      const event = context.gateway.verifyWebhook({ ...delivery, now: context.clock.now() })
      assertOurs(event, await context.scope())
      const isNew = await receipts.submit(event)
      const { eventId, type, subject } = event
      return { eventId, type, subject, isNew }
    },
    isBusy: receipts.isBusy,
  }
}

function assertOurs({ account, eventId }: VerifiedEvent, scope: Scope): void {
  if (account === null || account === scope.account) return
  throw new BillingError('webhook_account_mismatch', { detail: `${eventId} is of the account ${account}.` })
}

/** Answers for each event whether it was new; of an event that came twice at once only the first is. */
async function store(context: InboxContext, events: readonly VerifiedEvent[]): Promise<readonly boolean[]> {
  const fresh = new Set(await context.store.receive(await context.scope(), events, context.clock.now()))
  return events.map(({ eventId }) => fresh.delete(eventId))
}

import type { Stripe } from 'stripe'
import type { UnixSeconds } from '../domain/time.js'
import type { EventPage } from '../engine/ports.js'
import { call } from './call.js'
import { PAGE_SIZE } from './read-all.js'
import { parseEvent } from './webhook.js'

/** A page of the account's events, in the form in which webhooks are stored. */
export async function listEvents(
  stripe: Stripe,
  { since, after }: { since: UnixSeconds; after: string | null },
): Promise<EventPage> {
  const params = { created: { gte: since }, limit: PAGE_SIZE, ...(after === null ? {} : { starting_after: after }) }
  const { data, has_more: hasMore } = await call('events.list', () => stripe.events.list(params))
  const next = hasMore ? (data.at(-1)?.id ?? null) : null
  return { events: data.map((event) => parseEvent(JSON.stringify(event))), next }
}

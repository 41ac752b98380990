import type { DeliveryRecord } from '../edge-records.js'
import { settingsOf } from '../account-settings.js'
import type { Transaction } from '../transaction.js'
import type { UnixSeconds } from '../unix-seconds.js'
import type { Invoice } from './create.js'

const HOUR = 3600

/** How long a receiver that does not answer can hold an invoice back. */
const LONGEST = 72 * HOUR

/**
 * Until when a renewal's draft is held back by receivers that were told of it and have not taken it in: an hour after they
 * have, 72 hours at most. What was not sent yet, or goes by a test clock, is held back by nobody.
 * https://docs.stripe.com/billing/subscriptions/webhooks#understand
 */
export function heldUntil(transaction: Transaction, draft: Invoice): UnixSeconds {
  const isHeld = draft.billing_reason === 'subscription_cycle' && draft.collection_method === 'charge_automatically'
  const { now } = transaction
  const last = draft.created + LONGEST
  if (!isHeld || draft.test_clock !== null || now >= last) return now
  const { finalizationDelay } = settingsOf(transaction)
  const times = [...answersOf(transaction, draft)].map(([, answered]) =>
    answered === undefined ? now + HOUR : answered + finalizationDelay,
  )
  return Math.min(Math.max(now, ...times), last)
}

/** When each receiver took in that the draft was written; `undefined` as long as it has only failed to. */
function answersOf(transaction: Transaction, draft: Invoice): ReadonlyMap<string, UnixSeconds | undefined> {
  const answers = new Map<string, UnixSeconds | undefined>()
  for (const delivery of deliveriesOf(transaction, draft)) {
    const { endpoint, attempts, status } = delivery
    if (transaction.get('webhook_endpoints', endpoint)?.status !== 'enabled' || attempts.length === 0) continue
    const answered = status === 'succeeded' ? attempts.at(-1)?.at : undefined
    answers.set(endpoint, answers.get(endpoint) ?? answered)
  }
  return answers
}

function deliveriesOf(transaction: Transaction, draft: Invoice): readonly DeliveryRecord[] {
  if (transaction.all('webhook_endpoints').length === 0) return []
  const { data } = transaction.page(
    'events',
    { limit: 1, created: draft.created },
    {
      index: 'customer',
      key: draft.customer ?? '',
      kind: 'event',
      where: ({ type, data: { object } }) => type === 'invoice.created' && isInvoice(object, draft.id),
    },
  )
  return data.flatMap(({ id }) => transaction.by('deliveries', 'event', id))
}

function isInvoice(object: unknown, id: string): boolean {
  return typeof object === 'object' && object !== null && 'id' in object && object.id === id
}

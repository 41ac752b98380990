import type Stripe from 'stripe'
import { isForgotten } from '../events/events.js'
import { invalidRequest, noSuch } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { listOfPage, type Paged } from './lists.js'
import { snapshotOf, thinEventOfRecord, thinEventsOf, type ThinEvent } from './thin-event.js'

const MOST_TYPES = 20
const LOT = 100

const retrieve: Handler = (transaction, { path }) => {
  const id = path['id'] ?? ''
  const event = findThinEvent(transaction, id)
  if (event === undefined) throw noSuch('event', id, { param: 'id', status: 404 })
  return event
}

/** A thin event by its id, if it is not too old. */
export function findThinEvent(transaction: Transaction, id: string): ThinEvent | undefined {
  const record = transaction.get('thin_events', id)
  if (record !== undefined) return isForgotten(record, transaction.now) ? undefined : thinEventOfRecord(record)
  const origin = snapshotOf(id)
  const snapshot = origin === undefined ? undefined : transaction.get('events', origin.event)
  if (origin === undefined || snapshot === undefined || isForgotten(snapshot, transaction.now)) return undefined
  return thinEventsOf(snapshot)[origin.index]
}

type Params = Stripe.V2.Core.EventListParams & Paged

const list: Handler<Params> = (transaction, { params }) => {
  const { types, object_id: objectId, created } = params
  if (types !== undefined && types.length > MOST_TYPES) {
    throw invalidRequest(`You may pass up to ${MOST_TYPES} event types.`, { param: 'types' })
  }
  const isAsked = ({ type, related_object: related }: ThinEvent): boolean =>
    (types === undefined || types.includes(type)) && (objectId === undefined || idOf(related) === objectId)
  return listOfPage(newestFirst(transaction, created), params, { path: '/v2/core/events', isAsked })
}

function idOf(related: unknown): unknown {
  return (related as { readonly id?: string } | undefined)?.id
}

/** All thin events there are, those with a snapshot among those without. */
function* newestFirst(transaction: Transaction, range: Params['created']): Generator<ThinEvent> {
  const alone = inLots(transaction, 'thin_events', range)
  let record = next(alone)
  for (const snapshot of inLots(transaction, 'events', range)) {
    for (; record !== undefined && record.created > snapshot.created; record = next(alone)) {
      yield thinEventOfRecord(record)
    }
    yield* thinEventsOf(snapshot).toReversed()
  }
  for (; record !== undefined; record = next(alone)) yield thinEventOfRecord(record)
}

function next<Value>(values: Iterator<Value, undefined>): Value | undefined {
  return values.next().value
}

/** Events, the newest first, taken up in lots, since a page needs few of them. */
function* inLots<Name extends 'events' | 'thin_events'>(
  transaction: Transaction,
  table: Name,
  created: Params['created'],
): Generator<Records[Name], undefined> {
  const range = created === undefined ? {} : { created }
  for (let after: string | undefined; ;) {
    const cursor = after === undefined ? {} : { starting_after: after }
    const where = (event: Records[Name]): boolean => !isForgotten(event, transaction.now)
    const { data, has_more } = transaction.page(table, { ...range, ...cursor, limit: LOT }, { where, kind: 'event' })
    yield* data
    after = data.at(-1)?.id
    if (!has_more || after === undefined) return
  }
}

export const coreEventHandlers: Handlers = {
  'core_events.retrieve': retrieve,
  'core_events.list': list,
}

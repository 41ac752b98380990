import type { EventRecord } from '../private-records.js'
import type { ThinEventRecord } from '../usage-records.js'
import { furtherTypes } from './further-types.js'
import { isoOf } from './instants.js'
import { relatedTo } from './related.js'

/** An event of version 2 of the API, as it is fetched. Sent to an endpoint, it comes without `data`. */
export interface ThinEvent {
  readonly id: string
  readonly object: 'v2.core.event'
  readonly changes?: Readonly<Record<string, unknown>>
  readonly created: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly livemode: boolean
  readonly reason?: unknown
  readonly related_object?: unknown
  readonly snapshot_event?: string
  readonly type: string
}

const PREFIX = 'evt_test_'
const SUFFIX_LENGTH = 24

/** Events that have a snapshot and no thin form. */
const WITHOUT =
  /^(?:apps|customer\.source|reporting|reserve|three_d_secure|treasury)\.|^source\.(?:mandate|transaction)/

/**
 * The thin events that a snapshot event stands for: its own and, where a change has events for its parts, one for each.
 * They are told from the snapshot whenever they are asked for, and nothing of them is kept.
 */
export function thinEventsOf(event: EventRecord): readonly ThinEvent[] {
  if (WITHOUT.test(event.type)) return []
  return [event.type, ...furtherTypes(event)].map((type, index) => thinEvent(event, type, index))
}

function thinEvent(event: EventRecord, type: string, index: number): ThinEvent {
  const suffix = event.id.slice('evt_'.length)
  const { previous_attributes: before } = event.data
  const related = relatedTo(event)
  return {
    id: `${PREFIX}${suffix}${index === 0 ? '' : index}`,
    object: 'v2.core.event',
    ...(before !== undefined && { changes: { before, after: present(event.data.object, before) } }),
    created: isoOf(event.created),
    livemode: false,
    ...reasonOf(event.request),
    ...(related !== undefined && { related_object: related }),
    ...(index === 0 && { snapshot_event: event.id }),
    type: `v1.${type}`,
  }
}

/** What the fields are now that were something else before. */
function present(object: unknown, before: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  // Guaranteed: only objects have attributes that were others before.
  const now = object as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.keys(before).map((key) => [key, now[key] ?? null]))
}

export function thinEventOfRecord({ id, type, created, data, related, request }: ThinEventRecord): ThinEvent {
  return {
    id,
    object: 'v2.core.event',
    created: isoOf(created),
    ...(data !== undefined && { data }),
    livemode: false,
    ...reasonOf(request),
    ...(related !== null && { related_object: related }),
    type,
  }
}

function reasonOf(request: EventRecord['request']): Pick<ThinEvent, 'reason'> {
  if (request === null || request.id === null) return {}
  return { reason: { type: 'request', request: { id: request.id, idempotency_key: request.idempotency_key ?? '' } } }
}

/** The snapshot event that a thin event's id was made from, and which of its thin events it is. */
export function snapshotOf(id: string): { readonly event: string; readonly index: number } | undefined {
  if (!id.startsWith(PREFIX)) return undefined
  const rest = id.slice(PREFIX.length)
  return { event: `evt_${rest.slice(0, SUFFIX_LENGTH)}`, index: Number(rest.slice(SUFFIX_LENGTH)) }
}

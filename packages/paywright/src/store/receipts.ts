import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { ReceiptView, VerifiedEvent } from '../engine/ports.js'
import type { Exec, Row } from './database.js'
import { WANT_AGAIN } from './subjects.js'
import { integer, integerOrNull, storable, text, textOrNull } from './values.js'

// One statement: the event is stored and its subject marked, or neither. A second delivery of the event inserts nothing,
// and so marks nothing. An event about nothing of ours has nothing to wait for.
const RECEIVE = `with receipt as (
  insert into paywright.receipts
    (account, livemode, event_id, type, subject, object_id, api_version, connected_account, payload, created_at, received_at,
     processed_at)
  values ($1::text, $2::boolean, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text,
    to_timestamp($10::bigint), to_timestamp($11::bigint),
    case when $5::text is null then to_timestamp($11::bigint) end)
  on conflict (account, livemode, event_id) do nothing
  returning subject
), marked as (
  insert into paywright.subjects as stored (account, livemode, subject, wanted_seq, wanted_at, due_at)
  select $1::text, $2::boolean, subject, 1, to_timestamp($11::bigint), to_timestamp($11::bigint)
  from receipt where subject is not null
  on conflict (account, livemode, subject) do update set ${WANT_AGAIN}
)
select 1 from receipt`

const RECENT = `select receipt.event_id, receipt.type, receipt.subject,
    extract(epoch from receipt.created_at)::bigint as created_at,
    extract(epoch from receipt.received_at)::bigint as received_at,
    extract(epoch from receipt.processed_at)::bigint as processed_at,
    case when receipt.processed_at is null then coalesce(subject.attempts, 0) else 0 end as attempts,
    case when receipt.processed_at is null then subject.last_error end as last_error
  from paywright.receipts receipt
  left join paywright.subjects subject
    on (subject.account, subject.livemode, subject.subject) = (receipt.account, receipt.livemode, receipt.subject)
  where receipt.account = $1::text and receipt.livemode = $2::boolean
  order by receipt.id desc limit $3::integer`

export async function receive(
  exec: Exec,
  scope: Scope,
  receipt: { event: VerifiedEvent; now: UnixSeconds },
): Promise<{ isNew: boolean }> {
  const { event, now } = receipt
  const rows = await exec(RECEIVE, [
    scope.account,
    scope.livemode,
    event.eventId,
    event.type,
    event.subject,
    event.objectId,
    event.apiVersion,
    event.account,
    storable(event.payload),
    event.createdAt,
    now,
  ])
  return { isNew: rows.length > 0 }
}

export async function recentReceipts(exec: Exec, scope: Scope, limit: number): Promise<readonly ReceiptView[]> {
  return (await exec(RECENT, [scope.account, scope.livemode, limit])).map(toReceiptView)
}

function toReceiptView(row: Row): ReceiptView {
  return {
    eventId: text(row, 'event_id'),
    type: text(row, 'type'),
    subject: textOrNull(row, 'subject'),
    createdAt: integer(row, 'created_at'),
    receivedAt: integer(row, 'received_at'),
    processedAt: integerOrNull(row, 'processed_at'),
    attempts: integer(row, 'attempts'),
    lastError: textOrNull(row, 'last_error'),
  }
}

import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { ReceiptView, VerifiedEvent } from '../engine/ports.js'
import type { Exec, Row } from './database.js'
import { IS_ABOUT_NOTHING, PLACE_OF_EVENT } from './receipt-subject.js'
import { WANT_AGAIN } from './subjects.js'
import { encodeJson, integer, integerOrNull, text, textOrNull } from './values.js'

// One statement for any number of events: each is stored and its subject marked, or nothing is. A second delivery of an
// event inserts nothing, and so marks nothing; no key is named, because instances of two releases may share the table and
// know different ones. An event about nothing of ours has nothing to wait for. Both tables are written in an order that all
// instances share, so that two groups with the same events cannot lock each other out.
const RECEIVE = `with incoming as materialized (
  select * from json_to_recordset($3::text::json) as event(event_id text, type text, subject text, object_id text,
    api_version text, connected_account text, payload text, created_at bigint,
    secret_fingerprint text)
), receipt as (
  insert into paywright.receipts
    (account, livemode, event_id, type, subject, object_id, api_version, connected_account, payload, created_at, received_at,
     processed_at, secret_fingerprint)
  select $1::text, $2::boolean, event_id, type, coalesce(subject, ${PLACE_OF_EVENT}), object_id, api_version,
    connected_account, payload, to_timestamp(created_at), to_timestamp($4::bigint),
    case when subject is null then to_timestamp($4::bigint) end, secret_fingerprint
  from incoming order by created_at, event_id
  on conflict do nothing
  returning event_id, subject, processed_at
), marked as (
  insert into paywright.subjects as stored (account, livemode, subject, wanted_seq, wanted_at, due_at)
  select $1::text, $2::boolean, subject, count(*), to_timestamp($4::bigint), to_timestamp($4::bigint)
  from receipt where processed_at is null group by subject order by subject
  on conflict (account, livemode, subject) do update set ${WANT_AGAIN}
)
select event_id from receipt`

const RECENT = `select receipt.event_id, receipt.type, case when not ${IS_ABOUT_NOTHING} then receipt.subject end as subject,
    extract(epoch from receipt.created_at)::bigint as created_at,
    extract(epoch from receipt.received_at)::bigint as received_at,
    extract(epoch from receipt.processed_at)::bigint as processed_at,
    case when receipt.processed_at is null then coalesce(subject.attempts, 0) else 0 end as attempts,
    case when receipt.processed_at is null then subject.last_error end as last_error
  from paywright.receipts receipt
  left join paywright.subjects subject
    on (subject.account, subject.livemode, subject.subject) = (receipt.account, receipt.livemode, receipt.subject)
  where receipt.account = $1::text and receipt.livemode = $2::boolean
  order by receipt.received_at desc, receipt.event_id desc limit $3::integer`

export async function receive(
  exec: Exec,
  scope: Scope,
  receipts: { events: readonly VerifiedEvent[]; now: UnixSeconds },
): Promise<ReadonlySet<string>> {
  const incoming = receipts.events.map((event) => ({
    event_id: event.eventId,
    type: event.type,
    subject: event.subject,
    object_id: event.objectId,
    api_version: event.apiVersion,
    connected_account: event.account,
    payload: event.payload,
    created_at: event.createdAt,
    secret_fingerprint: event.secretFingerprint,
  }))
  const rows = await exec(RECEIVE, [scope.account, scope.livemode, encodeJson(incoming), receipts.now])
  return new Set(rows.map((row) => text(row, 'event_id')))
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

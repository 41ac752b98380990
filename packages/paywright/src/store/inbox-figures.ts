import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { InboxFigures } from '../engine/ports.js'
import type { Exec } from './database.js'
import { IS_ABOUT_NOTHING } from './receipt-subject.js'
import { decodeJson, onlyRow } from './values.js'

/** So many of the newest receipts are looked at, so that the answer costs the same however many there are. */
const MOST_RECENT = 10_000

const LAG_SECONDS = 3600

// What waits is found by its own index first. Asked for the oldest in one step, the planner may walk over all that is done.
const FIGURES = `with recent as materialized (
    select type, ${IS_ABOUT_NOTHING} as is_about_nothing, received_at, processed_at, secret_fingerprint
    from paywright.receipts receipt
    where account = $1::text and livemode = $2::boolean order by received_at desc, event_id desc limit ${MOST_RECENT}
  ), waiting as materialized (
    select event_id, type, received_at from paywright.receipts
    where account = $1::text and livemode = $2::boolean and processed_at is null
  ), lags as (
    select greatest(0, extract(epoch from coalesce(processed_at, to_timestamp($3::bigint)) - received_at))::bigint as seconds
    from recent where not is_about_nothing and received_at > to_timestamp($3::bigint - ${LAG_SECONDS})
  )
  select json_build_object(
    'oldestWaiting', (select json_build_object('eventId', event_id, 'type', type,
        'receivedAt', extract(epoch from received_at)::bigint) from waiting order by received_at, event_id limit 1),
    'lag', (select json_build_object('receipts', count(*),
        'p50', percentile_disc(0.5) within group (order by seconds),
        'p95', percentile_disc(0.95) within group (order by seconds),
        'p99', percentile_disc(0.99) within group (order by seconds)) from lags having count(*) > 0),
    'lastByType', (select coalesce(json_object_agg(type, last order by type), '{}') from (
        select type, extract(epoch from max(received_at))::bigint as last from recent group by type) of_type),
    'lastBySecret', (select coalesce(json_object_agg(secret_fingerprint, last), '{}') from (
        select secret_fingerprint, extract(epoch from max(received_at))::bigint as last from recent
        where secret_fingerprint is not null group by secret_fingerprint) of_secret)
  )::text as figures`

/** How receiving and syncing fares, from the newest receipts. */
export async function inboxFigures(exec: Exec, scope: Scope, now: UnixSeconds): Promise<InboxFigures> {
  return decodeJson<InboxFigures>(onlyRow(await exec(FIGURES, [scope.account, scope.livemode, now])), 'figures')
}

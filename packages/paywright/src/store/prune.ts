import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { ReceiptPlace } from '../engine/ports.js'
import type { Exec } from './database.js'
import { boolean, integer, integerOrNull, onlyRow, text } from './values.js'

const IN_SCOPE = 'account = $1::text and livemode = $2::boolean'

// Walked in the order in which they came, by the index of the newest ones: an index on processed_at would cost each
// receipt an entry. The age stands in the delete itself, because a replay may put a receipt back to work meanwhile.
const PRUNE_RECEIPTS = `with looked as materialized (
    select subject, event_id, received_at from paywright.receipts
    where ${IN_SCOPE} and (received_at, event_id) > (to_timestamp($3::bigint), $4::text)
    order by received_at, event_id limit $5::integer
  ), gone as (
    delete from paywright.receipts stored using looked
    where (stored.account, stored.livemode, stored.subject, stored.event_id)
        = ($1::text, $2::boolean, looked.subject, looked.event_id)
      and stored.processed_at < to_timestamp($6::bigint)
    returning 1
  ), last as (
    select event_id, received_at from looked order by received_at desc, event_id desc limit 1
  )
  select (select count(*) from gone) as deleted, (select event_id from last) as event_id,
    (select extract(epoch from received_at)::bigint from last) as received_at,
    count(*) < $5::integer or max(received_at) >= to_timestamp($6::bigint) as is_end
  from looked`

const PRUNE_OUTBOX = `with old as materialized (
    select subject, number from paywright.outbox
    where ${IN_SCOPE} and delivered_at < to_timestamp($4::bigint)
    order by delivered_at limit $3::integer for update skip locked
  )
  delete from paywright.outbox stored using old
  where (stored.account, stored.livemode, stored.subject, stored.number) = ($1::text, $2::boolean, old.subject, old.number)
  returning 1`

const FIRST: ReceiptPlace = { receivedAt: 0, eventId: '' }

/** Walks over so many receipts and deletes those that were processed before. */
export async function pruneReceipts(
  exec: Exec,
  scope: Scope,
  step: { before: UnixSeconds; after: ReceiptPlace | null; limit: number },
): Promise<{ deleted: number; walkedTo: ReceiptPlace | null; isEnd: boolean }> {
  const { before, after, limit } = step
  const { receivedAt, eventId } = after ?? FIRST
  const params = [scope.account, scope.livemode, receivedAt, eventId, limit, before]
  const row = onlyRow(await exec(PRUNE_RECEIPTS, params))
  const walkedTo = integerOrNull(row, 'received_at')
  return {
    deleted: integer(row, 'deleted'),
    walkedTo: walkedTo === null ? after : { receivedAt: walkedTo, eventId: text(row, 'event_id') },
    isEnd: boolean(row, 'is_end'),
  }
}

/** Deletes so many messages that were delivered before; answers how many there were. */
export async function pruneOutbox(
  exec: Exec,
  scope: Scope,
  step: { before: UnixSeconds; limit: number },
): Promise<number> {
  return (await exec(PRUNE_OUTBOX, [scope.account, scope.livemode, step.limit, step.before])).length
}

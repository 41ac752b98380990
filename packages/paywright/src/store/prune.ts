import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Exec } from './database.js'
import { bigint, boolean, integer, onlyRow } from './values.js'

const IN_SCOPE = 'account = $1::text and livemode = $2::boolean'

// Walked in the order in which they came, by the index of the newest ones: an index on processed_at would cost each
// receipt an entry. The age stands in the delete itself, because a replay may put a receipt back to work meanwhile.
const PRUNE_RECEIPTS = `with looked as materialized (
    select event_id, id, received_at from paywright.receipts
    where ${IN_SCOPE} and id > $3::bigint order by id limit $4::integer
  ), gone as (
    delete from paywright.receipts stored using looked
    where (stored.account, stored.livemode, stored.event_id) = ($1::text, $2::boolean, looked.event_id)
      and stored.processed_at < to_timestamp($5::bigint)
    returning 1
  )
  select (select count(*) from gone) as deleted, coalesce(max(id), $3::bigint) as walked_to,
    count(*) < $4::integer or max(received_at) >= to_timestamp($5::bigint) as is_end
  from looked`

const PRUNE_OUTBOX = `with old as materialized (
    select subject, number from paywright.outbox
    where ${IN_SCOPE} and delivered_at < to_timestamp($4::bigint)
    order by delivered_at limit $3::integer for update skip locked
  )
  delete from paywright.outbox stored using old
  where (stored.account, stored.livemode, stored.subject, stored.number) = ($1::text, $2::boolean, old.subject, old.number)
  returning 1`

/** Walks over so many receipts and deletes those that were processed before. */
export async function pruneReceipts(
  exec: Exec,
  scope: Scope,
  step: { before: UnixSeconds; after: bigint; limit: number },
): Promise<{ deleted: number; walkedTo: bigint; isEnd: boolean }> {
  const { before, after, limit } = step
  const row = onlyRow(await exec(PRUNE_RECEIPTS, [scope.account, scope.livemode, after, limit, before]))
  return { deleted: integer(row, 'deleted'), walkedTo: bigint(row, 'walked_to'), isEnd: boolean(row, 'is_end') }
}

/** Deletes so many messages that were delivered before; answers how many there were. */
export async function pruneOutbox(
  exec: Exec,
  scope: Scope,
  step: { before: UnixSeconds; limit: number },
): Promise<number> {
  return (await exec(PRUNE_OUTBOX, [scope.account, scope.livemode, step.limit, step.before])).length
}

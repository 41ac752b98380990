import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { ReceiptFilter } from '../engine/ports.js'
import type { Database, Exec, Parameter } from './database.js'
import { IS_ABOUT_NOTHING } from './receipt-subject.js'
import { text as textOf } from './values.js'

// Subjects first and in an order that all share, as whoever writes a subject does: so nobody waits for one another. Stripe
// is to be read, because a payload that was looked at before proves nothing now. What is in somebody's hand stays there.
const WANT = `insert into paywright.subjects as stored
    (account, livemode, subject, wanted_seq, read_wanted_seq, wanted_at, due_at)
  select $1::text, $2::boolean, subject, 1, 1, to_timestamp($4::bigint), to_timestamp($4::bigint)
  from (select distinct jsonb_array_elements_text($3::text::jsonb) as subject) named order by subject
  on conflict (account, livemode, subject) do update
  set wanted_seq = stored.wanted_seq + 1, read_wanted_seq = stored.wanted_seq + 1,
    wanted_at = case when stored.wanted_seq > stored.done_seq and stored.dead_at is null
      then stored.wanted_at else excluded.wanted_at end,
    due_at = case when stored.lease_token is null then excluded.due_at else stored.due_at end,
    attempts = case when stored.lease_token is null then 0 else stored.attempts end,
    dead_at = null`

const UNDO = `update paywright.receipts stored set processed_at = null
  from json_to_recordset($3::text::json) as named(subject text, event_id text)
  where (stored.account, stored.livemode, stored.subject, stored.event_id)
      = ($1::text, $2::boolean, named.subject, named.event_id)
    and stored.processed_at is not null`

/** Puts receipts back to work, whether they were processed or not; answers how many, or `null` where more than `most` fit. */
export async function replayReceipts(
  database: Database,
  scope: Scope,
  wish: { filter: ReceiptFilter; most: number; now: UnixSeconds },
): Promise<number | null> {
  const owner = [scope.account, scope.livemode] as const
  return database.transaction(async (exec) => {
    const found = await findReceipts(exec, scope, wish)
    if (found.length > wish.most) return null
    if (found.length === 0) return 0
    await exec(WANT, [...owner, JSON.stringify(found.map(({ subject }) => subject)), wish.now])
    await exec(UNDO, [...owner, JSON.stringify(found)])
    return found.length
  })
}

async function findReceipts(
  exec: Exec,
  scope: Scope,
  { filter, most }: { filter: ReceiptFilter; most: number },
): Promise<readonly { subject: string; event_id: string }[]> {
  const given = conditionsOf(filter)
  const text = `select receipt.subject, receipt.event_id from paywright.receipts receipt
    where account = $1::text and livemode = $2::boolean
      and ${[`not ${IS_ABOUT_NOTHING}`, ...given.texts].join(' and ')}
    order by received_at, event_id limit $3::integer`
  const rows = await exec(text, [scope.account, scope.livemode, most + 1, ...given.params])
  return rows.map((row) => ({ subject: textOf(row, 'subject'), event_id: textOf(row, 'event_id') }))
}

/** Only what is asked for stands in the statement, so that the planner sees which index has it. */
function conditionsOf(filter: ReceiptFilter): {
  readonly texts: readonly string[]
  readonly params: readonly Parameter[]
} {
  const { eventIds, type, subject, receivedFrom, receivedUntil } = filter
  const isPrefix = type?.endsWith('*') === true
  const all: readonly (readonly [condition: string, value: Parameter | undefined])[] = [
    ['event_id = any(array(select jsonb_array_elements_text($?::text::jsonb)))', eventIds && JSON.stringify(eventIds)],
    ['type = $?::text', isPrefix ? undefined : type],
    ['starts_with(type, $?::text)', isPrefix ? type?.slice(0, -1) : undefined],
    ['subject = $?::text', subject],
    ['received_at >= to_timestamp($?::bigint)', receivedFrom],
    ['received_at < to_timestamp($?::bigint)', receivedUntil],
  ]
  const given = all.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]))
  return {
    texts: given.map(({ condition }, place) => condition.replace('$?', `$${place + 4}`)),
    params: given.map(({ value }) => value),
  }
}

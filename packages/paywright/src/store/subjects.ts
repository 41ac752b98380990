import type { Scope } from '../domain/mirror.js'
import type { Knowledge } from '../domain/sync-decision.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Claim, PendingReceipt, Store } from '../engine/ports.js'
import type { Database, Exec, Row } from './database.js'
import { bigint, boolean, decodeJson, integer, integerOrNull, onlyRow, storable, text } from './values.js'

// How a stored subject is wanted once more. A lease or a backoff under way goes on; a dead letter gets a new life,
// because the fault may have gone in the meantime, and is dead again soon if it has not. An attempt that was not counted
// leaves its error, by which its backoff is known.
export const WANT_AGAIN = `
  wanted_seq = stored.wanted_seq + excluded.wanted_seq,
  wanted_at = case when stored.wanted_seq > stored.done_seq and stored.dead_at is null
    then stored.wanted_at else excluded.wanted_at end,
  due_at = case
    when stored.dead_at is not null then excluded.due_at
    when stored.lease_token is not null or stored.attempts > 0 or stored.last_error is not null then stored.due_at
    else least(stored.due_at, excluded.due_at)
  end,
  attempts = case when stored.dead_at is not null then 0 else stored.attempts end,
  dead_at = null`

// A wish without a receipt, which no payload can fulfil.
const WANT = `insert into paywright.subjects as stored
    (account, livemode, subject, wanted_seq, read_wanted_seq, quiet_seq, deep_seq, wanted_at, due_at)
  values ($1::text, $2::boolean, $3::text, 1, 1, case when $5::boolean then 1 else 0 end,
    case when $6::boolean then 1 else 0 end, to_timestamp($4::bigint), to_timestamp($4::bigint))
  on conflict (account, livemode, subject) do update
  set ${WANT_AGAIN}, read_wanted_seq = stored.wanted_seq + excluded.wanted_seq,
    quiet_seq = case when $5::boolean and stored.wanted_seq in (stored.done_seq, stored.quiet_seq)
      then stored.wanted_seq + 1 else stored.quiet_seq end,
    deep_seq = case when $6::boolean then stored.wanted_seq + 1 else stored.deep_seq end
  returning wanted_seq`

// Leased subjects are due when their lease ends, so the one condition passes over what somebody else has in hand.
const DUE = `due_at <= to_timestamp($3::bigint)`

// For whom an event has just come: a backoff under way is kept, or a burst of events would use up all attempts at once.
const DUE_BY_NAME = `subject = $7::text and ${DUE}`

// A subject asked for by name is taken during its backoff too, but not from under somebody's lease.
const ASKED_FOR = `subject = $7::text and (due_at <= to_timestamp($3::bigint)
  or (lease_token is null and wanted_seq > done_seq))`

// The row is locked in a part of its own: inside "where … in (select … limit)" the planner may run it more than once.
const claimStatement = (condition: string): string => `with taken as materialized (
    select account, livemode, subject from paywright.subjects
    where account = $1::text and livemode = $2::boolean and ${condition}
    order by due_at limit $4::integer for update skip locked
  )
  update paywright.subjects stored
  set lease_token = $5::text, due_at = to_timestamp($6::bigint), attempts = stored.attempts + 1
  from taken
  where (stored.account, stored.livemode, stored.subject) = (taken.account, taken.livemode, taken.subject)
  returning stored.subject, stored.wanted_seq, stored.attempts,
    extract(epoch from stored.wanted_at)::bigint as wanted_at, stored.knowledge::text as knowledge,
    stored.read_wanted_seq > stored.done_seq as is_read_wanted, stored.deep_seq > stored.done_seq as is_deep,
    stored.quiet_seq = stored.wanted_seq as is_quiet`

const CLAIM_DUE = claimStatement(DUE)
const CLAIM_ONE = claimStatement(ASKED_FOR)
const CLAIM_ONE_DUE = claimStatement(DUE_BY_NAME)

// More than a few payloads are not looked at: one read of Stripe is cheaper then.
const PENDING = `select json_agg(json_build_object('eventId', event_id, 'type', type,
    'payload', case when total <= $4::integer then payload end) order by received_at, created_at, event_id)::text as receipts
  from (
    select event_id, type, payload, received_at, created_at, count(*) over () as total from paywright.receipts
    where account = $1::text and livemode = $2::boolean and subject = $3::text and processed_at is null
  ) waiting
  having count(*) > 0`

/** How many payloads of one subject are looked at. */
const MOST_PAYLOADS = 100

const RELEASE = `update paywright.subjects
  set lease_token = null, attempts = case when $8::boolean then attempts else greatest(0, attempts - 1) end,
    last_error = $5::text, due_at = to_timestamp($6::bigint),
    dead_at = case when $6::bigint is null then to_timestamp($7::bigint) end
  where account = $1::text and livemode = $2::boolean and subject = $3::text and lease_token = $4::text`

export async function wantSync(
  exec: Exec,
  scope: Scope,
  wish: { subject: string; now: UnixSeconds; isQuiet: boolean; isDeep: boolean },
): Promise<bigint> {
  const { subject, now, isQuiet, isDeep } = wish
  const rows = await exec(WANT, [scope.account, scope.livemode, subject, now, isQuiet, isDeep])
  return bigint(onlyRow(rows), 'wanted_seq')
}

export async function doneSeq(exec: Exec, scope: Scope, subject: string): Promise<bigint> {
  const [row] = await exec(
    `select done_seq from paywright.subjects
     where account = $1::text and livemode = $2::boolean and subject = $3::text`,
    [scope.account, scope.livemode, subject],
  )
  return row === undefined ? 0n : bigint(row, 'done_seq')
}

/**
 * Takes subjects under a lease. Their receipts are read after the rows were locked: whoever wants to add one must raise
 * `wanted_seq` of the same row first, so that the receipts seen are exactly those that `wanted_seq` counts.
 */
export async function claim(database: Database, request: Parameters<Store['claim']>[0]): Promise<readonly Claim[]> {
  const { scope, limit, token, now, leaseUntil, subject, mustBeDue = false } = request
  const claimOne = mustBeDue ? CLAIM_ONE_DUE : CLAIM_ONE
  const params = [scope.account, scope.livemode, now, limit, token, leaseUntil] as const
  return database.transaction(async (exec) => {
    const rows = await (subject === undefined ? exec(CLAIM_DUE, params) : exec(claimOne, [...params, subject]))
    if (rows.length === 0) return []
    const claims: Claim[] = []
    for (const row of rows) claims.push(await toClaim(exec, row, { scope, token }))
    return claims
  })
}

async function toClaim(exec: Exec, row: Row, lease: Pick<Claim, 'scope' | 'token'>): Promise<Claim> {
  const subject = text(row, 'subject')
  return {
    ...lease,
    subject,
    wantedSeq: bigint(row, 'wanted_seq'),
    attempts: integer(row, 'attempts'),
    wantedAt: integerOrNull(row, 'wanted_at'),
    pending: await pendingReceipts(exec, lease.scope, subject),
    isReadWanted: boolean(row, 'is_read_wanted'),
    isDeep: boolean(row, 'is_deep'),
    isQuiet: boolean(row, 'is_quiet'),
    knowledge: row['knowledge'] === null ? null : decodeJson<Knowledge>(row, 'knowledge'),
  }
}

export async function releaseSync(
  exec: Exec,
  claimed: Claim,
  failure: { error: string; retryAt: UnixSeconds | null; now: UnixSeconds; isCounted?: boolean },
): Promise<void> {
  const { scope, subject, token } = claimed
  const { error, retryAt, now, isCounted = true } = failure
  await exec(RELEASE, [scope.account, scope.livemode, subject, token, storable(error), retryAt, now, isCounted])
}

async function pendingReceipts(exec: Exec, scope: Scope, subject: string): Promise<readonly PendingReceipt[]> {
  const [row] = await exec(PENDING, [scope.account, scope.livemode, subject, MOST_PAYLOADS])
  return row === undefined ? [] : decodeJson<readonly PendingReceipt[]>(row, 'receipts')
}

import type { Scope } from '../domain/mirror.js'
import type { BudgetSize, Loan } from '../engine/ports.js'
import type { Exec } from './database.js'
import { integer, onlyRow } from './values.js'

// The database's own clock, unless a test brings another one. It is that of the beginning of the statement: who had to wait for
// the row finds a time that is before the last refill, and is given nothing for it.
const NOW = `coalesce(to_timestamp($3::double precision / 1000), statement_timestamp())`

// A database whose clock was put back must not stop everybody until the old time has come again.
const IS_AHEAD = `bucket.refilled_at > ${NOW} + interval '1 minute'`
const IS_BLOCKED = `coalesce(bucket.blocked_until > ${NOW} and bucket.blocked_until < ${NOW} + interval '1 hour', false)`

const REFILLED = `least($6::double precision, bucket.tokens + case when ${IS_AHEAD} then 0
  else greatest(0, extract(epoch from ${NOW} - bucket.refilled_at)) * $5::double precision end)`

const GRANT = `case when ${IS_BLOCKED} then 0
  else greatest(0, floor(least($4::double precision, ${REFILLED} - $7::double precision)))::integer end`

const FIRST_GRANT = `greatest(0, floor(least($4::double precision, $6::double precision - $7::double precision)))::integer`

// One statement, which locks one row for as long as it takes.
const BORROW = `insert into paywright.request_budgets as bucket (account, livemode, tokens, granted, refilled_at)
  values ($1::text, $2::boolean, $6::double precision - ${FIRST_GRANT}, ${FIRST_GRANT}, ${NOW})
  on conflict (account, livemode) do update
  set tokens = ${REFILLED} - ${GRANT}, granted = ${GRANT},
    refilled_at = case when ${IS_AHEAD} then ${NOW} else greatest(bucket.refilled_at, ${NOW}) end
  returning granted, ceil(1000 * greatest(
    (1 + $7::double precision - tokens) / $5::double precision,
    case when ${IS_BLOCKED} then extract(epoch from blocked_until - ${NOW}) else 0 end))::integer as wait_ms`

const PAUSE = `insert into paywright.request_budgets as bucket (account, livemode, tokens, refilled_at, blocked_until)
  values ($1::text, $2::boolean, 0, ${NOW}, ${NOW} + make_interval(secs => $4::double precision))
  on conflict (account, livemode) do update
  set blocked_until = case when ${IS_BLOCKED} then greatest(bucket.blocked_until, excluded.blocked_until)
    else excluded.blocked_until end`

/** `at` is the time in milliseconds where a test has a clock of its own, and `null` where the database's counts. */
export interface Borrowing extends BudgetSize {
  readonly most: number
  readonly keep: number
  readonly at: number | null
}

/** Takes up to so many requests out of the account's bucket. */
export async function borrowRequests(exec: Exec, scope: Scope, wish: Borrowing): Promise<Loan> {
  const { at, most, perSecond, capacity, keep } = wish
  const row = onlyRow(await exec(BORROW, [scope.account, scope.livemode, at, most, perSecond, capacity, keep]))
  const granted = integer(row, 'granted')
  return { granted, waitMilliseconds: granted > 0 ? 0 : Math.max(1, integer(row, 'wait_ms')) }
}

/** Stops all instances for so long. */
export async function pauseRequests(
  exec: Exec,
  scope: Scope,
  { seconds, at }: { readonly seconds: number; readonly at: number | null },
): Promise<void> {
  await exec(PAUSE, [scope.account, scope.livemode, at, seconds])
}

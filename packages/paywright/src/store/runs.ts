import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Run, RunName, RunProgress } from '../engine/ports.js'
import type { Exec, Row } from './database.js'
import { integer, integerOrNull, onlyRow, text, textOrNull } from './values.js'

const COLUMNS = `name, token, cursor, done, failed, extract(epoch from started_at)::bigint as started_at,
  extract(epoch from updated_at)::bigint as updated_at, extract(epoch from completed_at)::bigint as completed_at,
  extract(epoch from last_completed_start)::bigint as last_completed_start`

const IN_SCOPE = 'account = $1::text and livemode = $2::boolean'

const LIST = `select ${COLUMNS} from paywright.runs where ${IN_SCOPE} order by name`

const FIND = `select ${COLUMNS} from paywright.runs where ${IN_SCOPE} and name = $3::text`

// A run that has not come to its end is left as it is, unless a new one is asked for.
const BEGIN = `insert into paywright.runs as stored (account, livemode, name, token, started_at, updated_at)
  values ($1::text, $2::boolean, $3::text, $4::text, to_timestamp($5::bigint), to_timestamp($5::bigint))
  on conflict (account, livemode, name) do update
  set token = excluded.token, cursor = null, done = 0, failed = 0, completed_at = null,
    started_at = excluded.started_at, updated_at = excluded.updated_at
  where $6::boolean or stored.completed_at is not null`

// One that was left in the middle goes on where it was, unless its place in the list may be forgotten by now.
const GOES_ON = `stored.completed_at is null and stored.started_at > to_timestamp($6::bigint)`

const BEGIN_DUE = `insert into paywright.runs as stored (account, livemode, name, token, started_at, updated_at)
  values ($1::text, $2::boolean, $3::text, $4::text, to_timestamp($5::bigint), to_timestamp($5::bigint))
  on conflict (account, livemode, name) do update
  set token = excluded.token, completed_at = null, updated_at = excluded.updated_at,
    cursor = case when ${GOES_ON} then stored.cursor end,
    done = case when ${GOES_ON} then stored.done else 0 end,
    failed = case when ${GOES_ON} then stored.failed else 0 end,
    started_at = case when ${GOES_ON} then stored.started_at else excluded.started_at end
  where case when stored.completed_at is null then stored.updated_at <= to_timestamp($7::bigint)
    else stored.started_at <= to_timestamp($6::bigint) end
  returning ${COLUMNS}`

const THIS_RUN = `${IN_SCOPE} and name = $3::text and token = $4::text and completed_at is null`

const SAVE = `update paywright.runs
  set cursor = $5::text, done = $6::bigint, failed = $7::bigint, updated_at = to_timestamp($8::bigint)
  where ${THIS_RUN} returning 1`

const COMPLETE = `update paywright.runs
  set completed_at = to_timestamp($5::bigint), updated_at = to_timestamp($5::bigint), last_completed_start = started_at,
    cursor = null
  where ${THIS_RUN} returning 1`

export async function listRuns(exec: Exec, scope: Scope): Promise<readonly Run[]> {
  return (await exec(LIST, [scope.account, scope.livemode])).map(toRun)
}

/** The run under way, or a new one. */
export async function openRun(
  exec: Exec,
  scope: Scope,
  wish: { name: RunName; token: string; now: UnixSeconds; isNew: boolean },
): Promise<Run> {
  const { name, token, now, isNew } = wish
  await exec(BEGIN, [scope.account, scope.livemode, name, token, now, isNew])
  return toRun(onlyRow(await exec(FIND, [scope.account, scope.livemode, name])))
}

/** A new run or one that was left, or `null` where none is due. */
export async function openDueRun(
  exec: Exec,
  scope: Scope,
  wish: { name: RunName; token: string; now: UnixSeconds; begunUntil: UnixSeconds; idleSince: UnixSeconds },
): Promise<Run | null> {
  const { name, token, now, begunUntil, idleSince } = wish
  const [row] = await exec(BEGIN_DUE, [scope.account, scope.livemode, name, token, now, begunUntil, idleSince])
  return row === undefined ? null : toRun(row)
}

/** False where the run was overtaken or has come to its end; nothing is written then. */
export async function saveRun(exec: Exec, scope: Scope, run: RunProgress & { now: UnixSeconds }): Promise<boolean> {
  const { name, token, cursor, done, failed, now } = run
  return (await exec(SAVE, [scope.account, scope.livemode, name, token, cursor, done, failed, now])).length > 0
}

export async function completeRun(
  exec: Exec,
  scope: Scope,
  run: Pick<Run, 'name' | 'token'> & { now: UnixSeconds },
): Promise<boolean> {
  return (await exec(COMPLETE, [scope.account, scope.livemode, run.name, run.token, run.now])).length > 0
}

function toRun(row: Row): Run {
  return {
    name: toName(text(row, 'name')),
    token: text(row, 'token'),
    cursor: textOrNull(row, 'cursor'),
    done: integer(row, 'done'),
    failed: integer(row, 'failed'),
    startedAt: integer(row, 'started_at'),
    updatedAt: integer(row, 'updated_at'),
    completedAt: integerOrNull(row, 'completed_at'),
    lastCompletedStart: integerOrNull(row, 'last_completed_start'),
  }
}

function toName(name: string): RunName {
  if (name === 'catch_up' || name === 'backfill.customers') return name
  throw new Error(`There is a run of the unknown name ${name}.`)
}

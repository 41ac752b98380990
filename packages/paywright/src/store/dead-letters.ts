import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { DeadLetter } from '../engine/ports.js'
import type { Database, Exec, Row } from './database.js'
import { bigint, integer, integerOrNull, onlyRow, text, textOrNull } from './values.js'

const IN_SCOPE = 'account = $1::text and livemode = $2::boolean'

const MOST = 1000

const LIST = `select 'subject' as kind, subject, null::bigint as number, attempts, last_error,
    extract(epoch from dead_at)::bigint as at
  from paywright.subjects where ${IN_SCOPE} and dead_at is not null
  union all
  select topic, subject, number, attempts, last_error, extract(epoch from dead_at)::bigint
  from paywright.outbox where ${IN_SCOPE} and dead_at is not null
  order by at, subject, number limit ${MOST}`

const REPLAY_SUBJECTS = `update paywright.subjects set dead_at = null, attempts = 0, due_at = to_timestamp($3::bigint),
    wanted_at = to_timestamp($3::bigint), read_wanted_seq = wanted_seq
  where ${IN_SCOPE} and dead_at is not null returning 1`

const REPLAY_OUTBOX = `update paywright.outbox set dead_at = null, attempts = 0, due_at = to_timestamp($3::bigint)
  where ${IN_SCOPE} and dead_at is not null returning 1`

const BACKLOG = `select waiting.*, open.*, dead.* from
  (select count(*) as waiting, extract(epoch from min(wanted_at))::bigint as oldest from paywright.subjects
    where ${IN_SCOPE} and due_at is not null and wanted_seq > done_seq) waiting,
  (select count(*) as outbox from paywright.outbox where ${IN_SCOPE} and due_at is not null) open,
  (select (select count(*) from paywright.subjects where ${IN_SCOPE} and dead_at is not null)
    + (select count(*) from paywright.outbox where ${IN_SCOPE} and dead_at is not null) as dead) dead`

/** What was given up after too many attempts, the oldest first. */
export async function deadLetters(exec: Exec, scope: Scope): Promise<readonly DeadLetter[]> {
  return (await exec(LIST, [scope.account, scope.livemode])).map(toDeadLetter)
}

export async function replayDeadLetters(database: Database, scope: Scope, now: UnixSeconds): Promise<number> {
  const params = [scope.account, scope.livemode, now] as const
  return database.transaction(async (exec) => {
    const subjects = await exec(REPLAY_SUBJECTS, params)
    const messages = await exec(REPLAY_OUTBOX, params)
    return subjects.length + messages.length
  })
}

export async function backlog(
  exec: Exec,
  scope: Scope,
): Promise<{ waiting: number; oldestReceivedAt: UnixSeconds | null; outbox: number; dead: number }> {
  const row = onlyRow(await exec(BACKLOG, [scope.account, scope.livemode]))
  return {
    waiting: integer(row, 'waiting'),
    oldestReceivedAt: integerOrNull(row, 'oldest'),
    outbox: integer(row, 'outbox'),
    dead: integer(row, 'dead'),
  }
}

function toDeadLetter(row: Row): DeadLetter {
  return {
    kind: toKind(text(row, 'kind')),
    subject: text(row, 'subject'),
    number: row['number'] === null ? null : bigint(row, 'number'),
    attempts: integer(row, 'attempts'),
    error: textOrNull(row, 'last_error') ?? '',
    at: integer(row, 'at'),
  }
}

function toKind(kind: string): DeadLetter['kind'] {
  if (kind === 'subject' || kind === 'effect' || kind === 'mail') return kind
  throw new Error(`There is a dead letter of the unknown kind ${kind}.`)
}

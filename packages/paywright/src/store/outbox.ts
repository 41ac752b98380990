import type { Effect } from '../domain/effects.js'
import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Mail, OutboxRow, Store } from '../engine/ports.js'
import type { Exec, Row } from './database.js'
import { bigint, decodeJson, encodeJson, integer, storable, text } from './values.js'

const IN_SCOPE = 'account = $1::text and livemode = $2::boolean'

// A key that is there already was told before: its number stays unused.
const INSERT = `insert into paywright.outbox (account, livemode, subject, number, topic, key, body, created_at, due_at)
  select $1::text, $2::boolean, $3::text, $4::bigint + message.position, message.topic, message.key, message.body,
    to_timestamp($6::bigint), to_timestamp($6::bigint)
  from jsonb_to_recordset($5::text::jsonb) as message(position bigint, topic text, key text, body jsonb)
  order by message.position
  on conflict (account, livemode, subject, key) do nothing`

// Only the first open row of a subject and topic is taken: the next waits until that one is delivered or dead.
const CLAIM = `with taken as materialized (
    select account, livemode, subject, number from paywright.outbox head
    where ${IN_SCOPE} and due_at <= to_timestamp($3::bigint) and not exists (
      select 1 from paywright.outbox earlier
      where (earlier.account, earlier.livemode, earlier.subject, earlier.topic)
          = (head.account, head.livemode, head.subject, head.topic)
        and earlier.number < head.number and earlier.due_at is not null
    )
    order by due_at, number limit $4::integer for update skip locked
  )
  update paywright.outbox stored
  set lease_token = $5::text, due_at = to_timestamp($6::bigint), attempts = stored.attempts + 1
  from taken
  where (stored.account, stored.livemode, stored.subject, stored.number)
    = (taken.account, taken.livemode, taken.subject, taken.number)
  returning stored.subject, stored.number, stored.attempts, stored.topic, stored.body::text as body`

const THIS_ROW = `${IN_SCOPE} and subject = $3::text and number = $4::bigint and lease_token = $5::text`

const FINISH = `update paywright.outbox
  set lease_token = null, due_at = null, last_error = null, delivered_at = to_timestamp($6::bigint)
  where ${THIS_ROW}`

const RELEASE = `update paywright.outbox
  set lease_token = null, last_error = $6::text, due_at = to_timestamp($7::bigint),
    dead_at = case when $7::bigint is null then to_timestamp($8::bigint) end
  where ${THIS_ROW}`

export interface OutboxMessages {
  readonly effects: readonly Effect[]
  readonly mails: readonly Mail[]
}

export function countMessages({ effects, mails }: OutboxMessages): number {
  return effects.length + mails.length
}

/** Appends the messages under the numbers from `firstNumber` on. */
export async function appendMessages(
  exec: Exec,
  owner: { scope: Scope; subject: string; firstNumber: bigint; now: UnixSeconds },
  messages: OutboxMessages,
): Promise<void> {
  if (countMessages(messages) === 0) return
  const entries = [
    ...messages.effects.map((body) => ({ topic: 'effect', key: body.key, body })),
    ...messages.mails.map((body) => ({ topic: 'mail', key: body.key, body })),
  ].map((entry, position) => ({ ...entry, position }))
  const { scope, subject, firstNumber, now } = owner
  await exec(INSERT, [scope.account, scope.livemode, subject, firstNumber, encodeJson(entries), now])
}

export async function claimOutbox(
  exec: Exec,
  request: Parameters<Store['claimOutbox']>[0],
): Promise<readonly OutboxRow[]> {
  const { scope, limit, token, now, leaseUntil } = request
  const rows = await exec(CLAIM, [scope.account, scope.livemode, now, limit, token, leaseUntil])
  return rows.map((row) => ({
    scope,
    subject: text(row, 'subject'),
    number: bigint(row, 'number'),
    attempts: integer(row, 'attempts'),
    message: toMessage(row),
  }))
}

export async function finishOutbox(
  exec: Exec,
  row: OutboxRow,
  delivery: { token: string; now: UnixSeconds },
): Promise<void> {
  await exec(FINISH, [row.scope.account, row.scope.livemode, row.subject, row.number, delivery.token, delivery.now])
}

export async function releaseOutbox(
  exec: Exec,
  row: OutboxRow,
  failure: { token: string; error: string; retryAt: UnixSeconds | null; now: UnixSeconds },
): Promise<void> {
  const { token, error, retryAt, now } = failure
  await exec(RELEASE, [
    row.scope.account,
    row.scope.livemode,
    row.subject,
    row.number,
    token,
    storable(error),
    retryAt,
    now,
  ])
}

function toMessage(row: Row): OutboxRow['message'] {
  const topic = text(row, 'topic')
  if (topic === 'effect') return { topic, effect: decodeJson<Effect>(row, 'body') }
  if (topic === 'mail') return { topic, mail: decodeJson<Mail>(row, 'body') }
  throw new Error(`The outbox has a row of the unknown topic ${topic}.`)
}

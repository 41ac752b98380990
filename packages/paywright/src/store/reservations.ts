import type { Scope } from '../domain/mirror.js'
import type { Reservation } from '../engine/ports.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Exec, Row } from './database.js'
import { integer, text, textOrNull } from './values.js'

const COLUMNS = `customer_id, plan_group, token, plan, billing_interval, stripe_session_id,
  extract(epoch from expires_at)::bigint as expires_at`
const THIS_PLACE = 'account = $1::text and livemode = $2::boolean and customer_id = $3::text and plan_group = $4::text'

const TAKE = `insert into paywright.checkout_reservations as stored
    (account, livemode, customer_id, plan_group, token, plan, billing_interval, expires_at)
  values ($1::text, $2::boolean, $3::text, $4::text, $5::text, $6::text, $7::text, to_timestamp($8::bigint))
  on conflict (account, livemode, customer_id, plan_group) do update set
    token = excluded.token, plan = excluded.plan, billing_interval = excluded.billing_interval,
    stripe_session_id = null, expires_at = excluded.expires_at
    where stored.expires_at <= to_timestamp($9::bigint)
  returning ${COLUMNS}`

const FIND = `select ${COLUMNS} from paywright.checkout_reservations where ${THIS_PLACE}`

const ATTACH = `update paywright.checkout_reservations
  set stripe_session_id = $6::text, expires_at = to_timestamp($7::bigint)
  where ${THIS_PLACE} and token = $5::text
  returning token`

const RELEASE = `delete from paywright.checkout_reservations where ${THIS_PLACE} and token = $5::text`

// The holder may give its place back between our two statements; that it happens twice in a row is a fault.
const ATTEMPTS = 3

export async function reserve(
  exec: Exec,
  scope: Scope,
  wish: Omit<Reservation, 'stripeSessionId'> & { now: UnixSeconds },
): Promise<Reservation> {
  const place = [scope.account, scope.livemode, wish.customerId, wish.group] as const
  const details = [wish.token, wish.plan, wish.interval, wish.expiresAt, wish.now] as const
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [row] = await exec(TAKE, [...place, ...details])
    const [taken] = row === undefined ? await exec(FIND, place) : [row]
    if (taken !== undefined) return toReservation(taken)
  }
  throw new Error(`The checkout place of customer ${wish.customerId} changes hands too fast.`)
}

export async function attachSession(
  exec: Exec,
  scope: Scope,
  attachment: Pick<Reservation, 'customerId' | 'group' | 'token' | 'expiresAt'> & { stripeSessionId: string },
): Promise<boolean> {
  const { customerId, group, token, stripeSessionId, expiresAt } = attachment
  const rows = await exec(ATTACH, [scope.account, scope.livemode, customerId, group, token, stripeSessionId, expiresAt])
  return rows.length === 1
}

export async function releaseReservation(
  exec: Exec,
  scope: Scope,
  reservation: Pick<Reservation, 'customerId' | 'group' | 'token'>,
): Promise<void> {
  const { customerId, group, token } = reservation
  await exec(RELEASE, [scope.account, scope.livemode, customerId, group, token])
}

function toReservation(row: Row): Reservation {
  return {
    customerId: text(row, 'customer_id'),
    group: text(row, 'plan_group'),
    token: text(row, 'token'),
    plan: text(row, 'plan'),
    interval: text(row, 'billing_interval'),
    stripeSessionId: textOrNull(row, 'stripe_session_id'),
    expiresAt: integer(row, 'expires_at'),
  }
}

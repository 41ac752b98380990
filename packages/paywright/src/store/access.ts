import type { AccessSubscription } from '../domain/access.js'
import type { Scope } from '../domain/mirror.js'
import type { AccessFactsRecord, AccessRecord } from '../engine/ports.js'
import type { Exec } from './database.js'
import { SUBSCRIPTION_LIST, subscriptionList } from './mirror-read.js'
import { decodeJson, onlyRow, textOrNull } from './values.js'

/** A record as it is kept: without names of fields, because every access check reads one. */
type Kept = readonly [stripeCustomerId: string, subscriptions: readonly KeptSubscription[]]

type KeptSubscription = readonly [
  AccessSubscription['stripeSubscriptionId'],
  AccessSubscription['status'],
  AccessSubscription['plan'],
  AccessSubscription['currentPeriodEnd'],
  AccessSubscription['cancelAtPeriodEnd'],
  AccessSubscription['cancelAt'],
  AccessSubscription['endedAt'],
  AccessSubscription['trialEnd'],
  AccessSubscription['pastDueSince'],
  AccessSubscription['createdAt'],
]

const seconds = (column: string): string => `extract(epoch from stored.${column})::bigint`

const KEPT_SUBSCRIPTION = `jsonb_build_array(stored.stripe_subscription_id, stored.status, stored.plan,
  ${seconds('current_period_end')}, stored.cancel_at_period_end, ${seconds('cancel_at')}, ${seconds('ended_at')},
  ${seconds('trial_end')}, ${seconds('past_due_since')}, ${seconds('created_at')})`

const RECORD = `jsonb_build_array($3::text, ${subscriptionList(KEPT_SUBSCRIPTION)})::text`

const MIRRORED_RECORD = `select ${RECORD} as record`

const MIRRORED = `select jsonb_build_object('stripeCustomerId', $3::text, 'subscriptions', ${SUBSCRIPTION_LIST})::text as record`

// The link is held until the end of the transaction, so that nobody who ends it meanwhile is overlooked. Where the row says
// the same already it is left alone.
const KEEP = `insert into paywright.access as stored (account, livemode, customer_id, record)
  select account, livemode, customer_id, ${RECORD} from paywright.customers
  where account = $1::text and livemode = $2::boolean and stripe_customer_id = $3::text for key share
  on conflict (account, livemode, customer_id) do update set record = excluded.record, is_kept = excluded.is_kept
  where (stored.record, stored.is_kept) is distinct from (excluded.record, excluded.is_kept)`

const OF_CUSTOMER = 'account = $1::text and livemode = $2::boolean and customer_id = $3::text'

const LINKED = `select stripe_customer_id from paywright.customers where ${OF_CUSTOMER}`

/** Stands before a Stripe id where nothing is kept; a record begins with a bracket. */
const LINK_MARK = '~'

// One column of two looks by key, the second of which is taken only where the first finds nothing: cheaper than a join.
const KEPT_OR_LINK = `select coalesce(
  (select record from paywright.access where ${OF_CUSTOMER} and is_kept),
  (select '${LINK_MARK}' || stripe_customer_id from paywright.customers where ${OF_CUSTOMER})) as record`

/** Keeps what access is decided from, as the mirror says in this transaction, with the app's customer if there is one. */
export async function keepAccess(exec: Exec, scope: Scope, stripeCustomerId: string): Promise<void> {
  await exec(KEEP, [scope.account, scope.livemode, stripeCustomerId])
}

/** One row by its key. The mirror itself is asked where the customer was linked and nothing was written since. */
export async function loadAccessFacts(exec: Exec, scope: Scope, customerId: string): Promise<AccessFactsRecord> {
  const { account, livemode } = scope
  const row = onlyRow(await exec(KEPT_OR_LINK, [account, livemode, customerId]))
  const found = textOrNull(row, 'record')
  if (found === null) return NOTHING
  if (!found.startsWith(LINK_MARK)) return toFacts(decodeJson<Kept>(row, 'record'))
  const stripeCustomerId = found.slice(LINK_MARK.length)
  return toFacts(
    decodeJson<Kept>(onlyRow(await exec(MIRRORED_RECORD, [account, livemode, stripeCustomerId])), 'record'),
  )
}

/** All that is known of the subscriptions, from the mirror. */
export async function loadAccess(exec: Exec, scope: Scope, customerId: string): Promise<AccessRecord> {
  const { account, livemode } = scope
  const [row] = await exec(LINKED, [account, livemode, customerId])
  const stripeCustomerId = row === undefined ? null : textOrNull(row, 'stripe_customer_id')
  if (stripeCustomerId === null) return NOTHING
  return decodeJson<AccessRecord>(onlyRow(await exec(MIRRORED, [account, livemode, stripeCustomerId])), 'record')
}

const NOTHING = { stripeCustomerId: null, subscriptions: [] }

function toFacts([stripeCustomerId, subscriptions]: Kept): AccessFactsRecord {
  return { stripeCustomerId, subscriptions: subscriptions.map(toSubscription) }
}

function toSubscription(kept: KeptSubscription): AccessSubscription {
  const [stripeSubscriptionId, status, plan, currentPeriodEnd, cancelAtPeriodEnd, ...times] = kept
  const [cancelAt, endedAt, trialEnd, pastDueSince, createdAt] = times
  return {
    stripeSubscriptionId,
    status,
    plan,
    currentPeriodEnd,
    cancelAtPeriodEnd,
    cancelAt,
    endedAt,
    trialEnd,
    pastDueSince,
    createdAt,
  }
}

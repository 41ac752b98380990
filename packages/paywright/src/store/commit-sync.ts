import type { UnixSeconds } from '../domain/time.js'
import type { Claim, CustomerSyncPlan, SyncPlan } from '../engine/ports.js'
import { keepAccess } from './access.js'
import { adoptStripeCustomer } from './customers.js'
import type { Database, Exec } from './database.js'
import { writeRecords } from './mirror-records.js'
import { addPrices, replaceCatalog, writeCustomerState } from './mirror-write.js'
import { appendMessages, countMessages } from './outbox.js'
import { wantSync } from './subjects.js'
import type { UsersTable } from './users-table.js'
import { assertNever, bigint, encodeJson } from './values.js'

// First, because it locks the row: nobody can take the subject over before the transaction ends. What arrived while
// Stripe was read keeps the subject due.
const FINISH = `update paywright.subjects
  set done_seq = greatest(done_seq, $5::bigint), lease_token = null, attempts = 0, last_error = null, dead_at = null,
    synced_at = to_timestamp($6::bigint),
    wanted_at = case when wanted_seq > $5::bigint then wanted_at end,
    wake_at = case when $8::boolean then wake_at else to_timestamp($7::bigint) end,
    due_at = case
      when wanted_seq > $5::bigint then to_timestamp($6::bigint)
      when $8::boolean then wake_at
      else to_timestamp($7::bigint)
    end,
    outbox_seq = outbox_seq + $9::bigint,
    knowledge = case when $10::boolean then $11::text::jsonb else knowledge end
  where account = $1::text and livemode = $2::boolean and subject = $3::text and lease_token = $4::text
  returning outbox_seq - $9::bigint + 1 as first_number`

const PROCESSED = `update paywright.receipts set processed_at = to_timestamp($5::bigint)
  where account = $1::text and livemode = $2::boolean and subject = $3::text and processed_at is null
    and event_id = any(array(select jsonb_array_elements_text($4::text::jsonb)))`

/** Writes what a sync decided, in one transaction, unless the lease was lost. */
export async function commitSync(
  database: Database,
  usersTable: UsersTable | null,
  sync: { claim: Claim; plan: SyncPlan; now: UnixSeconds },
): Promise<boolean> {
  return database.transaction(async (exec) => {
    const { plan, claim, now } = sync
    await lockWanted(exec, claim, plan)
    const firstNumber = await finishSubject(exec, sync)
    if (firstNumber === null) return false
    await markProcessed(exec, claim, now)
    switch (plan.kind) {
      case 'nothing':
        return true
      case 'catalog':
        await replaceCatalog(exec, claim.scope, { ...plan, now })
        await writeRecords(exec, { ...claim.scope, stripeCustomerId: null }, plan.records)
        return true
      case 'records':
        await writeRecords(exec, { ...claim.scope, stripeCustomerId: plan.stripeCustomerId }, plan.records)
        await wantOthers(exec, sync, plan)
        return true
      case 'customer':
        await writeCustomer(exec, sync, plan)
        await wantOthers(exec, sync, plan)
        await appendMessages(exec, { ...claim, firstNumber, now }, plan)
        if (plan.projection !== null) await usersTable?.project(exec, plan.projection)
        return true
      default:
        return assertNever(plan)
    }
  })
}

async function finishSubject(
  exec: Exec,
  { claim, plan, now }: { claim: Claim; plan: SyncPlan; now: UnixSeconds },
): Promise<bigint | null> {
  const isCustomer = plan.kind === 'customer'
  const [row] = await exec(FINISH, [
    claim.scope.account,
    claim.scope.livemode,
    claim.subject,
    claim.token,
    claim.wantedSeq,
    now,
    isCustomer ? plan.wakeAt : null,
    plan.kind === 'nothing' || plan.kind === 'records',
    isCustomer ? countMessages(plan) : 0,
    isCustomer,
    isCustomer && plan.knowledge !== null ? encodeJson(plan.knowledge) : null,
  ])
  return row === undefined ? null : bigint(row, 'first_number')
}

async function markProcessed(exec: Exec, claim: Claim, now: UnixSeconds): Promise<void> {
  if (claim.pending.length === 0) return
  const ids = JSON.stringify(claim.pending.map(({ eventId }) => eventId))
  await exec(PROCESSED, [claim.scope.account, claim.scope.livemode, claim.subject, ids, now])
}

async function writeCustomer(
  exec: Exec,
  { claim: { scope }, now }: { claim: Claim; now: UnixSeconds },
  plan: CustomerSyncPlan,
): Promise<void> {
  const { stripeCustomerId } = plan.state.customer
  await writeCustomerState(exec, scope, { ...plan, now })
  await writeRecords(exec, { ...scope, stripeCustomerId }, plan.records)
  await adoptStripeCustomer(exec, scope, plan.state.customer)
  await addPrices(exec, scope, plan)
  await keepAccess(exec, scope, stripeCustomerId)
}

// Two syncs that want one another lock both rows in one order.
const LOCK_ALL = `select subject from paywright.subjects
  where account = $1::text and livemode = $2::boolean and subject in (select jsonb_array_elements_text($3::text::jsonb))
  order by subject for update`

async function lockWanted(exec: Exec, { scope, subject }: Claim, plan: SyncPlan): Promise<void> {
  if (!('wanted' in plan) || plan.wanted.length === 0) return
  const subjects = [subject, ...plan.wanted.map((wanted) => wanted.subject)]
  await exec(LOCK_ALL, [scope.account, scope.livemode, JSON.stringify(subjects)])
}

async function wantOthers(
  exec: Exec,
  { claim: { scope }, now }: { claim: Claim; now: UnixSeconds },
  { wanted }: Pick<CustomerSyncPlan, 'wanted'>,
): Promise<void> {
  for (const { subject, isDeep } of wanted) await wantSync(exec, scope, { subject, now, isQuiet: false, isDeep })
}

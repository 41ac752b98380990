import type { Scope, StripeCustomer } from '../domain/mirror.js'
import type { CustomerRow } from '../engine/ports.js'
import type { Exec, Row } from './database.js'
import { integer, storable, text, textOrNull } from './values.js'

const COLUMNS = 'customer_id, stripe_customer_id, email, name, generation'
const IN_SCOPE = 'account = $1::text and livemode = $2::boolean'

const FIND_BY_CUSTOMER = `select ${COLUMNS} from paywright.customers where ${IN_SCOPE} and customer_id = $3::text`
const FIND_BY_STRIPE = `select ${COLUMNS} from paywright.customers where ${IN_SCOPE} and stripe_customer_id = $3::text`

const INSERT = `insert into paywright.customers (account, livemode, customer_id, email, name)
  values ($1::text, $2::boolean, $3::text, $4::text, $5::text)
  on conflict do nothing returning ${COLUMNS}`

const CLAIM = `update paywright.customers set stripe_customer_id = $4::text
  where ${IN_SCOPE} and customer_id = $3::text and stripe_customer_id is null and generation = $5::integer
  returning ${COLUMNS}`

// What was kept of the old link goes with it. The row of access is written even where none is seen: a commit that was
// waited for may just have made it.
const RELEASE = `with released as (
    update paywright.customers set stripe_customer_id = null, generation = generation + 1
    where ${IN_SCOPE} and customer_id = $3::text and stripe_customer_id = $4::text
    returning account, livemode, ${COLUMNS}
  ), forgotten as (
    insert into paywright.access (account, livemode, customer_id) select account, livemode, customer_id from released
    on conflict (account, livemode, customer_id) do update set record = null
  )
  select ${COLUMNS} from released`

const ADOPT = `insert into paywright.customers as stored (account, livemode, customer_id, stripe_customer_id, email, name)
  select $1::text, $2::boolean, $3::text, $4::text, $5::text, $6::text
  where not exists (
    select 1 from paywright.customers where ${IN_SCOPE} and stripe_customer_id = $4::text
  )
  on conflict (account, livemode, customer_id) do update set stripe_customer_id = excluded.stripe_customer_id
    where stored.stripe_customer_id is null`

type CustomerKey = { customerId: string } | { stripeCustomerId: string }

export async function findCustomer(exec: Exec, scope: Scope, by: CustomerKey): Promise<CustomerRow | null> {
  const [row] =
    'customerId' in by
      ? await exec(FIND_BY_CUSTOMER, [scope.account, scope.livemode, by.customerId])
      : await exec(FIND_BY_STRIPE, [scope.account, scope.livemode, by.stripeCustomerId])
  return row === undefined ? null : toCustomerRow(row)
}

export async function ensureCustomer(
  exec: Exec,
  scope: Scope,
  customer: { customerId: string; email: string | null; name: string | null },
): Promise<CustomerRow> {
  const found = await findCustomer(exec, scope, customer)
  if (found !== null) return found
  const { customerId, email, name } = customer
  const [inserted] = await exec(INSERT, [scope.account, scope.livemode, customerId, storable(email), storable(name)])
  return inserted === undefined ? existing(exec, scope, customerId) : toCustomerRow(inserted)
}

export async function claimStripeCustomer(
  exec: Exec,
  scope: Scope,
  claim: { customerId: string; stripeCustomerId: string; generation: number },
): Promise<CustomerRow> {
  const { customerId, stripeCustomerId, generation } = claim
  const [claimed] = await exec(CLAIM, [scope.account, scope.livemode, customerId, stripeCustomerId, generation])
  return claimed === undefined ? existing(exec, scope, customerId) : toCustomerRow(claimed)
}

export async function releaseStripeCustomer(
  exec: Exec,
  scope: Scope,
  stale: { customerId: string; stripeCustomerId: string },
): Promise<CustomerRow> {
  const [released] = await exec(RELEASE, [scope.account, scope.livemode, stale.customerId, stale.stripeCustomerId])
  return released === undefined ? existing(exec, scope, stale.customerId) : toCustomerRow(released)
}

/**
 * Links the app's customer that Stripe's metadata names, where neither is linked yet. It heals what a lost database, or a
 * crash after Stripe had created the customer, left behind.
 */
export async function adoptStripeCustomer(exec: Exec, scope: Scope, customer: StripeCustomer): Promise<void> {
  const { customerId, stripeCustomerId, email, name } = customer
  if (customerId === null || customer.isDeleted) return
  await exec(ADOPT, [
    scope.account,
    scope.livemode,
    storable(customerId),
    stripeCustomerId,
    storable(email),
    storable(name),
  ])
}

async function existing(exec: Exec, scope: Scope, customerId: string): Promise<CustomerRow> {
  const row = await findCustomer(exec, scope, { customerId })
  if (row === null) throw new Error(`The customer ${customerId} has no row; it must be ensured first.`)
  return row
}

function toCustomerRow(row: Row): CustomerRow {
  return {
    customerId: text(row, 'customer_id'),
    stripeCustomerId: textOrNull(row, 'stripe_customer_id'),
    email: textOrNull(row, 'email'),
    name: textOrNull(row, 'name'),
    generation: integer(row, 'generation'),
  }
}

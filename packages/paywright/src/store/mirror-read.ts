import type { CustomerState, Price, Scope } from '../domain/mirror.js'
import type { Exec } from './database.js'
import { entryObject, isThere, type MirrorTable, ownerMatches } from './mirror-table.js'
import {
  INVOICES,
  PAYMENT_METHODS,
  PRICES,
  STRIPE_CUSTOMERS,
  SUBSCRIPTION_ITEMS,
  SUBSCRIPTIONS,
} from './mirror-tables.js'
import { decodeJson, onlyRow } from './values.js'

const OF_CUSTOMER = `'stripeCustomerId', stored.stripe_customer_id`

const ITEMS = `'items', coalesce((
  select jsonb_agg(${entryObject(SUBSCRIPTION_ITEMS, 'item')} - array['stripeSubscriptionId', 'position'] order by item.position)
  from paywright.subscription_items item
  where (item.account, item.livemode, item.stripe_customer_id, item.stripe_subscription_id)
    = (stored.account, stored.livemode, stored.stripe_customer_id, stored.stripe_subscription_id)
    and ${isThere(SUBSCRIPTION_ITEMS, 'item')}
), '[]'::jsonb)`

const SUBSCRIPTION = entryObject(SUBSCRIPTIONS, 'stored', [OF_CUSTOMER, ITEMS])

// Newest first, as Stripe lists them.
const list = (table: MirrorTable, object: string, order: string): string => `coalesce((
  select jsonb_agg(${object} order by ${order}) from paywright.${table.name} stored
  where ${ownerMatches(table, 'stored')} and ${isThere(table, 'stored')}
), '[]'::jsonb)`

const NEWEST_FIRST = 'stored.created_at desc, stored.stripe_subscription_id desc'

/** The JSON array of the subscriptions of the customer that the first three parameters name. */
export const SUBSCRIPTION_LIST = list(SUBSCRIPTIONS, SUBSCRIPTION, NEWEST_FIRST)

/** The same with what `object` makes of each row `stored`. */
export const subscriptionList = (object: string): string => list(SUBSCRIPTIONS, object, NEWEST_FIRST)

// One statement, so that all parts are of the same moment.
const LOAD_CUSTOMER = `select jsonb_build_object(
  'customer', ${entryObject(STRIPE_CUSTOMERS, 'stored', [OF_CUSTOMER])} - array['accessPlan', 'accessReason'],
  'access', case when stored.access_reason is not null then
    jsonb_build_object('plan', stored.access_plan, 'reason', stored.access_reason) end,
  'subscriptions', ${SUBSCRIPTION_LIST},
  'invoices', ${list(
    INVOICES,
    entryObject(INVOICES, 'stored', [OF_CUSTOMER]),
    'stored.created_at desc, stored.stripe_invoice_id desc',
  )},
  'paymentMethods', ${list(
    PAYMENT_METHODS,
    entryObject(PAYMENT_METHODS, 'stored', [OF_CUSTOMER]),
    'stored.stripe_payment_method_id',
  )}
)::text as state
from paywright.stripe_customers stored
where ${ownerMatches(STRIPE_CUSTOMERS, 'stored')}`

// One that is asked for by its id is answered also where Stripe has it no more: somebody may still pay it.
const LOAD_PRICES = `select coalesce(jsonb_agg(${entryObject(PRICES, 'stored')} order by stored.stripe_price_id), '[]'::jsonb)::text as prices
from paywright.prices stored
where ${ownerMatches(PRICES, 'stored')}
  and case when $3::text is null then ${isThere(PRICES, 'stored')}
    else stored.stripe_price_id in (select jsonb_array_elements_text($3::text::jsonb)) end`

export async function loadCustomer(exec: Exec, scope: Scope, stripeCustomerId: string): Promise<CustomerState | null> {
  const [row] = await exec(LOAD_CUSTOMER, [scope.account, scope.livemode, stripeCustomerId])
  return row === undefined ? null : decodeJson<CustomerState>(row, 'state')
}

export async function loadPrices(
  exec: Exec,
  scope: Scope,
  stripePriceIds: readonly string[] | undefined,
): Promise<readonly Price[]> {
  const ids = stripePriceIds === undefined ? null : JSON.stringify(stripePriceIds)
  return decodeJson<readonly Price[]>(onlyRow(await exec(LOAD_PRICES, [scope.account, scope.livemode, ids])), 'prices')
}

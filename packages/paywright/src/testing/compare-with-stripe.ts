import { isDeepStrictEqual } from 'node:util'
import type Stripe from 'stripe'
import type { Database } from '../store/database.js'
import type { Difference } from './difference.js'
import type { ExpectedRow } from './expected-row.js'
import { catalogTruth, customerTruth, stripeCustomerIds } from './stripe-truth.js'
import { usersTableDifferences, type UsersTable } from './users-table-truth.js'

/** What `compareWithStripe` looks at. */
export interface ComparisonOptions {
  /** The product's own table, compared with the customer's subscription. */
  readonly usersTable?: UsersTable
  /** Only these Stripe customers; all of the account where left out. */
  readonly stripeCustomerIds?: readonly string[]
  /**
   * `access`: only what access is decided from, which is read whenever a customer comes back from Stripe. Payments and
   * the like are only told by webhooks, and read by `sync`, `backfill` and `reconcile`. Everything where left out.
   */
  readonly what?: 'everything' | 'access'
}

/**
 * Compares every field that the mirror keeps with what Stripe (or the simulator) says, and answers what differs: nothing
 * where all is in sync.
 *
 * @example
 * ```ts
 * import { compareWithStripe } from 'paywright/testing'
 * import type { Database } from 'paywright'
 * import type Stripe from 'stripe'
 *
 * export async function assertInSync(database: Database, stripe: Stripe) {
 *   const differences = await compareWithStripe(database, stripe)
 *   if (differences.length > 0) throw new Error(JSON.stringify(differences))
 * }
 * ```
 */
export async function compareWithStripe(
  database: Database,
  stripe: Stripe,
  options: ComparisonOptions = {},
): Promise<readonly Difference[]> {
  const { usersTable, stripeCustomerIds: only, what = 'everything' } = options
  const mirrored = await mirroredCustomerIds(database)
  const ids = only ?? [...new Set([...(await stripeCustomerIds(stripe)), ...mirrored])]
  const differences: Difference[] = []
  for (const id of ids) differences.push(...(await compareCustomer(database, stripe, { id, what })))
  const tables = what === 'access' ? CATALOG_ACCESS_TABLES : CATALOG_TABLES
  differences.push(...(await compareTables(database, { tables, expected: await catalogTruth(stripe, what) })))
  if (usersTable !== undefined)
    differences.push(...(await usersTableDifferences(database, stripe, { usersTable, ids })))
  return differences
}

/** Each table with the column that names its objects. */
const ACCESS_TABLES = {
  stripe_customers: 'stripe_customer_id',
  subscriptions: 'stripe_subscription_id',
  subscription_items: 'stripe_item_id',
  invoices: 'stripe_invoice_id',
  payment_methods: 'stripe_payment_method_id',
} as const

const CUSTOMER_TABLES = {
  ...ACCESS_TABLES,
  invoice_lines: 'stripe_invoice_line_id',
  subscription_schedules: 'stripe_subscription_schedule_id',
  payment_intents: 'stripe_payment_intent_id',
  charges: 'stripe_charge_id',
  refunds: 'stripe_refund_id',
  disputes: 'stripe_dispute_id',
  credit_notes: 'stripe_credit_note_id',
  discounts: 'stripe_discount_id',
  checkout_sessions: 'stripe_checkout_session_id',
  tax_ids: 'stripe_tax_id',
  active_entitlements: 'stripe_active_entitlement_id',
} as const

const CATALOG_ACCESS_TABLES = { products: 'stripe_product_id', prices: 'stripe_price_id' } as const

const CATALOG_TABLES = {
  ...CATALOG_ACCESS_TABLES,
  features: 'stripe_feature_id',
  coupons: 'stripe_coupon_id',
  promotion_codes: 'stripe_promotion_code_id',
  meters: 'stripe_meter_id',
} as const

/** What Stripe changes in an object without an event that would say so. */
const UNTOLD: Readonly<Record<string, readonly string[]>> = {
  // When the last webhook of the invoice was delivered, which is after all of them were made.
  invoices: ['webhooks_delivered_at'],
  // Each invoice takes the next number.
  stripe_customers: ['next_invoice_sequence'],
}

async function mirroredCustomerIds(database: Database): Promise<readonly string[]> {
  const rows = await database.exec('select stripe_customer_id from paywright.stripe_customers', [])
  return rows.map((row) => String(row['stripe_customer_id']))
}

async function compareCustomer(
  database: Database,
  stripe: Stripe,
  { id, what }: { readonly id: string; readonly what: 'everything' | 'access' },
): Promise<readonly Difference[]> {
  const expected = await customerTruth(stripe, id, what)
  const isDeleted = expected[0]?.columns['is_deleted'] === true
  // Of a deleted customer we may keep what there was: Stripe says nothing of it any more.
  const tables = isDeleted ? { stripe_customers: CUSTOMER_TABLES.stripe_customers } : tablesOf(what)
  return compareTables(database, { tables, expected, stripeCustomerId: id })
}

function tablesOf(what: 'everything' | 'access'): Readonly<Record<string, string>> {
  return what === 'access' ? ACCESS_TABLES : CUSTOMER_TABLES
}

interface TablesComparison {
  /** Each table with the column that names its objects. */
  readonly tables: Readonly<Record<string, string>>
  readonly expected: readonly ExpectedRow[]
  /** Only the rows of this customer; all where left out. */
  readonly stripeCustomerId?: string
}

async function compareTables(
  database: Database,
  { tables, expected, stripeCustomerId }: TablesComparison,
): Promise<readonly Difference[]> {
  const differences: Difference[] = []
  for (const [table, idColumn] of Object.entries(tables)) {
    const rows = await rowsById(database, { table, idColumn }, stripeCustomerId)
    const wanted = expected.filter((row) => row.table === table)
    for (const row of wanted) differences.push(...compareRow(row, rows.get(row.id)))
    const known = new Set(wanted.map(({ id }) => id))
    const strangers = [...rows].filter(([id, row]) => !known.has(id) && !isGone(row))
    differences.push(
      ...strangers.map(([id]) => ({ object: `${table} ${id}`, field: '*', ours: 'a row', stripe: null })),
    )
  }
  return differences
}

type JsonRow = Readonly<Record<string, unknown>>

async function rowsById(
  database: Database,
  { table, idColumn }: { table: string; idColumn: string },
  stripeCustomerId?: string,
): Promise<ReadonlyMap<string, JsonRow>> {
  const which = stripeCustomerId === undefined ? 'true' : 'stripe_customer_id = $1::text'
  const params = stripeCustomerId === undefined ? [] : [stripeCustomerId]
  const text = `select to_jsonb(stored)::text as json from paywright.${table} as stored where ${which}`
  const rows = await database.exec(text, params)
  const parsed = rows.map((row): JsonRow => JSON.parse(String(row['json'])))
  return new Map(parsed.map((row) => [String(row[idColumn]), row]))
}

/** What Stripe does not have any more stays, marked. */
function isGone(row: JsonRow): boolean {
  return typeof row['deleted_at'] === 'string'
}

function compareRow({ table, id, columns, isOptional }: ExpectedRow, row: JsonRow | undefined): readonly Difference[] {
  const object = `${table} ${id}`
  if (row === undefined) return isOptional === true ? [] : [{ object, field: '*', ours: null, stripe: 'an object' }]
  return Object.entries(columns).flatMap(([field, stripe]) => {
    if (field === 'object') return compareObjects({ object, untold: UNTOLD[table] ?? [] }, row[field], stripe)
    const ours = field.endsWith('_at') || TIMES.has(field) ? secondsOf(row[field]) : row[field]
    return isDeepStrictEqual(ours, stripe) ? [] : [{ object, field, ours, stripe }]
  })
}

/** Member by member, so that it is told which of them are different. */
function compareObjects(
  { object, untold }: { readonly object: string; readonly untold: readonly string[] },
  ours: unknown,
  stripe: unknown,
): readonly Difference[] {
  const [there, expected] = [membersOf(ours), membersOf(stripe)]
  const names = [...new Set([...there.keys(), ...expected.keys()])].filter((name) => !untold.includes(name))
  return names
    .filter((name) => !isDeepStrictEqual(there.get(name), expected.get(name)))
    .map((name) => ({ object, field: `object.${name}`, ours: there.get(name), stripe: expected.get(name) }))
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
}

const TIMES: ReadonlySet<string> = new Set([
  'current_period_start',
  'current_period_end',
  'period_start',
  'period_end',
  'current_phase_start',
  'current_phase_end',
  'trial_start',
  'trial_end',
])

function secondsOf(text: unknown): number | null {
  return typeof text === 'string' ? Date.parse(text) / 1000 : null
}

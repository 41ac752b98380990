import { isDeepStrictEqual } from 'node:util'
import type Stripe from 'stripe'
import type { Database } from '../store/database.js'
import type { Difference } from './difference.js'
import { catalogTruth, customerTruth, stripeCustomerIds, type ExpectedRow } from './stripe-truth.js'
import { usersTableDifferences, type UsersTable } from './users-table-truth.js'

/** What `compareWithStripe` looks at. */
export interface ComparisonOptions {
  /** The product's own table, compared with the customer's subscription. */
  readonly usersTable?: UsersTable
  /** Only these Stripe customers; all of the account where left out. */
  readonly stripeCustomerIds?: readonly string[]
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
  const { usersTable, stripeCustomerIds: only } = options
  const mirrored = await mirroredCustomerIds(database)
  const ids = only ?? [...new Set([...(await stripeCustomerIds(stripe)), ...mirrored])]
  const differences: Difference[] = []
  for (const id of ids) differences.push(...(await compareCustomer(database, stripe, id)))
  differences.push(...(await compareTables(database, { tables: CATALOG_TABLES, expected: await catalogTruth(stripe) })))
  if (usersTable !== undefined)
    differences.push(...(await usersTableDifferences(database, stripe, { usersTable, ids })))
  return differences
}

/** Each table with the column that names its objects. */
const CUSTOMER_TABLES = {
  stripe_customers: 'stripe_customer_id',
  subscriptions: 'stripe_subscription_id',
  subscription_items: 'stripe_item_id',
  invoices: 'stripe_invoice_id',
  payment_methods: 'stripe_payment_method_id',
} as const

const CATALOG_TABLES = { products: 'stripe_product_id', prices: 'stripe_price_id' } as const

async function mirroredCustomerIds(database: Database): Promise<readonly string[]> {
  const rows = await database.exec('select stripe_customer_id from paywright.stripe_customers', [])
  return rows.map((row) => String(row['stripe_customer_id']))
}

async function compareCustomer(database: Database, stripe: Stripe, id: string): Promise<readonly Difference[]> {
  const expected = await customerTruth(stripe, id)
  const isDeleted = expected[0]?.columns['is_deleted'] === true
  // Of a deleted customer we may keep what there was: Stripe says nothing of it any more.
  const tables = isDeleted ? { stripe_customers: CUSTOMER_TABLES.stripe_customers } : CUSTOMER_TABLES
  return compareTables(database, { tables, expected, stripeCustomerId: id })
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
    const strangers = [...rows.keys()].filter((id) => !wanted.some((row) => row.id === id))
    differences.push(...strangers.map((id) => ({ object: `${table} ${id}`, field: '*', ours: 'a row', stripe: null })))
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

function compareRow({ table, id, columns }: ExpectedRow, row: JsonRow | undefined): readonly Difference[] {
  const object = `${table} ${id}`
  if (row === undefined) return [{ object, field: '*', ours: null, stripe: 'an object' }]
  return Object.entries(columns).flatMap(([field, stripe]) => {
    const ours = field.endsWith('_at') || TIMES.has(field) ? secondsOf(row[field]) : row[field]
    return isDeepStrictEqual(ours, stripe) ? [] : [{ object, field, ours, stripe }]
  })
}

const TIMES: ReadonlySet<string> = new Set([
  'current_period_start',
  'current_period_end',
  'period_start',
  'period_end',
  'trial_start',
  'trial_end',
])

function secondsOf(text: unknown): number | null {
  return typeof text === 'string' ? Date.parse(text) / 1000 : null
}

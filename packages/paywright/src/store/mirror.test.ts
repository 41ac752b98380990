import { readFileSync } from 'node:fs'
import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CUSTOMER_METADATA_KEY } from '../stripe/metadata.js'
import { memoryDatabase } from '../testing/database.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'
import type { Database } from './database.js'
import { createTable, RECORD_TABLES } from './mirror-record-tables.js'
import {
  INVOICES,
  PAYMENT_METHODS,
  PRICES,
  PRODUCTS,
  STRIPE_CUSTOMERS,
  SUBSCRIPTION_ITEMS,
  SUBSCRIPTIONS,
} from './mirror-tables.js'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

let database: Database

beforeAll(async () => {
  database = await memoryDatabase()
})
afterAll(() => database.close())

describe('the tables of records', () => {
  test.each([...RECORD_TABLES.values()])('the migration makes $name as the code knows it', (table) => {
    expect(read('./migrations/004_mirror.sql')).toContain(createTable(table))
  })
})

/** Said once for all tables, at the beginning of the page. */
const COMMON = ['account', 'livemode', 'stripe_customer_id', 'object', 'seen_from', 'seen_until', 'deleted_at']

describe('docs/mirror.md', () => {
  const sections = read('../../../../docs/mirror.md').split(/^#+ /m)
  const described = new Map(sections.map((section) => [/^`paywright\.(\w+)`/.exec(section)?.[1], columnsIn(section)]))
  const core = [INVOICES, PAYMENT_METHODS, PRICES, PRODUCTS, STRIPE_CUSTOMERS, SUBSCRIPTION_ITEMS, SUBSCRIPTIONS]
  const tables = [...core, ...RECORD_TABLES.values()].map(({ name }) => name)
  const views = ['active_subscriptions', 'invoices_open', 'mrr']

  test('describes every table and view of the mirror, and no other', async () => {
    const all = await database.exec(`select table_name from information_schema.views where table_schema = 'paywright'`)
    expect(all.map((row) => String(row['table_name'])).toSorted()).toEqual(views)
    const names = [...described.keys()].filter((name) => name !== undefined)
    expect(names.toSorted()).toEqual([...tables, ...views].toSorted())
  })

  test.each(tables)('names the columns of %s', async (table) => {
    const columns = await columnsOf(table)
    expect(described.get(table)).toEqual(columns.filter((column) => !COMMON.includes(column)))
  })

  test.each(views)('names the columns of the view %s', async (view) => {
    expect(described.get(view)).toEqual(await columnsOf(view))
  })
})

function columnsIn(section: string): readonly string[] {
  return [...section.matchAll(/^\| `(\w+)`/gm)].map(([, column = '']) => column)
}

/** In the order in which the page has them: that of the table. */
async function columnsOf(table: string): Promise<readonly string[]> {
  const rows = await database.exec(
    `select column_name from information_schema.columns
     where table_schema = 'paywright' and table_name = $1::text order by ordinal_position`,
    [table],
  )
  return rows.map((row) => String(row['column_name']))
}

describe('the views', () => {
  let simulator: Simulator
  let app: TestBilling

  beforeAll(async () => {
    simulator = await createSimulator({ now: 1_800_000_000 })
    app = createTestBilling({ simulator, database })
    await app.billing.catalog.push()
    await populate(app)
    await app.billing.backfill()
  })
  afterAll(() => simulator.close())

  test('mrr is what the listed prices come to in a month, by currency', async () => {
    // 3 × 20.00 a month, 200.00 a year, and 10.00 every two weeks; the metered item brings nobody knows what.
    const usd = Math.round(3 * 2000 + 20_000 / 12 + (1000 * 52) / (12 * 2))
    expect(
      await select('currency, mrr::integer, subscriptions::integer, items_without_amount::integer', 'mrr'),
    ).toEqual([
      { currency: 'eur', mrr: 900, subscriptions: 1, items_without_amount: 0 },
      { currency: 'usd', mrr: usd, subscriptions: 3, items_without_amount: 1 },
    ])
  })

  test('active subscriptions are those that run, with the app’s customer', async () => {
    expect(await select('customer_id, status, plan', 'active_subscriptions')).toEqual([
      { customer_id: 'annual', status: 'active', plan: 'pro' },
      { customer_id: 'monthly', status: 'active', plan: 'pro' },
      { customer_id: 'overdue', status: 'past_due', plan: null },
      { customer_id: 'paused', status: 'active', plan: 'pro' },
      { customer_id: 'trying', status: 'trialing', plan: 'pro' },
      { customer_id: 'weekly', status: 'active', plan: null },
    ])
  })

  test('open invoices are those that wait to be paid', async () => {
    expect(await select('customer_id, currency, amount_remaining::integer, attempt_count', 'invoices_open')).toEqual([
      { customer_id: 'overdue', currency: 'eur', amount_remaining: 900, attempt_count: 1 },
    ])
  })

  function select(columns: string, view: string): Promise<readonly unknown[]> {
    return database.exec(`select ${columns} from paywright.${view} where not livemode order by 1`)
  }
})

/** One customer of each kind, among them those that do not count. */
async function populate({ stripe, simulator }: TestBilling): Promise<void> {
  const { id: product } = await stripe.products.create({ name: 'Other' })
  const price = async (lookupKey: string): Promise<string> =>
    (await stripe.prices.list({ lookup_keys: [lookupKey] })).data[0]?.id ?? ''
  const [month, year] = [await price('paywright_pro_month'), await price('paywright_pro_year')]
  const week = {
    product,
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'week', interval_count: 2 },
  } as const
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  })
  const usage = { interval: 'week', interval_count: 2, usage_type: 'metered', meter: meter.id } as const
  const metered = await stripe.prices.create({ product, currency: 'usd', unit_amount: 5, recurring: usage })
  const euros = await stripe.prices.create({
    product,
    currency: 'eur',
    unit_amount: 900,
    recurring: { interval: 'month' },
  })
  const biweekly = await stripe.prices.create(week)
  const subscribe = async (name: string, items: { price: string; quantity?: number }[], more = {}) => {
    const customer = await stripe.customers.create({
      email: `${name}@customer.example`,
      metadata: { [CUSTOMER_METADATA_KEY]: name },
    })
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    return stripe.subscriptions.create({ customer: customer.id, items, default_payment_method: method.id, ...more })
  }
  await subscribe('monthly', [{ price: month, quantity: 3 }])
  await subscribe('annual', [{ price: year }])
  await subscribe('weekly', [{ price: biweekly.id }, { price: metered.id }])
  await subscribe('trying', [{ price: month }], { trial_period_days: 60 })
  const overdue = await subscribe('overdue', [{ price: euros.id }])
  const paused = await subscribe('paused', [{ price: month }])
  await stripe.subscriptions.update(paused.id, { pause_collection: { behavior: 'void' } })
  await stripe.subscriptions.cancel((await subscribe('gone', [{ price: month }])).id)
  const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
    customer: typeof overdue.customer === 'string' ? overdue.customer : overdue.customer.id,
  })
  await stripe.subscriptions.update(overdue.id, { default_payment_method: failing.id })
  await simulator.clock.advance(32 * 86_400)
}

import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../store/database.js'
import { compareWithStripe } from './compare-with-stripe.js'
import { memoryDatabase } from './database.js'
import { subscribe } from './journey.js'
import { createTestBilling, type TestBilling } from './test-billing.js'

const usersTable = { name: 'users', id: 'id' }

let simulator: Simulator
let database: Database
let app: TestBilling

beforeAll(async () => {
  simulator = await createSimulator({ now: 1_800_000_000 })
  database = await memoryDatabase()
  await database.exec('create table users (id text primary key)')
  app = createTestBilling({ simulator, database, options: { usersTable } })
  await app.billing.migrate()
  await app.billing.catalog.push()
  await database.exec(`insert into users (id) values ('ada')`)
  await subscribe(app, 'ada')
  await app.billing.sync({ customerId: 'ada' })
})

afterAll(async () => {
  await database.close()
  await simulator.close()
})

async function difference(): Promise<readonly string[]> {
  const found = await compareWithStripe(database, app.stripe, { usersTable })
  return found.map(({ object, field }) => `${object.split(' ')[0]}.${field}`)
}

beforeEach(async () => expect(await difference()).toEqual([]))

/** Every column that is compared, put wrong and put right again. */
test.each([
  ['stripe_customers', 'email', `'x'`],
  ['stripe_customers', 'name', `'x'`],
  ['stripe_customers', 'balance', '1'],
  ['stripe_customers', 'is_deleted', 'true'],
  ['stripe_customers', 'created_at', 'to_timestamp(1)'],
  ['subscriptions', 'status', `'past_due'`],
  ['subscriptions', 'current_period_start', 'to_timestamp(1)'],
  ['subscriptions', 'current_period_end', 'to_timestamp(1)'],
  ['subscriptions', 'cancel_at_period_end', 'true'],
  ['subscriptions', 'cancel_at', 'to_timestamp(1)'],
  ['subscriptions', 'trial_end', 'to_timestamp(1)'],
  ['subscriptions', 'latest_invoice_id', 'null'],
  ['subscriptions', 'default_payment_method_id', 'null'],
  ['subscriptions', 'metadata', `'{}'`],
  ['subscription_items', 'quantity', '7'],
  ['subscription_items', 'stripe_price_id', `'price_x'`],
  ['invoices', 'status', `'open'`],
  ['invoices', 'amount_paid', '0'],
  ['invoices', 'attempt_count', '9'],
  ['invoices', 'paid_at', 'null'],
  ['invoices', 'hosted_invoice_url', 'null'],
  ['payment_methods', 'last4', `'0000'`],
  ['prices', 'lookup_key', 'null'],
  ['prices', 'unit_amount', '1'],
  ['products', 'is_active', 'false'],
])('finds a wrong %s.%s', async (table, column, wrong) => {
  await database.exec(`create temporary table kept as select * from paywright.${table}`)
  await database.exec(`update paywright.${table} set ${column} = ${wrong}`)
  expect(new Set(await difference())).toEqual(new Set([`${table}.${column}`]))
  await database.exec(`
    set session_replication_role = replica;
    delete from paywright.${table};
    insert into paywright.${table} select * from kept;
    drop table kept;
    set session_replication_role = origin`)
})

test.each([
  ['subscription_tier', `'free'`],
  ['subscription_status', `'canceled'`],
  ['stripe_subscription_id', 'null'],
  ['current_period_end', 'null'],
  ['cancel_at_period_end', 'true'],
])('finds a wrong %s in the table of the product', async (column, wrong) => {
  await database.exec('create temporary table kept as select * from users')
  await database.exec(`update users set ${column} = ${wrong}`)
  expect(await difference()).toEqual([`users.${column}`])
  await database.exec('delete from users; insert into users select * from kept; drop table kept')
})

test('finds a row too few and a row too many', async () => {
  const customer = await app.stripe.customers.create({ email: 'unheard@customer.example' })
  expect(await difference()).toEqual(['stripe_customers.*'])
  await app.stripe.customers.del(customer.id)
  await database.exec(`create temporary table kept as select * from paywright.payment_methods`)
  await database.exec(`update paywright.payment_methods set stripe_payment_method_id = 'pm_invented'`)
  expect(await difference()).toEqual(['payment_methods.*', 'payment_methods.*'])
  await database.exec('delete from paywright.payment_methods; insert into paywright.payment_methods select * from kept')
})

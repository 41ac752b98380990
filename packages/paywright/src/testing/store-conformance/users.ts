import assert from 'node:assert/strict'
import type { Projection } from '../../engine/ports.js'
import { createStore } from '../../store/store.js'
import type { Bench, StoreCase } from './harness.js'
import { buildPlan, CUSTOMER, NOW } from './harness.js'

const UUID = '8c1c6f1e-5a52-4f0c-9d2e-0d9a53a5c001'

export const USERS: readonly StoreCase[] = [
  { type: 'text', id: 'ada' },
  { type: 'uuid', id: UUID },
  { type: 'integer', id: '7' },
  { type: 'bigint', id: '9007199254740993' },
  { type: 'varchar(40)', id: 'ada' },
].map(({ type, id }) => ({
  name: `the projection finds its row by an id of type ${type}, and ignores an id that has none`,
  run: (bench: Bench) => projects(bench, type, id),
}))

async function projects(bench: Bench, type: string, id: string): Promise<void> {
  const { database, scope } = bench
  const name = `users_${type.replaceAll(/\W/g, '')}_${scope.account}`
  await database.exec(`create table ${name} (id ${type} primary key, email text)`, [])
  await database.exec(`insert into ${name} (id) values ($1::text::${type})`, [id])
  const store = createStore(database, { usersTable: { name, id: 'id' } })
  assert.equal((await store.migrate()).addedColumns.length, 6)
  assert.deepEqual((await store.migrate()).addedColumns, [])
  const projection: Projection = {
    customerId: id,
    stripeCustomerId: CUSTOMER,
    stripeSubscriptionId: 'sub_1',
    tier: 'pro',
    status: 'active',
    currentPeriodEnd: NOW + 100,
    cancelAtPeriodEnd: true,
  }
  for (const customerId of ['not-an-id', '0007', '99999999999999999999', id]) {
    await bench.store.wantSync(scope, CUSTOMER, NOW)
    const plan = buildPlan(CUSTOMER, { projection: { ...projection, customerId } })
    assert.equal(await store.commitSync(await bench.claimOne(), plan, NOW), true)
  }
  const rows = await database.exec(
    `select stripe_customer_id, stripe_subscription_id, subscription_tier, subscription_status,
       extract(epoch from current_period_end)::text as ends, cancel_at_period_end from ${name}`,
    [],
  )
  assert.deepEqual(
    rows.map((row) => ({ ...row, ends: Number(row['ends']) })),
    [
      {
        stripe_customer_id: CUSTOMER,
        stripe_subscription_id: 'sub_1',
        subscription_tier: 'pro',
        subscription_status: 'active',
        ends: NOW + 100,
        cancel_at_period_end: true,
      },
    ],
  )
}

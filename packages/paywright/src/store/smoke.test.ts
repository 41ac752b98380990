import { test, expect } from 'vitest'
import { memoryDatabase } from '../testing/database.js'
import { createStore } from './store.js'
test('smoke', async () => {
  const t0 = performance.now()
  const db = await memoryDatabase()
  console.log('template+clone', performance.now() - t0)
  const t1 = performance.now()
  await (await memoryDatabase()).close()
  console.log('clone', performance.now() - t1)
  await db.exec('create table users (id uuid primary key default gen_random_uuid(), email text)', [])
  const store = createStore(db, { usersTable: { name: 'users', id: 'id' } })
  console.log(await store.previewMigration(), await store.migrate(), await store.previewMigration())
  const scope = { account: 'acct_1', livemode: false }
  console.log(
    await store.wantSync(scope, 'cus_1', 10),
    await store.loadCustomer(scope, 'cus_1'),
    await store.access(scope, 'c'),
    await store.backlog(scope),
  )
  const [c] = await store.claim({ scope, limit: 1, token: 't', now: 10, leaseUntil: 40 })
  console.log(c)
  expect(c).toBeDefined()
  await db.close()
})

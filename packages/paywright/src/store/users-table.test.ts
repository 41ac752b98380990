import { afterAll, beforeAll, expect, test } from 'vitest'
import { memoryDatabase } from '../testing/database.js'
import type { Database } from './database.js'
import { createStore } from './store.js'

let database: Database
beforeAll(async () => {
  database = await memoryDatabase()
})
afterAll(() => database.close())

test('a conflict is told beforehand, stops the migration, and nothing is changed', async () => {
  await database.exec('create table people (id int primary key, subscription_status int not null)')
  const store = createStore(database, { usersTable: { name: 'people', id: 'id' } })
  const preview = await store.previewMigration()
  expect(preview.conflicts).toEqual([expect.stringContaining('subscription_status of "people" is integer')])
  expect(preview.statements).toEqual([])
  await expect(store.migrate()).rejects.toMatchObject({
    code: 'migration_conflict',
    message: expect.stringContaining('subscription_status'),
  })
  expect(await columnsOf('people')).toEqual(['id', 'subscription_status'])
})

test('a preview says what a migration then does, and afterwards that nothing is left', async () => {
  await database.exec('create schema app; create table app."User" (id uuid primary key)')
  const store = createStore(database, { usersTable: { name: 'User', id: 'id', schema: 'app' } })
  const preview = await store.previewMigration()
  expect(preview.statements).toHaveLength(7)
  expect(preview.statements[0]).toBe('alter table "app"."User" add column stripe_customer_id text')
  expect((await store.migrate()).addedColumns).toEqual(preview.addedColumns)
  expect(await store.previewMigration()).toMatchObject({ pending: [], statements: [], conflicts: [] })
  expect((await store.previewMigration()).keptColumns).toEqual(preview.addedColumns)
})

test('a table that is named with its schema is found, and a view is refused', async () => {
  await database.exec('create view public.everybody as select 1 as id')
  const store = createStore(database, { usersTable: { name: 'public.everybody', id: 'id' } })
  expect((await store.previewMigration()).conflicts).toEqual([
    expect.stringContaining('"public"."everybody" is no table'),
  ])
})

async function columnsOf(table: string): Promise<readonly unknown[]> {
  const rows = await database.exec(
    'select column_name from information_schema.columns where table_name = $1::text order by ordinal_position',
    [table],
  )
  return rows.map((row) => row['column_name'])
}

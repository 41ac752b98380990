import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import { type LocalPostgres, startLocalPostgres } from '../testing/local-postgres.js'
import { storeConformance } from '../testing/store-conformance/index.js'
import type { Database } from './database.js'
import { MIGRATIONS } from './migrations.generated.js'
import { postgres } from './pg.js'
import { createStore } from './store.js'

const server: LocalPostgres = await startLocalPostgres()
afterAll(() => server.stop())

describe('the store on Postgres, over several connections', () => {
  let database: Database
  beforeAll(async () => {
    database = postgres(await server.createDatabase())
    await createStore(database).migrate()
  })
  afterAll(() => database.close())

  test.each(storeConformance)('$name', ({ check }) => check(database))
})

describe('migrations', () => {
  test('processes that start together migrate once', async () => {
    const url = await server.createDatabase()
    const databases = Array.from({ length: 5 }, () => postgres(url))
    const reports = await Promise.all(databases.map((database) => createStore(database).migrate()))
    expect(reports.flatMap(({ applied }) => applied)).toEqual(MIGRATIONS.map(({ name }) => name))
    await Promise.all(databases.map((database) => database.close()))
  })

  test('a store without tables says that it is not migrated', async () => {
    const database = postgres(await server.createDatabase())
    const store = createStore(database)
    await expect(store.knownAccount('key')).rejects.toMatchObject({ code: 'not_migrated' })
    expect((await store.previewMigration()).pending).toEqual(MIGRATIONS.map(({ name }) => name))
    await database.close()
  })
})

describe('the adapter', () => {
  test('a server that is not there is said to be unavailable', async () => {
    const database = postgres('postgres://nobody@127.0.0.1:1/nothing')
    await expect(database.exec('select 1', [])).rejects.toMatchObject({ code: 'database_unavailable' })
    await expect(database.transaction((exec) => exec('select 1', []))).rejects.toMatchObject({
      code: 'database_unavailable',
    })
    await database.close()
  })

  test('a connection that breaks inside a transaction fails that transaction, and the next one works', async () => {
    const database = postgres(await server.createDatabase())
    const broken = database.transaction((exec) => exec('select pg_terminate_backend(pg_backend_pid())', []))
    await expect(broken).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(await database.transaction((exec) => exec('select 1 as one', []))).toEqual([{ one: 1 }])
    await database.close()
  })

  test('a transaction that throws leaves nothing behind', async () => {
    const database = postgres(await server.createDatabase())
    await database.exec('create table t (id int)', [])
    const work = database.transaction(async (exec) => {
      await exec('insert into t values (1)', [])
      throw new Error('enough')
    })
    await expect(work).rejects.toThrow('enough')
    expect(await database.exec('select * from t', [])).toEqual([])
    await database.close()
  })

  test('a missing address is refused at once', () => {
    expect(() => postgres(undefined)).toThrow(BillingError)
    expect(() => postgres('')).toThrow(/DATABASE_URL/)
  })
})

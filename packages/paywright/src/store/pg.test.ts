import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import { type LocalPostgres, startEmbeddedPostgres, startLocalPostgres } from '../testing/local-postgres.js'
import type { Database, Exec } from './database.js'
import { postgres } from './pg.js'
import type { PostgresOptions } from './pg-limits.js'

const SETTINGS = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
  current_setting('idle_in_transaction_session_timeout') as idle`
const DEFAULTS = { statement: '30s', lock: '5s', idle: '10s' }
const NONE = { statement: '0', lock: '0', idle: '0' }

const server = await startLocalPostgres()
let url: string
let opened: Database[] = []

beforeAll(async () => {
  url = await server.createDatabase()
  const database = open()
  await database.exec('create table places (id integer primary key); insert into places values (1)')
})
afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()))
  opened = []
  await server.stop()
})

function open(options: PostgresOptions = {}, source: string | pg.Pool = url): Database {
  const database = postgres(source, options)
  opened.push(database)
  return database
}

/** Asks again and again, a bounded number of times. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) if (await isSo()) return
  throw new Error('It has not come about.')
}

describe('limits', () => {
  test('sessions of our own have them, in a transaction and outside', async () => {
    const database = open()
    expect(await database.exec(SETTINGS, [])).toEqual([DEFAULTS])
    expect(await database.transaction((exec) => exec(SETTINGS, []))).toEqual([DEFAULTS])
    expect(await open({ statementTimeout: '2m' }).exec(SETTINGS, [])).toEqual([{ ...DEFAULTS, statement: '2min' }])
  })

  test('a transaction without limits has none, and the next one has them again', async () => {
    const database = open()
    expect(await database.transaction((exec) => exec(SETTINGS, []), { isUnlimited: true })).toEqual([NONE])
    expect(await database.transaction((exec) => exec(SETTINGS, []))).toEqual([DEFAULTS])
  })

  test('in a pool that was handed in, each transaction sets them, and the sessions keep what they had', async () => {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    const database = open({}, pool)
    expect(await database.transaction((exec) => exec(SETTINGS, []))).toEqual([DEFAULTS])
    expect(await database.exec(SETTINGS, [])).toEqual([NONE])
    await pool.end()
  })

  test('a statement that takes longer fails, and the connection is of use', async () => {
    const database = open({ statementTimeout: '1s' })
    await expect(database.exec('select pg_sleep(30)', [])).rejects.toMatchObject({ code: 'database_busy' })
    const work = database.transaction((exec) => exec('select pg_sleep(30)', []))
    await expect(work).rejects.toMatchObject({ code: 'database_busy' })
    expect(await database.exec('select 1 as one', [])).toEqual([{ one: 1 }])
  })

  test('a lock that somebody keeps is not waited for without end', async () => {
    const database = open({ lockTimeout: '1s' })
    await open().transaction(async (exec) => {
      await exec('select from places for update', [])
      const blocked = database.exec('update places set id = id', [])
      await expect(blocked).rejects.toMatchObject({ code: 'database_busy', cause: { code: '55P03' } })
    })
  })

  test('a process that stops in its transaction does not keep its locks', async () => {
    const patient = open({ lockTimeout: '0s' })
    const stopped = open({ idleTransactionTimeout: '1s' })
    const work = stopped.transaction(async (exec) => {
      await exec('select from places for update', [])
      // It is given the lock when the server has ended the transaction of the other.
      await patient.exec('update places set id = id', [])
      await exec('update places set id = id', [])
    })
    await expect(work).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(await stopped.transaction((exec) => exec('select 1 as one', []))).toEqual([{ one: 1 }])
  })

  test('a server that says nothing is given up', async () => {
    const database = open({ statementTimeout: '1s' }, url)
    const unlimited = 'set local statement_timeout = 0'
    const work = database.transaction(async (exec) => {
      await exec(unlimited)
      await exec('select pg_sleep(30)', [])
    })
    await expect(work).rejects.toMatchObject({ code: 'database_busy', cause: { message: 'Query read timeout' } })
    expect(await database.exec('select 1 as one', [])).toEqual([{ one: 1 }])
  })

  test('an option that is no duration is refused', () => {
    // @ts-expect-error not a duration
    expect(() => postgres(url, { lockTimeout: 'soon' })).toThrow(/`lockTimeout` is "soon"/)
  })
})

describe('prepared statements', () => {
  const prepared = (exec: Exec): Promise<readonly unknown[]> =>
    exec(`select name ~ '^paywright_[0-9a-f]{24}$' as is_ours, calls from (
        select name, generic_plans + custom_plans as calls from pg_prepared_statements) known order by calls desc`)

  const twice = (database: Database) =>
    database.transaction(async (exec) => {
      for (const value of [1, 2]) await exec('select $1::integer as value', [value])
      return prepared(exec)
    })

  test('a statement with parameters is parsed once for a connection', async () => {
    expect(await twice(open())).toEqual([{ is_ours: true, calls: '2' }])
  })

  test('not where it was said so, nor in a pool that was handed in', async () => {
    expect(await twice(open({ preparedStatements: false }))).toEqual([])
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    expect(await twice(open({}, pool))).toEqual([])
    expect(await twice(open({ preparedStatements: true }, pool))).toEqual([{ is_ours: true, calls: '2' }])
    await pool.end()
  })
})

describe('several hosts', () => {
  const NAME = 'moving'
  let first: LocalPostgres
  let second: LocalPostgres
  let ports: { first: string; second: string }
  let admins: { first: Database; second: Database }
  let both: string

  beforeAll(async () => {
    first = await startEmbeddedPostgres()
    second = await startEmbeddedPostgres()
    const urls = {
      first: new URL(await first.createDatabase(NAME)),
      second: new URL(await second.createDatabase(NAME)),
    }
    admins = { first: open({}, urls.first.href), second: open({}, urls.second.href) }
    ports = { first: urls.first.port, second: urls.second.port }
    for (const admin of Object.values(admins)) await admin.exec('create table written (value integer)')
    both = `postgres://postgres:postgres@127.0.0.1:${ports.first},127.0.0.1:${ports.second}/${NAME}`
  })
  afterAll(async () => {
    for (const database of opened) await database.close()
    await second.stop()
  })

  /** As a server does that becomes a standby or a primary, for the sessions that are there, too. */
  async function setTakesWrites(admin: Database, takesWrites: boolean): Promise<void> {
    const wanted = takesWrites ? 'off' : 'on'
    await admin.exec(`alter system set default_transaction_read_only = ${wanted}`, [])
    await admin.exec('select pg_reload_conf()', [])
    await until(async () => {
      const [row] = await admin.exec(`select current_setting('default_transaction_read_only') as setting`, [])
      return row?.['setting'] === wanted
    })
  }

  async function portOf(exec: Exec): Promise<unknown> {
    const [row] = await exec(`insert into written values (1) returning current_setting('port') as port`, [])
    return row?.['port']
  }

  test('the first that takes writes is used, and when it takes none any more, the one that does', async () => {
    await setTakesWrites(admins.first, false)
    const database = open({}, `${both}?target_session_attrs=read-write`)
    expect(await portOf(database.exec)).toBe(ports.second)

    await setTakesWrites(admins.first, true)
    await setTakesWrites(admins.second, false)
    let refused: unknown
    // Each session hears of it in its own time.
    await until(async () => {
      refused = await database.transaction(portOf).catch((error: unknown) => error)
      return refused instanceof BillingError
    })
    expect(refused).toMatchObject({ code: 'database_unavailable', cause: { code: '25006' } })
    expect(await database.transaction(portOf)).toBe(ports.first)
  })

  test('while none takes writes that is said, and the first one that does is found without a new start', async () => {
    await setTakesWrites(admins.first, false)
    await setTakesWrites(admins.second, false)
    const database = open({}, `${both}?target_session_attrs=read-write`)
    await expect(portOf(database.exec)).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('Of 2 hosts none takes writes.'),
    })
    await setTakesWrites(admins.second, true)
    expect(await portOf(database.exec)).toBe(ports.second)
  })

  test('a server that is gone is left for the next one, last because it does not come back', async () => {
    await setTakesWrites(admins.first, true)
    await setTakesWrites(admins.second, true)
    const database = open({}, both)
    expect(await portOf(database.exec)).toBe(ports.first)
    await admins.first.close()
    const underWay = database.transaction(async (exec) => {
      await portOf(exec)
      await first.stop()
      await portOf(exec)
    })
    await expect(underWay).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(await portOf(database.exec)).toBe(ports.second)
  })
})

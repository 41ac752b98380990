import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalPostgres, startLocalPostgres } from '../testing/local-postgres.js'
import { buildEffect, buildState, buildSubscription } from '../testing/store-conformance/factories.js'
import { buildEvent, createBench, NOW } from '../testing/store-conformance/harness.js'
import { storeConformance } from '../testing/store-conformance/index.js'
import type { Database } from './database.js'
import { MIGRATIONS } from './migrations.generated.js'
import { postgres } from './pg.js'
import { createStore } from './store.js'

const server: LocalPostgres = await startLocalPostgres()
afterAll(() => server.stop())

// What instances of the release before send, as they send it.
const RECEIVE_BEFORE = `with receipt as (
  insert into paywright.receipts
    (account, livemode, event_id, type, subject, object_id, api_version, connected_account, payload, created_at, received_at,
     processed_at, secret_fingerprint)
  values ($1::text, $2::boolean, $3::text, 'customer.updated', $4::text, null, null, null, '{}', now(),
    to_timestamp($5::bigint), case when $4::text is null then to_timestamp($5::bigint) end, null)
  on conflict (account, livemode, event_id) do nothing
  returning event_id, subject
), marked as (
  insert into paywright.subjects as stored (account, livemode, subject, wanted_seq, wanted_at, due_at)
  select $1::text, $2::boolean, subject, count(*), to_timestamp($5::bigint), to_timestamp($5::bigint)
  from receipt where subject is not null group by subject order by subject
  on conflict (account, livemode, subject) do update set wanted_seq = stored.wanted_seq + 1
)
select event_id from receipt`

const PENDING_BEFORE = `select id, event_id from paywright.receipts
  where account = $1::text and livemode = $2::boolean and processed_at is null and subject = $3::text order by id`

const PROCESSED_BEFORE = `update paywright.receipts set processed_at = to_timestamp($4::bigint)
  where account = $1::text and livemode = $2::boolean and subject = $3::text and processed_at is null and id = any($5::text::bigint[])`

const TELL_BEFORE = `insert into paywright.outbox (account, livemode, subject, number, topic, key, body, created_at)
  values ($1::text, $2::boolean, 'cus_1', $3::bigint, 'effect', $4::text, '{}', now())
  on conflict (account, livemode, key) do nothing returning number`

describe('while instances of the release before run', () => {
  let database: Database
  beforeAll(async () => {
    database = await releaseBefore()
    expect((await createStore(database).migrate()).applied).not.toContain('006_subject_keys_contract')
  })
  afterAll(() => database.close())

  test.each(storeConformance)('$name', ({ check }) => check(database))

  test('an event that comes to instances of both releases at once is stored once', async () => {
    const { store, scope } = createBench(database)
    const events = Array.from({ length: 40 }, (_, index) => `evt_${index}`)
    const both = events.flatMap((eventId, index) => {
      const subject = index % 3 === 0 ? null : 'cus_1'
      return [
        receiveBefore(database, { account: scope.account, eventId, subject }),
        store.receive(scope, [{ ...buildEvent(eventId), subject }], NOW).then(({ size }) => size),
      ]
    })
    const stored = (await Promise.all(both)).reduce((sum, count) => sum + count, 0)
    expect(stored).toBe(40)
    expect(new Set((await store.recentReceipts(scope, 99)).map(({ eventId }) => eventId)).size).toBe(40)
  })

  test('what one release has stored, the other claims and does', async () => {
    const { store, scope, claimOne, commit, receive } = createBench(database)
    await receiveBefore(database, { account: scope.account, eventId: 'evt_before', subject: 'cus_1' })
    await receive({ eventId: 'evt_now' })
    const claimed = await claimOne()
    expect(claimed.pending.map(({ eventId }) => eventId)).toEqual(['evt_before', 'evt_now'])
    const owner = [scope.account, false, 'cus_1'] as const
    const pending = await database.exec(PENDING_BEFORE, owner)
    expect(pending.map((row) => row['event_id'])).toEqual(['evt_before', 'evt_now'])
    await database.exec(PROCESSED_BEFORE, [...owner, NOW, `{${String(pending[0]?.['id'])}}`])
    expect(await commit(claimed)).toBe(true)
    expect(await database.exec(PENDING_BEFORE, owner)).toEqual([])
    expect((await store.inboxFigures(scope, NOW)).oldestWaiting).toBeNull()
  })

  test('an effect that one release has told, the other does not tell again', async () => {
    const { scope, receive, claimOne, commit } = createBench(database)
    const tell = (number: number) => database.exec(TELL_BEFORE, [scope.account, false, number, 'e1'])
    expect(await tell(7)).toHaveLength(1)
    expect(await tell(8)).toEqual([])
    await receive()
    expect(await commit(await claimOne(), { effects: [buildEffect('e1')] })).toBe(true)
    const stored = await database.exec('select number from paywright.outbox where account = $1::text', [scope.account])
    expect(stored).toHaveLength(1)
  })

  test('access is what the mirror says, because they write the mirror alone', async () => {
    const { scope, store, receive, claimOne, commit } = createBench(database)
    const subscription = buildSubscription({ stripeCustomerId: 'cus_1' })
    const state = buildState({ stripeCustomerId: 'cus_1', customerId: 'ada', subscriptions: [subscription] })
    await receive()
    await commit(await claimOne(), { state })
    const end = `update paywright.subscriptions set status = 'canceled' where account = $1::text`
    await database.exec(end, [scope.account])
    expect((await store.accessFacts(scope, 'ada')).subscriptions[0]?.status).toBe('canceled')
  })
})

describe('when none of them runs any more', () => {
  test('the contraction keeps every receipt, and each event stays stored once', async () => {
    const database = await releaseBefore()
    const account = 'acct_before'
    const [scope, store] = [{ account, livemode: false }, createStore(database)]
    await receiveBefore(database, { account, eventId: 'evt_none', subject: null })
    await receiveBefore(database, { account, eventId: 'evt_one', subject: 'cus_1' })
    await store.migrate()
    await store.receive(scope, [{ ...buildEvent('evt_other'), subject: null }], NOW)
    expect((await store.migrate()).applied).toEqual([])
    expect((await store.migrate({ contract: true })).applied).toEqual(['006_subject_keys_contract'])
    const again = ['evt_none', 'evt_other'].map((eventId) => ({ ...buildEvent(eventId), subject: null }))
    expect([...(await store.receive(scope, [...again, buildEvent('evt_one')], NOW))]).toEqual([])
    const log = (await store.recentReceipts(scope, 9)).map(({ eventId, subject }) => [eventId, subject])
    expect(new Map(log as [string, string | null][])).toEqual(
      new Map([
        ['evt_none', null],
        ['evt_one', 'cus_1'],
        ['evt_other', null],
      ]),
    )
    const [claimed] = await store.claim({ scope, limit: 1, token: 't', now: NOW, leaseUntil: NOW + 9 })
    expect(claimed?.pending.map(({ eventId }) => eventId)).toEqual(['evt_one'])
    await database.close()
  })

  test('an event that was found to be about nothing is done for its customer when it comes again', async () => {
    const database = postgres(await server.createDatabase())
    await createStore(database).migrate()
    const { receive, claimOne, commit, claim } = createBench(database)
    expect(await receive({ eventId: 'evt_learned', subject: null })).toEqual({ isNew: true })
    expect(await claim()).toEqual([])
    // As after an upgrade that knows more types of events.
    expect(await receive({ eventId: 'evt_learned' })).toEqual({ isNew: true })
    expect(await receive({ eventId: 'evt_learned' })).toEqual({ isNew: false })
    const claimed = await claimOne()
    expect([claimed.wantedSeq, claimed.pending.length]).toEqual([1n, 1])
    expect(await commit(claimed)).toBe(true)
    expect(await claim()).toEqual([])
    await database.close()
  })

  test('the row of access is used from then on, and not what was written before', async () => {
    const database = await releaseBefore()
    await createStore(database).migrate()
    const { store, receive, claimOne, commit } = createBench(database)
    const state = buildState({ stripeCustomerId: 'cus_1', customerId: 'ada' })
    await receive()
    await commit(await claimOne(), { state })
    const kept = async () => {
      const rows = await database.exec('select record, is_kept from paywright.access', [])
      return rows.filter((row) => row['is_kept'] === true && row['record'] !== null).length
    }
    expect(await kept()).toBe(0)
    await store.migrate({ contract: true })
    expect(await kept()).toBe(0)
    await receive()
    await commit(await claimOne(), { state })
    expect(await kept()).toBe(1)
    await database.close()
  })
})

async function receiveBefore(
  database: Database,
  event: { account: string; eventId: string; subject: string | null },
): Promise<number> {
  const { account, eventId, subject } = event
  return (await database.exec(RECEIVE_BEFORE, [account, false, eventId, subject, NOW])).length
}

/** A database as the release before has left it. */
async function releaseBefore(): Promise<Database> {
  const database = postgres(await server.createDatabase())
  const names = MIGRATIONS.filter(({ name }) => name < '006')
  await database.exec(
    'create schema paywright; create table paywright.migrations (name text primary key, applied_at timestamptz not null default now())',
  )
  for (const { name, sql } of names) {
    await database.exec(sql)
    await database.exec('insert into paywright.migrations (name) values ($1::text)', [name])
  }
  return database
}

import assert from 'node:assert/strict'
import type { ReceiptPlace } from '../../engine/ports.js'
import { NO_RECORDS } from '../../domain/records.js'
import { buildEffect, buildPrice, buildProduct, buildState } from './factories.js'
import type { Bench, StoreCase } from './harness.js'
import { buildEvent, CUSTOMER, LEASE, NOW } from './harness.js'

const DAY = 86_400

export const REPAIRING: readonly StoreCase[] = [
  {
    name: 'a run goes on where it was until it is complete; then the next one begins anew',
    run: async ({ store, scope }) => {
      const open = (token: string, now: number, isNew = false) =>
        store.openRun(scope, { name: 'backfill.customers', token, now, isNew })
      const first = await open('one', NOW)
      assert.deepEqual([first.cursor, first.done, first.completedAt, first.lastCompletedStart], [null, 0, null, null])
      assert.equal(await store.saveRun(scope, { ...first, cursor: 'c1', done: 100, failed: 1, now: NOW + 1 }), true)
      const resumed = await open('two', NOW + 5)
      assert.deepEqual([resumed.token, resumed.cursor, resumed.done, resumed.failed], ['one', 'c1', 100, 1])
      assert.equal(resumed.startedAt, NOW)
      assert.equal(await store.completeRun(scope, { ...resumed, now: NOW + 9 }), true)
      assert.equal((await store.runs(scope))[0]?.completedAt, NOW + 9)
      const second = await open('three', NOW + 20)
      assert.deepEqual([second.token, second.cursor, second.done, second.completedAt], ['three', null, 0, null])
      assert.equal(second.lastCompletedStart, NOW)
      assert.equal((await open('four', NOW + 30, true)).token, 'four')
    },
  },
  {
    name: 'who was overtaken, or comes after the end, writes nothing over a run',
    run: async ({ store, scope }) => {
      const open = (token: string, isNew: boolean) => store.openRun(scope, { name: 'catch_up', token, now: NOW, isNew })
      const slow = await open('slow', false)
      const fast = await open('fast', true)
      assert.equal(await store.saveRun(scope, { ...slow, cursor: 'old', now: NOW }), false)
      assert.equal(await store.completeRun(scope, { ...slow, now: NOW }), false)
      assert.equal(await store.completeRun(scope, { ...fast, now: NOW }), true)
      assert.equal(await store.saveRun(scope, { ...fast, cursor: 'late', now: NOW }), false)
      assert.equal((await store.runs(scope))[0]?.cursor, null)
      assert.deepEqual(await store.runs({ ...scope, livemode: true }), [])
    },
  },
  {
    name: 'receipts that were processed long ago are pruned step by step; what waits stays, and so does what is young',
    run: async (bench) => {
      const { receive, store, scope } = bench
      const old = NOW - 100 * DAY
      await receive({ eventId: 'evt_stuck', subject: 'cus_stuck' }, old)
      for (let day = 0; day < 5; day += 1) await receive({ eventId: `evt_old_${day}` }, old + day)
      await bench.commit(await claimNamed(bench, CUSTOMER), {}, old + DAY)
      // It came long ago and was only processed now.
      await receive({ eventId: 'evt_late', subject: 'cus_late' }, old + 2 * DAY)
      await bench.commit(await claimNamed(bench, 'cus_late'), { state: buildState({ stripeCustomerId: 'cus_late' }) })
      await receive({ eventId: 'evt_none', subject: null }, old + 3 * DAY)
      await receive({ eventId: 'evt_young', subject: null }, NOW - DAY)
      assert.equal(await pruneAll(bench, 2), 6)
      const left = (await store.recentReceipts(scope, 20)).map(({ eventId }) => eventId)
      assert.deepEqual(left.toSorted(), ['evt_late', 'evt_stuck', 'evt_young'])
      assert.equal((await claimNamed(bench, 'cus_stuck')).pending.length, 1)
    },
  },
  {
    name: 'messages that were delivered long ago are pruned; what waits, is dead or young stays',
    run: async (bench) => {
      const { store, scope } = bench
      const old = NOW - 100 * DAY
      for (const key of ['e_old_1', 'e_old_2', 'e_old_3', 'e_dead', 'e_young', 'e_open']) {
        await store.tellEffect(scope, { subject: `cus_${key}`, effect: buildEffect(key), now: old })
      }
      const token = 'prune'
      const rows = await store.claimOutbox({ scope, limit: 10, token, now: old, leaseUntil: old + LEASE })
      for (const row of rows) {
        const key = row.message.topic === 'effect' ? row.message.effect.key : ''
        if (key.startsWith('e_old')) await store.finishOutbox(row, token, old + DAY)
        if (key === 'e_young') await store.finishOutbox(row, token, NOW - DAY)
        if (key === 'e_dead') await store.releaseOutbox(row, { token, error: 'no', retryAt: null, now: old })
      }
      const before = NOW - 90 * DAY
      assert.equal(await store.pruneOutbox({ ...scope, livemode: true }, { before, limit: 10 }), 0)
      assert.equal(await store.pruneOutbox(scope, { before, limit: 2 }), 2)
      assert.equal(await store.pruneOutbox(scope, { before, limit: 2 }), 1)
      assert.equal(await store.pruneOutbox(scope, { before, limit: 2 }), 0)
      assert.equal((await store.deadLetters(scope)).length, 1)
      assert.equal((await store.backlog(scope)).outbox, 1)
    },
  },
  {
    name: 'an effect that no sync has caused is told once, in its place among the others of the subject',
    run: async ({ store, scope, receive, claimOne, commit }) => {
      await store.tellEffect(scope, { subject: CUSTOMER, effect: buildEffect('e1'), now: NOW })
      await store.tellEffect(scope, { subject: CUSTOMER, effect: buildEffect('e1'), now: NOW })
      await store.tellEffect(scope, { subject: CUSTOMER, effect: buildEffect('e2'), now: NOW })
      await receive()
      await commit(await claimOne(), { effects: [buildEffect('e3')] })
      const told: string[] = []
      for (let round = 0; round < 4; round += 1) {
        const rows = await store.claimOutbox({ scope, limit: 9, token: 't', now: NOW, leaseUntil: NOW + LEASE })
        for (const row of rows) {
          told.push(row.message.topic === 'effect' ? row.message.effect.key : '')
          await store.finishOutbox(row, 't', NOW)
        }
      }
      assert.deepEqual(told, ['e1', 'e2', 'e3'])
    },
  },
  {
    name: 'mirrored customers are paged in the order of their ids; deleted ones are passed over, strangers are named',
    run: async (bench) => {
      const { store, scope } = bench
      for (const id of ['cus_b', 'cus_a', 'cus_c', 'cus_d']) {
        const state = buildState({ stripeCustomerId: id })
        const isDeleted = id === 'cus_c'
        await bench.receive({ subject: id })
        await bench.commit(await claimNamed(bench, id), {
          state: { ...state, customer: { ...state.customer, isDeleted } },
        })
      }
      assert.deepEqual(await store.storedCustomers(scope, { after: '', limit: 2 }), ['cus_a', 'cus_b'])
      assert.deepEqual(await store.storedCustomers(scope, { after: 'cus_b', limit: 2 }), ['cus_d'])
      assert.deepEqual(await store.notStored(scope, ['cus_x', 'cus_c', 'cus_a', 'cus_y']), ['cus_x', 'cus_y'])
      assert.deepEqual(await store.notStored({ ...scope, livemode: true }, ['cus_a']), ['cus_a'])
    },
  },
  {
    name: 'a subject is known to wait until it was written, and to be linked once a customer of the app has claimed it',
    run: async ({ store, scope, receive, claimOne, commit }) => {
      assert.deepEqual(await store.subjectFacts(scope, CUSTOMER), { isWaiting: false, isLinked: false })
      await receive()
      const claimed = await claimOne()
      assert.equal((await store.subjectFacts(scope, CUSTOMER)).isWaiting, true)
      await commit(claimed, { state: buildState({ stripeCustomerId: CUSTOMER, customerId: 'ada' }) })
      assert.deepEqual(await store.subjectFacts(scope, CUSTOMER), { isWaiting: false, isLinked: true })
    },
  },
  {
    name: 'a sync is quiet while nobody wants it but who fills the mirror',
    run: async (bench) => {
      const { store, scope, receive, claimOne, commit } = bench
      await store.wantSync(scope, 'cus_buyer', NOW)
      const buyer = await claimNamed(bench, 'cus_buyer')
      assert.equal(buyer.isQuiet, false, 'somebody who comes back from checkout is news')
      await commit(buyer, { state: buildState({ stripeCustomerId: 'cus_buyer' }) })
      assert.equal(await store.wantQuietSync(scope, CUSTOMER, NOW), 1n)
      assert.equal(await store.wantQuietSync(scope, CUSTOMER, NOW), 2n)
      const quiet = await claimOne()
      assert.deepEqual([quiet.isQuiet, quiet.isReadWanted, quiet.wantedSeq], [true, true, 2n])
      await receive()
      assert.equal(await commit(quiet), true)
      assert.equal((await claimOne()).isQuiet, false, 'an event has come meanwhile')
      await store.wantQuietSync(scope, CUSTOMER, NOW)
      const loud = await claimOne(NOW + LEASE)
      assert.equal(loud.isQuiet, false, 'the event still waits')
      await commit(loud)
      await store.wantQuietSync(scope, CUSTOMER, NOW)
      const again = await claimOne()
      assert.equal(again.isQuiet, true)
      await commit(again)
      await store.wantSync(scope, CUSTOMER, NOW)
      assert.equal((await claimOne()).isQuiet, false)
    },
  },
  {
    name: 'the catalogue is answered as it was written',
    run: async (bench) => {
      const { store, scope } = bench
      assert.deepEqual(await store.loadCatalog(scope), { products: [], prices: [] })
      await store.wantSync(scope, 'catalog', NOW)
      const catalog = { products: [buildProduct()], prices: [buildPrice()] }
      await store.commitSync(
        await claimNamed(bench, 'catalog'),
        { kind: 'catalog', ...catalog, objects: {}, records: NO_RECORDS },
        NOW,
      )
      assert.deepEqual(await store.loadCatalog(scope), catalog)
    },
  },
  {
    name: 'figures tell of the oldest receipt that waits, of lags, of types and of secrets',
    run: async (bench) => {
      const { store, scope, receive } = bench
      const none = { oldestWaiting: null, lag: null, lastByType: {}, lastBySecret: {} }
      assert.deepEqual(await store.inboxFigures(scope, NOW), none)
      const secretFingerprint = 'f1'
      await receive({ eventId: 'evt_first', type: 'invoice.paid', subject: 'cus_2', secretFingerprint }, NOW - 7200)
      for (let index = 0; index < 99; index += 1) await receive({ secretFingerprint: 'f2' }, NOW - 60)
      await receive({ subject: null, type: 'payout.paid', secretFingerprint: 'f2' }, NOW - 1)
      await bench.commit(await claimNamed(bench, CUSTOMER), {}, NOW - 58)
      await receive({ type: 'invoice.paid' }, NOW - 40)
      const figures = await store.inboxFigures(scope, NOW)
      assert.deepEqual(figures, {
        oldestWaiting: { eventId: 'evt_first', type: 'invoice.paid', receivedAt: NOW - 7200 },
        lag: { receipts: 100, p50: 2, p95: 2, p99: 2 },
        lastByType: { 'customer.updated': NOW - 60, 'invoice.paid': NOW - 40, 'payout.paid': NOW - 1 },
        lastBySecret: { f1: NOW - 7200, f2: NOW - 1 },
      })
      await Promise.all([receive({}, NOW - 40), receive({}, NOW - 40)])
      assert.equal((await store.inboxFigures(scope, NOW)).lag?.p99, 40)
    },
  },
  {
    name: 'a secret is remembered of each delivery, and none of what came from a list',
    run: async ({ store, scope }) => {
      const events = [
        { ...buildEvent('evt_listed'), secretFingerprint: null },
        { ...buildEvent('evt_sent'), secretFingerprint: 'f' },
      ]
      await store.receive(scope, events, NOW)
      assert.deepEqual((await store.inboxFigures(scope, NOW)).lastBySecret, { f: NOW })
    },
  },
]

async function claimNamed({ claim }: Bench, subject: string) {
  const [claimed] = await claim({ subject })
  assert.ok(claimed)
  return claimed
}

async function pruneAll({ store, scope }: Bench, limit: number): Promise<number> {
  let deleted = 0
  let after: ReceiptPlace | null = null
  for (let step = 0; step < 20; step += 1) {
    const report = await store.pruneReceipts(scope, { before: NOW - 90 * DAY, after, limit })
    deleted += report.deleted
    if (report.isEnd) return deleted
    after = report.walkedTo
  }
  throw new Error('It has no end.')
}

import assert from 'node:assert/strict'
import type { ReceiptFilter } from '../../engine/ports.js'
import type { Bench, StoreCase } from './harness.js'
import { CUSTOMER, LEASE, NOW } from './harness.js'

export const REPLAYING: readonly StoreCase[] = [
  {
    name: 'a receipt that was processed is put back to work, and Stripe is read for it',
    run: async (bench) => {
      const { receive, claimOne, commit, claim } = bench
      await receive({ eventId: 'evt_a', type: 'invoice.paid' })
      await commit(await claimOne())
      assert.deepEqual(await claim(), [])
      assert.equal(await replay(bench, { eventIds: ['evt_a', 'evt_unknown'] }), 1)
      const claimed = await claimOne()
      assert.equal(claimed.isReadWanted, true)
      assert.deepEqual(
        claimed.pending.map(({ type }) => type),
        ['invoice.paid'],
      )
      assert.equal(await commit(claimed), true)
      assert.equal((await bench.store.recentReceipts(bench.scope, 1))[0]?.processedAt, NOW)
    },
  },
  {
    name: 'receipts are chosen by type, by the beginning of a type, by subject and by time; all that is given must fit',
    run: async (bench) => {
      await bench.receive({ type: 'invoice.paid' }, NOW - 100)
      await bench.receive({ type: 'invoice.created', subject: 'cus_2' }, NOW - 50)
      await bench.receive({ type: 'customer_cash.updated', subject: 'cus_2' }, NOW - 10)
      await bench.receive({ type: 'invoice.paid', subject: null }, NOW - 10)
      const counts = async (filter: ReceiptFilter): Promise<number | null> => replay(bench, filter)
      assert.equal(await counts({ type: 'invoice.paid' }), 1)
      assert.equal(await counts({ type: 'invoice.*' }), 2)
      assert.equal(await counts({ type: 'customer.*' }), 0, 'a dot is a dot')
      assert.equal(await counts({ subject: 'cus_2' }), 2)
      assert.equal(await counts({ receivedFrom: NOW - 50 }), 2)
      assert.equal(await counts({ receivedUntil: NOW - 50 }), 1)
      assert.equal(await counts({ subject: 'cus_2', type: 'invoice.*', receivedFrom: NOW - 60 }), 1)
      assert.equal(await counts({ eventIds: [] }), 0)
      assert.equal(await counts({}), 3, 'but those about nothing of ours')
    },
  },
  {
    name: 'more receipts than one replay takes change nothing',
    run: async (bench) => {
      await Promise.all([bench.receive(), bench.receive(), bench.receive()])
      await bench.commit(await bench.claimOne())
      assert.equal(await replay(bench, {}, 2), null)
      assert.deepEqual(await bench.claim(), [])
      assert.equal(await replay(bench, {}, 3), 3)
    },
  },
  {
    name: 'a replay ends a backoff and revives what was set aside, and takes nothing out of a hand',
    run: async (bench) => {
      const { receive, claimOne, claim, commit, store } = bench
      await receive({ eventId: 'evt_a' })
      await store.releaseSync(await claimOne(), { error: 'no', retryAt: NOW + 3600, now: NOW })
      assert.equal(await replay(bench, { eventIds: ['evt_a'] }), 1)
      const again = await claimOne()
      assert.equal(again.attempts, 1)
      assert.equal(await replay(bench, { eventIds: ['evt_a'] }), 1)
      assert.deepEqual(await claim({ now: NOW + LEASE - 1 }), [])
      assert.equal(await commit(again), true)
      const next = await claimOne()
      await store.releaseSync(next, { error: 'no', retryAt: null, now: NOW })
      assert.equal(await replay(bench, { subject: CUSTOMER }), 1)
      assert.deepEqual(await store.deadLetters(bench.scope), [])
      assert.equal(await commit(await claimOne()), true)
    },
  },
  {
    name: 'replays at the same time as work end, and leave nothing that is not done',
    run: async (bench) => {
      await Promise.all(Array.from({ length: 30 }, (_, index) => bench.receive({ subject: `cus_${index % 5}` })))
      const worker = async (): Promise<void> => {
        for (const claimed of await bench.claim({ limit: 2 })) await bench.commit(claimed)
      }
      const both = Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? replay(bench, {}) : worker()))
      await Promise.all(both)
      for (let pass = 0; pass < 10; pass += 1) await worker()
      assert.equal((await bench.store.backlog(bench.scope)).waiting, 0)
      assert.equal((await bench.store.inboxFigures(bench.scope, NOW)).oldestWaiting, null)
    },
  },
]

async function replay({ store, scope }: Bench, filter: ReceiptFilter, most = 100): Promise<number | null> {
  return store.replayReceipts(scope, { filter, most, now: NOW })
}

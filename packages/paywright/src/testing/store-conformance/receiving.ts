import assert from 'node:assert/strict'
import type { StoreCase } from './harness.js'
import { buildEvent, NOW } from './harness.js'

export const RECEIVING: readonly StoreCase[] = [
  {
    name: 'a second delivery of an event is not new and wants no second sync',
    run: async ({ receive, claimOne, scope, store }) => {
      assert.deepEqual(await receive({ eventId: 'evt_same' }), { isNew: true })
      assert.deepEqual(await receive({ eventId: 'evt_same' }), { isNew: false })
      assert.equal((await claimOne()).wantedSeq, 1n)
      assert.equal((await store.recentReceipts(scope, 10)).length, 1)
    },
  },
  {
    name: 'the same event delivered many times at once is stored once',
    run: async ({ receive, claimOne }) => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => receive({ eventId: 'evt_same' })))
      assert.equal(answers.filter(({ isNew }) => isNew).length, 1)
      const claim = await claimOne()
      assert.equal(claim.wantedSeq, 1n)
      assert.equal(claim.pending.length, 1)
    },
  },
  {
    name: 'events of one subject that come at once are all counted and claimed together, oldest first',
    run: async ({ receive, claimOne, claim }) => {
      await receive({ type: 'customer.created' })
      await Promise.all(Array.from({ length: 20 }, () => receive()))
      const claimed = await claimOne()
      assert.equal(claimed.wantedSeq, 21n)
      assert.equal(claimed.pending.length, 21)
      assert.equal(claimed.pending[0]?.type, 'customer.created')
      assert.deepEqual(await claim(), [])
    },
  },
  {
    name: 'a group of events is stored and counted at once, each once, and groups that cross do not lock each other out',
    run: async ({ claimOne, scope, store }) => {
      const events = Array.from({ length: 40 }, (_, index) => ({
        ...buildEvent(`evt_group_${index}`),
        subject: index < 30 ? 'cus_many' : `cus_${index}`,
      }))
      const [first] = events
      assert.ok(first !== undefined)
      const answers = await Promise.all([
        store.receive(scope, [...events, first], NOW),
        store.receive(scope, events.toReversed(), NOW),
        store.receive(scope, [], NOW),
      ])
      assert.equal(
        answers.reduce((sum, fresh) => sum + fresh.size, 0),
        40,
      )
      assert.equal((await store.backlog(scope)).waiting, 11)
      const claimed = (
        await store.claim({ scope, limit: 1, token: 't', now: NOW, leaseUntil: NOW + 9, subject: 'cus_many' })
      )[0]
      assert.equal(claimed?.wantedSeq, 30n)
      assert.equal(claimed.pending.length, 30)
      assert.ok(await claimOne())
    },
  },
  {
    name: 'an event about nothing of ours is stored as processed and wants no sync',
    run: async ({ receive, claim, store, scope }) => {
      await receive({ type: 'balance.available', subject: null, objectId: null })
      assert.deepEqual(await claim(), [])
      const [view] = await store.recentReceipts(scope, 10)
      assert.equal(view?.processedAt, NOW)
      assert.equal(view.subject, null)
    },
  },
  {
    name: 'the same event id in another account or mode is another event',
    run: async ({ receive, store, scope }) => {
      await receive({ eventId: 'evt_same' })
      const live = { ...scope, livemode: true }
      assert.deepEqual(await store.recentReceipts(live, 1), [])
      const fresh = await store.receive(live, [{ ...buildEvent('evt_same'), livemode: true }], NOW)
      assert.deepEqual([...fresh], ['evt_same'])
      assert.equal((await store.recentReceipts(scope, 10)).length, 1)
      assert.equal((await store.backlog(live)).waiting, 1)
    },
  },
  {
    name: 'the event log shows attempts and error while a receipt waits, and when it was processed',
    run: async ({ receive, claimOne, commit, store, scope }) => {
      await receive({ type: 'invoice.paid' })
      const claimed = await claimOne()
      await store.releaseSync(claimed, { error: 'Stripe is down', retryAt: NOW + 5, now: NOW })
      const [waiting] = await store.recentReceipts(scope, 10)
      assert.equal(waiting?.processedAt, null)
      assert.equal(waiting.attempts, 1)
      assert.equal(waiting.lastError, 'Stripe is down')
      await commit(await claimOne(NOW + 5), {}, NOW + 6)
      const [done] = await store.recentReceipts(scope, 10)
      assert.equal(done?.processedAt, NOW + 6)
      assert.equal(done.lastError, null)
      assert.equal(done.type, 'invoice.paid')
    },
  },
  {
    name: 'texts that Postgres cannot store as they are do not stop an event',
    run: async ({ receive }) => {
      assert.deepEqual(await receive({ payload: '{"name":"\0 \ud800 é 🎉"}' }), { isNew: true })
    },
  },
]

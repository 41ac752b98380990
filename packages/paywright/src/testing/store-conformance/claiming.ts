import assert from 'node:assert/strict'
import { buildState } from './factories.js'
import type { Bench, StoreCase } from './harness.js'
import { CUSTOMER, LEASE, NOW } from './harness.js'

export const CLAIMING: readonly StoreCase[] = [
  {
    name: 'a subject in one hand is in no other, until it was written',
    run: async ({ receive, claim, claimOne, commit, store, scope }) => {
      await receive()
      const claimed = await claimOne()
      await receive()
      assert.deepEqual(await claim(), [])
      assert.deepEqual(await claim({ subject: CUSTOMER }), [])
      assert.equal(await commit(claimed), true)
      assert.equal(await store.doneSeq(scope, CUSTOMER), 1n)
      const next = await claimOne()
      assert.equal(next.wantedSeq, 2n)
      assert.equal(next.pending.length, 1)
      assert.equal(await commit(next), true)
      assert.deepEqual(await claim(), [])
    },
  },
  {
    name: 'many workers at once take each subject once',
    run: async ({ receive, claim }) => {
      await Promise.all(Array.from({ length: 30 }, (_, index) => receive({ subject: `cus_${index}` })))
      const claims = (await Promise.all(Array.from({ length: 10 }, () => claim({ limit: 5 })))).flat()
      const rest = await claim({ limit: 30 })
      const subjects = [...claims, ...rest].map(({ subject }) => subject)
      assert.equal(subjects.length, 30)
      assert.equal(new Set(subjects).size, 30)
    },
  },
  {
    name: 'receipts that come in while claims are made and written are each seen by exactly one claim',
    run: async (bench) => {
      const seen: string[] = []
      const arrivals = Array.from({ length: 60 }, () => bench.receive())
      const arrived = Promise.all(arrivals)
      const worker = async (): Promise<void> => {
        for (const claimed of await bench.claim()) {
          seen.push(...claimed.pending.map(({ eventId }) => eventId))
          assert.equal(await bench.commit(claimed), true)
        }
      }
      await Promise.all(Array.from({ length: 20 }, worker))
      await arrived
      await worker()
      await worker()
      assert.equal(seen.length, 60)
      assert.equal(new Set(seen).size, 60)
      assert.equal(await bench.store.doneSeq(bench.scope, CUSTOMER), 60n)
      assert.deepEqual(await bench.claim(), [])
    },
  },
  {
    name: 'a subject whose lease has ended is taken over, and the first holder writes nothing',
    run: async ({ receive, claim, claimOne, commit, store, scope }) => {
      await receive()
      const slow = await claimOne()
      assert.deepEqual(await claim({ now: NOW + LEASE - 1 }), [])
      const fast = await claimOne(NOW + LEASE)
      assert.equal(fast.attempts, 2)
      assert.deepEqual(fast.pending, slow.pending)
      assert.equal(await commit(fast), true)
      const stale = buildState({ stripeCustomerId: CUSTOMER, customerId: 'stale' })
      assert.equal(await commit(slow, { state: stale }), false)
      assert.equal((await store.loadCustomer(scope, CUSTOMER))?.customer.customerId, null)
      assert.equal(await store.findCustomer(scope, { customerId: 'stale' }), null)
    },
  },
  {
    name: 'the first holder writes nothing while the second is still at work, and cannot give the subject back',
    run: async ({ receive, claimOne, commit, store, claim }) => {
      await receive()
      const slow = await claimOne()
      const fast = await claimOne(NOW + LEASE)
      assert.equal(await commit(slow), false)
      await store.releaseSync(slow, { error: 'late', retryAt: NOW, now: NOW })
      assert.deepEqual(await claim({ now: NOW + LEASE }), [])
      assert.equal(await commit(fast), true)
    },
  },
  {
    name: 'a holder whose lease has ended still writes where nobody has taken over',
    run: async ({ receive, claimOne, commit }) => {
      await receive()
      const claimed = await claimOne()
      assert.equal(await commit(claimed, {}, NOW + LEASE + 100), true)
      assert.equal(await commit(claimed, {}, NOW + LEASE + 100), false)
    },
  },
  {
    name: 'a subject that failed waits for its backoff, which new events do not shorten, but may be asked for by name',
    run: async ({ receive, claim, claimOne, store }) => {
      await receive()
      await store.releaseSync(await claimOne(), { error: 'Stripe is down', retryAt: NOW + 60, now: NOW })
      await receive({}, NOW + 1)
      assert.deepEqual(await claim({ now: NOW + 59 }), [])
      const [asked] = await claim({ now: NOW + 2, subject: CUSTOMER })
      assert.equal(asked?.attempts, 2)
      assert.equal(asked.wantedSeq, 2n)
    },
  },
  {
    name: 'a subject is looked at again when access changes by time alone, and only then',
    run: async ({ receive, claim, claimOne, commit, store }) => {
      await receive()
      await commit(await claimOne(), { wakeAt: NOW + 100 })
      assert.deepEqual(await claim({ now: NOW + 99 }), [])
      const woken = await claimOne(NOW + 100)
      assert.deepEqual(woken.pending, [])
      assert.equal(await store.commitSync(woken, { kind: 'nothing' }, NOW + 100), true)
      assert.equal((await claim({ now: NOW + 101 })).length, 1, 'what changes nothing leaves the time as it was')
    },
  },
  {
    name: 'a wish without an event is claimed at once, and a later one by name too',
    run: async ({ claim, claimOne, commit, store, scope }) => {
      assert.equal(await store.wantSync(scope, CUSTOMER, NOW), 1n)
      assert.equal(await commit(await claimOne()), true)
      assert.deepEqual(await claim({ subject: CUSTOMER }), [])
      assert.equal(await store.wantSync(scope, CUSTOMER, NOW), 2n)
      assert.equal((await claim({ subject: CUSTOMER })).length, 1)
    },
  },
  {
    name: 'a subject given up is a dead letter, comes back by replay, and by a new event',
    run: async (bench) => {
      await bench.receive()
      await giveUp(bench)
      assert.deepEqual(await bench.claim({ now: NOW + 1e6 }), [])
      assert.equal(await bench.store.replayDeadLetters(bench.scope, NOW + 10), 1)
      assert.equal((await bench.store.deadLetters(bench.scope)).length, 0)
      await giveUp(bench)
      await bench.receive({}, NOW + 20)
      const revived = await bench.claimOne(NOW + 20)
      assert.equal(revived.attempts, 1)
      assert.equal(revived.pending.length, 2)
      assert.equal(await bench.commit(revived), true)
      assert.deepEqual(await bench.store.backlog(bench.scope), EMPTY)
    },
  },
  {
    name: 'the backlog counts what waits, and since when',
    run: async ({ receive, claimOne, commit, store, scope }) => {
      assert.deepEqual(await store.backlog(scope), EMPTY)
      await receive({}, NOW - 50)
      await receive({}, NOW - 10)
      await receive({ subject: 'cus_2' }, NOW - 5)
      assert.deepEqual(await store.backlog(scope), { ...EMPTY, waiting: 2, oldestReceivedAt: NOW - 50 })
      await commit(await claimOne())
      assert.deepEqual(await store.backlog(scope), { ...EMPTY, waiting: 1, oldestReceivedAt: NOW - 5 })
    },
  },
]

const EMPTY = { waiting: 0, oldestReceivedAt: null, outbox: 0, dead: 0 }

async function giveUp({ claimOne, store, scope }: Bench): Promise<void> {
  const claimed = await claimOne(NOW + 10)
  await store.releaseSync(claimed, { error: 'It cannot be read', retryAt: null, now: NOW + 11 })
  const [letter] = await store.deadLetters(scope)
  assert.deepEqual(letter, {
    kind: 'subject',
    subject: CUSTOMER,
    number: null,
    attempts: 1,
    error: 'It cannot be read',
    at: NOW + 11,
  })
  assert.equal((await store.backlog(scope)).dead, 1)
}

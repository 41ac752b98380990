import assert from 'node:assert/strict'
import { CUSTOMER, NOW, type StoreCase } from './harness.js'

const OUTAGE = { error: 'Stripe is down', isCounted: false }

/** What is kept of attempts that failed through nobody's fault. */
export const OUTAGES: readonly StoreCase[] = [
  {
    name: 'an attempt that is not counted is given back, and its backoff is kept all the same',
    run: async ({ receive, claim, claimOne, store }) => {
      await receive()
      const first = await claimOne()
      await store.releaseSync(first, { ...OUTAGE, retryAt: NOW + 60, now: NOW })
      await receive({}, NOW + 1)
      assert.deepEqual(await claim({ now: NOW + 59 }), [], 'a new event does not shorten it')
      assert.deepEqual(await claim({ now: NOW + 59, subject: CUSTOMER, mustBeDue: true }), [])
      const [asked] = await claim({ now: NOW + 2, subject: CUSTOMER })
      assert.equal(asked?.attempts, 1)
      await store.releaseSync(asked, { error: 'It cannot be read', retryAt: NOW + 70, now: NOW })
      const [due] = await claim({ now: NOW + 70, subject: CUSTOMER, mustBeDue: true })
      assert.equal(due?.attempts, 2)
    },
  },
  {
    name: 'a claim says since when there is something to do, which failing does not change',
    run: async ({ receive, claimOne, commit, store }) => {
      await receive({}, NOW)
      const first = await claimOne(NOW + 5)
      assert.equal(first.wantedAt, NOW)
      await store.releaseSync(first, { ...OUTAGE, retryAt: NOW + 10, now: NOW })
      await receive({}, NOW + 7)
      const second = await claimOne(NOW + 10)
      assert.equal(second.wantedAt, NOW)
      await commit(second, { wakeAt: NOW + 50 }, NOW + 11)
      const woken = await claimOne(NOW + 50)
      assert.equal(woken.wantedAt, null)
      await commit(woken, {}, NOW + 50)
      await receive({}, NOW + 60)
      assert.equal((await claimOne(NOW + 60)).wantedAt, NOW + 60)
    },
  },
  {
    name: 'a dead letter that is put back to work has waited since then',
    run: async (bench) => {
      const { receive, claimOne, store, scope } = bench
      const die = async (now: number): Promise<void> => {
        await store.releaseSync(await claimOne(now), { ...OUTAGE, retryAt: null, now })
        assert.equal((await store.deadLetters(scope)).length, 1)
      }
      await receive()
      await die(NOW)
      await store.replayDeadLetters(scope, NOW + 100)
      await die(NOW + 100)
      await receive({}, NOW + 200)
      const revived = await claimOne(NOW + 200)
      assert.equal(revived.wantedAt, NOW + 200)
      await store.releaseSync(revived, { ...OUTAGE, retryAt: null, now: NOW + 200 })
      const wish = { filter: { subject: CUSTOMER }, most: 10, now: NOW + 300 }
      assert.equal(await store.replayReceipts(scope, wish), 2)
      assert.equal((await claimOne(NOW + 300)).wantedAt, NOW + 300)
    },
  },
]

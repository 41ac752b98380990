import assert from 'node:assert/strict'
import type { Run } from '../../engine/ports.js'
import { NOW, type Bench, type StoreCase } from './harness.js'

const HOUR = 3600
const IDLE = 300

let tokens = 0

/** Asks for a run that is due each hour. */
async function open({ store, scope }: Bench, now: number): Promise<Run | null> {
  tokens += 1
  const wish = { name: 'catch_up', token: `run_${tokens}`, now } as const
  return store.openDueRun(scope, { ...wish, begunUntil: now - HOUR, idleSince: now - IDLE })
}

async function openSure(bench: Bench, now: number): Promise<Run> {
  const run = await open(bench, now)
  assert.ok(run, 'a run is due')
  return run
}

/** What several instances do once among them. */
export const DUE_RUNS: readonly StoreCase[] = [
  {
    name: 'of those who ask for a due run at the same time one gets it',
    run: async (bench) => {
      const runs = await Promise.all(Array.from({ length: 8 }, () => open(bench, NOW)))
      assert.equal(runs.filter((run) => run !== null).length, 1)
    },
  },
  {
    name: 'a run is due again so long after the last one began, and says when that was',
    run: async (bench) => {
      const { store, scope } = bench
      const first = await openSure(bench, NOW)
      assert.equal(first.lastCompletedStart, null)
      assert.equal(await store.completeRun(scope, { ...first, now: NOW + 10 }), true)
      assert.equal(await open(bench, NOW + HOUR - 1), null)
      const second = await openSure(bench, NOW + HOUR)
      assert.deepEqual([second.startedAt, second.lastCompletedStart], [NOW + HOUR, NOW])
      assert.equal(second.completedAt, null)
    },
  },
  {
    name: 'a run that somebody is at is left to them, and goes on where it was once they are gone',
    run: async (bench) => {
      const { store, scope } = bench
      const first = await openSure(bench, NOW)
      await store.saveRun(scope, { ...first, cursor: 'evt_100', done: 100, now: NOW + 200 })
      assert.equal(await open(bench, NOW + 200 + IDLE - 1), null)
      const second = await openSure(bench, NOW + 200 + IDLE)
      const { cursor, done, startedAt } = second
      assert.deepEqual({ cursor, done, startedAt }, { cursor: 'evt_100', done: 100, startedAt: NOW })
      assert.equal(await store.saveRun(scope, { ...first, cursor: 'evt_200', done: 200, now: NOW + 501 }), false)
      assert.equal(await store.completeRun(scope, { ...second, now: NOW + 600 }), true)
    },
  },
  {
    name: 'a run that was left too long ago begins anew, from where the last whole one had begun',
    run: async (bench) => {
      const { store, scope } = bench
      const whole = await openSure(bench, NOW)
      await store.completeRun(scope, { ...whole, now: NOW })
      const left = await openSure(bench, NOW + HOUR)
      await store.saveRun(scope, { ...left, cursor: 'evt_100', done: 100, now: NOW + HOUR })
      const { cursor, done, startedAt, lastCompletedStart } = await openSure(bench, NOW + 40 * HOUR)
      assert.deepEqual([cursor, done, startedAt, lastCompletedStart], [null, 0, NOW + 40 * HOUR, NOW])
    },
  },
]

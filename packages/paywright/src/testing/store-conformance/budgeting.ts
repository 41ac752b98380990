import { deepEqual, equal, ok } from 'node:assert/strict'
import { NOW, type Bench, type StoreCase } from './harness.js'

const START = NOW * 1000
const SIZE = { perSecond: 10, capacity: 5 }

/** How many requests the account's bucket gives out, at a time in milliseconds after the beginning. */
async function borrow(
  { store, scope }: Bench,
  wish: { readonly most: number; readonly after?: number; readonly keep?: number },
): Promise<{ granted: number; waitMilliseconds: number }> {
  const { most, after = 0, keep = 0 } = wish
  return store.borrowRequests(scope, { ...SIZE, most, keep, at: START + after })
}

export const BUDGETING: readonly StoreCase[] = [
  {
    name: 'requests are granted until the bucket is empty, and again as time passes, up to what it holds',
    run: async (bench) => {
      deepEqual(await borrow(bench, { most: 3 }), { granted: 3, waitMilliseconds: 0 })
      deepEqual(await borrow(bench, { most: 3 }), { granted: 2, waitMilliseconds: 0 })
      deepEqual(await borrow(bench, { most: 3 }), { granted: 0, waitMilliseconds: 100 })
      deepEqual(await borrow(bench, { most: 3, after: 40 }), { granted: 0, waitMilliseconds: 60 })
      equal((await borrow(bench, { most: 3, after: 100 })).granted, 1)
      equal((await borrow(bench, { most: 9, after: 3_600_000 })).granted, 5)
    },
  },
  {
    name: 'all that is granted in any time is no more than the bucket held and what came into it',
    run: async (bench) => {
      let granted = 0
      for (let turn = 0; turn <= 60; turn += 1) {
        granted += (await borrow(bench, { most: (turn * 7) % 4, after: turn * 33 })).granted
        ok(granted <= SIZE.capacity + (turn * 33 * SIZE.perSecond) / 1000, `${granted} after ${turn * 33} ms`)
      }
      ok(granted > 15, `Of 24 that there were ${granted} were granted.`)
    },
  },
  {
    name: 'those who ask at the same time together get no more than there is',
    run: async (bench) => {
      const loans = await Promise.all(Array.from({ length: 12 }, () => borrow(bench, { most: 1 })))
      equal(
        loans.reduce((sum, { granted }) => sum + granted, 0),
        SIZE.capacity,
      )
    },
  },
  {
    name: 'who can wait leaves something to those who cannot',
    run: async (bench) => {
      equal((await borrow(bench, { most: 9, keep: 3 })).granted, 2)
      deepEqual(await borrow(bench, { most: 9, keep: 3 }), { granted: 0, waitMilliseconds: 100 })
      equal((await borrow(bench, { most: 9 })).granted, 3)
    },
  },
  {
    name: 'while it is paused nothing is granted, and the longest pause counts',
    run: async (bench) => {
      const { store, scope } = bench
      await store.pauseRequests(scope, { seconds: 20, at: START })
      await store.pauseRequests(scope, { seconds: 1, at: START })
      deepEqual(await borrow(bench, { most: 1, after: 5000 }), { granted: 0, waitMilliseconds: 15_000 })
      equal((await borrow(bench, { most: 1, after: 20_000 })).granted, 1)
      await store.pauseRequests(scope, { seconds: 1, at: START + 20_000 })
      deepEqual(await borrow(bench, { most: 1, after: 20_400 }), { granted: 0, waitMilliseconds: 600 })
      equal((await borrow(bench, { most: 1, after: 21_000 })).granted, 1)
    },
  },
  {
    name: 'a clock that was put back stops nobody, and nobody is given anything for it',
    run: async (bench) => {
      equal((await borrow(bench, { most: 9, after: 86_400_000 })).granted, 5)
      equal((await borrow(bench, { most: 9 })).granted, 0)
      equal((await borrow(bench, { most: 9, after: 200 })).granted, 2)
    },
  },
  {
    name: 'the time of the bucket is that of the database, where nobody brings another',
    run: async ({ store, scope }) => {
      const wish = { perSecond: 0.001, capacity: 4, most: 3, keep: 0, at: null }
      equal((await store.borrowRequests(scope, wish)).granted, 3)
      equal((await store.borrowRequests(scope, wish)).granted, 1)
      await store.pauseRequests(scope, { seconds: 1000, at: null })
      const { granted, waitMilliseconds } = await store.borrowRequests(scope, { ...wish, perSecond: 1000 })
      equal(granted, 0)
      ok(waitMilliseconds > 900_000 && waitMilliseconds <= 1_000_000, `${waitMilliseconds} ms`)
    },
  },
  {
    name: 'since when an account is listened to is said by who came first',
    run: async ({ store, scope }) => {
      equal(await store.listeningSince(scope, NOW), NOW)
      equal(await store.listeningSince(scope, NOW + 100), NOW)
      equal(await store.listeningSince({ ...scope, livemode: true }, NOW + 100), NOW + 100)
    },
  },
]

import assert from 'node:assert/strict'
import type { StoreCase } from './harness.js'

export const CLOCKS: readonly StoreCase[] = [
  {
    name: 'the time is that of the database, in whole seconds, and goes on',
    run: async ({ store, database }) => {
      const before = await store.time()
      const [row] = await database.exec('select extract(epoch from clock_timestamp())::text as now', [])
      const after = await store.time()
      assert.ok(Number.isInteger(before))
      const now = Number(row?.['now'])
      assert.ok(before <= now && Math.floor(now) <= after, `${before}, ${now}, ${after}`)
    },
  },
]

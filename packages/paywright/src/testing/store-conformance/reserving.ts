import assert from 'node:assert/strict'
import type { StoreCase } from './harness.js'
import { NOW } from './harness.js'

const WISH = { customerId: 'ada', group: 'main', token: 'a', plan: 'pro', interval: 'month', expiresAt: NOW + 60 }

export const RESERVING: readonly StoreCase[] = [
  {
    name: 'of those who reserve at once one gets the place, and the others are told who',
    run: async ({ store, scope }) => {
      const tokens = Array.from({ length: 10 }, (_, index) => `token_${index}`)
      const answers = await Promise.all(tokens.map((token) => store.reserve(scope, { ...WISH, token }, NOW)))
      assert.equal(new Set(answers.map(({ token }) => token)).size, 1)
    },
  },
  {
    name: 'a place is held until it expires, then taken over, and the first holder can no longer use it',
    run: async ({ store, scope }) => {
      const first = await store.reserve(scope, WISH, NOW)
      assert.deepEqual(first, { ...WISH, stripeSessionId: null })
      assert.equal(await store.attachSession(scope, first, { stripeSessionId: 'cs_1', expiresAt: NOW + 90 }), true)
      const held = await store.reserve(scope, { ...WISH, token: 'b', plan: 'team' }, NOW + 89)
      assert.deepEqual(held, { ...WISH, stripeSessionId: 'cs_1', expiresAt: NOW + 90 })
      const second = await store.reserve(scope, { ...WISH, token: 'b', expiresAt: NOW + 200 }, NOW + 90)
      assert.deepEqual(second, { ...WISH, token: 'b', stripeSessionId: null, expiresAt: NOW + 200 })
      assert.equal(await store.attachSession(scope, first, { stripeSessionId: 'cs_1', expiresAt: NOW }), false)
      await store.release(scope, first)
      assert.equal((await store.reserve(scope, { ...WISH, token: 'c' }, NOW + 91)).token, 'b')
    },
  },
  {
    name: 'a place given back is free, and other groups and customers are other places',
    run: async ({ store, scope }) => {
      await store.reserve(scope, WISH, NOW)
      assert.equal((await store.reserve(scope, { ...WISH, group: 'add-on', token: 'b' }, NOW)).token, 'b')
      assert.equal((await store.reserve(scope, { ...WISH, customerId: 'grace', token: 'b' }, NOW)).token, 'b')
      await store.release(scope, WISH)
      assert.equal((await store.reserve(scope, { ...WISH, token: 'b' }, NOW)).token, 'b')
    },
  },
]

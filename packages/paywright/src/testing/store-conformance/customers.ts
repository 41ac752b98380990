import assert from 'node:assert/strict'
import { buildState } from './factories.js'
import type { Bench, StoreCase } from './harness.js'
import { NOW } from './harness.js'

const ADA = { customerId: 'ada', email: 'ada@example.com', name: 'Ada' }
const ROW = { ...ADA, stripeCustomerId: null, generation: 1 }

export const CUSTOMERS: readonly StoreCase[] = [
  {
    name: 'a customer is ensured once, however many ask at once, and stays as it was',
    run: async ({ store, scope }) => {
      const rows = await Promise.all(Array.from({ length: 10 }, () => store.ensureCustomer(scope, ADA)))
      for (const row of rows) assert.deepEqual(row, ROW)
      assert.deepEqual(await store.ensureCustomer(scope, { ...ADA, email: 'other@example.com' }), ROW)
      assert.equal(await store.findCustomer({ ...scope, livemode: true }, { customerId: 'ada' }), null)
    },
  },
  {
    name: 'of those who claim a Stripe customer at once one wins, and all are told who',
    run: async ({ store, scope }) => {
      await store.ensureCustomer(scope, ADA)
      const ids = Array.from({ length: 10 }, (_, index) => `cus_${index}`)
      const rows = await Promise.all(
        ids.map((stripeCustomerId) =>
          store.claimStripeCustomer(scope, { customerId: 'ada', stripeCustomerId, generation: 1 }),
        ),
      )
      const winners = new Set(rows.map(({ stripeCustomerId }) => stripeCustomerId))
      assert.equal(winners.size, 1)
      const [winner] = winners
      assert.ok(typeof winner === 'string')
      assert.equal((await store.findCustomer(scope, { stripeCustomerId: winner }))?.customerId, 'ada')
    },
  },
  {
    name: 'a stale Stripe customer is forgotten once, and one made for an earlier generation is not claimed',
    run: async ({ store, scope }) => {
      const stale = { customerId: 'ada', stripeCustomerId: 'cus_old' }
      await store.ensureCustomer(scope, ADA)
      await store.claimStripeCustomer(scope, { ...stale, generation: 1 })
      assert.deepEqual(await store.releaseStripeCustomer(scope, stale), { ...ROW, generation: 2 })
      assert.deepEqual(await store.releaseStripeCustomer(scope, stale), { ...ROW, generation: 2 })
      assert.equal((await store.claimStripeCustomer(scope, { ...stale, generation: 1 })).stripeCustomerId, null)
      const claim = { customerId: 'ada', stripeCustomerId: 'cus_new', generation: 2 }
      assert.equal((await store.claimStripeCustomer(scope, claim)).stripeCustomerId, 'cus_new')
    },
  },
  {
    name: 'a sync links the customer that Stripe’s metadata names, where neither is linked',
    run: async (bench) => {
      const { store, scope } = bench
      await sync(bench, 'cus_1', 'ada')
      assert.equal((await store.findCustomer(scope, { customerId: 'ada' }))?.stripeCustomerId, 'cus_1')
      await sync(bench, 'cus_2', 'ada')
      assert.equal((await store.findCustomer(scope, { customerId: 'ada' }))?.stripeCustomerId, 'cus_1')
      await sync(bench, 'cus_1', 'grace')
      assert.equal(await store.findCustomer(scope, { customerId: 'grace' }), null)
    },
  },
  {
    name: 'the account of a key is remembered',
    run: async ({ store, scope }) => {
      const fingerprint = `key of ${scope.account}`
      assert.equal(await store.knownAccount(fingerprint), null)
      await store.rememberAccount(fingerprint, 'acct_1')
      await store.rememberAccount(fingerprint, 'acct_1')
      assert.equal(await store.knownAccount(fingerprint), 'acct_1')
    },
  },
]

async function sync(bench: Bench, stripeCustomerId: string, customerId: string): Promise<void> {
  await bench.store.wantSync(bench.scope, stripeCustomerId, NOW)
  const state = buildState({ stripeCustomerId, customerId })
  assert.equal(await bench.commit(await bench.claimOne(), { state }), true)
}

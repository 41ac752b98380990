import assert from 'node:assert/strict'
import type { AccessFactsRecord } from '../../engine/ports.js'
import { buildState, buildSubscription } from './factories.js'
import type { Bench, StoreCase } from './harness.js'
import { buildEvent, CUSTOMER, NOW } from './harness.js'

/** What must hold though every key begins with the subject. */
export const SPLITTING: readonly StoreCase[] = [
  {
    name: 'an event is stored once in whatever groups it comes at once, about a customer or about nothing',
    run: async ({ store, scope }) => {
      const events = Array.from({ length: 60 }, (_, index) => {
        const subject = index % 3 === 0 ? null : `cus_${index % 7}`
        return { ...buildEvent(`evt_${index}`), subject, createdAt: NOW - (index % 5) }
      })
      const groups = Array.from({ length: 8 }, (_, turn) => events.filter((_event, index) => (index + turn) % 4 > 0))
      const answers = await Promise.all(
        groups.map((group, turn) => store.receive(scope, turn % 2 === 0 ? group : group.toReversed(), NOW)),
      )
      assert.equal(
        answers.reduce((sum, fresh) => sum + fresh.size, 0),
        60,
      )
      const log = await store.recentReceipts(scope, 200)
      assert.deepEqual(log.map(({ eventId }) => eventId).toSorted(), events.map(({ eventId }) => eventId).toSorted())
      assert.equal(log.filter(({ subject }) => subject === null).length, 20)
      let pending = 0
      for (const claim of await store.claim({ scope, limit: 9, token: 't', now: NOW, leaseUntil: NOW + 9 })) {
        pending += claim.pending.length
        assert.equal(claim.wantedSeq, BigInt(claim.pending.length))
      }
      assert.equal(pending, 40)
    },
  },
  {
    name: 'the newest receipts come first, and those of one second in the order of their ids',
    run: async ({ receive, store, scope }) => {
      await receive({ eventId: 'evt_b' })
      await receive({ eventId: 'evt_a', subject: 'cus_2' })
      await receive({ eventId: 'evt_old' }, NOW - 1)
      await receive({ eventId: 'evt_new', subject: null }, NOW + 1)
      const log = (await store.recentReceipts(scope, 9)).map(({ eventId }) => eventId)
      assert.deepEqual(log, ['evt_new', 'evt_b', 'evt_a', 'evt_old'])
    },
  },
  {
    name: 'access is what the mirror says, through links that are made, ended and made anew',
    run: async (bench) => {
      const { store, scope } = bench
      const nobody = { stripeCustomerId: null, subscriptions: [] }
      await write(bench, 'active')
      assert.deepEqual(await accessOf(bench), nobody, 'nobody knows whose it is')
      const { generation } = await store.ensureCustomer(scope, { customerId: 'ada', email: null, name: null })
      assert.deepEqual(await accessOf(bench), nobody)
      await store.claimStripeCustomer(scope, { customerId: 'ada', stripeCustomerId: CUSTOMER, generation })
      assert.equal(await statusOf(bench), 'active')
      await write(bench, 'past_due')
      assert.equal(await statusOf(bench), 'past_due')
      await store.releaseStripeCustomer(scope, { customerId: 'ada', stripeCustomerId: CUSTOMER })
      assert.deepEqual(await accessOf(bench), nobody)
      await write(bench, 'canceled')
      assert.deepEqual(await accessOf(bench), nobody)
      await store.claimStripeCustomer(scope, {
        customerId: 'ada',
        stripeCustomerId: 'cus_2',
        generation: generation + 1,
      })
      assert.deepEqual(await accessOf(bench), { stripeCustomerId: 'cus_2', subscriptions: [] })
      assert.deepEqual(await store.accessFacts({ ...scope, livemode: true }, 'ada'), nobody)
    },
  },
]

async function write({ receive, claimOne, commit }: Bench, status: 'active' | 'past_due' | 'canceled'): Promise<void> {
  const subscription = buildSubscription({ stripeCustomerId: CUSTOMER, status })
  await receive()
  await commit(await claimOne(), { state: buildState({ stripeCustomerId: CUSTOMER, subscriptions: [subscription] }) })
}

async function statusOf(bench: Bench): Promise<string | undefined> {
  const { stripeCustomerId, subscriptions } = await accessOf(bench)
  assert.equal(stripeCustomerId, CUSTOMER)
  return subscriptions[0]?.status
}

/** What access is decided from, once it is what the whole record says, too. */
async function accessOf({ store, scope }: Bench): Promise<AccessFactsRecord> {
  const [facts, whole] = [await store.accessFacts(scope, 'ada'), await store.access(scope, 'ada')]
  assert.equal(facts.stripeCustomerId, whole.stripeCustomerId)
  assert.equal(facts.subscriptions.length, whole.subscriptions.length)
  facts.subscriptions.forEach((fact, place) =>
    assert.deepEqual({ ...whole.subscriptions[place], ...fact }, whole.subscriptions[place]),
  )
  return facts
}

import assert from 'node:assert/strict'
import type { CustomerState } from '../../domain/mirror.js'
import {
  buildInvoice,
  buildItem,
  buildPaymentMethod,
  buildPrice,
  buildProduct,
  buildState,
  buildSubscription,
} from './factories.js'
import type { Bench, StoreCase } from './harness.js'
import { commitAnew, commitCatalog, CUSTOMER, NOW } from './harness.js'

const of = { stripeCustomerId: CUSTOMER }

export const MIRRORING: readonly StoreCase[] = [
  {
    name: 'what is written is read back, field by field',
    run: async (bench) => {
      const state = fullState()
      await write(bench, state)
      assert.deepEqual(await bench.store.loadCustomer(bench.scope, CUSTOMER), state)
      assert.equal(await bench.store.loadCustomer({ ...bench.scope, livemode: true }, CUSTOMER), null)
    },
  },
  {
    name: 'writing the same again changes no row',
    run: async (bench) => {
      await write(bench, fullState())
      const before = await rowVersions(bench)
      await write(bench, fullState())
      assert.deepEqual(await rowVersions(bench), before)
    },
  },
  {
    name: 'items and payment methods that are gone are left out, as are deleted drafts; subscriptions and invoices stay',
    run: async (bench) => {
      const draft = buildInvoice({ ...of, stripeInvoiceId: 'in_draft', status: 'draft' })
      const paid = buildInvoice(of)
      const two = [buildItem(), buildItem({ stripeItemId: 'si_2', stripePriceId: 'price_seat', quantity: null })]
      const subscription = buildSubscription({ ...of, items: two })
      const paymentMethods = [buildPaymentMethod(of)]
      await write(bench, buildState({ ...of, subscriptions: [subscription], invoices: [draft, paid], paymentMethods }))
      await write(bench, buildState({ ...of, subscriptions: [{ ...subscription, items: two.slice(1) }] }))
      const stored = await bench.store.loadCustomer(bench.scope, CUSTOMER)
      assert.deepEqual(stored?.subscriptions, [{ ...subscription, items: two.slice(1) }])
      assert.deepEqual(stored.invoices, [paid])
      assert.deepEqual(stored.paymentMethods, [])
    },
  },
  {
    name: 'one customer is written beside another without touching it',
    run: async (bench) => {
      await write(bench, fullState())
      await bench.receive({ subject: 'cus_2' })
      await bench.commit(await bench.claimOne(), { state: buildState({ stripeCustomerId: 'cus_2' }) })
      assert.deepEqual(await bench.store.loadCustomer(bench.scope, CUSTOMER), fullState())
    },
  },
  {
    name: 'amounts beyond 32 bits and texts that Postgres cannot store as they are',
    run: async (bench) => {
      const total = Number.MAX_SAFE_INTEGER
      const invoice = buildInvoice({ ...of, total })
      const metadata = { note: `NUL \0, half \ud83c, whole 🎉, 'quotes' "and" \\u0000` }
      const subscriptions = [buildSubscription({ ...of, metadata })]
      await write(bench, buildState({ ...of, subscriptions, invoices: [invoice] }))
      const stored = await bench.store.loadCustomer(bench.scope, CUSTOMER)
      assert.equal(stored?.invoices[0]?.total, total)
      assert.equal(
        stored.subscriptions[0]?.metadata['note'],
        `NUL \ufffd, half \ufffd, whole 🎉, 'quotes' "and" \\u0000`,
      )
    },
  },
  {
    name: 'the catalogue is as it was read; a customer only adds prices to it and overwrites none',
    run: async (bench) => {
      const { store, scope } = bench
      const prices = [buildPrice(), buildPrice({ stripePriceId: 'price_old', unitAmount: null, interval: null })]
      await commitCatalog(bench, { products: [buildProduct()], prices })
      assert.deepEqual(await store.loadPrices(scope), prices.toReversed())
      const added = buildPrice({ stripePriceId: 'price_new' })
      await write(bench, fullState(), [buildPrice({ isActive: false }), added])
      assert.deepEqual(await store.loadPrices(scope), [added, ...prices.toReversed()])
      await commitCatalog(bench, { products: [], prices: [buildPrice({ isActive: false })] })
      assert.deepEqual(await store.loadPrices(scope), [buildPrice({ isActive: false })])
    },
  },
  {
    name: 'access is read by the app’s own id of the customer, and knows nothing of a stranger',
    run: async (bench) => {
      const { store, scope } = bench
      assert.deepEqual(await store.access(scope, 'ada'), { stripeCustomerId: null, subscriptions: [] })
      await store.ensureCustomer(scope, { customerId: 'ada', email: null, name: null })
      assert.deepEqual(await store.access(scope, 'ada'), { stripeCustomerId: null, subscriptions: [] })
      await store.claimStripeCustomer(scope, { customerId: 'ada', stripeCustomerId: CUSTOMER, generation: 1 })
      await write(bench, fullState())
      const record = await store.access(scope, 'ada')
      assert.equal(record.stripeCustomerId, CUSTOMER)
      assert.deepEqual(record.subscriptions, fullState().subscriptions)
    },
  },
]

function fullState(): CustomerState {
  const items = [buildItem({ stripeItemId: 'si_z', quantity: 3 }), buildItem({ stripeItemId: 'si_a', quantity: null })]
  return buildState({
    ...of,
    customerId: 'ada',
    subscriptions: [
      buildSubscription({
        ...of,
        stripeSubscriptionId: 'sub_new',
        createdAt: NOW,
        items,
        metadata: { b: '1', a: 'zwei' },
        cancelAt: NOW + 5,
        canceledAt: NOW + 1,
        trialStart: NOW - 9,
        trialEnd: NOW - 8,
        pastDueSince: NOW - 3,
        unknownPriceId: 'price_z',
        defaultPaymentMethodId: 'pm_1',
      }),
      buildSubscription({ ...of, status: 'canceled', endedAt: NOW - 2, plan: null, items: [] }),
    ],
    invoices: [
      buildInvoice({ ...of, stripeInvoiceId: 'in_2', createdAt: NOW, number: null, finalizedAt: null, paidAt: null }),
      buildInvoice({
        ...of,
        nextPaymentAttemptAt: NOW + 7,
        dueAt: NOW + 8,
        hostedInvoiceUrl: 'hosted',
        invoicePdf: 'pdf',
      }),
    ],
    paymentMethods: [buildPaymentMethod(of), buildPaymentMethod({ ...of, stripePaymentMethodId: 'pm_2', brand: null })],
    access: { plan: 'pro', reason: 'grace_period' },
  })
}

function write(bench: Bench, state: CustomerState, prices = [buildPrice()].slice(1)): Promise<void> {
  return commitAnew(bench, { state, prices })
}

/** Every row version of the mirror: Postgres gives a row a new one each time it is written. */
async function rowVersions({ database, scope }: Bench): Promise<readonly unknown[]> {
  const tables = ['stripe_customers', 'subscriptions', 'subscription_items', 'invoices', 'payment_methods']
  const selects = tables.map(
    (table) => `select '${table}' as name, ctid::text as version from paywright.${table} where account = $1::text`,
  )
  return database.exec(`${selects.join(' union all ')} order by 1, 2`, [scope.account])
}

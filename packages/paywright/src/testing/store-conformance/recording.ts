import assert from 'node:assert/strict'
import { type JsonObject, NO_RECORDS, type RecordChange, type RecordWrites } from '../../domain/records.js'
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

export const RECORDING: readonly StoreCase[] = [
  {
    name: 'a record is read back whole, and its columns say what stands in it',
    run: async (bench) => {
      const { store, scope } = bench
      await record(bench, [charge('ch_1', { status: 'succeeded', amount: Number.MAX_SAFE_INTEGER, disputed: true })])
      const refs = [{ kind: 'charge', id: 'ch_1' } as const]
      const [stored, ...others] = await store.loadRecords(scope, CUSTOMER, { refs, kinds: [] })
      assert.deepEqual(others, [])
      assert.deepEqual(stored, { ...plain(charge('ch_1')), object: stored?.object, isDeleted: false })
      const [row] = await rows(
        bench,
        'charges',
        'amount::text, status, is_disputed, created_at = to_timestamp(7) as is_old',
      )
      assert.deepEqual(row, { amount: '9007199254740991', status: 'succeeded', is_disputed: true, is_old: true })
      assert.deepEqual(await store.loadRecords(scope, 'cus_2', { refs, kinds: ['refund'] }), [])
      assert.deepEqual(await store.findCharge(scope, 'ch_1'), { stripeCustomerId: CUSTOMER, isDisputed: true })
      assert.equal(await store.findCharge({ ...scope, livemode: true }, 'ch_1'), null)
    },
  },
  {
    name: 'records that say the same are left alone, whatever else is written',
    run: async (bench) => {
      await record(bench, [charge('ch_1'), line('il_1', 'in_1')], [linesOf('in_1', ['il_1'])])
      const before = await versions(bench)
      const later = { from: NOW + 9, until: NOW + 9 }
      await record(bench, [charge('ch_1'), { ...line('il_1', 'in_1'), seen: later }], [linesOf('in_1', ['il_1'])])
      await record(bench, [], [])
      assert.deepEqual(await versions(bench), before)
    },
  },
  {
    name: 'what was deleted stays so, also where it was never seen before',
    run: async (bench) => {
      const { store, scope } = bench
      await record(bench, [{ ...taxId('txi_1'), deletedAt: NOW - 5 }])
      await record(bench, [{ ...taxId('txi_1', { value: 'late' }), seen: { from: NOW + 5, until: NOW + 5 } }])
      const [stored] = await store.loadRecords(scope, CUSTOMER, { refs: [], kinds: ['taxId'] })
      assert.equal(stored?.isDeleted, true)
      assert.deepEqual(stored.object, taxId('txi_1').object)
    },
  },
  {
    name: 'lines that an invoice has no more are marked, those of another invoice are not, and one may come back',
    run: async (bench) => {
      const lines = [line('il_1', 'in_1'), line('il_2', 'in_1'), line('il_3', 'in_2')]
      await record(bench, lines, [linesOf('in_1', ['il_1', 'il_2']), linesOf('in_2', ['il_3'])])
      await record(bench, lines.slice(0, 1), [linesOf('in_1', ['il_1'])])
      assert.deepEqual(await marked(bench, 'invoice_lines'), ['il_2'])
      await record(bench, lines.slice(0, 2), [linesOf('in_1', ['il_1', 'il_2'])])
      assert.deepEqual(await marked(bench, 'invoice_lines'), [])
    },
  },
  {
    name: 'discounts of a single invoice stand in no list, and are not marked for that',
    run: async (bench) => {
      const discounts = [discount('di_1', { subscription: 'sub_1' }), discount('di_2', { invoice: 'in_1' })]
      await record(bench, discounts)
      await record(bench, [], [{ ...linesOf('', []), kind: 'discount', of: null }])
      assert.deepEqual(await marked(bench, 'discounts'), ['di_1'])
    },
  },
  {
    name: 'whole objects are kept as they were last told',
    run: async (bench) => {
      const state = buildState({ ...of, subscriptions: [buildSubscription(of)], invoices: [buildInvoice(of)] })
      await commitAnew(bench, {
        state,
        objects: { [CUSTOMER]: { a: 1 }, sub_1: { b: [2, null] }, si_1: {}, in_1: { c: '🎉' } },
      })
      const subscriptions = [buildSubscription({ ...of, status: 'past_due', items: [buildItem({ quantity: 7 })] })]
      const changed = buildState({ ...of, customerId: 'ada', subscriptions, invoices: [buildInvoice(of)] })
      await commitAnew(bench, { state: changed, objects: { in_1: { c: 'new' } } })
      assert.deepEqual(await objects(bench, 'stripe_customers'), [{ a: 1 }])
      assert.deepEqual(await objects(bench, 'subscriptions'), [{ b: [2, null] }])
      assert.deepEqual(await objects(bench, 'subscription_items'), [{}])
      assert.deepEqual(await objects(bench, 'invoices'), [{ c: 'new' }])
    },
  },
  {
    name: 'items, payment methods and drafts that are gone are marked, left out, and may come back',
    run: async (bench) => {
      const { store, scope } = bench
      const full = buildState({
        ...of,
        subscriptions: [buildSubscription({ ...of, items: [buildItem(), buildItem({ stripeItemId: 'si_2' })] })],
        invoices: [buildInvoice({ ...of, stripeInvoiceId: 'in_draft', status: 'draft' })],
        paymentMethods: [buildPaymentMethod(of)],
      })
      await commitAnew(bench, { state: full })
      await commitAnew(bench, { state: buildState({ ...of, subscriptions: [buildSubscription(of)] }) })
      const gone = ['subscription_items', 'invoices', 'payment_methods']
      assert.deepEqual(await Promise.all(gone.map((table) => marked(bench, table))), [['si_2'], ['in_draft'], ['pm_1']])
      assert.deepEqual((await store.loadCustomer(scope, CUSTOMER))?.paymentMethods, [])
      await commitAnew(bench, { state: full })
      assert.deepEqual(await store.loadCustomer(scope, CUSTOMER), full)
      assert.deepEqual(await Promise.all(gone.map((table) => marked(bench, table))), [[], [], []])
    },
  },
  {
    name: 'what the catalogue has no more is marked; a price that somebody pays is still known by its id',
    run: async (bench) => {
      const { store, scope } = bench
      const coupon = { ...charge('SALE'), kind: 'coupon', object: { id: 'SALE', percent_off: 12.5 } } as const
      const all = { ...linesOf('', []), kind: 'coupon', of: null } as const
      await catalog(bench, true, { changes: [coupon], sweeps: [{ ...all, keep: ['SALE'] }] })
      assert.deepEqual(await rows(bench, 'coupons', 'percent_off::text'), [{ percent_off: '12.5' }])
      await catalog(bench, false, { changes: [], sweeps: [all] })
      assert.deepEqual(await Promise.all(['products', 'prices', 'coupons'].map((table) => marked(bench, table))), [
        ['prod_pro'],
        ['price_pro'],
        ['SALE'],
      ])
      assert.deepEqual(await store.loadPrices(scope), [])
      assert.deepEqual(await store.loadPrices(scope, ['price_pro']), [buildPrice()])
      await catalog(bench, true, { changes: [coupon], sweeps: [] })
      assert.deepEqual(await marked(bench, 'coupons'), [])
    },
  },
  {
    name: 'a deep wish is seen until it is done, and that of a backfill is one',
    run: async (bench) => {
      const { store, scope, claimOne, commit } = bench
      await store.wantSync(scope, CUSTOMER, NOW)
      assert.equal((await claimOne()).isDeep, false)
      await store.wantDeepSync(scope, CUSTOMER, NOW)
      await store.wantSync(scope, CUSTOMER, NOW)
      const claimed = await claimOne(NOW + 99)
      assert.deepEqual([claimed.isDeep, claimed.isReadWanted, claimed.isQuiet], [true, true, false])
      await commit(claimed)
      await store.wantQuietSync(scope, CUSTOMER, NOW)
      assert.equal((await claimOne(NOW + 99)).isDeep, true)
    },
  },
  {
    name: 'records of a subject of their own are written under their customer, and want another subject in the same commit',
    run: async (bench) => {
      const { store, scope, claimOne } = bench
      await store.wantSync(scope, 'charge:ch_1', NOW)
      const claimed = await claimOne()
      const records = { changes: [dispute('du_1')], sweeps: [] }
      const wanted = [{ subject: CUSTOMER, isDeep: true }]
      const plan = { kind: 'records', ...of, records, wanted } as const
      assert.equal(await store.commitSync({ ...claimed, token: 'other' }, plan, NOW), false)
      assert.deepEqual(await bench.claim({ subject: CUSTOMER }), [])
      assert.equal(await store.commitSync(claimed, plan, NOW), true)
      assert.deepEqual(await rows(bench, 'disputes', 'stripe_charge_id'), [{ stripe_charge_id: 'ch_1' }])
      const next = await claimOne()
      assert.deepEqual([next.subject, next.isDeep], [CUSTOMER, true])
    },
  },
]

const seen = { from: NOW, until: NOW }

function change(kind: RecordChange['kind'], id: string, object: JsonObject): RecordChange {
  return { kind, id, object: { id, created: 7, ...object }, seen, deletedAt: null }
}

const charge = (id: string, object: JsonObject = {}): RecordChange => change('charge', id, object)
const taxId = (id: string, object: JsonObject = {}): RecordChange => change('taxId', id, { value: 'DE1', ...object })
const discount = (id: string, object: JsonObject): RecordChange => change('discount', id, object)
const line = (id: string, invoice: string): RecordChange => change('invoiceLine', id, { invoice })
const dispute = (id: string): RecordChange => change('dispute', id, { charge: 'ch_1' })

const linesOf = (invoice: string, keep: readonly string[]): RecordWrites['sweeps'][number] => ({
  kind: 'invoiceLine',
  of: invoice,
  keep,
  seen,
  deletedAt: NOW,
})

function plain({ deletedAt: _deletedAt, ...rest }: RecordChange): Omit<RecordChange, 'deletedAt'> {
  return rest
}

function record(
  bench: Bench,
  changes: RecordWrites['changes'],
  sweeps: RecordWrites['sweeps'] = NO_RECORDS.sweeps,
): Promise<void> {
  return commitAnew(bench, { records: { changes, sweeps } })
}

function catalog(bench: Bench, isFull: boolean, records: RecordWrites): Promise<void> {
  const all = isFull ? { products: [buildProduct()], prices: [buildPrice()] } : { products: [], prices: [] }
  return commitCatalog(bench, { ...all, records })
}

function rows({ database, scope }: Bench, table: string, columns: string): Promise<readonly unknown[]> {
  return database.exec(`select ${columns} from paywright.${table} where account = $1::text`, [scope.account])
}

/** The ids of marked rows, by the last column of the key. */
async function marked({ database, scope }: Bench, table: string): Promise<readonly unknown[]> {
  const columns: Readonly<Record<string, string>> = {
    invoice_lines: 'stripe_invoice_line_id',
    discounts: 'stripe_discount_id',
    subscription_items: 'stripe_item_id',
    invoices: 'stripe_invoice_id',
    payment_methods: 'stripe_payment_method_id',
    products: 'stripe_product_id',
    prices: 'stripe_price_id',
    coupons: 'stripe_coupon_id',
  }
  const select = `select ${columns[table]} as id from paywright.${table} where account = $1::text and deleted_at is not null`
  return (await database.exec(`${select} order by 1`, [scope.account])).map(({ id }) => id)
}

async function objects({ database, scope }: Bench, table: string): Promise<readonly unknown[]> {
  const select = `select object::text as object from paywright.${table} where account = $1::text`
  return (await database.exec(select, [scope.account])).map(({ object }) => JSON.parse(String(object)))
}

/** Postgres gives a row a new place each time it is written. */
async function versions(bench: Bench): Promise<readonly unknown[]> {
  return Promise.all(['charges', 'invoice_lines'].map((table) => rows(bench, table, 'ctid::text as version')))
}

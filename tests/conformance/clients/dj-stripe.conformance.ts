import type { Simulator } from '@paywright/simulator'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { python, pythonWith } from './python.js'
import { run } from './tools.js'
import { walkedWorld } from './walked-world.js'

const DJ_STRIPE = 'dj-stripe==2.11.0'

/** The models that it fills from lists, and the simulator's records of the same things. */
const MODELS = {
  Product: 'products',
  Price: 'prices',
  Coupon: 'coupons',
  PromotionCode: 'promotion_codes',
  TaxRate: 'tax_rates',
  ShippingRate: 'shipping_rates',
  Customer: 'customers',
  Subscription: 'subscriptions',
  SubscriptionSchedule: 'subscription_schedules',
  Invoice: 'invoices',
  InvoiceItem: 'invoice_items',
  PaymentIntent: 'payment_intents',
  SetupIntent: 'setup_intents',
  Charge: 'charges',
  Refund: 'refunds',
  Dispute: 'disputes',
  BalanceTransaction: 'balance_transactions',
} as const

interface Sync {
  readonly held: Readonly<Record<string, readonly string[]>>
  readonly complaints: readonly string[]
}

let simulator: Simulator
let sync: Sync

describe.skipIf(!python.isThere)(`dj-stripe${python.reason}`, () => {
  beforeAll(async () => {
    const command = await pythonWith([DJ_STRIPE])
    simulator = await walkedWorld()
    const script = fileURLToPath(new URL('sync_models.py', import.meta.url))
    // Guaranteed by the script.
    sync = JSON.parse(await run(command, [script, simulator.url, Object.keys(MODELS).join(',')])) as Sync
  })

  afterAll(() => simulator.close())

  test('finds nothing to complain about', () => {
    expect(sync.complaints).toEqual([])
  })

  test.each(Object.entries(MODELS))('reads every %s', (model, table) => {
    const own = simulator.world.view().all(table)
    expect(own.length).toBeGreaterThan(0)
    expect(sync.held[model]).toEqual(expect.arrayContaining(own.map(({ id }) => id)))
  })
})

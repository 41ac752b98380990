import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import type { Database } from '../store/database.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { openRepairDatabase, REPAIR_DATABASES } from '../testing/repair-world.js'
import { createStripeStory } from '../testing/stripe-story.js'
import { createTestBilling, type TestBilling, WEBHOOK_SECRET } from '../testing/test-billing.js'
import { openLine, type TroubledLine } from '../testing/troubled-line.js'
import { wait as realWait } from './wait.js'

const PER_SECOND = 11

/** What Stripe takes in test mode. */
const STRIPE_LIMIT = 25

interface Grant {
  readonly at: number
  readonly granted: number
  readonly keep: number
  readonly process: string
}

describe.each(REPAIR_DATABASES)('requests to Stripe, counted on %s', (kind) => {
  let simulator: Simulator
  let line: TroubledLine
  let database: Database
  let closeDatabase: () => Promise<void>
  let one: TestBilling
  let other: TestBilling
  let now = 0
  let grants: Grant[] = []
  let faultOfBudget: BillingError | null = null

  const newProcess = (process: string): TestBilling => {
    const wrapStore = (store: Store): Store => ({
      ...store,
      borrowRequests: async (scope, wish) => {
        if (faultOfBudget !== null) throw faultOfBudget
        const loan = await store.borrowRequests(scope, wish)
        grants.push({ at: wish.at ?? 0, granted: loan.granted, keep: wish.keep, process })
        return loan
      },
    })
    // What is given a signal bounds work that is expected to end by itself; all else is passed at once.
    const wait = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
      if (signal !== undefined) return realWait(milliseconds, signal)
      now += milliseconds
    }
    const stripe = {
      secretKey: 'sk_test_paywright',
      webhookSecrets: [WEBHOOK_SECRET],
      apiBase: line.url,
      readsPerSecond: PER_SECOND,
    }
    return createTestBilling({
      simulator,
      database,
      options: { stripe },
      seams: { wrapStore, wait, milliseconds: () => now, networkRetries: 0 },
    })
  }

  beforeAll(async () => {
    simulator = await createSimulator({ now: 1_800_000_000 })
    line = await openLine({ target: simulator.url })
    const opened = await openRepairDatabase(kind)
    database = opened.database
    closeDatabase = opened.close
    one = newProcess('one')
    other = newProcess('other')
    await one.billing.catalog.push()
    const story = createStripeStory(one.stripe)
    for (const customerId of ['ada', 'grace', 'linus', 'edsger', 'barbara', 'donald']) await story.subscribe(customerId)
    await one.billing.backfill()
    await other.billing.sync({ customerId: 'grace' })
    now += 60_000
    grants = []
  })
  afterEach(async () => {
    faultOfBudget = null
    grants = []
    await line.become({ kind: 'none' })
    now += 60_000
  })
  afterAll(async () => {
    await closeDatabase()
    await line.close()
    await simulator.close()
  })

  test('a lone read waits for nothing, and costs one statement', async () => {
    const before = line.count()
    await one.billing.sync({ customerId: 'ada' })
    expect(grants).toEqual([{ at: now, granted: line.count() - before, keep: 0, process: 'one' }])
  })

  test('are never more than the account may make, whoever makes them', async () => {
    const before = line.count()
    const customers = ['ada', 'grace', 'linus', 'edsger', 'barbara', 'donald']
    await Promise.all([
      one.billing.reconcile({ repair: false, concurrency: 8 }),
      ...customers.map((customerId) => other.billing.sync({ customerId })),
    ])
    const sent = line.count() - before
    const granted = sum(grants)
    expect(sent).toBeGreaterThan(30)
    expect(granted, 'none was sent that was not granted').toBeGreaterThanOrEqual(sent)
    expect(new Set(grants.map(({ process }) => process)).size).toBe(2)
    for (const { at } of grants) {
      const inOneSecond = grants.filter((grant) => grant.at >= at && grant.at < at + 1000)
      expect(sum(inOneSecond)).toBeLessThan(STRIPE_LIMIT)
    }
  })

  test('of which nobody waits for the answer leave some to the others', async () => {
    await one.billing.catchUp()
    await one.billing.reconcile({ sample: 2, repair: false })
    expect(grants.map(({ keep }) => keep).filter((keep) => keep === 0)).toEqual([])
    grants = []
    await one.billing.sync({ customerId: 'ada' })
    expect(grants.length).toBeGreaterThan(0)
    expect(grants.map(({ keep }) => keep).filter((keep) => keep > 0)).toEqual([])
    grants = []
    await one.billing.backfill({ restart: true, concurrency: 1 })
    expect(grants.some(({ keep }) => keep > 0)).toBe(true)
  })

  test('pause for all processes when Stripe refuses one of them, for as long as it says', async () => {
    await line.become({
      kind: 'limited',
      headers: { 'retry-after': '60', 'stripe-rate-limited-reason': 'global-rate' },
    })
    await expect(one.billing.sync({ customerId: 'ada' })).rejects.toMatchObject({ code: 'stripe_rate_limited' })
    expect(one.log.entries.filter(({ fields }) => fields['reason'] === 'global-rate').length).toBeGreaterThan(0)
    await line.become({ kind: 'none' })
    const before = line.count()
    await expect(other.billing.sync({ customerId: 'grace' })).rejects.toMatchObject({ code: 'stripe_rate_limited' })
    now += 30_000
    await expect(one.billing.sync({ customerId: 'ada' })).rejects.toMatchObject({ code: 'stripe_rate_limited' })
    expect(line.count(), 'nothing was sent').toBe(before)
    now += 30_000
    await other.billing.sync({ customerId: 'grace' })
    await one.billing.sync({ customerId: 'ada' })
    expect(await compareWithStripe(database, one.stripe)).toEqual([])
  })

  test('are not sent while the database does not say whether they may be, which is a fault of the database', async () => {
    faultOfBudget = new BillingError('database_unavailable')
    const before = line.count()
    await expect(one.billing.sync({ customerId: 'ada' })).rejects.toMatchObject({ code: 'database_unavailable' })
    expect(line.count()).toBe(before)
    expect(await one.billing.deadLetters()).toEqual([])
    faultOfBudget = null
    await one.billing.sync({ customerId: 'ada' })
  })

  test.runIf(kind === 'postgres')(
    'wait for somebody who has the row in hand, and hold no connection in vain',
    async () => {
      let release = (): void => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      const holding = database.transaction(async (exec) => {
        await exec('select 1 from paywright.request_budgets for update', [])
        await held
      })
      const syncing = one.billing.sync({ customerId: 'ada' })
      await expect.poll(() => waitingForRow(database)).toBe(1)
      release()
      await Promise.all([holding, syncing])
    },
  )
})

function sum(grants: readonly Grant[]): number {
  return grants.reduce((total, { granted }) => total + granted, 0)
}

async function waitingForRow(database: Database): Promise<number> {
  const [row] = await database.exec(
    `select count(*)::integer as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like '%request_budgets%'`,
    [],
  )
  return Number(row?.['waiting'])
}

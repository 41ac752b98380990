import { createSimulator, type Simulator } from '@paywright/simulator'
import type { Seams } from '../compose.js'
import type { StripeGateway } from '../engine/ports.js'
import { wait as realWait } from '../inbox/wait.js'
import type { Database } from '../store/database.js'
import { postgres } from '../store/pg.js'
import { createStore } from '../store/store.js'
import { memoryDatabase } from './database.js'
import { startLocalPostgres } from './local-postgres.js'
import { createStripeStory, type StripeStory } from './stripe-story.js'
import { createTestBilling, type TestBilling } from './test-billing.js'

/** A product whose mirror is to be repaired, and what stands between it and Stripe. */
export interface RepairWorld {
  readonly simulator: Simulator
  readonly database: Database
  readonly bench: TestBilling
  readonly story: StripeStory
  /** Stripe customers that were read, in their order; a test may empty it. */
  readonly reads: string[]
  /** Lengths of what was waited for, in milliseconds. */
  readonly waits: number[]
  /** What happens before a read, and while something is waited for; a test may set it, and `calm` ends it. */
  readonly between: { read(stripeCustomerId: string): Promise<void>; wait(): Promise<void> }
  calm(): void
  close(): Promise<void>
}

/** Repair is tested on each database that the product may run on. */
export const REPAIR_DATABASES = ['pglite', 'postgres'] as const

/** Stripe's list comes in pages of so many customers here, so that a few make several. */
const REPAIR_PAGE = 10

export async function createRepairWorld(kind: (typeof REPAIR_DATABASES)[number]): Promise<RepairWorld> {
  const simulator = await createSimulator({ now: 1_800_000_000 })
  const { database, close } = await openRepairDatabase(kind)
  const reads: string[] = []
  const waits: number[] = []
  const between: RepairWorld['between'] = { read: nothing, wait: nothing }
  const wrapGateway = (gateway: StripeGateway): StripeGateway => ({
    ...gateway,
    readCustomer: async (id, depth) => {
      reads.push(id)
      await between.read(id)
      return gateway.readCustomer(id, depth)
    },
    listCustomers: async ({ after }) => {
      const { stripeCustomerIds: all } = await gateway.listCustomers({ after: null })
      const start = after === null ? 0 : all.indexOf(after) + 1
      const page = all.slice(start, start + REPAIR_PAGE)
      return { stripeCustomerIds: page, next: start + REPAIR_PAGE < all.length ? (page.at(-1) ?? null) : null }
    },
  })
  // What is given a signal bounds work that is expected to end by itself; the rest is passed at once.
  const wait: NonNullable<Seams['wait']> = async (milliseconds, signal) => {
    if (signal !== undefined) return realWait(milliseconds, signal)
    waits.push(milliseconds)
    await between.wait()
  }
  const bench = createTestBilling({ simulator, database, seams: { wrapGateway, wait } })
  await bench.billing.catalog.push()
  const calm = (): void => {
    Object.assign(between, { read: nothing, wait: nothing })
    reads.length = 0
    waits.length = 0
  }
  return {
    simulator,
    database,
    bench,
    story: createStripeStory(bench.stripe),
    reads,
    waits,
    between,
    calm,
    close: async () => {
      await close()
      await simulator.close()
    },
  }
}

/** A migrated database of its own, and how to be rid of it. */
export async function openRepairDatabase(
  kind: (typeof REPAIR_DATABASES)[number],
): Promise<{ readonly database: Database; readonly close: () => Promise<void> }> {
  if (kind === 'pglite') {
    const database = await memoryDatabase()
    return { database, close: database.close }
  }
  const server = await startLocalPostgres()
  const database = postgres(await server.createDatabase())
  await createStore(database).migrate()
  const close = async (): Promise<void> => {
    await database.close()
    await server.stop()
  }
  return { database, close }
}

async function nothing(): Promise<void> {}

import type { Simulator } from '@paywright/simulator'
import type { Database } from 'paywright'
import { createTestBilling, type TestBilling } from 'paywright/testing'
import type Stripe from 'stripe'
import type { Faults } from './faults.js'
import { type Connection, gatedDatabase } from './gated-database.js'
import { gatedGateway } from './gated-gateway.js'
import type { Mutant } from './mutants.js'
import { newProcess, type Process } from './process.js'
import { listen, mailer, type Told } from './product.js'
import type { Random } from './random.js'
import type { Scheduler } from './scheduler.js'

/** The product's own table in all runs. */
export const USERS_TABLE = { name: 'users', id: 'id' }

/** What all processes share. */
export interface World {
  readonly simulator: Simulator
  /** Stripe as the client and the auditor ask it: without faults. */
  readonly stripe: Stripe
  /** The product as the auditor asks it, without faults either. */
  readonly observer: TestBilling
  readonly database: Database
  readonly connection: Connection
  readonly scheduler: Scheduler
  readonly random: Random
  readonly faults: Faults
  readonly told: Told
  /** A guard of the engine that is left out on purpose. */
  readonly mutant: Partial<Mutant>
}

/** One process of the product: the whole of Paywright, with its worker running. */
export interface Instance {
  readonly process: Process
  readonly app: TestBilling
  /** Resolves when the process is dead. */
  readonly death: Promise<'dead'>
  die(): void
}

/** The farthest that the clocks of two machines are apart, in seconds. */
export const WORST_CLOCK = 45

export function createInstance(world: World, name: string): Instance {
  const { simulator, scheduler, random, faults } = world
  const process = newProcess(name, { isEngine: true })
  const offset = faults.strike('clock wrong') ? random.between(-WORST_CLOCK, WORST_CLOCK) : 0
  let tokens = 0
  const app = createTestBilling({
    simulator,
    database: gatedDatabase(world, process),
    options: {
      usersTable: USERS_TABLE,
      clock: { now: () => Math.floor(scheduler.now() / 1000) + offset },
      catchUp: '15m',
      mail: { transport: mailer(world, process), from: 'Example <billing@app.example>', productName: 'Example' },
    },
    seams: {
      ...(world.mutant.wrapStore !== undefined && { wrapStore: world.mutant.wrapStore }),
      wrapGateway: gatedGateway(world, process),
      wait: (milliseconds, signal) => scheduler.wait(process, milliseconds, signal),
      random: random.next,
      ids: { token: () => `${name}.${(tokens += 1)}` },
      policy: { idleMilliseconds: random.between(5000, 60_000), lanes: random.between(1, 3) },
    },
  })
  listen(world, process, app.billing)
  app.billing.start()
  let die = (): void => undefined
  const death = new Promise<'dead'>((resolve) => (die = () => resolve('dead')))
  return {
    process,
    app,
    death,
    die: () => {
      scheduler.kill(process)
      die()
    },
  }
}

import { createInterface } from 'node:readline'
import { createAnyBilling } from '../create-billing.js'
import type { StripeGateway } from '../engine/ports.js'
import type { Database, Exec } from '../store/database.js'
import { postgres } from '../store/pg.js'
import { TEST_ORIGIN, TEST_PLANS } from './test-billing.js'

/** What a crash drill tells its child on the first line of standard input. */
export interface CrashOrder {
  readonly databaseUrl: string
  readonly apiBase: string
  readonly secretKey: string
  readonly webhookSecret: string
  readonly now: number
  readonly deliveries: readonly { readonly body: string; readonly signature: string }[]
  /** The step before which the process ends itself, or stops until it is told to go on. */
  readonly atStep: number
  readonly signal: 'SIGKILL' | 'SIGSTOP'
}

/** A step is one statement, one commit, or one request to Stripe: whatever can be the last thing that a process did. */
function createSteps({ atStep, signal }: CrashOrder): () => Promise<void> {
  let steps = 0
  return async () => {
    steps += 1
    if (steps !== atStep) return
    if (signal === 'SIGSTOP') process.stdout.write('stopping\n')
    process.kill(process.pid, signal)
    // The signal arrives while this waits, and nothing else has begun.
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function stepping(database: Database, step: () => Promise<void>): Database {
  const around =
    (exec: Exec): Exec =>
    async (text, params) => {
      await step()
      return exec(text, params)
    }
  return {
    exec: around(database.exec),
    transaction: async (work) => {
      const result = await database.transaction(async (exec) => {
        const answer = await work(around(exec))
        // Everything is written, nothing is committed.
        await step()
        return answer
      })
      await step()
      return result
    },
    close: database.close,
  }
}

async function main(order: CrashOrder): Promise<void> {
  const step = createSteps(order)
  const database = stepping(postgres({ connectionString: order.databaseUrl, max: 2 }), step)
  const wrapGateway = (gateway: StripeGateway): StripeGateway => ({
    ...gateway,
    readCustomer: async (id, depth) => {
      await step()
      const read = await gateway.readCustomer(id, depth)
      await step()
      return read
    },
  })
  const { databaseUrl: _url, apiBase, secretKey, webhookSecret, now, deliveries } = order
  const billing = createAnyBilling(
    {
      database,
      stripe: { secretKey, webhookSecrets: [webhookSecret], apiBase },
      plans: TEST_PLANS,
      identify: () => null,
      baseUrl: TEST_ORIGIN,
      usersTable: { name: 'users', id: 'id' },
      clock: { now: () => now },
      catchUp: false,
    },
    { env: {}, wrapGateway },
  )
  for (const type of ['subscription.activated', 'access.granted', 'payment.succeeded'] as const) {
    billing.on(type, async ({ key }) => {
      await database.exec('insert into told (key) values ($1::text)', [key])
    })
  }
  for (const { body, signature } of deliveries) {
    const headers = { 'stripe-signature': signature }
    await billing.handler(new Request(`${TEST_ORIGIN}/api/billing/webhook`, { method: 'POST', headers, body }))
  }
  await billing.work()
  await billing.close()
}

for await (const line of createInterface({ input: process.stdin })) {
  await main(JSON.parse(line))
  break
}

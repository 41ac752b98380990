import { createInterface } from 'node:readline'
import { createAnyBilling } from '../create-billing.js'
import type { StripeGateway } from '../engine/ports.js'
import { postgres } from '../store/pg.js'
import { TEST_PLANS } from './test-billing.js'

/** What a drill tells a child that carries out a repair verb and is killed on the way. */
export interface RepairOrder {
  readonly databaseUrl: string
  readonly apiBase: string
  readonly secretKey: string
  readonly now: number
  readonly verb: 'catchUp' | 'backfill' | 'reconcile'
  /** The question to Stripe before which the process kills itself. */
  readonly killBefore: number
}

/** Counts what is asked of Stripe, each question in its turn. */
function killing(gateway: StripeGateway, killBefore: number): StripeGateway {
  let asked = 0
  const step = async (): Promise<void> => {
    asked += 1
    if (asked !== killBefore) return
    process.kill(process.pid, 'SIGKILL')
    // The signal arrives while this waits, and nothing else is begun.
    await new Promise(() => {})
  }
  const stepping =
    <Request extends readonly unknown[], Answer>(ask: (...request: Request) => Promise<Answer>) =>
    async (...request: Request): Promise<Answer> => {
      await step()
      return ask(...request)
    }
  return {
    ...gateway,
    readCustomer: stepping(gateway.readCustomer),
    listCustomers: stepping(gateway.listCustomers),
    listEvents: stepping(gateway.listEvents),
  }
}

async function main(order: RepairOrder): Promise<void> {
  const { databaseUrl, apiBase, secretKey, now, verb, killBefore } = order
  const billing = createAnyBilling(
    {
      database: postgres({ connectionString: databaseUrl, max: 2 }),
      stripe: { secretKey, webhookSecrets: [], apiBase },
      plans: TEST_PLANS,
      identify: () => null,
      clock: { now: () => now },
    },
    { env: {}, wrapGateway: (gateway) => killing(gateway, killBefore), wait: () => Promise.resolve() },
  )
  await billing[verb]()
  await billing.close()
}

for await (const line of createInterface({ input: process.stdin })) {
  await main(JSON.parse(line))
  break
}

import { createBilling, definePlans, postgres } from 'paywright'
import type { Adapter } from '../contestants/contract.js'
import { deliveryOf, SECRET_KEY, WEBHOOK_SECRET, type BenchWorld } from '../world.js'
import type { BenchPostgres } from '../postgres.js'
import type { Batch } from '../webhooks/load.js'

/** Where a bench in one process happens. */
export interface Place {
  readonly world: BenchWorld
  readonly postgres: BenchPostgres
}

export const POOL_SIZE = 10

/** Delivers the events to a contestant in this process. */
export async function deliverHere(adapter: Pick<Adapter, 'handle'>, { events }: Batch): Promise<void> {
  for (const event of events) await deliverOne(adapter, event)
}

export async function deliverOne({ handle }: Pick<Adapter, 'handle'>, event: Batch['events'][number]): Promise<void> {
  const response = await handle(requestOf(deliveryOf(event, '/api/billing/webhook')))
  if (response.status !== 200) throw new Error(`A delivery was answered ${response.status}: ${await response.text()}`)
}

/** The request that such a text is over the wire. */
export function requestOf(text: string): Request {
  const end = text.indexOf('\r\n\r\n')
  const [line = '', ...fields] = text.slice(0, end).split('\r\n')
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(': ')
    return [field.slice(0, colon), field.slice(colon + 2)]
  })
  return new Request(`https://app.example${line.split(' ')[1]}`, { method: 'POST', headers, body: text.slice(end + 4) })
}

const PLANS = definePlans({
  free: { name: 'Free', features: {} },
  pro: { name: 'Pro', features: {}, prices: { month: { amount: 2000, currency: 'usd' } } },
})

const NO_LOG = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Paywright in this process. What is to be done after a delivery was answered can be waited for. */
export function billingHere(world: BenchWorld, databaseUrl: string, more: { readonly accessCache?: '10s' } = {}) {
  const left: Promise<unknown>[] = []
  const billing = createBilling({
    database: postgres({ connectionString: databaseUrl, max: POOL_SIZE }),
    stripe: { secretKey: SECRET_KEY, webhookSecrets: [WEBHOOK_SECRET], apiBase: world.simulator.url },
    plans: PLANS,
    identify: () => null,
    baseUrl: 'https://app.example',
    waitUntil: (work) => void left.push(work),
    log: NO_LOG,
    ...more,
  })
  const finish = async (): Promise<void> => {
    await Promise.all(left.splice(0))
  }
  return { billing, handle: billing.handler, finish }
}

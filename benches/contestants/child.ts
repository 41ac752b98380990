import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { toNodeListener } from 'paywright'
import { createBetterAuth } from './better-auth.js'
import type { Adapter, BenchCustomer, BenchPlan, CreateAdapter, Setup } from './contract.js'
import { createNoWebhooks } from './no-webhooks.js'
import { createPaywright } from './paywright.js'
import { createRefetching, createTrusting } from './references.js'
import { createSyncEngine } from './sync-engine.js'

const CREATE: Readonly<Record<string, CreateAdapter>> = {
  paywright: createPaywright,
  'better-auth': createBetterAuth,
  'sync-engine': createSyncEngine,
  'no-webhooks': createNoWebhooks,
  trusting: createTrusting,
  refetching: createRefetching,
}

/** What the parent asks besides delivering, at `/_bench/<verb>`. */
const VERBS: Readonly<Record<string, (adapter: Adapter, body: string) => Promise<void>>> = {
  migrate: (adapter) => adapter.migrate(),
  introduce: (adapter, body) => adapter.introduce(JSON.parse(body) as readonly BenchCustomer[]),
  settle: (adapter) => adapter.settle(),
  backfill: (adapter) => adapter.backfill(),
}

/** One contestant in a process of its own, as it would be deployed. */
async function main({ setup, plans }: { readonly setup: Setup; readonly plans: readonly BenchPlan[] }): Promise<void> {
  const create = CREATE[setup.name]
  if (create === undefined) throw new Error(`There is no contestant ${setup.name}.`)
  const adapter = await create(setup, plans)
  const server = createServer(toNodeListener((request) => answer(adapter, request)))
  server.listen(setup.port, '127.0.0.1', () => {
    const address = server.address()
    process.stdout.write(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`)
  })
}

async function answer(adapter: Adapter, request: Request): Promise<Response> {
  const verb = /\/_bench\/(\w+)$/.exec(new URL(request.url).pathname)?.[1]
  try {
    if (verb === undefined) return await adapter.handle(request)
    await VERBS[verb]?.(adapter, await request.text())
    return new Response(null, { status: 204 })
  } catch (error) {
    // What a framework makes of a handler that throws.
    return new Response(String(error), { status: 500 })
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  await main(JSON.parse(line) as Parameters<typeof main>[0])
  break
}

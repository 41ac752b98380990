import { onceConnected } from '../postgres.js'
import { judged, markdown, median, rounded } from '../table.js'
import { createWorkload, type Workload } from '../webhooks/load.js'
import { addClones } from './clones.js'
import { billingHere, deliverHere, deliverOne, type Place } from './seeded.js'

const CUSTOMERS = 50
const SAMPLES = 400
const CHANGES = 4

/** What is done once may cost so many times as much with the most rows as with the fewest. */
const MOST_TIMES = 1.5

interface Costs {
  readonly access: number
  readonly receive: number
  readonly sync: number
}

/** Milliseconds that a check, a receipt and a sync take, as the number of stored subscriptions grows. */
export async function measureGrowth({ world, postgres }: Place, sizes: readonly number[]): Promise<boolean> {
  const databaseUrl = await postgres.createDatabase('growth')
  const here = billingHere(world, databaseUrl)
  const { billing } = here
  await billing.migrate()
  await billing.catalog.push()
  const workload = await createWorkload(world, CUSTOMERS)
  await deliverHere(here, workload.first)
  await here.finish()
  // Once in vain, to warm up.
  await measure(here, workload)
  const curve: (readonly [number, Costs])[] = []
  let stored = CUSTOMERS
  for (const size of sizes) {
    const model = workload.customers[0]?.stripeCustomerId ?? ''
    await onceConnected(databaseUrl, (client) => addClones(client, model, { from: stored + 1, until: size }))
    stored = size
    curve.push([size, await measure(here, workload)])
  }
  await billing.close()
  return report(curve)
}

/** One after the other, so that each has the machine for itself. */
async function measure(here: ReturnType<typeof billingHere>, workload: Workload): Promise<Costs> {
  const ids = workload.customers.map(({ customerId }) => customerId)
  const access: number[] = []
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    access.push(await timed(() => here.billing.access(ids[sample % ids.length] ?? '')))
  }
  const receive: number[] = []
  const sync: number[] = []
  const { events } = await workload.next(CHANGES)
  for (const event of events) {
    receive.push(await timed(() => deliverOne(here, event)))
    sync.push(await timed(here.finish))
  }
  return { access: median(access), receive: median(receive), sync: median(sync) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}

function report(curve: readonly (readonly [number, Costs])[]): boolean {
  const kinds = ['access', 'receive', 'sync'] as const
  const head = ['Milliseconds by stored subscriptions, medians', ...kinds]
  const lines = curve.map(([size, costs]) => [rounded(size), ...kinds.map((kind) => rounded(costs[kind], 2))])
  console.log(`\n${markdown(head, lines)}\n`)
  const first = curve[0]?.[1]
  const last = curve.at(-1)?.[1]
  if (first === undefined || last === undefined) throw new Error('Nothing was measured.')
  return kinds
    .map((kind) => {
      const times = last[kind] / first[kind]
      return judged(
        `${kind}: most rows to fewest`,
        { value: `${rounded(times, 2)} ×`, limit: `under ${MOST_TIMES} ×` },
        times < MOST_TIMES,
      )
    })
    .every(Boolean)
}

import { createSimulator, type Simulator, type World } from '@paywright/simulator'
import { judged, median, rounded, row } from './table.js'

const SIZES = [1_000, 10_000, 100_000] as const
const MOST_EVENTS = 1_000_000
const SAMPLES = 500

/** A page, a look-up or a write may take this many times as long in the largest world as in the smallest. */
const MOST_TIMES = 4

const START = 1_800_000_000

/** What one command costs as the world grows, in microseconds, without HTTP. */
export async function measureGrowth(): Promise<boolean> {
  const simulator = await createSimulator({ now: START, deliveryMode: 'manual' })
  const { world } = simulator
  const ids: string[] = []
  console.log(`\nMicroseconds of a command as the world grows, medians of ${SAMPLES}\n`)
  console.log(row(['customers / events', ...Object.keys(probes)]))
  const curve: (readonly number[])[] = []
  for (const size of SIZES) {
    while (ids.length < size) ids.push(await createCustomer(simulator, ids.length))
    curve.push(measure(world, ids))
  }
  for (let events = ids.length; events < MOST_EVENTS; events++) {
    const id = ids[events % ids.length] ?? ''
    run(world, { name: 'customers.update', path: { id }, params: { description: `Change ${events}` } })
  }
  curve.push(measure(world, ids))
  console.log(`\n${row(['fork of the largest world, ms', rounded(median(await forks(simulator)), 1)])}`)
  console.log(row(['heap of the largest world, MB', rounded(process.memoryUsage().heapUsed / 1e6)]))
  await simulator.close()
  return judgeCurve(curve)
}

async function forks(simulator: Simulator): Promise<readonly number[]> {
  const found: number[] = []
  for (let time = 0; time < 9; time++) {
    const before = performance.now()
    const fork = await simulator.fork()
    found.push(performance.now() - before)
    await fork.close()
  }
  return found
}

interface Probed {
  readonly world: World
  readonly ids: readonly string[]
  readonly number: number
}

/** What is asked of each world. The customers of a world are a second apart. */
const probes: Readonly<Record<string, (probed: Probed) => void>> = {
  retrieve: ({ world, ids, number }) => run(world, { name: 'customers.retrieve', path: { id: idAt(ids, number) } }),
  'first page': ({ world }) => run(world, { name: 'customers.list', params: {} }),
  'page within': ({ world, ids, number }) =>
    run(world, { name: 'customers.list', params: { starting_after: idAt(ids, number) } }),
  'by e-mail': ({ world, ids, number }) =>
    run(world, { name: 'customers.list', params: { email: `customer${(number * 7919) % ids.length}@example.com` } }),
  created: ({ world, ids, number }) => {
    const gte = START + ((number * 7919) % ids.length)
    run(world, { name: 'customers.list', params: { created: { gte, lt: gte + 5 } } })
  },
  events: ({ world }) => run(world, { name: 'events.list', params: { type: 'customer.created' } }),
  update: ({ world, ids, number }) =>
    run(world, { name: 'customers.update', path: { id: idAt(ids, number) }, params: { name: `Name ${number}` } }),
  create: ({ world, number }) => run(world, { name: 'customers.create', params: { name: `Another ${number}` } }),
}

function measure(world: World, ids: readonly string[]): readonly number[] {
  const { data } = run(world, { name: 'events.list', params: { limit: 1 } }) as { data: readonly unknown[] }
  if (data.length !== 1) throw new Error('The world has no events.')
  const medians = Object.values(probes).map((probe) =>
    median(Array.from({ length: SAMPLES }, (_, number) => timed(() => probe({ world, ids, number })))),
  )
  console.log(
    row([`${rounded(ids.length)} / ${rounded(eventsIn(world))}`, ...medians.map((value) => rounded(value, 1))]),
  )
  return medians
}

function eventsIn(world: World): number {
  return world.count('events')
}

function timed(probe: () => void): number {
  const before = performance.now()
  probe()
  return (performance.now() - before) * 1000
}

async function createCustomer(simulator: Simulator, number: number): Promise<string> {
  await simulator.clock.advance(1)
  const params = {
    name: `Customer ${number}`,
    email: `customer${number}@example.com`,
    metadata: { number: String(number) },
  }
  return (run(simulator.world, { name: 'customers.create', params }) as { id: string }).id
}

function run(world: World, command: Parameters<World['run']>[0]): unknown {
  const reply = world.run(command)
  if (!reply.ok) throw new Error(`${command.name}: ${reply.error.message}`)
  return reply.body
}

function idAt(ids: readonly string[], number: number): string {
  return ids[(number * 7919) % ids.length] ?? ''
}

function judgeCurve(curve: readonly (readonly number[])[]): boolean {
  const [first = [], ...rest] = curve
  const last = rest.at(-1) ?? []
  console.log('')
  const kept = Object.keys(probes).map((name, index) => {
    const times = (last[index] ?? 0) / (first[index] ?? 1)
    return judged(
      `${name}: largest to smallest`,
      { value: `${rounded(times, 1)} ×`, limit: `under ${MOST_TIMES} ×` },
      times < MOST_TIMES,
    )
  })
  return kept.every(Boolean)
}

import { chosenNames } from '../contestants/roster.js'
import { readFlags } from '../flags.js'
import { setStage, type Stage } from '../stage.js'
import { createFloor, type Floor } from './floor.js'
import { createWorkload, type Batch, type Workload } from './load.js'
import { measure } from './measure.js'
import { LOADS, type Measured, type MeasuredFloor } from './measured.js'
import { report } from './report.js'
import { timesToVisible } from './visible.js'

const HOUR = 3600

/** How fast deliveries are answered, and how soon the rows are right, beside others and beside bare inserts. */
async function main(): Promise<void> {
  const { quick, only, rounds = quick ? 2 : 5, subscriptions = quick ? 100 : 250 } = readFlags()
  const names = chosenNames(only).filter((name) => name !== 'refetching')
  const stage = await setStage(Math.floor(Date.now() / 1000) - HOUR, names)
  const floor = await createFloor(await stage.postgres.createDatabase('floor'))
  try {
    const workload = await prepare(stage, subscriptions)
    const contestants = stage.contestants.map((running): Measured => ({ running, rates: byLoad(), visible: [] }))
    const floors: MeasuredFloor = { single: byLoad(), batched: [] }
    // The first round only warms up.
    for (let round = 0; round <= rounds; round += 1) {
      const isKept = round > 0
      for (const load of LOADS) {
        const batch = await workload.next(load.changes)
        await runLoad(batch, { connections: load.connections, isKept }, { contestants, floors, floor })
      }
    }
    for (let round = 0; round < (quick ? 1 : 2); round += 1) {
      const batch = await workload.next(1)
      for (const { running, visible } of contestants) visible.push(...(await timesToVisible(running, batch)))
    }
    process.exitCode = report(contestants, floors) ? 0 : 1
  } finally {
    await floor.close()
    await stage.strike()
  }
}

/** What happened before is known to all; how it came to them is no matter here. */
async function prepare({ world, contestants }: Stage, subscriptions: number): Promise<Workload> {
  const workload = await createWorkload(world, subscriptions)
  for (const running of contestants) {
    await running.introduce(workload.customers)
    await measure(running, workload.first, 1)
  }
  return workload
}

interface Measuring {
  readonly contestants: readonly Measured[]
  readonly floors: MeasuredFloor
  readonly floor: Floor
}

/** In turns, so that whatever else the machine does falls on all alike. */
async function runLoad(
  batch: Batch,
  { connections, isKept }: { readonly connections: number; readonly isKept: boolean },
  { contestants, floors, floor }: Measuring,
): Promise<void> {
  const bodies = batch.events.map((event) => JSON.stringify(event))
  const single = await floor.single(bodies, connections)
  const batched = await floor.batched(bodies)
  if (isKept) {
    floors.single.get(connections)?.push(single)
    floors.batched.push(batched)
  }
  for (const { running, rates } of contestants) {
    const found = await measure(running, batch, connections)
    if (isKept) rates.get(connections)?.push(found)
  }
}

function byLoad<Value>(): ReadonlyMap<number, Value[]> {
  return new Map(LOADS.map(({ connections }) => [connections, []]))
}

await main()

import type { Engine } from '../engine.js'
import { listScenarios, seedScenario } from '../scenarios.js'
import type { Snapshot } from '../snapshot.js'
import { ControlError, type ControlRequest } from './control-request.js'
import type { Fork } from './forks.js'

const MOST_SNAPSHOTS = 1000

/** Snapshots by name. Each takes no time, and no room but for what has changed since. */
const snapshots = new WeakMap<Engine, Map<string, Snapshot>>()

function snapshotsOf(engine: Engine): Map<string, Snapshot> {
  let named = snapshots.get(engine)
  if (named === undefined) snapshots.set(engine, (named = new Map()))
  return named
}

/** Whole worlds: to keep, to put back, to fork, and to start from. */
export const worldControls = {
  'GET /_sim/scenarios': () => ({ data: listScenarios() }),
  'POST /_sim/scenarios/:name': ({ engine, path: { name = '' } }: ControlRequest) => {
    const made = seedScenario(engine.worldOf(null), name)
    if (made !== undefined) return made
    const names = listScenarios().map((scenario) => scenario.name)
    throw new ControlError(`There is no scenario ${name}. There are: ${names.join(', ')}.`)
  },
  'GET /_sim/snapshots': ({ engine }: ControlRequest) => ({ data: [...snapshotsOf(engine).keys()] }),
  'POST /_sim/snapshots/:name': ({ engine, path: { name = '' } }: ControlRequest) => {
    const named = snapshotsOf(engine)
    if (named.size >= MOST_SNAPSHOTS) throw new ControlError(`There are ${MOST_SNAPSHOTS} snapshots. Delete some.`)
    named.set(name, engine.snapshot())
    return { name }
  },
  'POST /_sim/snapshots/:name/restore': async ({ engine, path: { name = '' } }: ControlRequest) => {
    await engine.restore(snapshotNamed(engine, name))
    return { name, now: engine.clock.now() }
  },
  'DELETE /_sim/snapshots/:name': ({ engine, path: { name = '' } }: ControlRequest) => {
    snapshotNamed(engine, name)
    snapshotsOf(engine).delete(name)
    return { name, deleted: true }
  },
  'GET /_sim/forks': ({ forks }: ControlRequest) => ({ data: forks.list().map(shown) }),
  'POST /_sim/forks': async ({ forks }: ControlRequest) => {
    const fork = await forks.add()
    if (fork === undefined) throw new ControlError('There are too many forks. End some: DELETE /_sim/forks/:port.')
    return shown(fork)
  },
  'DELETE /_sim/forks/:port': async ({ forks, path: { port = '' } }: ControlRequest) => {
    if (!(await forks.end(Number(port)))) throw new ControlError(`There is no fork on port ${port}.`)
    return { port: Number(port), deleted: true }
  },
}

function snapshotNamed(engine: Engine, name: string): Snapshot {
  const snapshot = snapshotsOf(engine).get(name)
  if (snapshot !== undefined) return snapshot
  throw new ControlError(`There is no snapshot ${name}. POST /_sim/snapshots/${name} takes one.`)
}

function shown({ url, port }: Fork): object {
  return { url, port }
}

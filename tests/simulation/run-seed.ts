import { createTestBilling } from 'paywright/testing'
import { act, type Cast } from './client.js'
import { audit } from './auditor.js'
import { createFaults, type FaultCounts, type Faults } from './faults.js'
import { createFleet, type Fleet } from './fleet.js'
import { type Ground, START } from './ground.js'
import { WORST_CLOCK, type World } from './instance.js'
import { createNetwork, type Network } from './network.js'
import { newProcess, type Process } from './process.js'
import { createRandom, type Random } from './random.js'
import { createScheduler, type Scheduler } from './scheduler.js'
import { createTrace, type Trace } from './trace.js'

/** How much happens in one run. */
export interface RunSize {
  readonly rounds: number
  readonly actions: number
}

const DEFAULT_SIZE: RunSize = { rounds: 2, actions: 14 }

export interface RunOptions {
  readonly size?: RunSize
  readonly mutant?: World['mutant']
}

export interface RunReport {
  readonly seed: number
  /** What is wrong, one sentence each; nothing where all is well. */
  readonly complaints: readonly string[]
  readonly faults: FaultCounts
  readonly digest: string
  readonly steps: number
  readonly lastSteps: readonly string[]
}

/** A bound on the steps of one phase; a run that is well takes a tenth of it. */
const MOST_STEPS = 20_000

/** The longest that a process stands still, in milliseconds: longer than a lease. */
const LONGEST_STOP = 150_000

/** The most virtual time in which all must be well once nothing goes wrong any more. */
const LONGEST_RECOVERY = 12 * 3_600_000

/** One run from beginning to end: rounds of faults, each followed by a time without, after which all must be well. */
export async function runSeed(ground: Ground, seed: number, options: RunOptions = {}): Promise<RunReport> {
  const { size = DEFAULT_SIZE, mutant = {} } = options
  const run = await begin(ground, seed, mutant)
  const complaints = await playRounds(run, size)
  await end(run)
  const { trace, faults, fleet } = run
  for (let count = fleet.lostLeases(); count > 0; count -= 1) faults.note('lease lost')
  return {
    seed,
    complaints,
    faults: faults.counts(),
    digest: trace.digest(),
    steps: trace.length,
    lastSteps: trace.last(80),
  }
}

async function playRounds(run: Run, { rounds, actions }: RunSize): Promise<readonly string[]> {
  try {
    for (let round = 0; round < rounds; round += 1) {
      await misfortune(run, actions)
      const complaints = [...(await recovery(run)), ...(await audit(run.world, run.network))]
      if (complaints.length > 0) return complaints
    }
    return []
  } catch (error) {
    return [`The run itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`]
  }
}

interface Run {
  readonly world: World
  readonly scheduler: Scheduler
  readonly random: Random
  readonly faults: Faults
  readonly trace: Trace
  readonly fleet: Fleet
  readonly network: Network
  readonly cast: Cast
}

async function begin(ground: Ground, seed: number, mutant: World['mutant']): Promise<Run> {
  const random = createRandom(seed)
  const faults = createFaults(random)
  const trace = createTrace()
  const simulator = await ground.begin(seed)
  const { database } = ground
  const observer = createTestBilling({ simulator, database })
  const parts: { network: Network | null; fleet: Fleet | null } = { network: null, fleet: null }
  const scheduler = createScheduler({
    random,
    trace,
    startSeconds: START,
    onSecond: async (seconds) => {
      const next = simulator.clock.nextEventAt()
      await simulator.clock.advanceTo(seconds)
      if (next !== null && next <= seconds) await parts.network?.collect()
    },
    meddle: (process) => meddle({ random, faults, scheduler, fleet: parts.fleet }, process),
  })
  const told = { effects: [], mails: [] }
  const connection = { holder: null }
  const world = {
    simulator,
    observer,
    stripe: observer.stripe,
    database,
    connection,
    scheduler,
    random,
    faults,
    told,
    mutant,
  }
  const fleet = (parts.fleet = createFleet(world, random.between(1, 3)))
  const network = (parts.network = createNetwork(world, fleet))
  const customerIds = Array.from({ length: random.between(1, 3) }, (_none, index) => `c${index + 1}`)
  return { world, scheduler, random, faults, trace, fleet, network, cast: { customerIds, stripeIds: new Map() } }
}

/** Whether the process dies or stops here instead of going on. */
function meddle(
  { random, faults, scheduler, fleet }: Pick<Run, 'random' | 'faults' | 'scheduler'> & { fleet: Fleet | null },
  process: Process,
): boolean {
  if (!process.isEngine || fleet === null) return false
  if (faults.strike('process killed')) {
    fleet.kill(process)
    return true
  }
  if (!faults.strike('process stopped')) return false
  process.stalledUntil = scheduler.now() + random.between(1000, LONGEST_STOP)
  return true
}

/** Safety: the client acts while everything goes wrong that this seed draws. */
async function misfortune(
  { world, scheduler, faults, fleet, network, cast, trace }: Run,
  actions: number,
): Promise<void> {
  faults.setOn(true)
  const client = newProcess('client', { isEngine: false })
  let left = actions
  const play = async (): Promise<void> => {
    for (; left > 0; left -= 1) {
      const delay = world.random.pick([0, 0, 500, 1500, 8000])
      await scheduler.halt(client, { label: 'acts', delay, isReady: () => world.connection.holder === null })
      await scheduler.track(async () => {
        trace.add(`  ${await act(world, fleet, cast)}`)
        await network.collect()
      })
    }
  }
  await network.collect()
  const played = play()
  for (let steps = 0; left > 0 && steps < MOST_STEPS; steps += 1) {
    if ((await scheduler.step()) !== 'stepped') await scheduler.skipAhead()
  }
  if (left > 0) throw new Error('The client did not get to act.')
  await played
}

/** Liveness: nothing goes wrong any more, so in a bounded time there must be nothing left to do. */
async function recovery(run: Run): Promise<readonly string[]> {
  const { scheduler, faults, fleet, network } = run
  faults.setOn(false)
  fleet.restart()
  await run.world.observer.billing.replay()
  // What Stripe does not send again is found in its list of events.
  const isLost = run.random.chance(0.5)
  if (isLost) network.giveUp()
  const caughtUpFrom = isLost ? scheduler.now() : 0
  network.sendUnanswered()
  const deadline = scheduler.now() + LONGEST_RECOVERY
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const outcome = await scheduler.step()
    if (outcome === 'stepped') continue
    const waiting = await whatWaits(run, caughtUpFrom)
    if (waiting.length === 0) return []
    if (scheduler.now() > deadline) return [`It did not come to rest: ${waiting.join('; ')}.`]
    if (network.unanswered() > 0 && !network.isBusy()) network.sendUnanswered()
    await scheduler.skipAhead()
  }
  return ['It did not come to rest: it took too many steps.']
}

async function whatWaits({ world, network }: Run, caughtUpFrom: number): Promise<readonly string[]> {
  const now = Math.floor(world.scheduler.now() / 1000)
  const subjects = await world.database.exec(
    `select subject, last_error from paywright.subjects
     where wanted_seq > done_seq or lease_token is not null or due_at <= to_timestamp($1::bigint)`,
    [now],
  )
  const messages = await world.database.exec(
    'select key, last_error from paywright.outbox where delivered_at is null',
    [],
  )
  const unanswered = network.unanswered()
  return [
    ...((await hasCaughtUp(world, caughtUpFrom)) ? [] : ['no catch-up has come to its end']),
    ...(unanswered === 0 && !network.isBusy() ? [] : [`${unanswered} deliveries without an answer`]),
    ...subjects.map((row) => `${String(row['subject'])}: ${String(row['last_error'])}`),
    ...messages.map((row) => `${String(row['key'])}: ${String(row['last_error'])}`),
  ]
}

/** Whether one has come to its end that began after this, by clocks of which one may be as wrong as any. */
async function hasCaughtUp({ database }: World, began: number): Promise<boolean> {
  if (began === 0) return true
  const rows = await database.exec(
    `select 1 from paywright.runs where name = 'catch_up' and last_completed_start >= to_timestamp($1::bigint)`,
    [Math.ceil(began / 1000) + WORST_CLOCK],
  )
  return rows.length > 0
}

/** Kills all and lets open transactions roll back, so that the next run finds the database free. */
async function end({ fleet, scheduler, world }: Run): Promise<void> {
  fleet.end()
  for (let steps = 0; world.connection.holder !== null && steps < MOST_STEPS; steps += 1) await scheduler.step()
  await world.simulator.close()
}

import type { Random } from '../simulation/random.js'
import type { Instance } from './fleet.js'
import type { Stage } from './stage.js'
import { until } from './until.js'

/** What has gone wrong in a run, by kind. */
export interface Misfortunes {
  killed: number
  stopped: number
  /** Times that one who had been stopped wrote all the same, although another had taken over. */
  writtenLate: number
}

/** How many of the client's actions lie between two misfortunes, at most. */
const ACTIONS_BETWEEN = 16

/** The longest, in seconds, until a process has something to write, or another has taken it over. */
const LONGEST_TURN = 60

/** Kills or stops one process after the other, and counts them, until it is told that it is enough. */
export async function misfortune(
  stage: Stage,
  { random, counts }: { readonly random: Random; readonly counts: Misfortunes },
  isEnough: () => boolean,
): Promise<void> {
  // Who holds leases for longest, where each goes by its own clock, is stopped first.
  const byClock = stage.fleet.instances.toSorted((one, other) => other.skew - one.skew)
  let next = 0
  while (!isEnough()) {
    const after = (next += random.between(1, ACTIONS_BETWEEN))
    await until(() => isEnough() || stage.client.done() >= after, {
      seconds: 10 * LONGEST_TURN,
      what: () => `the client had acted ${after} times; it has ${stage.client.done()} times.`,
    })
    if (isEnough()) break
    // By turns, so that even a short run has some of both.
    const kind = counts.killed <= counts.stopped ? 'killed' : 'stopped'
    if (kind === 'killed') await killed(random.pick(byClock))
    else if (await stopped(stage, itemAt(byClock, counts.stopped))) counts.writtenLate += 1
    counts[kind] += 1
    next = Math.max(next, stage.client.done())
  }
}

function itemAt(instances: readonly Instance[], turn: number): Instance {
  const instance = instances[turn % instances.length]
  if (instance === undefined) throw new Error('There are no processes.')
  return instance
}

async function killed(instance: Instance): Promise<void> {
  await instance.kill()
  await instance.start()
}

/** Stands still with a write in its hand until another has written something newer; answers whether it then wrote as well. */
async function stopped({ database, fleet, client }: Stage, instance: Instance): Promise<boolean> {
  const { subject, wantedSeq } = await instance.stopBeforeWrite()
  if (subject.startsWith('cus_')) await client.touch(subject)
  await until(
    async () => {
      const [row] = await database.exec(
        'select done_seq >= $2::bigint as is_done from paywright.subjects where subject = $1::text',
        [subject, wantedSeq],
      )
      return row?.['is_done'] === true
    },
    { seconds: LONGEST_TURN, what: () => `another took ${subject} over:\n${fleet.logged().join('\n')}` },
  )
  const { isWritten } = await instance.goOn()
  return isWritten
}

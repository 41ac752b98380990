import { createRandom } from '../simulation/random.js'
import { audit, type Audit } from './audit.js'
import { converge } from './converge.js'
import { misfortune, type Misfortunes } from './misfortune.js'
import { createStage, type StageOptions } from './stage.js'

export interface RunReport extends Audit, Misfortunes {
  readonly seed: number
  readonly actions: number
  /** Times that a process found its lease lost, and wrote nothing. */
  readonly lostLeases: number
  /** Times that the consumer was told of an effect once more. */
  readonly repeats: number
  readonly answers: Readonly<Record<string, number>>
  readonly seconds: number
}

export interface RunOptions extends StageOptions {
  /** Nobody is killed or stopped. */
  readonly isPeaceful?: boolean
  /** Told what is under way. */
  readonly onPhase?: (text: string) => void
}

/** What has happened so far. */
export type Progress = Readonly<Misfortunes> & { readonly actions: number }

/** Load and misfortune until it is enough; then nothing goes wrong any more, and all must be well. */
export async function run(options: RunOptions, isEnough: (progress: Progress) => boolean): Promise<RunReport> {
  const start = performance.now()
  const { onPhase = () => undefined, isPeaceful = false } = options
  const stage = await createStage(options)
  try {
    const { client, simulator, fleet, consumer, balancer } = stage
    simulator.faults.deliveries({ duplicate: 0.2, reorder: 0.3, delay: 0.1 })
    const misfortunes: Misfortunes = { killed: 0, stopped: 0, writtenLate: 0 }
    const isOver = (): boolean => isEnough({ ...misfortunes, actions: client.done() })
    const parts = { random: createRandom(options.seed), counts: misfortunes }
    await Promise.all([misfortune(stage, parts, () => isPeaceful || isOver()), client.play(isOver)])
    onPhase(`${client.done()} actions, ${misfortunes.killed} killed, ${misfortunes.stopped} stopped; now to rest`)
    await converge(stage)
    onPhase('at rest; now the audit')
    return {
      seed: options.seed,
      actions: client.done(),
      ...misfortunes,
      ...(await audit(stage)),
      lostLeases: fleet.lost(),
      repeats: consumer.repeats(),
      answers: Object.fromEntries(balancer.answers),
      seconds: Math.round((performance.now() - start) / 1000),
    }
  } finally {
    await stage.close()
  }
}

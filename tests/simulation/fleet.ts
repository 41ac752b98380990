import { createInstance, type Instance, type World } from './instance.js'
import { newProcess, type Process } from './process.js'

/** The processes of the product, and who starts them again. */
export interface Fleet {
  alive(): readonly Instance[]
  /** One that could take a request now, or `null`. */
  pick(): Instance | null
  /** Kills the one whose process this is, and starts another after a while. */
  kill(process: Process): void
  /** Kills all and starts as many anew, as an operator would who does not know what is wrong. */
  restart(): void
  end(): void
  /** How often a sync was found to have outlasted its lease. */
  lostLeases(): number
}

/** Milliseconds until a process that died is there again. */
const LONGEST_RESTART = 30_000

export function createFleet(world: World, size: number): Fleet {
  const operator = newProcess('operator', { isEngine: false })
  const all: Instance[] = []
  const start = (): void => void all.push(createInstance(world, `p${all.length + 1}`))
  const alive = (): readonly Instance[] => all.filter(({ process }) => process.isAlive)
  const startLater = async (): Promise<void> => {
    await world.scheduler.halt(operator, { label: 'restart', delay: world.random.between(0, LONGEST_RESTART) })
    if (alive().length < size) start()
  }
  const end = (): void => {
    for (const instance of alive()) instance.die()
  }
  for (let count = 0; count < size; count += 1) start()
  return {
    alive,
    pick: () => {
      const able = alive().filter(({ process }) => process.stalledUntil <= world.scheduler.now())
      return able.length === 0 ? null : world.random.pick(able)
    },
    kill: (process) => {
      all.find((instance) => instance.process === process)?.die()
      void startLater()
    },
    restart: () => {
      end()
      for (let count = 0; count < size; count += 1) start()
    },
    end: () => {
      end()
      world.scheduler.kill(operator)
    },
    lostLeases: () =>
      all.flatMap(({ app }) => app.log.entries.filter(({ message }) => message.includes('longer than its lease')))
        .length,
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { FromInstance, InstanceOrder, ToInstance } from './messages.js'

/** One process of the product, in the place of which another comes when it was killed. */
export interface Instance {
  readonly name: string
  /** Seconds by which its clock is wrong. */
  readonly skew: number
  /** Where it receives webhooks; `null` while there is no process. */
  url(): string | null
  kill(): Promise<void>
  start(): Promise<void>
  /** Lets it stop itself, as SIGSTOP does, right before its next write; answers what it was about to write. */
  stopBeforeWrite(): Promise<{ readonly subject: string; readonly wantedSeq: bigint }>
  /** Lets it go on after that; answers whether it has written what it had in hand. */
  goOn(): Promise<{ readonly isWritten: boolean }>
}

export interface Fleet {
  readonly instances: readonly Instance[]
  /** How often one of them found that it had lost its lease, and wrote nothing. */
  lost(): number
  /** What they have logged. */
  logged(): readonly string[]
  end(): Promise<void>
}

export interface FleetOptions {
  /** The compiled program of one process. */
  readonly program: string
  /** A process for each, with the seconds by which its clock is wrong. */
  readonly skews: readonly number[]
  /** Whether each counts by its own wrong clock; else by that of the database. */
  readonly isClockBelieved: boolean
  readonly order: Omit<InstanceOrder, 'kind'>
}

interface Shared {
  readonly options: FleetOptions
  readonly logged: string[]
  lost: number
}

/** Starts all of them at once. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const shared: Shared = { options, logged: [], lost: 0 }
  const running = options.skews.map((skew, index) => createInstance(shared, { name: `i${index + 1}`, skew }))
  await Promise.all(running.map(({ start }) => start()))
  return {
    instances: running,
    lost: () => shared.lost,
    logged: () => shared.logged,
    end: async () => {
      await Promise.all(running.map(({ kill }) => kill()))
    },
  }
}

function createInstance(shared: Shared, { name, skew }: Pick<Instance, 'name' | 'skew'>): Instance {
  let child: ChildProcess | null = null
  let port: number | null = null
  const send = (message: ToInstance): void => {
    if (child?.connected === true) child.send(message)
  }
  const start = async (): Promise<void> => {
    const believed = shared.options.isClockBelieved ? 'yes' : 'no'
    const env = { ...process.env, TEST_CLOCK_SKEW: String(skew), TEST_CLOCK_BELIEVED: believed }
    const started = fork(shared.options.program, { env, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child = started
    started.on('message', (message: FromInstance) => note(shared, name, message))
    send({ kind: 'begin', ...shared.options.order })
    ;({ port } = await messageOf(started, 'ready'))
  }
  const kill = async (): Promise<void> => {
    const ended = child
    port = null
    child = null
    if (ended === null || ended.exitCode !== null || ended.signalCode !== null) return
    const exit = once(ended, 'exit')
    ended.kill('SIGKILL')
    await exit
  }
  const running = (): ChildProcess => {
    if (child === null) throw new Error(`${name} does not run.`)
    return child
  }
  return {
    name,
    skew,
    start,
    kill,
    url: () => (port === null ? null : `http://127.0.0.1:${port}/api/billing/webhook`),
    stopBeforeWrite: async () => {
      const stopping = messageOf(running(), 'stopping')
      send({ kind: 'stop before a write' })
      const { subject, wantedSeq } = await stopping
      return { subject, wantedSeq: BigInt(wantedSeq) }
    },
    goOn: async () => {
      const message = messageOf(running(), 'went on')
      running().kill('SIGCONT')
      return message
    },
  }
}

function note(shared: Shared, name: string, message: FromInstance): void {
  if (message.kind === 'lost') shared.lost += 1
  if (message.kind === 'log') shared.logged.push(`${name} ${message.level}: ${message.text}`)
}

type MessageOf<Kind extends FromInstance['kind']> = Extract<FromInstance, { kind: Kind }>

/** The next message of this kind; a process that ends before fails it. */
function messageOf<Kind extends FromInstance['kind']>(child: ChildProcess, kind: Kind): Promise<MessageOf<Kind>> {
  return new Promise((resolve, reject) => {
    const isWanted = (message: FromInstance): message is MessageOf<Kind> => message.kind === kind
    const hear = (message: FromInstance): void => {
      if (!isWanted(message)) return
      leave()
      resolve(message)
    }
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      leave()
      reject(new Error(`A process ended (${code ?? signal}) before it said "${kind}".`))
    }
    const leave = (): void => {
      child.off('message', hear)
      child.off('exit', end)
    }
    child.on('message', hear)
    child.on('exit', end)
  })
}

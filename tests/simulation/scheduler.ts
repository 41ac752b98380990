import { createActivity } from './activity.js'
import { never, type Process, ProcessDied } from './process.js'
import type { Random } from './random.js'
import type { Trace } from './trace.js'

/** A place where a process waits to be let on. */
export interface Halt {
  readonly label: string
  /** Milliseconds of virtual time before it may go on. */
  readonly delay?: number
  readonly isReady?: () => boolean
  /** Where the process dies here: is forgotten, or throws, so that an open transaction ends. */
  readonly onDeath?: 'forget' | 'throw'
}

export interface Scheduler {
  /** Milliseconds of virtual time. */
  now(): number
  /** Resolves when the scheduler lets this process on. */
  halt(process: Process, halt: Halt): Promise<void>
  /** Marks something outside as under way, such as a statement: nobody else takes a step before it has ended. */
  busy(): () => void
  track<Result>(work: () => Promise<Result>): Promise<Result>
  /** The seam `wait`: ends when so much virtual time has passed, or the signal is aborted. */
  wait(process: Process, milliseconds: number, signal?: AbortSignal): Promise<void>
  kill(process: Process): void
  /** Lets virtual time pass, with what happens at Stripe on the way. */
  passTime(milliseconds: number): Promise<void>
  /** One step of one process, drawn. `idle`: nothing can go on before time passes; `empty`: not then either. */
  step(): Promise<'stepped' | 'idle' | 'empty'>
  /** Passes time up to the next thing that waits for it. */
  skipAhead(): Promise<void>
}

export interface SchedulerParts {
  readonly random: Random
  readonly trace: Trace
  readonly startSeconds: number
  /** Tells Stripe's clock, in seconds. */
  readonly onSecond: (seconds: number) => Promise<void>
  /** May end or stop the process instead of letting it on; answers whether it has. */
  readonly meddle: (process: Process, label: string) => boolean
}

interface Parked {
  readonly process: Process
  readonly halt: Halt
  readonly readyAt: number
  readonly go: () => void
  readonly fail: (error: Error) => void
}

/**
 * Lets one process take one step at a time, in an order that the seed draws. All that code does between two halts takes
 * no time and touches nothing outside, so that one step is one effect on the database, on Stripe or on the network.
 */
export function createScheduler(parts: SchedulerParts): Scheduler {
  const activity = createActivity()
  const clock = createClock(parts)
  const parking = createParking(clock.now)
  return {
    now: clock.now,
    busy: activity.begin,
    track: activity.track,
    halt: (process, at) => {
      if (process.isAlive) return parking.park(process, at).passed
      return at.onDeath === 'throw' ? Promise.reject(new ProcessDied(process.name)) : never()
    },
    wait: (process, milliseconds, signal) => wait(parking, process, { milliseconds, signal }),
    kill: (process) => {
      process.isAlive = false
      for (const { halt, fail } of parking.removeOf(process)) {
        if (halt.onDeath === 'throw') fail(new ProcessDied(process.name))
      }
    },
    passTime: clock.pass,
    step: async () => {
      await activity.settled()
      const ready = parking.ready()
      if (ready.length === 0) return parking.isEmpty() ? 'empty' : 'idle'
      const entry = parts.random.pick(ready)
      const { process, halt } = entry
      parts.trace.add(`${(clock.now() / 1000).toFixed(1)} ${process.name} ${halt.label}`)
      if (parts.meddle(process, halt.label)) return 'stepped'
      parking.remove(entry)
      entry.go()
      await activity.settled()
      return 'stepped'
    },
    skipAhead: async () => {
      const next = parking.nextAt()
      if (next !== null) await clock.pass(next - clock.now())
    },
  }
}

interface Clock {
  readonly now: () => number
  readonly pass: (milliseconds: number) => Promise<void>
}

function createClock({ startSeconds, onSecond }: SchedulerParts): Clock {
  let now = startSeconds * 1000
  return {
    now: () => now,
    pass: async (milliseconds) => {
      const before = Math.floor(now / 1000)
      now += milliseconds
      const seconds = Math.floor(now / 1000)
      if (seconds > before) await onSecond(seconds)
    },
  }
}

/** Those who wait to be let on, in the order in which they came. */
interface Parking {
  park(process: Process, halt: Halt): { readonly entry: Parked; readonly passed: Promise<void> }
  remove(entry: Parked): void
  removeOf(process: Process): readonly Parked[]
  ready(): readonly Parked[]
  isEmpty(): boolean
  /** When the next one may go on by the passing of time; `null` where nobody waits for that. */
  nextAt(): number | null
}

function createParking(now: () => number): Parking {
  let parked: readonly Parked[] = []
  const wakesAt = ({ process, readyAt }: Parked): number => Math.max(readyAt, process.stalledUntil)
  return {
    park: (process, halt) => {
      const { go, fail, passed } = newGate()
      const entry: Parked = { process, halt, readyAt: now() + (halt.delay ?? 0), go, fail }
      parked = [...parked, entry]
      return { entry, passed }
    },
    remove: (entry) => {
      parked = parked.filter((other) => other !== entry)
    },
    removeOf: (process) => {
      const removed = parked.filter((entry) => entry.process === process)
      parked = parked.filter((entry) => entry.process !== process)
      return removed
    },
    ready: () => parked.filter((entry) => wakesAt(entry) <= now() && (entry.halt.isReady?.() ?? true)),
    isEmpty: () => parked.length === 0,
    nextAt: () => {
      const later = parked.map(wakesAt).filter((at) => at > now())
      return later.length === 0 ? null : Math.min(...later)
    },
  }
}

async function wait(
  parking: Parking,
  process: Process,
  { milliseconds, signal }: { milliseconds: number; signal: AbortSignal | undefined },
): Promise<void> {
  if (!process.isAlive) return never()
  if (signal?.aborted === true) return
  const { entry, passed } = parking.park(process, { label: 'waited', delay: milliseconds })
  const abort = (): void => {
    parking.remove(entry)
    entry.go()
  }
  signal?.addEventListener('abort', abort)
  await passed
  signal?.removeEventListener('abort', abort)
}

function newGate(): Pick<Parked, 'go' | 'fail'> & { readonly passed: Promise<void> } {
  let go: Parked['go'] = () => undefined
  let fail: Parked['fail'] = () => undefined
  const passed = new Promise<void>((resolve, reject) => {
    go = resolve
    fail = reject
  })
  return { go: () => go(), fail: (error) => fail(error), passed }
}

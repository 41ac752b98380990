import type { EngineContext } from './context.js'

/** How much waits, and whether somebody must look. */
export interface Health {
  readonly ok: boolean
  /** Subjects that wait to be synced. */
  readonly waiting: number
  /** When the oldest receipt that waits came in. */
  readonly oldestReceivedAt: Date | null
  /** Effects and mails that wait to be delivered. */
  readonly outbox: number
  readonly deadLetters: number
}

/** Work that waits longer than this means that nobody is doing it. */
const LONGEST_WAIT_SECONDS = 3600

/** How much waits, and whether all is well. */
export async function readHealth(context: EngineContext): Promise<Health> {
  const { waiting, oldestReceivedAt, outbox, dead } = await context.store.backlog(await context.scope())
  const isLate = oldestReceivedAt !== null && context.clock.now() - oldestReceivedAt > LONGEST_WAIT_SECONDS
  return {
    ok: dead === 0 && !isLate,
    waiting,
    oldestReceivedAt: oldestReceivedAt === null ? null : new Date(oldestReceivedAt * 1000),
    outbox,
    deadLetters: dead,
  }
}

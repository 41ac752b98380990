import type { UnixSeconds } from '../domain/time.js'
import type { Clock, Log } from './ports.js'

/** A clock that the instances of a product agree on. */
export interface SharedClock extends Clock {
  /** Looks at the time that they share, where the last look is too long ago; whatever uses the database waits for it. */
  agree(): Promise<void>
}

export interface SharedClockParts {
  /** The clock of this machine, which may be wrong. */
  readonly own: Clock
  /** The time of the database, which all instances share. */
  readonly databaseTime: () => Promise<UnixSeconds>
  readonly log: Log
}

/** So long the last look counts. A clock that is set anew while the process runs is noticed by this, too. */
const SECONDS_BETWEEN_LOOKS = 60

/** A clock that is this wrong is worth telling its operator. */
const WORTH_A_WARNING = 10

/**
 * Counts time as the database does. A lease ends for all instances at once only where they read the same clock: one whose
 * clock is ahead would take from under the hands of others what they work on, and one that died with its clock ahead would
 * keep its subjects from the others for as long. Nothing wrong would be written, but nothing in time either.
 */
export function createSharedClock({ own, databaseTime, log }: SharedClockParts): SharedClock {
  let correction = 0
  let lookedAt: UnixSeconds | null = null
  let looking: Promise<void> | null = null

  const look = async (): Promise<void> => {
    const before = own.now()
    const shared = await databaseTime()
    const after = own.now()
    const found = correctionFor(shared, { before, after })
    if (Math.abs(found - correction) > WORTH_A_WARNING) {
      log.warn('The clock of this machine differs from that of the database, which counts.', { seconds: -found })
    }
    correction = found
    lookedAt = after
  }
  return {
    now: () => own.now() + correction,
    agree: async () => {
      const isFresh = lookedAt !== null && Math.abs(own.now() - lookedAt) < SECONDS_BETWEEN_LOOKS
      if (isFresh) return
      looking ??= look().finally(() => (looking = null))
      await looking
    },
  }
}

/** As little as explains the answer: it was given at some time between the question and its arrival. */
function correctionFor(shared: UnixSeconds, { before, after }: { before: UnixSeconds; after: UnixSeconds }): number {
  if (shared < before) return shared - before
  return shared > after ? shared - after : 0
}

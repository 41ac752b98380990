import type { Simulator } from '@paywright/simulator'
import type { DemoBilling } from './billing.js'

/** How far the reader of the demo can travel. */
export type Step = 'day' | 'renewal' | 'month'

const DAY = 86_400
const HOUR = 3600

/** Longer than any journey needs; a bound, so that a world that never comes to rest ends in an error. */
const MOST_STOPS = 1000

export interface TimeMachine {
  now(): number
  /** Moves Stripe's clock and the product's, stopping wherever something happens so that the product sees it happen. */
  travel(step: Step, renewalAt: number | null): Promise<void>
}

export function createTimeMachine(
  simulator: Simulator,
  billing: Pick<DemoBilling, 'start' | 'stop' | 'work'>,
): TimeMachine {
  const move = async (target: number): Promise<void> => {
    for (let stops = 0; stops < MOST_STOPS; stops++) {
      const next = simulator.clock.nextEventAt()
      const arrives = next === null || next > target
      await simulator.clock.advanceTo(arrives ? target : next)
      await simulator.deliveries.drain()
      await billing.work()
      if (arrives) return
    }
    throw new Error(`The journey made ${MOST_STOPS} stops and was not at its end.`)
  }
  return {
    now: () => simulator.clock.now(),
    async travel(step, renewalAt) {
      // Or a lease would end in the middle of what its worker does.
      await billing.stop()
      try {
        await move(destination(step, simulator.clock.now(), renewalAt))
      } finally {
        billing.start()
      }
    },
  }
}

/** A renewal is over when its invoice was finalized, an hour after the period began, and paid. */
function destination(step: Step, now: number, renewalAt: number | null): number {
  switch (step) {
    case 'day':
      return now + DAY
    case 'month':
      return now + 31 * DAY
    case 'renewal':
      return Math.max(now, renewalAt ?? now + 31 * DAY) + 2 * HOUR
  }
}

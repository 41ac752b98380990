import type { Log, RequestBudget, Urgency } from '../engine/ports.js'
import { BillingError, withoutSecrets } from '../errors.js'
import { createSlots } from './slots.js'

/** Lets requests to Stripe through: no more at once than this process should send, no more in all than the account may. */
export interface Pace {
  /**
   * Answers when the request may be sent, with what to call once it is over.
   *
   * @throws `stripe_rate_limited` where that would take too long, `database_unavailable` and its kin where nobody can say.
   */
  enter(urgency: Urgency): Promise<() => void>
  /** Stripe has asked for fewer requests: all instances pause. */
  pause(pause: { readonly seconds: number; readonly reason: string }): Promise<void>
}

export interface PaceParts {
  /** `null`: nobody limits how many requests there may be, as a Stripe that is simulated. */
  readonly budget: RequestBudget | null
  /** What the bucket holds at most. */
  readonly capacity: number
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly wait: (milliseconds: number) => Promise<void>
  readonly log: Log
}

/** For who sends little, such as a test: all goes at once. */
export const UNPACED: Pace = {
  enter: () => Promise.resolve(() => undefined),
  pause: () => Promise.resolve(),
}

/** Requests of one instance that are under way at the same time; of these the patient ones leave some to the others. */
const MOST_AT_ONCE = { prompt: 24, patient: 16 } as const

/** What was borrowed may be used for so long; then it is lost. Others count on it not to be sent much later. */
const LOAN_MILLISECONDS = 100

/** A lease outlasts this, and what follows it. */
const LONGEST_WAIT_MILLISECONDS = 20_000

export function createPace(parts: PaceParts): Pace {
  const slots = createSlots(MOST_AT_ONCE)
  const purses = { prompt: createPurse(parts, 'prompt'), patient: createPurse(parts, 'patient') }
  return {
    enter: async (urgency) => {
      const leave = await slots.take(urgency)
      try {
        await purses[urgency].take()
        return leave
      } catch (error) {
        leave()
        throw error
      }
    },
    pause: async ({ seconds, reason }) => {
      parts.log.warn('Stripe asks for fewer requests, and all instances pause.', { seconds, reason })
      purses.prompt.empty()
      purses.patient.empty()
      // Stripe's refusal is what the caller has to hear of, whatever becomes of this.
      await parts.budget?.pause(seconds).catch((error: unknown) => {
        parts.log.error('The pause could not be told to other instances.', { error: withoutSecrets(String(error)) })
      })
    },
  }
}

interface Purse {
  take(): Promise<void>
  empty(): void
}

/** Half of the bucket is left to requests that somebody waits for. */
function keptBy(urgency: Urgency, capacity: number): number {
  return urgency === 'prompt' ? 0 : capacity / 2
}

/**
 * What this instance has borrowed and not used. Those who find it empty borrow together, by one statement for all of them,
 * and some more where the last loan was used up: so a lone request takes what it needs, and a busy instance asks seldom.
 */
function createPurse({ budget, capacity, now, wait }: PaceParts, urgency: Urgency): Purse {
  let left = 0
  let until = 0
  let last = 0
  let misses = 0
  let waiting = 0
  let borrowing: Promise<void> | null = null

  const borrow = async (budgetOfAll: RequestBudget): Promise<void> => {
    // Those who come in the same turn share this loan.
    await Promise.resolve()
    const start = now()
    const more = start <= until ? Math.min(last, Math.floor(capacity / 2)) : 0
    const most = Math.max(1, Math.min(waiting + more, capacity))
    const loan = await budgetOfAll.borrow({ most, keep: keptBy(urgency, capacity) })
    left = loan.granted
    last = loan.granted
    until = now() + LOAN_MILLISECONDS
    misses = loan.granted > 0 ? 0 : misses + 1
    if (loan.waitMilliseconds > LONGEST_WAIT_MILLISECONDS) throw tooMany()
    if (misses > 0) await wait(Math.max(loan.waitMilliseconds, politeWait(misses)))
  }
  return {
    take: async () => {
      if (budget === null) return
      const deadline = now() + LONGEST_WAIT_MILLISECONDS
      waiting += 1
      try {
        while (left < 1 || now() > until) {
          if (now() > deadline) throw tooMany()
          borrowing ??= borrow(budget).finally(() => (borrowing = null))
          await borrowing
        }
        left -= 1
      } finally {
        waiting -= 1
      }
    },
    empty: () => {
      left = 0
    },
  }
}

/** Many instances that all wait for the next request must not keep the database busy with asking. */
function politeWait(misses: number): number {
  return Math.min(1000, 25 * 2 ** Math.min(misses, 10))
}

function tooMany(): BillingError {
  const detail = 'The account may make no more requests for now, so this one was not sent.'
  return new BillingError('stripe_rate_limited', { detail })
}

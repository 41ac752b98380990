import type { WorkReport } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { describeError } from './describe-error.js'
import { backoffSeconds } from './policy.js'

export interface Loop {
  start(): void
  stop(): Promise<void>
  /** Something has come in: the pause ends now. */
  nudge(): void
}

/** Passes one after the other, with a pause where nothing is left, and a growing one while they fail. */
export function createLoop(context: InboxContext, pass: () => Promise<WorkReport>): Loop {
  let running: Promise<void> | null = null
  let isStopping = false
  let isNudged = false
  let pausing: AbortController | null = null

  const pause = async (milliseconds: number): Promise<void> => {
    if (isNudged || isStopping) return
    pausing = new AbortController()
    await context.wait(milliseconds, pausing.signal)
    pausing = null
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!isStopping) {
      isNudged = false
      try {
        const { isDrained } = await pass()
        failures = 0
        if (isDrained) await pause(context.policy.idleMilliseconds)
      } catch (error) {
        failures += 1
        context.log.error('A pass of the worker failed.', { failures, error: describeError(error) })
        isNudged = false
        await pause(backoffSeconds(context.policy, failures) * 1000 * (0.5 + context.random() / 2))
      }
    }
  }

  return {
    start: () => {
      if (running !== null) return
      isStopping = false
      running = run()
    },
    stop: async () => {
      isStopping = true
      pausing?.abort()
      await running
      running = null
    },
    nudge: () => {
      isNudged = true
      pausing?.abort()
    },
  }
}

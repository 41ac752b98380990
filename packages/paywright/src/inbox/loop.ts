import type { InboxContext } from './context.js'
import { describeError } from './describe-error.js'
import { backoffSeconds, withDraw } from './policy.js'

export interface Loop {
  start(): void
  stop(): Promise<void>
  /** Something has come in: the pause ends now. */
  nudge(): void
}

export interface LoopWork {
  /** What a log calls it, such as `worker`. */
  readonly name: string
  /** The signal tells a pass that takes long that it should come to an end. */
  readonly pass: (signal: AbortSignal) => Promise<{ readonly isDrained: boolean }>
  /** The pause between two passes where nothing is left. */
  readonly idleMilliseconds: number
}

/** Passes one after the other, with a pause where nothing is left, and a growing one while they fail. */
export function createLoop(context: InboxContext, { name, pass, idleMilliseconds }: LoopWork): Loop {
  let running: Promise<void> | null = null
  let stopping = new AbortController()
  let isNudged = false
  let pausing: AbortController | null = null

  const pause = async (milliseconds: number): Promise<void> => {
    if (isNudged || stopping.signal.aborted) return
    pausing = new AbortController()
    await context.wait(milliseconds, pausing.signal)
    pausing = null
  }

  const run = async ({ signal }: AbortController): Promise<void> => {
    let failures = 0
    while (!signal.aborted) {
      isNudged = false
      try {
        const { isDrained } = await pass(signal)
        failures = 0
        if (isDrained) await pause(idleMilliseconds)
      } catch (error) {
        failures += 1
        context.log.error(`A pass of the ${name} failed.`, { failures, error: describeError(error) })
        isNudged = false
        await pause(withDraw(backoffSeconds(context.policy, failures) * 1000, context.random()))
      }
    }
  }

  return {
    start: () => {
      if (running !== null) return
      stopping = new AbortController()
      running = run(stopping)
    },
    stop: async () => {
      stopping.abort()
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

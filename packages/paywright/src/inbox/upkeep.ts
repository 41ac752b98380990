import type { InboxContext } from './context.js'
import { describeError } from './describe-error.js'
import { createLoop, type Loop } from './loop.js'

/** Beside the worker, so that a long list of events keeps nobody waiting. */
export function createUpkeepLoop(context: InboxContext, onWork: () => void): Loop | null {
  const { upkeep } = context
  if (upkeep === null) return null
  let isStart = true
  return createLoop(context, {
    name: 'catch-up',
    idleMilliseconds: upkeep.lookSeconds * 1000,
    pass: async (signal) => {
      if ((await upkeep.run({ isStart, signal })) > 0) onWork()
      isStart = false
      return { isDrained: true }
    },
  })
}

/** For a pass that cron asks for. What fails is tried again by the next one, and the pass goes on without it. */
export async function keepUp({ upkeep, log }: InboxContext): Promise<void> {
  if (upkeep === null) return
  try {
    await upkeep.run({ isStart: false, signal: new AbortController().signal })
  } catch (error) {
    log.warn('Catching up with the events of Stripe failed.', { error: describeError(error) })
  }
}

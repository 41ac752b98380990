import { withoutSecrets } from '../errors.js'
import type { EngineContext } from './context.js'

/** The result of the work, or `late` where it takes longer; the work goes on, and what it throws then is logged. */
export async function within<Result>(
  { wait, log }: Pick<EngineContext, 'wait' | 'log'>,
  limit: { readonly work: Promise<Result>; readonly milliseconds: number; readonly late: Result },
): Promise<Result> {
  const done = new AbortController()
  let isLate = false
  const work = limit.work.catch((error: unknown) => {
    if (!isLate) throw error
    log.error('Work failed after its time was over.', { error: withoutSecrets(String(error)) })
    return limit.late
  })
  const timeout = wait(limit.milliseconds, done.signal).then(() => {
    isLate = true
    return limit.late
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    done.abort()
  }
}

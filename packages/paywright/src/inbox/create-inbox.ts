import type { Inbox } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { createLoop } from './loop.js'
import { createReceive } from './receive.js'
import { syncNow } from './sync-now.js'
import { work } from './work.js'
import { workOn } from './work-on.js'

/** How much one pass does where nobody says: as much as fits into a serverless function's time. */
const MOST_PER_PASS = 100

export function createInbox(context: InboxContext): Inbox {
  const pass = (bounds: { most?: number } = {}) => work(context, bounds.most ?? MOST_PER_PASS)
  const loop = createLoop(context, pass)
  const receive = createReceive(context)
  return {
    receive: async (delivery) => {
      const report = await receive(delivery)
      if (report.isNew) loop.nudge()
      return report
    },
    work: pass,
    workOn: (subject) => workOn(context, subject),
    syncNow: async (subject) => {
      await syncNow(context, subject)
      loop.nudge()
    },
    syncQuietly: async (subject) => {
      await syncNow(context, subject, 'wantQuietSync')
      loop.nudge()
    },
    start: loop.start,
    stop: loop.stop,
  }
}

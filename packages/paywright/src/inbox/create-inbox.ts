import type { Inbox } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { createLoop } from './loop.js'
import { createReceive } from './receive.js'
import { syncNow, type SyncWish } from './sync-now.js'
import { createUpkeepLoop, keepUp } from './upkeep.js'
import { work } from './work.js'
import { workOn } from './work-on.js'

/** How much one pass does where nobody says: as much as fits into a serverless function's time. */
const MOST_PER_PASS = 100

export function createInbox(context: InboxContext): Inbox {
  const receipts = createReceive(context)
  const pass = (most = MOST_PER_PASS) => work(context, { most, isBusy: receipts.isBusy })
  const { idleMilliseconds } = context.policy
  const loop = createLoop(context, { name: 'worker', pass: () => pass(), idleMilliseconds })
  const upkeep = createUpkeepLoop(context, loop.nudge)
  // What the sync has to tell is then delivered at once.
  const syncing = (want: SyncWish) => async (subject: string) => {
    await syncNow(context, subject, want)
    loop.nudge()
  }
  let isWorking = false
  return {
    receive: async (delivery) => {
      const report = await receipts.receive(delivery)
      if (report.isNew) loop.nudge()
      return report
    },
    work: async (bounds = {}) => {
      await keepUp(context)
      return pass(bounds.most)
    },
    workOn: (subject) => workOn(context, subject),
    syncNow: syncing('wantSync'),
    syncDeeply: syncing('wantDeepSync'),
    syncQuietly: syncing('wantQuietSync'),
    start: () => {
      isWorking = true
      loop.start()
      upkeep?.start()
    },
    isWorking: () => isWorking,
    stop: async () => {
      isWorking = false
      await Promise.all([loop.stop(), upkeep?.stop()])
    },
  }
}

import type { Stage } from './stage.js'
import { until } from './until.js'

/** The longest that all may take to come to rest once nothing goes wrong any more, in seconds. */
const LONGEST_RECOVERY = 120

/** Longer than the simulator delays a delivery, and than Stripe waits for its first repetition. */
const LATER = 700

/** Nothing goes wrong any more: what was held back is delivered, and all work is done. */
export async function converge(stage: Stage): Promise<void> {
  const { simulator, fleet, balancer } = stage
  simulator.faults.clear()
  // For the processes, whose clocks stay, the rest comes from a Stripe whose clock is far ahead of theirs.
  await simulator.clock.advance(LATER)
  await simulator.deliveries.drain()
  for (const event of eventsOf(stage)) {
    if (!balancer.acknowledged.has(event)) await simulator.deliveries.resend(event)
  }
  await until(async () => (await whatWaits(stage)).length === 0, {
    seconds: LONGEST_RECOVERY,
    what: async () => `all was done. ${(await whatWaits(stage)).join('\n')}\n${fleet.logged().slice(-20).join('\n')}`,
  })
}

/** The ids of all events that Stripe has sent or was to send. */
export function eventsOf({ simulator }: Stage): readonly string[] {
  return [...new Set(simulator.deliveries.list().map(({ event }) => event))]
}

async function whatWaits({ database }: Stage): Promise<readonly string[]> {
  const subjects = await database.exec(
    `select subject, last_error from paywright.subjects where wanted_seq > done_seq or lease_token is not null`,
    [],
  )
  const messages = await database.exec('select key, last_error from paywright.outbox where delivered_at is null', [])
  return [
    ...subjects.map((row) => `${String(row['subject'])} waits: ${String(row['last_error'])}`),
    ...messages.map((row) => `${String(row['key'])} waits: ${String(row['last_error'])}`),
  ]
}

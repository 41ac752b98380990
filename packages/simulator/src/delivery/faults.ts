import { idAt } from '../core/ids.js'
import type { UnixSeconds } from '../core/unix-seconds.js'

/** How often, between 0 and 1, something goes wrong with the deliveries of webhooks. All drawn from the seed. */
export interface DeliveryFaults {
  /** The same event is sent twice. */
  readonly duplicate: number
  /** The event is sent after the ones that follow it. */
  readonly reorder: number
  /** The event is sent some minutes later, on the simulator's clock. */
  readonly delay: number
  /** The event is never sent. */
  readonly drop: number
  /** The event waits for the next full minute, and is sent in one second with all others that do. */
  readonly burst: number
  /** The signature is older than any receiver puts up with. */
  readonly stale: number
}

export const NO_FAULTS: DeliveryFaults = { duplicate: 0, reorder: 0, delay: 0, drop: 0, burst: 0, stale: 0 }

const MINUTE = 60

const LONGEST_DELAY = 600
const RANGE = 62 ** 3

/** Whether something goes wrong that does so at this rate; nothing is drawn for what never does. */
export function happens(
  seed: number,
  delivery: string,
  fault: { readonly name: string; readonly rate: number },
): boolean {
  return fault.rate > 0 && draw(seed, delivery, fault.name) < fault.rate
}

/** A number from 0 up to 1 that is the same in every run with this seed, for this delivery and this question. */
function draw(seed: number, delivery: string, question: string): number {
  let count = 0
  for (const character of `${question}${delivery}`) count = (Math.imul(count, 31) + character.charCodeAt(0)) | 0
  const text = idAt('x', seed, count).slice(2, 5)
  return Array.from(text, digitOf).reduce((sum, digit) => sum * 62 + digit, 0) / RANGE
}

/** When the event is sent that happened at an instant. */
export function sendingTime(
  seed: number,
  { id, at }: { id: string; at: UnixSeconds },
  faults: DeliveryFaults,
): UnixSeconds {
  if (happens(seed, id, { name: 'burst', rate: faults.burst })) return Math.floor(at / MINUTE + 1) * MINUTE
  if (!happens(seed, id, { name: 'delay', rate: faults.delay })) return at
  return at + 1 + Math.floor(draw(seed, id, 'how long') * LONGEST_DELAY)
}

function digitOf(character: string): number {
  const code = character.charCodeAt(0)
  if (code <= 57) return code - 48
  return code <= 90 ? code - 55 : code - 61
}

import { idAt } from '../core/ids.js'

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
}

export const NO_FAULTS: DeliveryFaults = { duplicate: 0, reorder: 0, delay: 0, drop: 0 }

const LONGEST_DELAY = 600
const RANGE = 62 ** 3

/** A number from 0 up to 1 that is the same in every run with this seed, for this delivery and this question. */
export function draw(seed: number, delivery: string, question: string): number {
  let count = 0
  for (const character of `${question}${delivery}`) count = (Math.imul(count, 31) + character.charCodeAt(0)) | 0
  const text = idAt('x', seed, count).slice(2, 5)
  return Array.from(text, digitOf).reduce((sum, digit) => sum * 62 + digit, 0) / RANGE
}

export function delayOf(seed: number, delivery: string, faults: DeliveryFaults): number {
  if (draw(seed, delivery, 'delay') >= faults.delay) return 0
  return 1 + Math.floor(draw(seed, delivery, 'how long') * LONGEST_DELAY)
}

function digitOf(character: string): number {
  const code = character.charCodeAt(0)
  if (code <= 57) return code - 48
  return code <= 90 ? code - 55 : code - 61
}

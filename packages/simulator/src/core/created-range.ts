import { isBefore, type Place } from './storage/key-list.js'
import type { UnixSeconds } from './unix-seconds.js'

/** What a list's `created` asks for. */
export interface CreatedRange {
  readonly gt?: UnixSeconds
  readonly gte?: UnixSeconds
  readonly lt?: UnixSeconds
  readonly lte?: UnixSeconds
}

/** Places between which records lie, themselves not included. */
export interface Bounds {
  readonly above?: Place | undefined
  readonly below?: Place | undefined
}

/** The places outside of which nothing is in what a list's `created` asks for. */
export function boundsOf(created: CreatedRange | number | undefined): Bounds {
  if (created === undefined) return {}
  const { gt, gte, lt, lte } = typeof created === 'number' ? { gte: created, lte: created } : created
  const above = later(gt === undefined ? undefined : afterAll(gt), gte === undefined ? undefined : beforeAll(gte))
  const below = earlier(lt === undefined ? undefined : beforeAll(lt), lte === undefined ? undefined : afterAll(lte))
  return { above, below }
}

/** Before, and after, all places of one instant. */
function beforeAll(at: UnixSeconds): Place {
  return { at, sequence: -1 }
}

function afterAll(at: UnixSeconds): Place {
  return { at, sequence: Infinity }
}

export function later(left: Place | undefined, right: Place | undefined): Place | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return isBefore(left, right) ? right : left
}

export function earlier(left: Place | undefined, right: Place | undefined): Place | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return isBefore(left, right) ? left : right
}

import type { Owner } from './owner.js'

/** Where a record stands in a list: by an instant, and among those of one instant by age. */
export interface Place {
  readonly at: number
  readonly sequence: number
}

export interface Key extends Place {
  readonly id: string
}

/**
 * Keys in order, copied in no time. A short list is an array that is copied when it changes; a long one is an array of
 * such pieces, of which those that are the owner's are changed in place. Nothing is ever moved but within a piece.
 */
export type KeyList = readonly Key[] | LongList

interface LongList {
  readonly owner: Owner
  readonly pieces: Piece[]
  size: number
}

interface Piece {
  readonly owner: Owner
  readonly keys: Key[]
}

const LONGEST_SHORT_LIST = 32
const LONGEST_PIECE = 256

export const noKeys: KeyList = []

export function sizeOf(list: KeyList): number {
  return isShort(list) ? list.length : list.size
}

export function firstOf(list: KeyList): Key | undefined {
  return isShort(list) ? list[0] : list.pieces[0]?.keys[0]
}

/** All keys, the oldest first. */
export function allIn(list: KeyList): Iterable<Key> {
  return isShort(list) ? list : walk(list, { from: 'oldest' })
}

/** The list with this key in its place. It must not be in the list already. */
export function insertKey(list: KeyList, key: Key, owner: Owner): KeyList {
  if (isShort(list)) {
    if (list.length === 0) return [key]
    const keys = list.toSpliced(positionIn(list, key), 0, key)
    if (keys.length <= LONGEST_SHORT_LIST) return keys
    return { owner, size: keys.length, pieces: [{ owner, keys }] }
  }
  const own = owned(list, owner)
  const index = pieceFor(own, key)
  const { keys } = ownedPiece(own, index, owner)
  const position = positionIn(keys, key)
  if (position === keys.length) keys.push(key)
  else keys.splice(position, 0, key)
  own.size += 1
  if (keys.length > LONGEST_PIECE) divide(own, { index, keys }, owner)
  return own
}

/** What is only ever added at the end leaves full pieces behind. */
function divide(list: LongList, { index, keys }: { index: number; keys: Key[] }, owner: Owner): void {
  const isLast = index === list.pieces.length - 1
  const rest = keys.splice(isLast ? LONGEST_PIECE : LONGEST_PIECE >>> 1)
  list.pieces.splice(index + 1, 0, { owner, keys: rest })
}

/** The list without the key at this place, if there is one. */
export function removeKey(list: KeyList, place: Place, owner: Owner): KeyList {
  if (isShort(list)) {
    const position = positionIn(list, place)
    return isAt(list[position], place) ? list.toSpliced(position, 1) : list
  }
  const index = pieceFor(list, place)
  const keys = list.pieces[index]?.keys ?? []
  const position = positionIn(keys, place)
  if (!isAt(keys[position], place)) return list
  const own = owned(list, owner)
  if (keys.length === 1) own.pieces.splice(index, 1)
  else ownedPiece(own, index, owner).keys.splice(position, 1)
  own.size -= 1
  return own
}

/** The part of a list that lies between two places, neither of them included. */
export interface Range {
  readonly from: 'oldest' | 'newest'
  readonly above?: Place | undefined
  readonly below?: Place | undefined
}

export function* walk(list: KeyList, range: Range): Generator<Key> {
  const pieces = isShort(list) ? [{ keys: list }] : list.pieces
  const step = range.from === 'oldest' ? 1 : -1
  const edge = range.from === 'oldest' ? range.above : range.below
  const start = edge === undefined ? undefined : isShort(list) ? 0 : pieceFor(list, edge)
  for (let index = start ?? (step > 0 ? 0 : pieces.length - 1); index >= 0 && index < pieces.length; index += step) {
    const keys = pieces[index]?.keys ?? []
    for (let at = startIn(keys, range); at >= 0 && at < keys.length; at += step) {
      const key = keys[at]
      if (key === undefined || isPastEnd(key, range)) return
      yield key
    }
  }
}

function startIn(keys: readonly Key[], { from, above, below }: Range): number {
  if (from === 'newest') return (below === undefined ? keys.length : positionIn(keys, below)) - 1
  if (above === undefined) return 0
  const position = positionIn(keys, above)
  return isAt(keys[position], above) ? position + 1 : position
}

function isPastEnd(key: Key, { from, above, below }: Range): boolean {
  if (from === 'oldest') return below !== undefined && !isBefore(key, below)
  return above !== undefined && !isBefore(above, key)
}

export function isBefore(left: Place, right: Place): boolean {
  return left.at < right.at || (left.at === right.at && left.sequence < right.sequence)
}

function isAt(key: Key | undefined, place: Place): boolean {
  return key !== undefined && key.at === place.at && key.sequence === place.sequence
}

/** The place of the first key that is not before the given one. */
function positionIn(keys: readonly Key[], place: Place): number {
  const last = keys.at(-1)
  if (last === undefined || isBefore(last, place)) return keys.length
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const key = keys[middle]
    if (key !== undefined && isBefore(key, place)) low = middle + 1
    else high = middle
  }
  return low
}

/** The first piece that does not end before the place; the last one for what is beyond all. */
function pieceFor({ pieces }: LongList, place: Place): number {
  let low = 0
  let high = pieces.length - 1
  // Most of what comes is later than all that is there.
  const latest = pieces[high]?.keys[0]
  if (latest !== undefined && isBefore(latest, place)) return high
  while (low < high) {
    const middle = (low + high) >>> 1
    const last = pieces[middle]?.keys.at(-1)
    if (last !== undefined && isBefore(last, place)) low = middle + 1
    else high = middle
  }
  return Math.max(0, low)
}

function isShort(list: KeyList): list is readonly Key[] {
  return Array.isArray(list)
}

function owned(list: LongList, owner: Owner): LongList {
  return list.owner === owner ? list : { owner, size: list.size, pieces: list.pieces.slice() }
}

function ownedPiece(list: LongList, index: number, owner: Owner): Piece {
  const piece = list.pieces[index]
  if (piece?.owner === owner) return piece
  return (list.pieces[index] = { owner, keys: piece?.keys.slice() ?? [] })
}

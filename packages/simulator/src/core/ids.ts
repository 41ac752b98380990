const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 24

/**
 * The `count`-th id that a world with this seed gives out: opaque like Stripe's, yet the same in every replay. No two
 * counts begin in the same state, as multiplying by an odd number can be undone; from there on the steps are those of
 * splitmix32.
 */
export function idAt(prefix: string, seed: number, count: number): string {
  let state = Math.imul(count, 0xcc9e2d51) ^ Math.imul(seed + 0x7f4a7c15, 0x85ebca6b)
  const codes = codesFor(prefix)
  for (let index = codes.length - LENGTH; index < codes.length; index++) {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    mixed ^= mixed >>> 15
    codes[index] = ALPHABET.charCodeAt((mixed >>> 0) % ALPHABET.length)
  }
  // Made at one stroke: a text put together letter by letter is kept as a chain of them, and slow to compare.
  return String.fromCharCode(...codes)
}

const codesByPrefix = new Map<string, number[]>()

/** The letters of an id, of which only those after the prefix change: used over and over, as ids are made all the time. */
function codesFor(prefix: string): number[] {
  let codes = codesByPrefix.get(prefix)
  if (codes === undefined) {
    codes = Array.from(`${prefix}_${'0'.repeat(LENGTH)}`, (letter) => letter.charCodeAt(0))
    codesByPrefix.set(prefix, codes)
  }
  return codes
}

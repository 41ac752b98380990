/** Random numbers that are the same in every run with this seed. */
export interface Random {
  /** From `low` to `high`, both included. */
  between(low: number, high: number): number
  chance(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
  shuffle<Item>(items: readonly Item[]): readonly Item[]
}

/** Mulberry32: small, and good enough to shuffle a deck. */
export function createRandom(seed: number): Random {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    between,
    chance: (share) => share > 0 && next() < share,
    pick: (items) => {
      const item = items[between(0, items.length - 1)]
      if (item === undefined) throw new Error('There is nothing to pick from.')
      return item
    },
    shuffle: <Item>(items: readonly Item[]) => {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const other = between(0, last)
        // Guaranteed by the bounds: both places are in the list.
        ;[shuffled[last], shuffled[other]] = [shuffled[other] as Item, shuffled[last] as Item]
      }
      return shuffled
    },
  }
}

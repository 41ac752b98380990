/** Draws that are the same for the same seed. */
export interface Random {
  /** From 0 up to but not including 1. */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name
}

/** Splitmix32: small, and good enough to choose between what can happen next. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => itemAt(items, Math.floor(next() * items.length)),
    weighted: (weights) => weightedName(weights, next()),
  }
}

function itemAt<Item>(items: readonly Item[], index: number): Item {
  if (items.length === 0) throw new Error('There is nothing to pick from.')
  // Guaranteed by the line above and by a draw below 1.
  return items[index] as Item
}

function weightedName<Name extends string>(weights: Readonly<Record<Name, number>>, draw: number): Name {
  // Guaranteed by the type of the parameter: its names are the keys.
  const names = Object.keys(weights) as Name[]
  const total = names.reduce((sum, name) => sum + weights[name], 0)
  let left = draw * total
  for (const name of names) {
    left -= weights[name]
    if (left < 0) return name
  }
  return itemAt(names, names.length - 1)
}

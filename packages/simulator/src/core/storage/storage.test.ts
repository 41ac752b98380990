import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstOf, insertKey, isBefore, noKeys, removeKey, sizeOf, walk, type Key, type KeyList } from './key-list.js'
import { newOwner } from './owner.js'
import { emptyTrie, entriesIn, getIn, removeIn, setIn, type Trie } from './trie.js'

const steps = fc.array(
  fc.record({
    what: fc.constantFrom('set' as const, 'set' as const, 'set' as const, 'remove' as const, 'fork' as const),
    key: fc.integer({ min: 0, max: 400 }),
  }),
  { minLength: 50, maxLength: 1500 },
)

test('a trie is a map, and a copy is not touched by what comes after', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      let owner = newOwner()
      let trie: Trie<number> = emptyTrie()
      const copies: [Trie<number>, Map<string, number>][] = []
      const model = new Map<string, number>()
      for (const [index, { what, key }] of taken.entries()) {
        const name = `id_${key}`
        if (what === 'set') {
          trie = setIn(trie, { key: name, value: index, isNew: !model.has(name) }, owner)
          model.set(name, index)
        } else if (what === 'remove') {
          trie = removeIn(trie, name, owner)
          model.delete(name)
        } else {
          copies.push([trie, new Map(model)])
          owner = newOwner()
        }
      }
      for (const [copy, expected] of [...copies, [trie, model] as const]) {
        expect(new Map(entriesIn(copy))).toEqual(expected)
        for (const [name, value] of expected) expect(getIn(copy, name)).toBe(value)
      }
      expect(getIn(trie, 'id_none')).toBeUndefined()
    }),
    { numRuns: 60 },
  )
})

function keyOf(number: number): Key {
  return { at: Math.floor(number / 8), sequence: number, id: String(number) }
}

test('a list of keys is a sorted set, and a copy is not touched by what comes after', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      let owner = newOwner()
      let list: KeyList = noKeys
      const copies: [KeyList, Set<number>][] = []
      const model = new Set<number>()
      for (const { what, key } of taken) {
        if (what === 'set' && !model.has(key)) {
          list = insertKey(list, keyOf(key), owner)
          model.add(key)
        } else if (what === 'remove') {
          list = removeKey(list, keyOf(key), owner)
          model.delete(key)
        } else if (what === 'fork') {
          copies.push([list, new Set(model)])
          owner = newOwner()
        }
      }
      for (const [copy, expected] of [...copies, [list, model] as const]) expectSame(copy, expected)
    }),
    { numRuns: 60 },
  )
})

function expectSame(list: KeyList, expected: ReadonlySet<number>): void {
  const sorted = [...expected].toSorted((left, right) => left - right).map(keyOf)
  expect([...walk(list, { from: 'oldest' })]).toEqual(sorted)
  expect([...walk(list, { from: 'newest' })]).toEqual(sorted.toReversed())
  expect(sizeOf(list)).toBe(sorted.length)
  expect(firstOf(list)).toEqual(sorted[0])
}

test('a walk keeps between its bounds, whichever way it goes', () => {
  const owner = newOwner()
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { minLength: 0, maxLength: 900 })
  const bound = fc.option(fc.integer({ min: -1, max: 2001 }), { nil: undefined })
  fc.assert(
    fc.property(numbers, bound, bound, (members, low, high) => {
      const list = members.reduce<KeyList>((sum, number) => insertKey(sum, keyOf(number), owner), noKeys)
      const above = low === undefined ? undefined : keyOf(low)
      const below = high === undefined ? undefined : keyOf(high)
      const inside = members
        .map(keyOf)
        .filter((key) => (above === undefined || isBefore(above, key)) && (below === undefined || isBefore(key, below)))
        .toSorted((left, right) => left.sequence - right.sequence)
      expect([...walk(list, { from: 'oldest', above, below })]).toEqual(inside)
      expect([...walk(list, { from: 'newest', above, below })]).toEqual(inside.toReversed())
    }),
    { numRuns: 100 },
  )
})

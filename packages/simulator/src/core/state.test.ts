import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entriesOf, replay } from '../snapshot.js'
import { view } from './machine.js'
import { Bench, DAY } from './testing/bench.js'
import type { State } from './state.js'

/** All that can be found in a world, also by way of its indexes. */
function seen(bench: Bench): string {
  const looking = view(bench.state, bench.now, '')
  const lists = [0, 1, 2, 3, 4].map((number) => looking.by('customers', 'email', `${number}@example.com`))
  return `${JSON.stringify(lists)} ${written(bench.state)}`
}

/** A whole world in writing. */
function written(state: State): string {
  return JSON.stringify([...entriesOf({ seed: state.seed, clock: undefined, states: new Map([[null, state]]) })])
}

const step = fc.record({
  what: fc.constantFrom('create' as const, 'update' as const, 'delete' as const, 'advance' as const),
  which: fc.nat({ max: 60 }),
})

/** The same steps make the same of the same world. */
function walkOn(bench: Bench, steps: readonly { readonly what: string; readonly which: number }[]): void {
  for (const { what, which } of steps) {
    const customers = bench.all('customers')
    const id = customers[which % Math.max(1, customers.length)]?.id
    if (what === 'advance') bench.advanceTo(bench.now + which * DAY)
    else if (what === 'create' || id === undefined) bench.run('customers.create', { name: `Customer ${which}` })
    else if (what === 'update') bench.run('customers.update', { email: `${which % 5}@example.com` }, id)
    else bench.run('customers.delete', {}, id)
  }
}

const grown = (): Bench => {
  const bench = new Bench()
  for (let count = 0; count < 80; count++) bench.run('customers.create', { name: `First ${count}` })
  return bench
}

test('neither of a world and its fork sees what happens in the other', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 40 }), (here, there) => {
      const bench = grown()
      const fork = bench.fork()
      const before = seen(fork)
      walkOn(bench, here)
      expect(seen(fork)).toBe(before)
      const after = seen(bench)
      walkOn(fork, there)
      expect(seen(bench)).toBe(after)
    }),
    { numRuns: 15 },
  )
})

test('a fork, and a world read back from paper, go on to the same bytes as the original', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 40 }), (first, then) => {
      const bench = grown()
      walkOn(bench, first)
      const entries = JSON.parse(written(bench.state)) as Parameters<typeof replay>[0]
      const restored = replay(entries).states.get(null)
      if (restored === undefined) throw new Error('Nothing was read back.')
      const fork = bench.fork()
      const read = new Bench({}, restored)
      read.now = bench.now
      walkOn(fork, then)
      walkOn(read, then)
      expect(written(read.state)).toBe(written(fork.state))
    }),
    { numRuns: 15 },
  )
})

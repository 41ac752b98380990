import { expect, test } from 'vitest'
import { protocol, type Variant } from './protocol.js'
import { search } from './search.js'

/** Three events on two objects, in seconds of their own or not; all else is the same with the objects exchanged. */
const HISTORIES: readonly { readonly events: Variant['events'] }[] = [
  { events: [0, 0, 0] },
  { events: [0, 0, 1] },
  { events: [0, 1, 0] },
  { events: [0, 1, 1] },
]

const MOST_SECONDS = 2

test.each(HISTORIES)(
  'two workers, three events ($events), two reads: nothing gets lost or older, and it always comes to an end',
  { timeout: 120_000 },
  ({ events }) => {
    const { states, failure } = search(protocol({ events, mostSeconds: MOST_SECONDS }))
    expect(failure).toBeNull()
    expect(states).toBeGreaterThan(50_000)
  },
)

test.each([
  { without: 'fence', complaint: 'Object 0 became older.' },
  { without: 'lease', complaint: 'Object 0 became older.' },
  { without: 'proof of age', complaint: 'Object 0 became older.' },
  { without: 'order of storing and answering', complaint: 'An event was answered and is not stored.' },
  { without: 'wish that was seen', complaint: 'Nothing is wanted any more, and the row does not show event' },
] as const)('without the $without it fails', ({ without, complaint }) => {
  const { failure } = search(protocol({ events: [0, 0, 0], mostSeconds: MOST_SECONDS, without }))
  expect(failure?.complaint).toContain(complaint)
})

test('without the fence the shortest way to harm is a worker that goes on after another took over', () => {
  const { failure } = search(protocol({ events: [0, 0], mostSeconds: 1, without: 'fence' }))
  expect(failure?.steps).toEqual([
    'Stripe changes object 0',
    'receive 0',
    '0: claim',
    'the lease ends',
    '0: loadCustomer, decideSync',
    '0: read object 0',
    'Stripe changes object 0',
    '0: read object 1',
    '1: claim',
    '1: loadCustomer, decideSync',
    '1: read object 0',
    '1: read object 1',
    '1: commitSync',
    '0: commitSync',
  ])
})

test('a state that leads nowhere is found', () => {
  const counting = search({
    start: 0,
    steps: (count) => (count < 3 ? [{ name: `to ${count + 1}`, next: count + 1 }] : []),
    keyOf: String,
    complaint: () => null,
    isFinal: (count) => count === 2,
  })
  expect(counting.failure?.steps).toEqual(['to 1', 'to 2', 'to 3'])
})

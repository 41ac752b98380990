import type { Claim, Store } from 'paywright/testing'

/** A guard of the engine taken away, so that it is seen whether the simulation misses it. */
export interface Mutant {
  readonly name: string
  readonly wrapStore?: (store: Store) => Store
  /** Changes statements on their way to the database. */
  readonly rewrites?: readonly Rewrite[]
  /** Of so many seeds, from the first on, at least one must fail. */
  readonly foundWithin: number
}

export interface Rewrite {
  readonly statement: RegExp
  readonly replacement: string
}

/** The condition under which `commitSync` writes. */
const WITHOUT_FENCE: Rewrite = {
  statement: /(update paywright\.subjects\s+set done_seq[\s\S]*)lease_token = \$4::text/,
  replacement: '$1$4::text is not null',
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the fence: a write whose lease was lost is written all the same',
    rewrites: [WITHOUT_FENCE],
    foundWithin: 30,
  },
  {
    name: 'the lease: a subject is read and written while others have it in hand',
    rewrites: [WITHOUT_FENCE],
    wrapStore: (store) => ({ ...store, claim: (request) => store.claim({ ...request, leaseUntil: request.now }) }),
    foundWithin: 30,
  },
  {
    name: 'the proof of age: a payload is written if its `created` is not before that of the row',
    wrapStore: (store) => ({
      ...store,
      claim: async (request) => (await store.claim(request)).map(trustingCreated),
    }),
    foundWithin: 30,
  },
  {
    name: 'the order of storing and answering: a delivery is answered before it is stored',
    wrapStore: (store) => ({
      ...store,
      receive: (scope, events, now) => {
        // What becomes of it nobody hears any more.
        void store.receive(scope, events, now).catch(() => undefined)
        return Promise.resolve(new Set(events.map(({ eventId }) => eventId)))
      },
    }),
    foundWithin: 30,
  },
  {
    name: 'the wish that is done: what came in during the read is taken for done',
    rewrites: [
      { statement: /set done_seq = greatest\(done_seq,/, replacement: 'set done_seq = greatest(wanted_seq,' },
      { statement: /wanted_seq > \$5::bigint/g, replacement: 'false' },
    ],
    foundWithin: 30,
  },
]

/** As if every row were of the one second in which it was last seen, and that second itself were open to newer payloads. */
function trustingCreated(claim: Claim): Claim {
  if (claim.knowledge === null) return claim
  const { read, objects } = claim.knowledge
  const trusting = ({ until }: { until: number }) => ({ from: until, until: until - 1 })
  return {
    ...claim,
    knowledge: {
      read: trusting(read),
      objects: Object.fromEntries(Object.entries(objects).map(([id, seen]) => [id, trusting(seen)])),
    },
  }
}

import type { Model, Step } from './search.js'
import {
  has,
  IDLE,
  OBJECTS,
  type ObjectIndex,
  type PerObject,
  type Rows,
  type Seen,
  START,
  type State,
  type Sync,
  withAt,
  withBit,
  type Worker,
} from './state.js'

/** What is searched: a history of events, and guards of the engine that are left out. */
export interface Variant {
  /** The object that each event changes. */
  readonly events: readonly ObjectIndex[]
  readonly mostSeconds: number
  readonly without?: 'fence' | 'lease' | 'proof of age' | 'order of storing and answering' | 'wish that was seen'
}

const PLACES = [0, 1] as const

/**
 * The protocol of one subject with two workers: every interleaving of the steps of the engine, of Stripe, and of a crash
 * before any of them. Each step is one statement, one transaction or one request, and is called as in the code.
 */
export function protocol(variant: Variant): Model<State> {
  return {
    start: START,
    steps: (state) => [
      ...stripeSteps(variant, state),
      ...leaseSteps(state),
      ...PLACES.flatMap((place) => workerSteps(variant, state, place)),
    ],
    keyOf: (state) => keyOf(variant, state),
    complaint: (before, after) => complaint(variant, before, after),
    isFinal: ({ stripe, rows }) =>
      stripe.seconds.length === variant.events.length &&
      stripe.answered === (1 << variant.events.length) - 1 &&
      rows.doneSeq === rows.wantedSeq,
  }
}

/**
 * States that differ in nothing that matters have one key. The two workers can do the same, so it makes no difference
 * which of them does it; and where the fence stands, nothing comes of what a worker does that has lost its token.
 */
function keyOf(variant: Variant, { stripe, rows, workers }: State): string {
  const knowledge = rows.knowledge?.map(({ from, until }) => `${from}-${until}`).join()
  const flags = [rows.isLeased, rows.isLeaseRunning, rows.isRetried].map(Number).join('')
  const row = [rows.received, rows.processed, rows.wantedSeq, rows.doneSeq, flags, rows.mirror.join(), knowledge].join(
    ';',
  )
  const [one, other] = workers.map((worker) => keyOfWorker(variant, worker)).toSorted()
  return [stripe.second, stripe.seconds.join(), stripe.answered, row, one, other].join('|')
}

function keyOfWorker(variant: Variant, { owes, sync }: Worker): string {
  if (sync === null) return `${owes}`
  if (isFenced(variant) && !sync.isTokenOurs) return `${owes} lost`
  const knowledge = sync.knowledge?.map(({ from, until }) => `${from}-${until}`).join()
  const plan = sync.plan.map((known) => known && `${known.version}@${known.seen.from}-${known.seen.until}`).join()
  const numbers = [sync.wantedSeq, sync.pending, sync.reads, sync.readFrom].join()
  return `${owes} ${sync.at} ${Number(sync.isTokenOurs)}${Number(sync.mustRead)} ${numbers} ${knowledge} ${plan}`
}

function isFenced({ without }: Variant): boolean {
  return without !== 'fence' && without !== 'lease'
}

function stripeSteps({ events, mostSeconds }: Variant, state: State): readonly Step<State>[] {
  const { stripe } = state
  const object = events[stripe.seconds.length]
  const changes =
    object === undefined
      ? []
      : [
          {
            ...stripe,
            seconds: [...stripe.seconds, stripe.second],
            versions: withAt(stripe.versions, object, stripe.seconds.length + 1),
          },
        ]
  const isTimeLeft = stripe.second < mostSeconds && object !== undefined
  return [
    ...changes.map((next) => ({ name: `Stripe changes object ${object}`, next: { ...state, stripe: next } })),
    ...(isTimeLeft
      ? [{ name: 'a second passes', next: { ...state, stripe: { ...stripe, second: stripe.second + 1 } } }]
      : []),
  ]
}

function leaseSteps(state: State): readonly Step<State>[] {
  if (!state.rows.isLeaseRunning) return []
  return [{ name: 'the lease ends', next: { ...state, rows: { ...state.rows, isLeaseRunning: false } } }]
}

function workerSteps(variant: Variant, state: State, place: 0 | 1): readonly Step<State>[] {
  const worker = state.workers[place]
  const isBusy = worker.owes !== null || worker.sync !== null
  return [
    ...(place === 0 || worker.owes !== null ? receiveSteps(variant, state, place) : []),
    ...(worker.sync === null ? claim(variant, state, place) : syncSteps(variant, { state, place, sync: worker.sync })),
    ...(isBusy ? [{ name: `${place}: crash`, next: withWorker(state, place, IDLE) }] : []),
  ]
}

function withWorker(state: State, place: 0 | 1, worker: Worker): State {
  return { ...state, workers: withAt(state.workers, place, worker) }
}

/**
 * A delivery is stored, and then answered. Where the process dies in between it comes again, changes nothing, and is
 * answered: so whoever has stored an event, anybody may answer it later.
 */
function receiveSteps({ events, without }: Variant, state: State, place: 0 | 1): readonly Step<State>[] {
  if (without === 'order of storing and answering') return earlyAnswers(events, state, place)
  const { stripe, rows } = state
  return events.flatMap((_object, event) => {
    if (event >= stripe.seconds.length || has(stripe.answered, event)) return []
    const answered = { ...state, stripe: { ...stripe, answered: withBit(stripe.answered, event) } }
    return has(rows.received, event)
      ? [{ name: `answer 2xx to ${event}`, next: answered }]
      : [{ name: `receive ${event}`, next: received(state, event) }]
  })
}

function earlyAnswers(events: Variant['events'], state: State, place: 0 | 1): readonly Step<State>[] {
  const { stripe, workers } = state
  const worker = workers[place]
  if (worker.owes !== null) {
    const next = withWorker(received(state, worker.owes), place, { ...worker, owes: null })
    return [{ name: `${place}: receive ${worker.owes}`, next }]
  }
  return events.flatMap((_object, event) => {
    if (event >= stripe.seconds.length || has(stripe.answered, event)) return []
    const answered = { ...state, stripe: { ...stripe, answered: withBit(stripe.answered, event) } }
    return [{ name: `${place}: answer 2xx to ${event}`, next: withWorker(answered, place, { ...worker, owes: event }) }]
  })
}

/** `receive`: one statement; an event that is there already changes nothing. */
function received(state: State, event: number): State {
  const { rows } = state
  if (has(rows.received, event)) return state
  return { ...state, rows: { ...rows, received: withBit(rows.received, event), wantedSeq: rows.wantedSeq + 1 } }
}

/** `claim`: the row is locked, so that the receipts seen are those that `wantedSeq` counts. */
function claim({ without }: Variant, state: State, place: 0 | 1): readonly Step<State>[] {
  const { rows, workers } = state
  const isFree = without === 'lease' || !rows.isLeased || !rows.isLeaseRunning
  if (rows.wantedSeq === rows.doneSeq || !isFree) return []
  const sync: Sync = {
    at: 'loadCustomer',
    isTokenOurs: true,
    wantedSeq: rows.wantedSeq,
    pending: rows.received & ~rows.processed,
    mustRead: rows.isRetried,
    knowledge: rows.knowledge,
    plan: [null, null],
    reads: 0,
    readFrom: 0,
  }
  const other = workers[place === 0 ? 1 : 0]
  const beaten = { ...other, sync: other.sync && { ...other.sync, isTokenOurs: false } }
  const leased = { ...state, rows: { ...rows, isLeased: true, isLeaseRunning: true, isRetried: true } }
  const workersNext = withAt(withAt(workers, place, { ...workers[place], sync }), place === 0 ? 1 : 0, beaten)
  return [{ name: `${place}: claim`, next: { ...leased, workers: workersNext } }]
}

interface AtWork {
  readonly state: State
  readonly place: 0 | 1
  readonly sync: Sync
}

function syncSteps(variant: Variant, work: AtWork): readonly Step<State>[] {
  switch (work.sync.at) {
    case 'loadCustomer':
      return [{ name: `${work.place}: loadCustomer, decideSync`, next: withSync(work, decideSync(variant, work)) }]
    case 'read':
      return [
        ...OBJECTS.filter((object) => has(work.sync.reads, object)).map((object) => read(work, object)),
        releaseSync(work),
      ]
    case 'commitSync':
      return [{ name: `${work.place}: commitSync`, next: commitSync(variant, work) }]
    default:
      return work.sync.at satisfies never
  }
}

function withSync({ state, place }: AtWork, sync: Sync | null): State {
  return withWorker(state, place, { ...state.workers[place], sync })
}

/** `decideSync`: payloads that are provably newer are applied, those that are older passed over; else Stripe is asked. */
function decideSync({ events, without }: Variant, { state, sync }: AtWork): Sync {
  const { rows, stripe } = state
  const readFrom = stripe.second
  const { knowledge } = sync
  // What the decision was made from is forgotten, so that states that go on alike are one.
  const decided = { ...sync, knowledge: null, mustRead: false }
  if (knowledge === null || sync.mustRead) return { ...decided, at: 'read', reads: 3, plan: [null, null], readFrom }
  const outcomes = OBJECTS.map((object) => {
    const payloads = events.flatMap((changed, event) => (changed === object && has(sync.pending, event) ? [event] : []))
    const stored = { version: rows.mirror[object], seen: knowledge[object] }
    return judge({ payloads, seconds: stripe.seconds, stored, isTrusting: without === 'proof of age' })
  })
  const [zero, one] = outcomes
  const plan: Sync['plan'] = [zero ?? null, one ?? null]
  const reads = OBJECTS.reduce<number>((mask, object) => (plan[object] === null ? withBit(mask, object) : mask), 0)
  return reads === 0 ? { ...decided, at: 'commitSync', plan } : { ...decided, at: 'read', reads, plan, readFrom }
}

type Known = NonNullable<Sync['plan'][number]>

/** What is known of an object after its payloads; `null` where it must be read. */
function judge(question: {
  readonly payloads: readonly number[]
  readonly seconds: readonly number[]
  readonly stored: Known
  readonly isTrusting: boolean
}): Known | null {
  const { payloads, seconds, stored, isTrusting } = question
  const dated = payloads.map((event) => ({ version: event + 1, second: seconds[event] ?? 0 }))
  const second = Math.max(...dated.map((payload) => payload.second))
  const [newest, ...others] = dated.filter((payload) => payload.second === second)
  const isNew = isTrusting ? second >= stored.seen.until : second > stored.seen.until
  if (newest === undefined || (second < stored.seen.from && !isNew)) return stored
  return isNew && others.length === 0 ? { version: newest.version, seen: { from: second, until: second } } : null
}

/** `readObject`, or one of the requests of `readCustomer`: each sees Stripe at its own instant. */
function read(work: AtWork, object: ObjectIndex): Step<State> {
  const { state, place, sync } = work
  const { stripe } = state
  const seen: Seen = { from: sync.readFrom, until: stripe.second }
  const plan = withAt(sync.plan, object, { version: stripe.versions[object], seen })
  const reads = sync.reads & ~(1 << object)
  const next: Sync = reads === 0 ? { ...sync, plan, reads, at: 'commitSync', readFrom: 0 } : { ...sync, plan, reads }
  return { name: `${place}: read object ${object}`, next: withSync(work, next) }
}

/** `releaseSync`, after Stripe did not answer: only the row whose token is ours. */
function releaseSync(work: AtWork): Step<State> {
  const { rows } = work.state
  const released = work.sync.isTokenOurs ? { ...rows, isLeased: false, isLeaseRunning: false } : rows
  return { name: `${work.place}: releaseSync`, next: { ...withSync(work, null), rows: released } }
}

/** `commitSync`: one transaction, and nothing where the token is not ours any more. */
function commitSync(variant: Variant, work: AtWork): State {
  const { state, sync } = work
  if (isFenced(variant) && !sync.isTokenOurs) return withSync(work, null)
  const { rows } = state
  const covered = variant.without === 'wish that was seen' ? rows.wantedSeq : sync.wantedSeq
  const written: Rows = {
    ...rows,
    mirror: [versionOf(sync, 0), versionOf(sync, 1)],
    knowledge: [seenOf(sync, 0), seenOf(sync, 1)],
    doneSeq: Math.max(rows.doneSeq, covered),
    processed: rows.processed | sync.pending,
    isLeased: false,
    isLeaseRunning: false,
    isRetried: false,
  }
  return { ...withSync(work, null), rows: written }
}

function planned({ plan }: Sync, object: ObjectIndex): Known {
  const known = plan[object]
  if (known === null) throw new Error(`Object ${object} was to be written before it was known.`)
  return known
}

const versionOf = (sync: Sync, object: ObjectIndex): number => planned(sync, object).version
const seenOf = (sync: Sync, object: ObjectIndex): Seen => planned(sync, object).seen

/** What must never be so. */
function complaint({ events }: Variant, before: State, { stripe, rows }: State): string | null {
  const stepBack = OBJECTS.find((object) => rows.mirror[object] < before.rows.mirror[object])
  if (stepBack !== undefined) return `Object ${stepBack} became older.`
  if ((stripe.answered & ~rows.received) !== 0) return 'An event was answered and is not stored.'
  const untold = events.findIndex(
    (object, event) => has(rows.received, event) && rows.doneSeq === rows.wantedSeq && rows.mirror[object] <= event,
  )
  if (untold >= 0) return `Nothing is wanted any more, and the row does not show event ${untold}.`
  return rows.knowledge === null ? null : wrongKnowledge(events, { stripe, rows, knowledge: rows.knowledge })
}

/** The row shows every change before its `from`, and none after its `until`. */
function wrongKnowledge(
  events: readonly ObjectIndex[],
  { stripe, rows, knowledge }: Pick<State, 'stripe' | 'rows'> & { knowledge: PerObject<Seen> },
): string | null {
  const wrong = events.findIndex((object, event) => {
    const second = stripe.seconds[event]
    if (second === undefined) return false
    const isShown = rows.mirror[object] > event
    return isShown ? second > knowledge[object].until : second < knowledge[object].from
  })
  return wrong < 0 ? null : `The row says the wrong thing about the instant it is of: see event ${wrong}.`
}

import { judged, markdown, median, percent, rounded } from '../table.js'
import { LOADS, type Measured, type MeasuredFloor } from './measured.js'

/** What Paywright is to reach. */
const LEAST = { againstPeers: 3, ofSingleCommits: 0.7, ofSingleCommitsTogether: 1 }

const PEERS = ['better-auth', 'sync-engine', 'no-webhooks']

type Kind = 'answered' | 'right'

export function report(contestants: readonly Measured[], floors: MeasuredFloor): boolean {
  for (const kind of ['answered', 'right'] as const) printRates(contestants, kind)
  printFloor(floors)
  printVisible(contestants)
  const [ours, ...others] = contestants
  if (ours === undefined) throw new Error('Nothing was measured.')
  const kept = [
    ...others.flatMap((other) => (PEERS.includes(other.running.contestant.name) ? judgePeer(ours, other) : [])),
    ...LOADS.map(({ connections }) => judgeFloor(ours, floors, connections)),
  ]
  return kept.every(Boolean)
}

function printRates(contestants: readonly Measured[], kind: Kind): void {
  const title = kind === 'answered' ? 'Deliveries answered a second' : 'Events a second until all rows are right'
  const head = [title, ...LOADS.map(({ connections }) => `${connections} at a time`), 'Paywright is']
  const [ours] = contestants
  const lines = contestants.map((measured) => [
    measured.running.contestant.label,
    ...LOADS.map(({ connections }) => rounded(middle(measured, { connections, kind }))),
    measured === ours || ours === undefined
      ? ''
      : LOADS.map(({ connections }) => `${rounded(times(ours, measured, { connections, kind }), 1)} ×`).join(', '),
  ])
  console.log(`\n${markdown(head, lines)}`)
}

function printFloor({ single, batched }: MeasuredFloor): void {
  const head = [
    'Bare inserts of the same bodies, a second',
    ...LOADS.map(({ connections }) => `${connections} at a time`),
  ]
  const lines = [
    ['one row with each commit', ...LOADS.map(({ connections }) => rounded(median(single.get(connections) ?? [])))],
    ['200 rows with each commit', rounded(median(batched))],
  ]
  console.log(`\n${markdown(head, lines)}`)
}

function printVisible(contestants: readonly Measured[]): void {
  const head = ['From sent to visible at 100 a second, ms', 'p50', 'p99', 'never']
  const lines = contestants.map(({ running, visible }) => {
    const sorted = visible.toSorted((one, other) => one - other)
    const at = (share: number): string => rounded(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN, 1)
    return [running.contestant.label, at(0.5), at(0.99), String(visible.filter((time) => time === Infinity).length)]
  })
  console.log(`\n${markdown(head, lines)}\n`)
}

function judgePeer(ours: Measured, other: Measured): readonly boolean[] {
  return (['answered', 'right'] as const).flatMap((kind) =>
    LOADS.filter(({ connections }) => connections > 1).map(({ connections }) => {
      const found = times(ours, other, { connections, kind })
      const what = `${kind}, ${connections} at a time, against ${other.running.contestant.name}`
      const limit = `at least ${LEAST.againstPeers} ×`
      return judged(what, { value: `${rounded(found, 1)} ×`, limit }, found >= LEAST.againstPeers)
    }),
  )
}

function judgeFloor(ours: Measured, floors: MeasuredFloor, connections: number): boolean {
  const least = connections === 1 ? LEAST.ofSingleCommits : LEAST.ofSingleCommitsTogether
  const single = floors.single.get(connections) ?? []
  const shares = (ours.rates.get(connections) ?? []).map(
    ({ answered }, round) => answered / (single[round] ?? Number.NaN),
  )
  const share = median(shares)
  const what = `answered, ${connections} at a time, of single commits`
  return judged(what, { value: percent(share), limit: `at least ${percent(least)}` }, share >= least)
}

interface Which {
  readonly connections: number
  readonly kind: Kind
}

function middle({ rates }: Measured, { connections, kind }: Which): number {
  return median((rates.get(connections) ?? []).map((rate) => rate[kind]))
}

/** The median of the ratios of each round, in which both had the same machine. */
function times(ours: Measured, other: Measured, { connections, kind }: Which): number {
  const theirs = other.rates.get(connections) ?? []
  return median((ours.rates.get(connections) ?? []).map((rate, round) => rate[kind] / (theirs[round]?.[kind] ?? 0)))
}

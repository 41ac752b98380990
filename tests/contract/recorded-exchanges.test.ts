import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differences } from './comparison.js'
import { hasGroundTruth } from './ground-truth.js'
import { Ids, idsIn, isId } from './ids.js'
import { createPrices } from './prerequisites.js'
import { readRecordings, type Exchange } from './recordings.js'
import { request } from './request.js'

const recordings: ReturnType<typeof readRecordings> = hasGroundTruth ? readRecordings() : new Map()
const all = [...recordings.values()].flat()
const scenarios = [...recordings].map(([name, exchanges]) => [name, repeatable(exchanges)] as const)

/** What names no object that was made outside the recording. */
function repeatable(exchanges: readonly Exchange[]): readonly Exchange[] {
  const known = new Set<string>()
  return exchanges.filter((exchange) => {
    const isKnown = namedIds(exchange).every((id) => known.has(id))
    if (isKnown) for (const id of idsIn(JSON.stringify(exchange.body))) known.add(id)
    return isKnown
  })
}

function namedIds({ path, query, form }: Exchange): readonly string[] {
  const named = [...path.split('/'), ...[...query, ...form].map(([, value]) => value)]
  return named.filter((value) => isId(value) && !value.startsWith('price_'))
}

describe.skipIf(!hasGroundTruth)('recorded exchanges', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await createSimulator({ now: 1_800_000_000 })
  })
  afterAll(() => simulator.close())

  test('most of them name nothing that was made elsewhere', () => {
    const count = scenarios.reduce((sum, [, exchanges]) => sum + exchanges.length, 0)
    expect(count).toBeGreaterThanOrEqual(160)
  })

  test.each(scenarios.filter(([, exchanges]) => exchanges.length > 0))('%s', async (_name, exchanges) => {
    const ids = new Ids()
    await createPrices(simulator, { exchanges, others: all }, ids)
    const found: string[] = []
    let then = exchanges[0]?.at ?? 0
    for (const exchange of exchanges) {
      await simulator.clock.advance(Math.max(0, Math.round(exchange.at - then)))
      then = exchange.at
      found.push(...(await repeat(simulator, exchange, ids)))
    }
    expect(found).toEqual([])
  })
})

async function repeat(simulator: Simulator, exchange: Exchange, ids: Ids): Promise<readonly string[]> {
  const ownAt = simulator.clock.now()
  const { status, body } = await request(simulator, exchange, ids)
  ids.learnFrom(exchange.body, body)
  const found =
    status === exchange.status
      ? differences({ recorded: exchange.body, recordedAt: exchange.at, own: body, ownAt, ids })
      : [`${status} ${JSON.stringify(body)}`]
  return found.map((difference) => `${exchange.method} ${exchange.path}: ${difference}`)
}

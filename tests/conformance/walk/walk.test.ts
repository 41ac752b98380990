import { createSimulator, SIMULATED_ROUTES, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyStretch } from './every-stretch.js'
import { startWalk, type Walk } from './walk.js'

const START = 1_800_000_000

let simulator: Simulator
let walk: Walk

beforeAll(async () => {
  simulator = await createSimulator({ now: START })
  walk = startWalk(simulator)
})

afterAll(() => simulator.close())

describe('the official SDK walks through every route', () => {
  test.each(Object.entries(everyStretch))('%s', async (_name, stretch) => {
    expect.hasAssertions()
    await stretch(walk)
  })

  test('and leaves none out', () => {
    expect(SIMULATED_ROUTES.filter((route) => !walk.visited.has(route))).toEqual([])
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGround, type Ground } from './ground.js'
import { runSeed } from './run-seed.js'

/** As many as fit into half a minute; `npm run sim -- --for 10m` runs others. */
const SEEDS = Array.from({ length: 25 }, (_none, index) => index + 1)

let ground: Ground

beforeAll(async () => {
  ground = await createGround()
})
afterAll(() => ground.close())

test.each(SEEDS)('after all that goes wrong with seed %i, all that Stripe says is there', async (seed) => {
  const { complaints } = await runSeed(ground, seed)
  expect(complaints, `Look closer with: npm run sim -- ${seed}`).toEqual([])
})

test('the same seed makes the same run, step by step', async () => {
  const [first, second] = [await runSeed(ground, 7), await runSeed(ground, 7)]
  expect(second.digest).toBe(first.digest)
  expect(second.faults).toEqual(first.faults)
  expect(first.steps).toBeGreaterThan(500)
})

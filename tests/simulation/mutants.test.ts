import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGround, type Ground } from './ground.js'
import { type Mutant, MUTANTS } from './mutants.js'
import { runSeed } from './run-seed.js'

let ground: Ground

beforeAll(async () => {
  ground = await createGround()
})
afterAll(() => ground.close())

test.each(MUTANTS)('without $name: found within $foundWithin seeds', { timeout: 240_000 }, async (mutant) => {
  expect(await firstFailure(mutant)).not.toBeNull()
})

/** The first seed, from 1 on, with which the auditor has something to say. */
async function firstFailure(mutant: Mutant): Promise<number | null> {
  for (let seed = 1; seed <= mutant.foundWithin; seed += 1) {
    const { complaints } = await runSeed(ground, seed, { mutant })
    if (complaints.length > 0) return seed
  }
  return null
}

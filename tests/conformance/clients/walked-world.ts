import { createSimulator, type Simulator } from '@paywright/simulator'
import { everyStretch } from '../walk/every-stretch.js'
import { startWalk } from '../walk/walk.js'

/** A simulator whose world holds some of everything, for clients that read it. */
export async function walkedWorld(): Promise<Simulator> {
  const simulator = await createSimulator()
  const walk = startWalk(simulator)
  for (const stretch of Object.values(everyStretch)) await stretch(walk)
  return simulator
}

import { expect, test } from 'vitest'
import type { Urgency } from '../engine/ports.js'
import { createSlots } from './slots.js'

/** Takes places in this order; `seated` names those who have one, in the order in which they got it. */
function seatAll(wishes: readonly Urgency[]) {
  const slots = createSlots({ prompt: 3, patient: 2 })
  const seated: string[] = []
  const leaves = new Map<string, () => void>()
  const takings = wishes.map(async (urgency, index) => {
    const name = `${urgency} ${index}`
    leaves.set(name, await slots.take(urgency))
    seated.push(name)
  })
  return { seated, takings, leave: (name: string) => leaves.get(name)?.() }
}

/** Lets everything go on that can. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('so many have a place, and the next gets the one that was left', async () => {
  const { seated, leave } = seatAll(['prompt', 'prompt', 'prompt', 'prompt'])
  await settle()
  expect(seated).toEqual(['prompt 0', 'prompt 1', 'prompt 2'])
  leave('prompt 1')
  await settle()
  expect(seated).toEqual(['prompt 0', 'prompt 1', 'prompt 2', 'prompt 3'])
})

test('those who can wait leave a place to those who cannot', async () => {
  const { seated } = seatAll(['patient', 'patient', 'patient', 'prompt', 'prompt'])
  await settle()
  expect(seated).toEqual(['patient 0', 'patient 1', 'prompt 3'])
})

test('who cannot wait comes first, whoever came first', async () => {
  const { seated, leave } = seatAll(['prompt', 'prompt', 'prompt', 'patient', 'prompt'])
  await settle()
  leave('prompt 0')
  await settle()
  expect(seated.at(-1)).toBe('prompt 4')
  leave('prompt 1')
  await settle()
  expect(seated, 'one of three places is not for who can wait').toHaveLength(4)
  leave('prompt 2')
  await settle()
  expect(seated.at(-1)).toBe('patient 3')
})

test('a place is left once, however often it is said', async () => {
  const { seated, leave } = seatAll(['prompt', 'prompt', 'prompt', 'prompt', 'prompt'])
  await settle()
  leave('prompt 0')
  leave('prompt 0')
  await settle()
  expect(seated).toHaveLength(4)
})

import { expect, test } from 'vitest'
import { runLanes, type Step } from './lanes.js'

const isBusy = (): boolean => false

/** Steps that find this much work, of which only `atOnce` may be in hand at the same time. */
function workOf(amount: number, atOnce = Infinity) {
  let left = amount
  const seen = { current: 0, most: 0, looks: 0, largest: 0 }
  const step = async (limit: number): Promise<Step> => {
    seen.looks += 1
    const found = seen.current >= atOnce ? 0 : Math.min(limit, left)
    left -= found
    seen.current += found
    seen.most = Math.max(seen.most, seen.current)
    seen.largest = Math.max(seen.largest, found)
    await new Promise((resolve) => setImmediate(resolve))
    seen.current -= found
    return { done: found, failed: 0 }
  }
  return { step, seen }
}

test('all work is done, in no more lanes than allowed', async () => {
  const { step, seen } = workOf(20)
  const report = await runLanes({ lanes: 3, most: 100, together: 1, isBusy }, step)
  expect(report).toEqual({ done: 20, failed: 0, isDrained: true })
  expect(seen.most).toBe(3)
})

test('each lane takes as much at once as it may', async () => {
  const { step, seen } = workOf(50)
  expect(await runLanes({ lanes: 3, most: 100, together: 4, isBusy }, step)).toEqual({
    done: 50,
    failed: 0,
    isDrained: true,
  })
  expect(seen).toMatchObject({ most: 12, largest: 4 })
})

test('an idle pass looks once', async () => {
  const { step, seen } = workOf(0)
  const report = await runLanes({ lanes: 3, most: 100, together: 4, isBusy }, step)
  expect(report).toEqual({ done: 0, failed: 0, isDrained: true })
  expect(seen.looks).toBe(1)
})

test.each([
  { together: 1, most: 7 },
  { together: 4, most: 7 },
  { together: 10, most: 7 },
])('a pass of $most ends at its bound and says that there is more, $together at once', async (bounds) => {
  const { step } = workOf(20)
  expect(await runLanes({ lanes: 3, isBusy, ...bounds }, step)).toEqual({ done: 7, failed: 0, isDrained: false })
})

test('a lane that finds less than it may take leaves the rest to the others', async () => {
  // Never more than five are in hand, so that most looks find less than they may take.
  let left = 60
  const step = async (limit: number): Promise<Step> => {
    const found = Math.min(limit, left, 5)
    left -= found
    await new Promise((resolve) => setImmediate(resolve))
    return { done: found, failed: 0 }
  }
  expect(await runLanes({ lanes: 2, most: 40, together: 10, isBusy }, step)).toEqual({
    done: 40,
    failed: 0,
    isDrained: false,
  })
})

test('a lane that finds nothing does not end the one that has work', async () => {
  const { step } = workOf(10, 1)
  expect(await runLanes({ lanes: 3, most: 100, together: 1, isBusy }, step)).toMatchObject({
    done: 10,
    isDrained: true,
  })
})

test('while something more urgent is under way one lane goes on until nothing is left', async () => {
  const { step, seen } = workOf(20)
  const report = await runLanes({ lanes: 3, most: 100, together: 1, isBusy: () => true }, step)
  expect(report).toEqual({ done: 20, failed: 0, isDrained: true })
  expect(seen.most).toBe(1)
})

test('a fault is thrown once all lanes have ended', async () => {
  let running = 0
  const step = async (): Promise<Step> => {
    running += 1
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    if (running === 1) throw new Error('The database is away')
    return { done: 1, failed: 0 }
  }
  await expect(runLanes({ lanes: 3, most: 50, together: 1, isBusy }, step)).rejects.toThrow('The database is away')
  expect(running).toBe(0)
})

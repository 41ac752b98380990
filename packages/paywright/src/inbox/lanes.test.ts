import { expect, test } from 'vitest'
import { runLanes, type Step } from './lanes.js'

/** Steps that find this much work, of which only `atOnce` may be in hand at the same time. */
function workOf(amount: number, atOnce = Infinity) {
  let left = amount
  const seen = { current: 0, most: 0, looks: 0 }
  const step = async (): Promise<Step> => {
    seen.looks += 1
    if (left === 0 || seen.current >= atOnce) return 'nothing'
    left -= 1
    seen.current += 1
    seen.most = Math.max(seen.most, seen.current)
    await new Promise((resolve) => setImmediate(resolve))
    seen.current -= 1
    return 'done'
  }
  return { step, seen }
}

test('all work is done, in no more lanes than allowed', async () => {
  const { step, seen } = workOf(20)
  expect(await runLanes({ lanes: 3, most: 100 }, step)).toEqual({ done: 20, failed: 0, isDrained: true })
  expect(seen.most).toBe(3)
})

test('an idle pass looks once', async () => {
  const { step, seen } = workOf(0)
  expect(await runLanes({ lanes: 3, most: 100 }, step)).toEqual({ done: 0, failed: 0, isDrained: true })
  expect(seen.looks).toBe(1)
})

test('a pass ends at its bound and says that there is more', async () => {
  const { step } = workOf(20)
  expect(await runLanes({ lanes: 3, most: 7 }, step)).toEqual({ done: 7, failed: 0, isDrained: false })
})

test('a lane that finds nothing does not end the one that has work', async () => {
  const { step } = workOf(10, 1)
  expect(await runLanes({ lanes: 3, most: 100 }, step)).toMatchObject({ done: 10, isDrained: true })
})

test('a fault is thrown once all lanes have ended', async () => {
  let running = 0
  const step = async (): Promise<Step> => {
    running += 1
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    if (running === 1) throw new Error('The database is away')
    return 'done'
  }
  await expect(runLanes({ lanes: 3, most: 50 }, step)).rejects.toThrow('The database is away')
  expect(running).toBe(0)
})

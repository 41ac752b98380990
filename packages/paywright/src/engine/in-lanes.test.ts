import { expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import { inLanes, lanesFor } from './in-lanes.js'

test('each item is worked on once, and no more at a time than there are lanes', async () => {
  const items = Array.from({ length: 20 }, (_, index) => index)
  const done: number[] = []
  let now = 0
  let most = 0
  const failures = await inLanes(3, items, async (item) => {
    now += 1
    most = Math.max(most, now)
    await new Promise((resolve) => setImmediate(resolve))
    now -= 1
    done.push(item)
  })
  expect(failures).toEqual([])
  expect(most).toBe(3)
  expect(done.toSorted((one, other) => one - other)).toEqual(items)
})

test('what fails stops nothing else and is answered', async () => {
  const error = new BillingError('stripe_unavailable')
  const failures = await inLanes(2, ['a', 'b', 'c'], async (item) => {
    if (item === 'b') throw error
  })
  expect(failures).toEqual([{ item: 'b', error }])
})

test('where all fail because something is down, that is thrown', async () => {
  const error = new BillingError('database_unavailable')
  await expect(inLanes(2, ['a', 'b'], () => Promise.reject(error))).rejects.toBe(error)
  const refused = new BillingError('stripe_refused')
  expect(await inLanes(2, ['a'], () => Promise.reject(refused))).toEqual([{ item: 'a', error: refused }])
  expect(await inLanes(2, [], () => Promise.reject(error))).toEqual([])
})

test('the number of lanes is a whole one within bounds', () => {
  expect([lanesFor(), lanesFor(1), lanesFor(32)]).toEqual([4, 1, 32])
  for (const wrong of [0, 33, 1.5, Number.NaN]) {
    expect(() => lanesFor(wrong)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
  }
})

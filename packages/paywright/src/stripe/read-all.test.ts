import { expect, test } from 'vitest'
import { readAll } from './read-all.js'

/** A list of the numbers below `length`, as the SDK gives it. */
function pagesOf(length: number): { autoPagingToArray(options: { limit: number }): Promise<number[]> } {
  const numbers = Array.from({ length }, (_, index) => index)
  return { autoPagingToArray: ({ limit }) => Promise.resolve(numbers.slice(0, limit)) }
}

test('a list as long as the bound is read whole', async () => {
  expect(await readAll(pagesOf(3), { kind: 'prices', limit: 3 })).toEqual([0, 1, 2])
})

test('a longer one is a fault, and not cut', async () => {
  await expect(readAll(pagesOf(4), { kind: 'prices', limit: 3 })).rejects.toMatchObject({
    code: 'stripe_read_too_large',
    message: expect.stringContaining('more than 3 prices'),
  })
})

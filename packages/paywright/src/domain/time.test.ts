import { expect, test } from 'vitest'
import { parseDuration } from './time.js'

test.each([
  ['7d', 604_800],
  ['12h', 43_200],
  ['0s', 0],
  ['2w', 1_209_600],
  ['90m', 5400],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each(['', '7', 'd', '7 d', '-1d', '1.5h', '7days', 'P7D'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull()
})

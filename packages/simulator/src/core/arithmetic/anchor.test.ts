import { expect, test } from 'vitest'
import { nextOccurrence } from './anchor.js'

const NOW = Date.parse('2026-01-15T12:30:45Z') / 1000
const none = { month: null, hour: null, minute: null, second: null }

function next(config: Partial<Parameters<typeof nextOccurrence>[0]>): string {
  const at = nextOccurrence({ day_of_month: 1, ...none, ...config }, NOW)
  return new Date(at * 1000).toISOString().slice(0, 19)
}

test('a day of the month is the next one, at the present time of day unless one is named', () => {
  expect(next({ day_of_month: 20 })).toBe('2026-01-20T12:30:45')
  expect(next({ day_of_month: 15 })).toBe('2026-01-15T12:30:45')
  expect(next({ day_of_month: 15, hour: 0, minute: 0, second: 0 })).toBe('2026-02-15T00:00:00')
  expect(next({ day_of_month: 1, hour: 9 })).toBe('2026-02-01T09:30:45')
})

test('a month without that day is passed over', () => {
  const february = Date.parse('2026-02-10T00:00:00Z') / 1000
  const at = nextOccurrence({ ...none, day_of_month: 31, hour: 0, minute: 0, second: 0 }, february)
  expect(new Date(at * 1000).toISOString()).toBe('2026-03-31T00:00:00.000Z')
})

test('a day of the year may be years ahead', () => {
  expect(next({ day_of_month: 1, month: 7 })).toBe('2026-07-01T12:30:45')
  expect(next({ day_of_month: 14, month: 1 })).toBe('2027-01-14T12:30:45')
  expect(next({ day_of_month: 29, month: 2 })).toBe('2028-02-29T12:30:45')
})

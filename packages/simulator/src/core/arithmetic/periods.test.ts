import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryAt, dayInWords, periodAt, type Interval } from './periods.js'

const at = (text: string): number => Date.parse(text) / 1000
const days = (moments: readonly number[]): string[] =>
  moments.map((moment) => new Date(moment * 1000).toISOString().slice(0, 10))
const boundaries = (anchor: string, interval: Interval, count: number): string[] =>
  days(Array.from({ length: count }, (_, index) => boundaryAt(at(anchor), interval, index + 1)))

describe('the ends of months', () => {
  test('monthly from 31 January', () => {
    expect(boundaries('2027-01-31T12:00:00Z', { unit: 'month', count: 1 }, 13)).toEqual(
      ['02-28', '03-31', '04-30', '05-31', '06-30', '07-31', '08-31', '09-30', '10-31', '11-30', '12-31']
        .map((day) => `2027-${day}`)
        .concat(['2028-01-31', '2028-02-29']),
    )
  })
  test('yearly from a leap day', () => {
    expect(boundaries('2028-02-29T00:00:00Z', { unit: 'year', count: 1 }, 4)).toEqual([
      '2029-02-28',
      '2030-02-28',
      '2031-02-28',
      '2032-02-29',
    ])
  })
  test('every two months from 31 August', () => {
    expect(boundaries('2026-08-31T09:30:00Z', { unit: 'month', count: 2 }, 6)).toEqual([
      '2026-10-31',
      '2026-12-31',
      '2027-02-28',
      '2027-04-30',
      '2027-06-30',
      '2027-08-31',
    ])
  })
})

const instants = fc.integer({ min: at('1990-01-01'), max: at('2090-01-01') })
const intervals = fc.record({
  unit: fc.constantFrom('day', 'week', 'month', 'year'),
  count: fc.integer({ min: 1, max: 12 }),
})

/** What `Date` says, written independently: the anchor's day in the month n later, or that month's last day. */
function clipped(anchor: number, months: number): number {
  const date = new Date(anchor * 1000)
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date.getUTCDate(), last))
  return first.getTime() / 1000 + (anchor - Math.floor(anchor / 86_400) * 86_400)
}

test('the n-th monthly boundary is the clipped n-th month from the anchor', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: -200, max: 200 }), (anchor, n) => {
      expect(boundaryAt(anchor, { unit: 'month', count: 1 }, n)).toBe(clipped(anchor, n))
      expect(boundaryAt(anchor, { unit: 'year', count: 1 }, n)).toBe(clipped(anchor, 12 * n))
    }),
  )
})

test('periods tile time', () => {
  fc.assert(
    fc.property(instants, intervals, instants, (anchor, interval, moment) => {
      const period = periodAt(anchor, interval, moment)
      expect(period.start).toBeLessThanOrEqual(moment)
      expect(period.end).toBeGreaterThan(moment)
      expect(periodAt(anchor, interval, period.end).start).toBe(period.end)
      expect(periodAt(anchor, interval, period.start - 1).end).toBe(period.start)
    }),
  )
})

test('a day in words is the day of the calendar', () => {
  fc.assert(
    fc.property(instants, (moment) => {
      const words = new Intl.DateTimeFormat('en-GB', {
        timeZone: 'UTC',
        day: '2-digit',
        month: 'short',
        year: 'numeric',
      })
      expect(dayInWords(moment)).toBe(words.format(moment * 1000).replace('Sept', 'Sep'))
    }),
  )
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { add, decimalInWords, decimalOf } from '../arithmetic/decimal.js'
import { aggregate, type Reading } from './aggregate.js'

const HOUR = 3600

function reading(value: string, date: number): Reading {
  return { value: decimalOf(value), date }
}

const readings = [reading('2.5', 3 * HOUR), reading('4', HOUR + 5), reading('1', HOUR), reading('-3', 0)]

it.each([
  ['sum', null, '4.5'],
  ['count', null, '4'],
  ['last', null, '2.5'],
  ['sum', 'hour', '3.5'],
  ['count', 'hour', '3'],
  ['sum', 'day', '2.5'],
  ['count', 'day', '1'],
])('the %s by the window %s', (formula, window, expected) => {
  expect(decimalInWords(aggregate({ formula, window }, readings))).toBe(expected)
})

it.each(['sum', 'count', 'last'])('the %s of nothing is zero', (formula) => {
  expect(decimalInWords(aggregate({ formula, window: null }, []))).toBe('0')
})

it('adds up in parts to the same sum and count', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 20 })
  fc.assert(
    fc.property(values, fc.nat({ max: 20 }), fc.constantFrom('sum', 'count'), (all, at, formula) => {
      const made = all.map((value, index) => reading((value / 10).toFixed(1), all.length - index))
      const shown = (part: readonly Reading[]) => aggregate({ formula, window: null }, part)
      const parts = add(shown(made.slice(0, at)), shown(made.slice(at)))
      expect(decimalInWords(parts)).toBe(decimalInWords(shown(made)))
    }),
  )
})

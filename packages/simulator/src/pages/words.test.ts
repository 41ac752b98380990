import { expect, test } from 'vitest'
import { adverb, day, isCountry, money, per } from './words.js'

test.each([
  [2000, 'usd', '$20.00'],
  [5, 'usd', '$0.05'],
  [0, 'usd', '$0.00'],
  [-1250, 'usd', '−$12.50'],
  [500, 'jpy', '¥500'],
  [1234, 'kwd', 'KWD 1.234'],
  [99999999, 'eur', '€999,999.99'],
])('%i %s is %s', (value, currency, words) => {
  expect(money({ value, currency }).replace(/\u00a0/g, ' ')).toBe(words)
})

test('a day is in UTC, with the month as a word', () => {
  expect(day(Date.UTC(2026, 11, 23, 23, 59) / 1000)).toBe('23 December 2026')
})

test('intervals', () => {
  expect([per('month', 1), per('month', 3), adverb('year', 1), adverb('week', 2)]).toEqual([
    'per month',
    'every 3 months',
    'yearly',
    'every 2 weeks',
  ])
})

test('countries are known by their codes', () => {
  expect([isCountry('GB'), isCountry('XX'), isCountry('')]).toEqual([true, false, false])
})

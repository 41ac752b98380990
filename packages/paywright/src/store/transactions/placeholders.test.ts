import { expect, test } from 'vitest'
import { splitPlaceholders } from './placeholders.js'

test.each([
  ['select 1', [], ['select 1'], []],
  ['select $1::text', ['a'], ['select ', '::text'], ['a']],
  ['$2::int, $1::text, $2::int', ['a', 2], ['', '::int, ', '::text, ', '::int'], [2, 'a', 2]],
  ['$11::int', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, null], ['', '::int'], [null]],
])('%s', (text, params, chunks, values) => {
  expect(splitPlaceholders(text, params)).toEqual({ chunks, values })
})

test('a place without a parameter is a fault of ours', () => {
  expect(() => splitPlaceholders('select $2::text', ['a'])).toThrow(
    'The statement names $2, and there are 1 parameters.',
  )
})

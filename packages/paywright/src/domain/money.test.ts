import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { currencyExponent, formatMoney } from './money.js'

/** Intl puts a no-break space after a code. */
function shown(amount: number, currency: string): string {
  return formatMoney({ amount, currency }).replaceAll('\u00a0', ' ')
}

test.each([
  [2000, 'usd', '$20.00'],
  [5, 'usd', '$0.05'],
  [0, 'eur', '€0.00'],
  [-1999, 'usd', '-$19.99'],
  [500, 'jpy', '¥500'],
  [0, 'jpy', '¥0'],
  [5000, 'kwd', 'KWD 5.000'],
  [12_345, 'BHD', 'BHD 12.345'],
  [50_000, 'isk', 'ISK 500'],
  [50_050, 'isk', 'ISK 500.50'],
  [100_00, 'ugx', 'UGX 100'],
  [100_00, 'huf', 'HUF 100.00'],
  [100_00, 'twd', 'NT$100.00'],
  [9_007_199_254_740_991, 'usd', '$90,071,992,547,409.91'],
])('%d %s reads %s', (amount, currency, text) => {
  expect(shown(amount, currency)).toBe(text)
})

describe('for every amount', () => {
  test('the digits that are shown are the digits of the amount', () => {
    const currency = fc.constantFrom('usd', 'jpy', 'kwd', 'eur', 'krw', 'tnd')
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (amount, code) => {
        const digits = shown(amount, code).replace(/\D/g, '')
        expect(BigInt(digits)).toBe(BigInt(Math.abs(amount)))
        expect(shown(amount, code).split('.')[1]?.length ?? 0).toBe(currencyExponent(code))
      }),
    )
  })
})

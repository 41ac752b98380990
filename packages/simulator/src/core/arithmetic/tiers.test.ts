import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { add, decimalInWords, decimalOf, divideWhole, rounded, subtract } from './decimal.js'
import { graduatedParts, volumeParts, type Tier, type TierPart } from './tiers.js'

function tier(upTo: number | null, unit: number | null, flat: number | null = null): Tier {
  const text = (amount: number | null): string | null => (amount === null ? null : String(amount))
  return { up_to: upTo, unit_amount_decimal: text(unit), flat_amount_decimal: text(flat) }
}

function total(parts: readonly TierPart[]): number {
  return parts.reduce((sum, part) => sum + part.amount, 0)
}

/** https://docs.stripe.com/products-prices/pricing-models#tiered-pricing */
const plain = [tier(5, 700), tier(10, 650), tier(null, 600)]
const withFlats = [
  tier(5, 500, 1000),
  tier(10, 400, 2000),
  tier(15, 300, 3000),
  tier(20, 200, 4000),
  tier(null, 100, 5000),
]

describe('vectors of the documentation', () => {
  test.each([
    [0, 0, 0],
    [1, 700, 700],
    [5, 3500, 3500],
    [6, 3900, 4150],
    [10, 6500, 6750],
    [11, 6600, 7350],
    [20, 12_000, 12_750],
    [25, 15_000, 15_750],
  ])('%i units: volume %i, graduated %i', (quantity, volume, graduated) => {
    expect(total(volumeParts(plain, decimalOf(quantity)))).toBe(volume)
    expect(total(graduatedParts(plain, decimalOf(quantity)))).toBe(graduated)
  })

  test.each([
    [0, 1000, 1000],
    [5, 3500, 3500],
    [6, 4400, 5900],
    [12, 6600, 11_100],
    [21, 7100, 22_100],
  ])('%i units with flat amounts: volume %i, graduated %i', (quantity, volume, graduated) => {
    expect(total(volumeParts(withFlats, decimalOf(quantity)))).toBe(volume)
    expect(total(graduatedParts(withFlats, decimalOf(quantity)))).toBe(graduated)
  })

  test('each tier entered is a part of its own', () => {
    const parts = graduatedParts(withFlats, decimalOf('7.5')).map(({ kind, tier: number, quantity, amount }) => [
      kind,
      number,
      decimalInWords(quantity),
      amount,
    ])
    expect(parts).toEqual([
      ['units', 1, '5', 2500],
      ['flat', 1, '1', 1000],
      ['units', 2, '2.5', 1000],
      ['flat', 2, '1', 2000],
    ])
  })
})

test('slices add up to the quantity, and more units never cost less than fewer when graduated', () => {
  const tiers = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(900), fc.nat(900)), { maxLength: 5 })
  fc.assert(
    fc.property(tiers, fc.nat(300), (steps, quantity) => {
      let upTo = 0
      const built = [...steps.map(([step, unit, flat]) => tier((upTo += step), unit, flat)), tier(null, 3, 1)]
      const parts = graduatedParts(built, decimalOf(quantity))
      const sum = parts
        .filter(({ kind }) => kind === 'units')
        .reduce((all, part) => add(all, part.quantity), decimalOf(0))
      expect(decimalInWords(sum)).toBe(String(quantity))
      expect(total(graduatedParts(built, decimalOf(quantity + 1)))).toBeGreaterThanOrEqual(total(parts))
    }),
  )
})

describe('decimals', () => {
  test('are exact', () => {
    expect(decimalInWords(add(decimalOf('0.1'), decimalOf(0.2)))).toBe('0.3')
    expect(decimalInWords(subtract(decimalOf('1'), decimalOf('1.000000000001')))).toBe('-0.000000000001')
    expect(decimalInWords(decimalOf(0.0000005))).toBe('0.0000005')
    expect(decimalInWords(decimalOf('-12.50'))).toBe('-12.5')
  })

  test('round to the nearest, ties down', () => {
    expect(['0.5', '0.51', '1.5', '-0.5', '-1.5', '2'].map((text) => rounded(decimalOf(text)))).toEqual([
      0, 1, 1, -1, -2, 2,
    ])
  })

  test.each([
    ['10', 4, 'up', '3'],
    ['10', 4, 'down', '2'],
    ['8', 4, 'up', '2'],
    ['8.1', 4, 'up', '3'],
    ['0', 4, 'up', '0'],
    ['-1', 4, 'up', '0'],
    ['-1', 4, 'down', '-1'],
  ] as const)('%s in packs of %i, rounded %s: %s', (value, size, round, packs) => {
    expect(decimalInWords(divideWhole(decimalOf(value), size, round))).toBe(packs)
  })
})

import { divideNearestTiesDown } from './rounding.js'

/** An exact decimal, `digits / 10^scale`: prices go to twelve places, which no binary fraction holds. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/** Reads what the edges let through as a decimal: digits, perhaps a sign, perhaps a point. */
export function decimalOf(value: number | string): Decimal {
  const [whole = '0', fraction = ''] = textOf(value).split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

/** A number below a millionth is written with an exponent by itself. */
function textOf(value: number | string): string {
  if (typeof value === 'string') return value
  return Number.isInteger(value) ? value.toFixed(0) : value.toFixed(12).replace(/0+$/, '')
}

export function decimalInWords({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  if (scale === 0) return sign + text
  const fraction = text.slice(-scale).replace(/0+$/, '')
  const whole = sign + text.slice(0, -scale)
  return fraction === '' ? whole : `${whole}.${fraction}`
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  return { digits: digitsAt(left, scale) + digitsAt(right, scale), scale }
}

export function subtract(left: Decimal, right: Decimal): Decimal {
  return add(left, { digits: -right.digits, scale: right.scale })
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return { digits: left.digits * right.digits, scale: left.scale + right.scale }
}

/** Below zero when the left one is smaller, above when it is greater. */
export function compare(left: Decimal, right: Decimal): number {
  const { digits } = subtract(left, right)
  return digits === 0n ? 0 : digits < 0n ? -1 : 1
}

/** The nearest integer, by the rule of invoice lines. */
export function rounded({ digits, scale }: Decimal): number {
  return Number(divideNearestTiesDown(digits, 10n ** BigInt(scale)))
}

/** How many whole times the divisor goes into it, a part of one counted or dropped. */
export function divideWhole(value: Decimal, divisor: number, round: 'up' | 'down'): Decimal {
  const denominator = BigInt(divisor) * 10n ** BigInt(value.scale)
  const quotient = value.digits / denominator
  const rest = value.digits % denominator
  if (rest > 0n && round === 'up') return { digits: quotient + 1n, scale: 0 }
  if (rest < 0n && round === 'down') return { digits: quotient - 1n, scale: 0 }
  return { digits: quotient, scale: 0 }
}

function digitsAt(value: Decimal, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale)
}

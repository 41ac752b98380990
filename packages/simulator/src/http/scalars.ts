import { invalidRequest, type StripeError } from '../core/error.js'
import type { FormValue } from './form-codec.js'
import type { Parameter } from './parameter-types.js'

export type Scalar = Exclude<Extract<Parameter, string>, 'metadata'>

const INTEGER = /^-?\d{1,15}$/
const DECIMAL = /^-?\d+(?:\.\d+)?$/

/** A text as the number, boolean or text that it stands for. */
export function readScalar(type: Scalar, value: FormValue, path: string): unknown {
  if (type === 'any') return value
  if (typeof value !== 'string') throw invalid(type, JSON.stringify(value), path)
  switch (type) {
    case 'string':
      return value
    case 'integer':
      if (!INTEGER.test(value)) throw invalid('integer', value, path)
      return Number(value)
    case 'number':
      if (!DECIMAL.test(value)) throw invalid('number', value, path)
      return Number(value)
    case 'decimal':
      if (!DECIMAL.test(value)) throw invalid('decimal', value, path)
      return value
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw invalid('boolean', value, path)
      return value === 'true'
    default:
      return type satisfies never
  }
}

/** Stripe's refusal of a value that is not of the type it should be. */
export function invalid(type: string, value: string, path: string): StripeError {
  const message = value === '' ? `Invalid ${type}` : `Invalid ${type}: ${value}`
  return invalidRequest(
    message,
    type === 'integer' ? { code: 'parameter_invalid_integer', param: path } : { param: path },
  )
}

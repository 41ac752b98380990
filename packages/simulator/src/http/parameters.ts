import type { Form, FormValue } from './form-codec.js'

/** Provisional: guesses each parameter's type from its text until the derived table is in place. */
export function readParameters(form: Form): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(form).map(([key, value]) => [key, guess(key, value)]))
}

const TEXT = /^(?:phone|postal_code|number|cvc|metadata|name|email|description|.*_decimal|custom_fields)$/

function guess(key: string, value: FormValue): unknown {
  if (typeof value === 'string') {
    if (TEXT.test(key)) return value
    if (/^-?\d{1,15}$/.test(value)) return Number(value)
    if (value === 'true' || value === 'false') return value === 'true'
    return value
  }
  const keys = Object.keys(value)
  if (key === 'metadata') return { ...value }
  if (keys.length > 0 && keys.every((name) => /^\d+$/.test(name)))
    return keys.map((name) => guess('', value[name] ?? ''))
  return Object.fromEntries(keys.map((name) => [name, guess(name, value[name] ?? '')]))
}

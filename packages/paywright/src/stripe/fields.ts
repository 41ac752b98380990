/** An object that came from outside: read by names, each of which may hold anything. */
export type Fields = Readonly<Record<string, unknown>>

/** The value where it is an object and no list; every such one can be read by names. */
export function asFields(value: unknown): Fields | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Fields) : null
}

import { invalidRequest } from './error.js'

export type Metadata = Readonly<Record<string, string>>

const MOST_KEYS = 50
const LONGEST_KEY = 40
const LONGEST_VALUE = 500

/**
 * The metadata after an update: keys are merged, an empty value removes its key, an empty string removes them all.
 * https://docs.stripe.com/api/metadata
 */
export function mergeMetadata(before: Metadata, update: unknown): Metadata {
  if (update === undefined) return before
  if (update === '' || update === null) return {}
  const merged: Record<string, string> = { ...before }
  // Guaranteed: the edge refuses metadata whose values are anything but texts.
  for (const [key, value] of Object.entries(update as Readonly<Record<string, string | number | null>>)) {
    if (value === '' || value === null) delete merged[key]
    else merged[key] = checked(key, String(value))
  }
  if (Object.keys(merged).length > MOST_KEYS) {
    throw invalidRequest(`You cannot have more than ${MOST_KEYS} keys in metadata.`, { param: 'metadata' })
  }
  return merged
}

function checked(key: string, value: string): string {
  if (key.length > LONGEST_KEY) {
    const message = `Metadata keys cannot be longer than ${LONGEST_KEY} characters. You passed a key named "${key}", which is ${key.length} characters long.`
    throw invalidRequest(message, { param: 'metadata' })
  }
  if (value.length > LONGEST_VALUE) {
    const message = `Metadata values can have up to ${LONGEST_VALUE} characters, but you passed in a value that is ${value.length} characters. Invalid value: ${value}`
    throw invalidRequest(message, { param: `metadata[${key}]` })
  }
  return value
}

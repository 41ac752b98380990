import { withoutSecrets } from '../errors.js'

const LONGEST = 1000

/** The fault in a few words for the database and the log: with its causes, without secrets, addresses or bodies. */
export function describeError(error: unknown): string {
  return withoutSecrets(causesOf(error).join(': caused by ')).slice(0, LONGEST)
}

function causesOf(error: unknown): readonly string[] {
  const parts: string[] = []
  let current = error
  while (current !== undefined && parts.length < 3) {
    parts.push(inWords(current))
    current = current instanceof Error ? current.cause : undefined
  }
  return parts
}

/** What was thrown need not be an error. Of an object only the fields are named, since values may be secret. */
function inWords(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`
  if (typeof thrown === 'object' && thrown !== null) return `An object with ${Object.keys(thrown).join(', ')}`
  return String(thrown)
}

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
    parts.push(current instanceof Error ? `${current.name}: ${current.message}` : String(current))
    current = current instanceof Error ? current.cause : undefined
  }
  return parts
}

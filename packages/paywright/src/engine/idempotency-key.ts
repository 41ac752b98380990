import { createHash } from 'node:crypto'

/**
 * A key made from what is meant, so that the same intent is the same request to Stripe. Hashed, because Stripe takes at
 * most 255 characters and the app's ids may hold any.
 */
export function idempotencyKey(intent: string, parts: readonly (string | number | boolean)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `paywright:${intent}:${digest.slice(0, 40)}`
}

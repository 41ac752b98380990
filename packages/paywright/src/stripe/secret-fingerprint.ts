import { createHash } from 'node:crypto'

/** Tells webhook secrets apart in our database without holding them. */
export function secretFingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 12)
}

import { createHmac } from 'node:crypto'

/**
 * The `Stripe-Signature` header of one attempt: a signature for each secret that is valid at the time.
 * https://docs.stripe.com/webhooks#verify-manually
 */
export function signatureHeader(body: string, options: { at: number; secrets: readonly string[] }): string {
  const { at, secrets } = options
  return [`t=${at}`, ...secrets.map((secret) => `v1=${sign(`${at}.${body}`, secret)}`)].join(',')
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

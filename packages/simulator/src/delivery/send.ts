import type { DeliveryAttempt } from '../core/edge-records.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import { signatureHeader } from './signature.js'

/** An endpoint that has not answered by then has failed. */
const LONGEST_ANSWER_MS = 20_000
const KEPT_OF_ANSWER = 500

/** Sends one event to one endpoint and says what came of it. Never throws: no answer is an outcome, too. */
export async function sendWebhook(url: string, body: string, options: SendOptions): Promise<DeliveryAttempt> {
  const { at, signedAt, secrets, signal } = options
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': signatureHeader(body, { at: signedAt, secrets }),
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  }
  const limits = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_ANSWER_MS)])
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: limits })
    const text = await response.text()
    return { at, status: response.status, response: text.slice(0, KEPT_OF_ANSWER) }
  } catch (error) {
    return { at, status: null, response: reasonOf(error) }
  }
}

export interface SendOptions {
  readonly at: UnixSeconds
  readonly signedAt: UnixSeconds
  readonly secrets: readonly string[]
  readonly signal: AbortSignal
}

/** `fetch failed` says nothing; what it was caused by does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

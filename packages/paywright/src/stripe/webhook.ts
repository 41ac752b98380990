import { Stripe } from 'stripe'
import type { UnixSeconds } from '../domain/time.js'
import type { VerifiedEvent } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import { asFields, type Fields } from './fields.js'
import { secretFingerprint } from './secret-fingerprint.js'
import { subjectOf } from './subject.js'
import { parseThinEvent, THIN_EVENT } from './thin-event.js'

export interface WebhookRequest {
  readonly body: Uint8Array
  readonly signature: string | null
  readonly now: UnixSeconds
}

export interface WebhookTrust {
  /** Several while one is being replaced. */
  readonly secrets: readonly string[]
  readonly livemode: boolean
}

/** How old a signature may be. Always passed: 0 would switch the check off. */
const TOLERANCE_SECONDS = 300

const NO_AGE_CHECK = 0

/** The event in a delivery, if one of our secrets signed these bytes just now, and if it is of our mode. */
export function verifyWebhook(trust: WebhookTrust, request: WebhookRequest): VerifiedEvent {
  const secrets = trust.secrets.filter((secret) => secret.trim() !== '')
  if (secrets.length === 0) throw new BillingError('webhook_secret_missing')
  if (request.signature === null || request.signature === '') throw new BillingError('webhook_signature_missing')
  const check = { ...request, signature: request.signature }
  const signer = secrets.find((secret) => isSignedBy(secret, check, TOLERANCE_SECONDS))
  if (signer === undefined) {
    const isOld = secrets.some((secret) => isSignedBy(secret, check, NO_AGE_CHECK))
    // Without the cause: the SDK's error carries the whole body, and would bring it into a log.
    throw new BillingError(isOld ? 'webhook_timestamp_stale' : 'webhook_signature_invalid')
  }
  const event = parseEvent(new TextDecoder().decode(request.body))
  if (event.livemode === trust.livemode) return { ...event, secretFingerprint: secretFingerprint(signer) }
  const detail = `${event.eventId} is a ${modeName(event.livemode)} event, and the key is a ${modeName(trust.livemode)} key.`
  throw new BillingError('webhook_livemode_mismatch', { detail })
}

function isSignedBy(secret: string, request: WebhookRequest & { signature: string }, tolerance: number): boolean {
  const { body, signature, now } = request
  try {
    const { signature: scheme } = Stripe.webhooks
    return scheme?.verifyHeader(Buffer.from(body), signature, secret, tolerance, undefined, now * 1000) ?? false
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
    throw error
  }
}

/** What we keep of an event, whichever way it came. */
export function parseEvent(payload: string): VerifiedEvent {
  const event = parseObject(payload)
  if (event === null) throw invalid('The body is no JSON object.')
  if (event['object'] === THIN_EVENT) return parseThin(event, payload)
  const { id, type, created, livemode, api_version: apiVersion, account } = event
  const data = asFields(event['data'])
  const object = asFields(data?.['object'])
  if (event['object'] !== 'event' || object === null) throw invalid('It has no "data.object".')
  if (typeof id !== 'string' || typeof type !== 'string') throw invalid('It has no "id" or no "type".')
  if (typeof created !== 'number' || typeof livemode !== 'boolean')
    throw invalid(`${id} lacks "created" or "livemode".`)
  return {
    eventId: id,
    type,
    livemode,
    apiVersion: typeof apiVersion === 'string' ? apiVersion : null,
    account: typeof account === 'string' ? account : null,
    createdAt: created,
    subject: subjectOf({ type, object, previous: asFields(data?.['previous_attributes']) ?? {} }),
    objectId: typeof object['id'] === 'string' ? object['id'] : null,
    payload,
    secretFingerprint: null,
  }
}

function parseThin(event: Fields, payload: string): VerifiedEvent {
  const thin = parseThinEvent(event, payload)
  if (thin === null) throw invalid('It is a thin event that lacks "id", "type", "created" or "livemode".')
  return thin
}

function parseObject(text: string): Fields | null {
  try {
    return asFields(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function invalid(detail: string): BillingError {
  return new BillingError('webhook_payload_invalid', { detail })
}

function modeName(livemode: boolean): string {
  return livemode ? 'live' : 'test'
}

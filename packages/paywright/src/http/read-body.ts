import { BillingError } from '../errors.js'

/** The largest body that is read, also of webhooks; Stripe's events are far smaller. */
export const BODY_LIMIT = 1_048_576

/** The raw bytes of a request; stops reading where the limit is passed, whatever the header said. */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT) throw new BillingError('body_too_large')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > BODY_LIMIT) throw new BillingError('body_too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The JSON object of a POST; an empty body is an empty object. */
export async function readJson(request: Request): Promise<JsonFields> {
  const type = request.headers.get('content-type') ?? ''
  // Pages of other sites cannot send this type without asking first, which is half of the guard against forged requests.
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new BillingError('body_invalid', { detail: 'Send content-type application/json.' })
  const text = new TextDecoder().decode(await readBody(request))
  if (text.trim() === '') return {}
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BillingError('body_invalid')
  return value as JsonFields
}

export type JsonFields = Readonly<Record<string, unknown>>

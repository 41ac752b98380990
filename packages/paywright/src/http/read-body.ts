import { BillingError } from '../errors.js'

/** The largest body that is read, also of webhooks; Stripe's events are far smaller. */
const BODY_LIMIT = 1_048_576

/** The raw bytes of a request; stops reading where the limit is passed, whatever the header said. */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of wholeStream(request)) {
    size += chunk.byteLength
    if (size > BODY_LIMIT) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A sender who hangs up half-way is no fault of ours. */
async function* wholeStream({ body }: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? []
  } catch (cause) {
    throw unreadable('The connection ended before the body did.', cause)
  }
}

/** The JSON object of a POST; an empty body is an empty object. */
export async function readJson(request: Request): Promise<JsonFields> {
  const type = request.headers.get('content-type') ?? ''
  // Pages of other sites cannot send this type without asking first, which is half of the guard against forged requests.
  if (!/^application\/json\s*(;|$)/i.test(type)) throw unreadable('The content type is not application/json.')
  const text = new TextDecoder().decode(await readBody(request))
  if (text.trim() === '') return {}
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('It is no JSON object.')
  return { ...value }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable('It is no JSON.', cause)
  }
}

/** A field that may be left out, but is text where it is there. */
export function optionalText(fields: JsonFields, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw unreadable(`"${name}" is no text.`)
  return value
}

export function requiredText(fields: JsonFields, name: string): string {
  const value = optionalText(fields, name)
  if (value === undefined || value === '') throw unreadable(`"${name}" is missing.`)
  return value
}

/** Refuses names that the route does not know, so that a misspelt one is not silently without effect. */
export function onlyFields(fields: JsonFields, known: readonly string[]): void {
  const stranger = Object.keys(fields).find((name) => !known.includes(name))
  if (stranger === undefined) return
  throw unreadable(`"${stranger.slice(0, 40)}" is not one of its fields (${known.join(', ') || 'none'}).`)
}

function unreadable(detail: string, cause?: unknown): BillingError {
  return new BillingError('body_invalid', { cause, detail })
}

function tooLarge(): BillingError {
  return new BillingError('body_too_large', { detail: `The limit is ${BODY_LIMIT} bytes.` })
}

export type JsonFields = Readonly<Record<string, unknown>>
